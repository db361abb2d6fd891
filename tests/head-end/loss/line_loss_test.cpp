// The line-loss report against published totals and hand-made registers.
#include "head-end/loss/line_loss.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "head-end/loss/loss_of_books.hpp"
#include "tests/head-end/books/small_estate.hpp"

namespace {
using namespace headend::loss;
using namespace std::chrono_literals;
using core::Instant;

const Instant midnight = core::instant_from_seconds(1'782'835'200);

/// One reading at each end of a day.
RegisterSeries day(const std::string& name, char phase, double accuracy_class, double energy_kWh,
                   std::int64_t resolution_Wh = 10) {
  const auto end = static_cast<std::int64_t>(std::llround(energy_kWh * 1000));
  return {name, phase, "", accuracy_class, resolution_Wh, 1, {{midnight, 0}, {midnight + 24h, end}}};
}
LossRequest over_a_day() {
  LossRequest request;
  request.from = midnight;
  request.till = midnight + 24h;
  request.every = 24h;
  return request;
}
/// A register that gains `step` Wh every quarter hour.
RegisterSeries steady(const std::string& name, std::int64_t step, int quarters, double accuracy_class = 1) {
  RegisterSeries series{name, 0, "", accuracy_class, 10, 1, {}};
  for (int k = 0; k <= quarters; ++k) series.readings.push_back({midnight + k * 15min, 1000 + k * step});
  return series;
}
LossRequest two_hours() {
  LossRequest request;
  request.from = midnight;
  request.till = midnight + 2h;
  request.supplies = {steady("transformer", 1030, 8, 0.5)};
  request.customers = {steady("first", 600, 8), steady("second", 400, 8)};
  return request;
}
}  // namespace

// IEEE European Low Voltage Test Feeder, the published day: sold and supplied kWh per phase.
TEST_CASE("the published feeder's day gives its published losses by phase") {
  auto request = over_a_day();
  request.supplies = {day("A", 'A', 0.5, 181.56978), day("B", 'B', 0.5, 175.42587),
                      day("C", 'C', 0.5, 131.39046)};
  request.customers = {day("loads A", 'A', 1, 179.83732), day("loads B", 'B', 1, 173.47183),
                       day("loads C", 'C', 1, 130.60500)};
  const auto report = report_line_loss(request);
  REQUIRE(report.trouble.empty());
  REQUIRE(report.groups.size() == 3);
  CHECK(report.total.loss_kWh() == Approx(4.47194).margin(0.005));
  CHECK(100 * report.total.loss_share() == Approx(0.9157).margin(0.001));
  CHECK(100 * report.groups[0].figures.loss_share() == Approx(0.954).margin(0.001));
  CHECK(100 * report.groups[1].figures.loss_share() == Approx(1.114).margin(0.001));
  CHECK(100 * report.groups[2].figures.loss_share() == Approx(0.598).margin(0.001));
  CHECK(report.verdict == LossVerdict::not_judged);
}

TEST_CASE("uncertainty is the root of the meters' squares, by hand") {
  auto request = over_a_day();
  request.supplies = {day("transformer", 0, 0.5, 100)};
  request.customers = {day("one", 0, 1, 60), day("two", 0, 1, 38)};
  const auto report = report_line_loss(request);
  // 0.5 % of 100, 1 % of 60 and of 38, each / sqrt 3; three registers of 0.01 kWh, each / sqrt 6.
  const double by_hand = std::sqrt((0.25 + 0.36 + 0.1444) / 3 + 3 * 1e-4 / 6);
  CHECK(report.total.standard_uncertainty_kWh == Approx(by_hand));
  CHECK(report.total.expanded_kWh() == Approx(2 * by_hand));
  CHECK(report.total.loss_kWh() == Approx(2));
}

TEST_CASE("a loss is judged against the model, not against a percentage") {
  auto request = over_a_day();
  request.supplies = {day("transformer", 0, 0.5, 100)};
  request.customers = {day("one", 0, 1, 60), day("two", 0, 1, 36)};
  request.modelled_loss_kWh = 3.5;
  CHECK(report_line_loss(request).verdict == LossVerdict::explained);
  request.modelled_loss_kWh = 2;  // 2 kWh too many, U about 1.1
  CHECK(report_line_loss(request).verdict == LossVerdict::unexplained_loss);
  request.modelled_loss_kWh = 6;
  CHECK(report_line_loss(request).verdict == LossVerdict::more_sold_than_supplied);
  CHECK(to_text(report_line_loss(request)).find("more sold than supplied") != std::string::npos);
}

TEST_CASE("each span between common instants has its own loss, and gaps make longer spans") {
  auto request = two_hours();
  auto report = report_line_loss(request);
  REQUIRE(report.spans.size() == 8);
  for (const auto& span : report.spans) CHECK(span.figures.loss_kWh() == Approx(0.03));
  request.customers[0].readings.erase(request.customers[0].readings.begin() + 3,
                                      request.customers[0].readings.begin() + 6);
  report = report_line_loss(request);
  REQUIRE(report.spans.size() == 5);
  CHECK(report.missing == 3);
  CHECK(report.total.loss_kWh() == Approx(0.24));  // the register bridges the gap
  CHECK(report.spans[2].till - report.spans[2].from == 60min);
  CHECK(report.spans[2].figures.loss_kWh() == Approx(0.12));
}

TEST_CASE("readings beside the grid are brought onto it, with their doubt") {
  auto request = two_hours();
  const double exact = report_line_loss(request).total.standard_uncertainty_kWh;
  auto& readings = request.customers[0].readings;
  readings.clear();
  for (int k = -1; k <= 9; ++k) readings.push_back({midnight + k * 15min + 5min, 1000 + k * 600 + 200});
  const auto report = report_line_loss(request);
  CHECK(report.interpolated == 9);
  CHECK(report.total.loss_kWh() == Approx(0.24));
  const double doubt = 0.6 / (2 * std::sqrt(3.0));  // of each end
  CHECK(report.total.standard_uncertainty_kWh == Approx(std::sqrt(exact * exact + 2 * doubt * doubt)));
}

TEST_CASE("current transformers multiply energy, resolution and doubt") {
  auto request = over_a_day();
  request.supplies = {day("transformer", 0, 0.5, 1)};
  request.supplies[0].ratio = 100;
  request.customers = {day("one", 0, 1, 98)};
  const auto report = report_line_loss(request);
  CHECK(report.total.supplied_kWh == Approx(100));
  CHECK(report.total.standard_uncertainty_kWh ==
        Approx(std::sqrt((0.25 + 0.98 * 0.98) / 3 + (1.0 + 1e-4) / 6)));
}

TEST_CASE("feeders have balances of their own") {
  auto request = over_a_day();
  request.supplies = {day("north", 0, 0.5, 50), day("south", 0, 0.5, 70)};
  request.customers = {day("one", 0, 1, 49), day("two", 0, 1, 66)};
  request.supplies[0].feeder = request.customers[0].feeder = "north";
  request.supplies[1].feeder = request.customers[1].feeder = "south";
  const auto report = report_line_loss(request);
  REQUIRE(report.groups.size() == 2);
  CHECK(report.groups[0].name == "feeder north");
  CHECK(report.groups[0].figures.loss_kWh() == Approx(1));
  CHECK(report.groups[1].figures.loss_kWh() == Approx(4));
}

TEST_CASE("who was not read is named, and the loss is then not judged") {
  auto request = two_hours();
  request.modelled_loss_kWh = 0.1;
  request.customers[1].readings.resize(1);
  const auto report = report_line_loss(request);
  CHECK(report.unread == std::vector<std::string>{"second"});
  CHECK(report.verdict == LossVerdict::not_judged);
  request.supplies[0].readings.clear();
  CHECK(report_line_loss(request).trouble == "the transformer's meter was not read");
  request = two_hours();
  request.till = request.from;
  CHECK_FALSE(report_line_loss(request).trouble.empty());
}

TEST_CASE("the books' readings make the same report") {
  using namespace books_test;
  Office office(small_estate(one_yuan()));
  const Instant opens = at("2026-07-01T00:00");
  for (const MeterId meter : {1u, 2u, 3u, 4u}) office.read(meter, opens, 100);
  office.read_evenly(1, opens, opens + 60min, 100, 103);  // the transformer's
  office.read_evenly(2, opens, opens + 60min, 100, 50);
  office.read_evenly(3, opens, opens + 60min, 100, 30);
  office.read_evenly(4, opens, opens + 60min, 100, 20);
  const BookedArea area{{{1, 0, "", 0.5, 1}}, {{2, 0, "", 1, 1}, {3, 0, "", 1, 1}, {4, 0, "", 1, 1}}};
  const auto report = report_line_loss(request_of_books(*office.books, area, opens, opens + 60min));
  REQUIRE(report.trouble.empty());
  CHECK(report.spans.size() == 4);
  CHECK(report.total.supplied_kWh == Approx(4.12));
  CHECK(report.total.loss_kWh() == Approx(0.12));
  CHECK(report.total.customers == 3);
}

// By hand: supplied 200 - 20, sold 150 + (50 - 30) = 170, loss 10; passed through the transformer 220,
// through the roof 80. Classes: 0.5 % of 220, 1 % of 150, 1 % of 80, each / sqrt 3: 0.6351, 0.8660, 0.4619
// kWh; registers of 10 Wh: two of them 0.0058, one 0.0041.
TEST_CASE("what roofs feed in is taken off on both sides, and errs with what passed both ways") {
  auto request = over_a_day();
  const auto both_ways = [](const std::string& name, double accuracy_class, std::int64_t forward_Wh,
                            std::int64_t reverse_Wh) {
    return RegisterSeries{
        name,
        0,
        "",
        accuracy_class,
        10,
        1,
        {{midnight, 5'000, 7'000}, {midnight + 24h, 5'000 + forward_Wh, 7'000 + reverse_Wh}}};
  };
  request.supplies = {both_ways("transformer", 0.5, 200'000, 20'000)};
  request.customers = {day("home", 0, 1, 150), both_ways("roof", 1, 50'000, 30'000)};
  const auto report = report_line_loss(request);
  CHECK(report.trouble.empty());
  CHECK(report.total.supplied_kWh == Approx(180));
  CHECK(report.total.sold_kWh == Approx(170));
  CHECK(report.total.loss_kWh() == Approx(10));
  CHECK(report.total.passed_kWh == Approx(220));
  CHECK(report.total.fed_in_kWh == Approx(30));
  const double expected =
      std::sqrt(0.6351 * 0.6351 + 0.8660 * 0.8660 + 0.4619 * 0.4619 + 2 * 0.0058 * 0.0058 + 0.0041 * 0.0041);
  CHECK(report.total.standard_uncertainty_kWh == Approx(expected).epsilon(1e-3));
  CHECK(to_text(report).find("30.000 kWh came back") != std::string::npos);
}
