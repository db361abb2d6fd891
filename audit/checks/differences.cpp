#include "audit/checks/differences.hpp"

#include <fmt/format.h>

#include <map>

namespace audit {
namespace {
/// The causes that may have made it, likeliest first: those whose time meets the difference, or if there are
/// none, those that were over before it.
std::vector<std::string> possible_causes(const Estate& estate, const Blame& blame,
                                         const std::vector<Cause>& causes, const Difference& difference) {
  std::vector<std::string> meeting, earlier;
  for (const auto i : likely_causes(estate, blame, causes, difference)) {
    const auto& cause = causes[i];
    if (cause.from > difference.last || !reaches(blame, cause, difference.position)) continue;
    (meets(estate, blame, cause, difference) ? meeting : earlier).push_back(cause.words);
  }
  return meeting.empty() ? earlier : meeting;
}

std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t shown_max = 3;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < shown_max; ++i) text += (i == 0 ? "" : "; or ") + words[i];
  if (words.size() > shown_max) text += fmt::format("; or {} more", words.size() - shown_max);
  return text;
}
}  // namespace

bool has_bills_to_blame(const Estate& estate) {
  const auto& scenario = estate.scenario;
  return estate.size() <= blamed_meters_max &&
         scenario.zone_rules.start_of_next_month(scenario.starts) <= scenario.ends();
}

std::vector<Check> check_differences(const Estate& estate, const Blame& blame,
                                     const std::vector<AccountMonth>& months, const Options& options,
                                     std::vector<BlameLine>& lines) {
  if (months.empty()) return {};
  Checking check("BLAME.bills", "a fault explains where a bill leaves what physically passed",
                 "0 unexplained", options);
  std::map<std::size_t, std::vector<Cause>> causes_by_area;
  for (const auto& month : months) {
    check.looked();
    const auto& customer = estate.customers[month.position];
    for (const auto& difference : month.differences) {
      const auto area = customer.area;
      auto found = causes_by_area.find(area);
      if (found == causes_by_area.end())
        found = causes_by_area.emplace(area, causes_of_area(estate, blame, area)).first;
      const auto sentence = [&] { return sentence_of(estate, month, difference); };
      auto possible = possible_causes(estate, blame, found->second, difference);
      const auto& line = estate.scenario.areas[area].line;
      if (possible.empty() && difference.step == Step::collection && !line.bit_error.is_zero())
        possible.push_back("noise on the lines of area " + estate.scenario.areas[area].name);
      if (possible.empty())
        check.violation(customer.account, difference.first, sentence);
      else
        check.explained(customer.account, difference.first, joined(possible), sentence);
      lines.push_back({difference, sentence(), std::move(possible)});
    }
  }
  std::vector<Check> checks;
  checks.push_back(check.finish(fmt::format("{} differences on {} bills, {} unexplained",
                                            check.violations() + check.explained_count(), check.samples(),
                                            check.violations())));
  return checks;
}
}  // namespace audit
