#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.hpp"

namespace report {
namespace {
/// The element that tells of a check that did not pass.
std::string trouble(const Check& check, const RunRecord& record) {
  const bool has_failed = check.verdict == Verdict::fail;
  const auto message =
      check.reason.empty() ? fmt::format("measured {}, limit {}", check.measured, check.limit) : check.reason;
  std::string text = message + "\nmeasured: " + check.measured + "\nlimit: " + check.limit + "\n";
  for (const auto& line : check.explanation) text += "- " + line + "\n";
  text += "run again: " + record.replay + "\n";
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", has_failed ? "failure" : "error",
                     name_of(check.verdict), escaped(message), escaped(text));
}
}  // namespace

std::string junit(const RunRecord& record) {
  const auto count = [&](auto is_it) {
    return std::count_if(record.checks.begin(), record.checks.end(), is_it);
  };
  const auto failures = count([](const Check& c) { return c.verdict == Verdict::fail; });
  const auto errors =
      count([](const Check& c) { return c.verdict == Verdict::unknown || c.verdict == Verdict::blocked; });
  const auto totals = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"{:.3f}\"",
                                  record.checks.size(), failures, errors, record.wall_s);
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format("<testsuites name=\"metertwin\" {}>\n", totals);
  xml += fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(record.scenario), totals);
  for (const auto& check : record.checks) {
    xml += fmt::format("    <testcase classname=\"metertwin.{}\" name=\"{}: {} [seed={}]\" time=\"0\">\n",
                       escaped(record.scenario), escaped(check.id), escaped(check.title), record.seed);
    if (check.verdict != Verdict::pass) xml += trouble(check, record);
    xml += fmt::format("      <system-out>{}: measured {}, limit {}, samples {}, digest {}</system-out>\n",
                       name_of(check.verdict), escaped(check.measured), escaped(check.limit), check.samples,
                       escaped(record.digest));
    xml += "    </testcase>\n";
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}
}  // namespace report
