// Charts show what the figures say: no peak is lost, and what lies above one another happened at the same
// time.
#include "reports/chart.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/reports/demo_record.hpp"

using namespace std::chrono_literals;
using report::TimeAxis;

namespace {
const core::Zone china(8h);
core::Instant at(const char* text) { return *core::parse_iso8601(text, china); }
}  // namespace

TEST_CASE("the axis is linear between its margins and clamps what is outside") {
  const TimeAxis axis(at("2026-07-01"), at("2026-07-02"), china);
  CHECK(axis.x(at("2026-07-01")) == Approx(report::plot_left));
  CHECK(axis.x(at("2026-07-02")) == Approx(report::plot_right));
  CHECK(axis.x(at("2026-07-01T12:00")) == Approx((report::plot_left + report::plot_right) / 2));
  CHECK(axis.x(at("2026-07-09")) == Approx(report::plot_right));
}

TEST_CASE("ticks stand on local hours of a day and on local midnights of two months") {
  const auto day = TimeAxis(at("2026-07-01"), at("2026-07-02"), china).ticks();
  REQUIRE(day.size() == 13);
  CHECK(day[0].label == "07-01");
  CHECK(day[1].label == "02:00");
  CHECK(day[12].label == "07-02");
  const auto months = TimeAxis(at("2026-05-31"), at("2026-08-01"), china).ticks();
  CHECK(months.size() == 13);
  for (const auto& tick : months) CHECK(tick.is_day);
  CHECK(months[1].label == "06-05");
  CHECK_FALSE(TimeAxis(at("2000-01-01"), at("2099-01-01"), china).ticks().empty());
}

TEST_CASE("an axis of no length is given a quarter hour") {
  const TimeAxis axis(at("2026-07-01"), at("2026-07-01"), china);
  CHECK(std::isfinite(axis.x(at("2026-07-01"))));
}

TEST_CASE("thinning keeps the least and the greatest of each pixel column, and gaps") {
  const TimeAxis axis(at("2026-01-01"), at("2027-01-01"), china);
  std::vector<std::pair<core::Instant, double>> points;
  for (int i = 0; i < 35'000; ++i) points.emplace_back(at("2026-01-01") + i * 15min, std::sin(i * 0.01));
  points[20'000].second = 99;
  points[20'001].second = -99;
  points[30'000].second = std::numeric_limits<double>::quiet_NaN();
  const auto thin = report::thinned(points, axis);
  CHECK(thin.size() < 2'000);
  double low = 0, high = 0;
  int gaps = 0;
  for (std::size_t i = 0; i < thin.size(); ++i) {
    if (std::isnan(thin[i].second))
      ++gaps;
    else
      low = std::min(low, thin[i].second), high = std::max(high, thin[i].second);
    if (i > 0) CHECK(thin[i - 1].first < thin[i].first);
  }
  CHECK(low == -99);
  CHECK(high == 99);
  CHECK(gaps == 1);
}

TEST_CASE("values are marked in steps of one, two or five that cover them") {
  CHECK(report::nice_steps(0, 40) == std::vector<double>{0, 10, 20, 30, 40});
  CHECK(report::nice_steps(0, 0.9).back() >= 0.9);
  const auto negative = report::nice_steps(-3, 17);
  CHECK(negative.front() <= -3);
  CHECK(negative.back() >= 17);
  CHECK(report::nice_steps(5, 5).size() >= 2);
}

TEST_CASE("a fault's band stands behind the chart at the fault's own time") {
  auto record = report_test::demo_record();
  record.faults.resize(1);
  const TimeAxis axis(record.starts, record.ends, record.zone);
  const auto svg = report::lines_strip("load", record.load_kW, record, axis);
  char x[32];
  std::snprintf(x, sizeof x, "x=\"%.1f\"", axis.x(record.faults[0].from));
  const auto band = svg.find("class=\"band\"");
  REQUIRE(band != std::string::npos);
  CHECK(svg.substr(band, 60).find(x) != std::string::npos);
}

TEST_CASE("a line is lifted where values are missing") {
  report::RunRecord record = report_test::demo_record();
  record.load_kW = {{"a", {}}};
  for (int i = 0; i < 10; ++i)
    record.load_kW[0].points.emplace_back(record.starts + i * 15min,
                                          i == 5 ? std::numeric_limits<double>::quiet_NaN() : 1.0);
  const auto svg =
      report::lines_strip("load", record.load_kW, record, TimeAxis(record.starts, record.ends, record.zone));
  const auto from = svg.find("d=\"M");
  REQUIRE(from != std::string::npos);
  CHECK(svg.find('M', from + 4) < svg.find('"', from + 4));
  CHECK(svg.find("nan") == std::string::npos);
}
