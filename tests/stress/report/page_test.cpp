/// The page says the verdict first, fetches nothing, lets no name break out, and draws what was measured.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "stress/report/page_parts.hpp"
#include "stress/report/stage_kinds.hpp"
#include "stress/report/stress_report.hpp"
#include "stress/verdict/judge.hpp"
#include "tests/stress/report/flood_record.hpp"

namespace {
using namespace stress;
bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("the verdict, its reason and the replay line come before everything else") {
  auto record = stress_test::flood_record();
  record.loss.lost = 1;
  --record.loss.stored_right;
  const auto page = stress_html(record, judge(record));
  const auto verdict = page.find("<strong>FAIL</strong>");
  REQUIRE(verdict != std::string::npos);
  CHECK(page.find("metertwin stress --seed 1") < page.find("<section"));
  CHECK(verdict < page.find("<section"));
  for (const auto* part :
       {"id=\"checks\"", "id=\"over-time\"", "id=\"latency\"", "id=\"fates\"", "id=\"knee\"",
        "id=\"provenance\"", "over capacity", "strip-latency", "strip-memory"})
    CHECK(contains(page, part));
}

TEST_CASE("the page fetches nothing") {
  const auto record = stress_test::flood_record();
  const auto page = stress_html(record, judge(record), compare(record, record));
  for (const auto* part : {"http://", "https://", " src=", "@import", "url("})
    CHECK_FALSE(contains(page, part));
}

TEST_CASE("names cannot break out of the page") {
  auto record = stress_test::flood_record();
  const std::string evil = "</script><script>alert(1)</script>\"'&<b>";
  record.stages[0].name = record.machine = record.durability = record.replay = record.knee.limit = evil;
  record.stages[0].errors[evil] = 3;
  record.samples[0].process = evil;
  record.calibrations[0].name = record.calibrations[0].unit = evil;
  const auto page = stress_html(record, judge(record), compare(record, record));
  CHECK_FALSE(contains(page, "<script>alert"));
  CHECK_FALSE(contains(page, "&<b>"));
}

TEST_CASE("an empty record is a page too, and says that nothing is known") {
  const StressRecord empty;
  const auto checks = judge(empty);
  CHECK(contains(stress_html(empty, checks), "<strong>UNKNOWN</strong>"));
  CHECK(contains(stress_junit(empty, checks), "<testsuites"));
  CHECK(contains(stress_table(empty, checks, false), "UNKNOWN"));
}

TEST_CASE("the same record gives the same page") {
  const auto record = stress_test::flood_record();
  CHECK(stress_html(record, judge(record)) == stress_html(stress_test::flood_record(), judge(record)));
}

TEST_CASE("the terminal's table keeps to its columns") {
  auto record = stress_test::flood_record();
  record.stages[3].readings.acknowledged -= 64;
  record.stages[3].readings.unanswered += 64;
  const auto table = stress_table(record, judge(record), false);
  CHECK(contains(table, "S-ERROR"));
  const auto other = stress_test::flood_record(2);
  for (const auto& text : {comparison_table(record, other), std::string(table, 0, table.rfind("FAIL: "))})
    for (std::size_t from = 0; from < text.size();) {
      const auto end = text.find('\n', from);
      CHECK(end - from <= 120);  // bytes: an ellipsis has three
      from = end + 1;
    }
}

TEST_CASE("rates and kinds in short words") {
  CHECK(short_rate(10'000) == "10k");
  CHECK(short_rate(1.25e6) == "1.25M");
  CHECK(short_rate(59) == "59");
  CHECK(stage_kind_named(kind_text(StageKind::over_capacity)) == StageKind::over_capacity);
  CHECK_THROWS(stage_kind_named("no such kind"));
}

TEST_CASE("ticks of the axis are whole seconds, few enough to read") {
  auto record = stress_test::flood_record();
  for (const int seconds : {1, 9, 90, 1'000, 90'000}) {
    record.stages.clear();
    record.ended = record.began + std::chrono::seconds(seconds);
    const SecondsAxis axis(record);
    CHECK(axis.ticks().size() >= 2);
    CHECK(axis.ticks().size() <= 15);
    CHECK(axis.second_of(record.ended) == Approx(seconds));
  }
}

TEST_CASE("a chart without a point is left out, one with a gap lifts the pen") {
  const auto record = stress_test::flood_record();
  const SecondsAxis axis(record);
  const auto at = [&](int second) { return record.began + std::chrono::seconds(second); };
  CHECK(chart_html({"a", "A", "", {{"line", {{at(1), std::nan("")}}}}, false, 0}, record, axis).empty());
  const auto svg =
      chart_html({"a",
                  "A",
                  "",
                  {{"line", {{at(1), 1}, {at(2), 2}, {at(3), std::nan("")}, {at(4), 1}, {at(5), 1}}}},
                  false,
                  0},
                 record, axis);
  const auto path = svg.substr(svg.find(" d=\""));
  CHECK(std::count(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(path.find('>')), 'M') == 2);
}
