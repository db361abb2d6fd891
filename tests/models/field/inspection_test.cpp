// Inspectors: what they find at meters, what ends by it, when they come, and what they tell the head-end.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/inspection/inspection_messages.hpp"
#include "models/inspection/inspectors.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using core::Instant;
using rig::midnight;
using Kind = model::FaultKind;

namespace {
constexpr std::int64_t kWh_uJ = core::microjoules_per_kWh;

model::FaultWindow window(Kind kind, model::MeterId meter, core::Duration from, core::Duration till) {
  model::FaultWindow fault;
  fault.kind = kind;
  fault.meter = meter;
  fault.from = midnight + from;
  fault.till = midnight + till;
  return fault;
}

/// Three meters of 1.0, 1.1 and 1.2 kW, and faults.
struct Field {
  rig::Truth truth;
  rig::HeadEnd head_end;
  std::unique_ptr<model::Area> area;
  explicit Field(std::vector<model::FaultWindow> faults) {
    auto setup = rig::area(3);
    setup.faults = std::move(faults);
    area = std::make_unique<model::Area>(std::move(setup), truth, head_end);
    head_end.wire(*area);
  }
  std::string inspect(model::MeterId meter, core::Duration after_midnight) {
    rig::run(*area, midnight + after_midnight);
    return area->inspect(meter, midnight + after_midnight);
  }
  void run(core::Duration till) { rig::run(*area, midnight + till); }
  std::int64_t passed_but_not_shown_Wh(const std::string& meter, const std::string& ended) const {
    const auto events = truth.of(meter, ended);
    return events.empty() ? -1 : events.front().value;
  }
  double shown_kWh(std::size_t position, core::Duration at) const {
    return truth.samples.at(midnight + at).shown.at(position) / 100.0;
  }
};
}  // namespace

TEST_CASE("a jumper that is found is taken off for good, with what it hid until then") {
  auto bypass = window(Kind::theft_bypass, 1, 1h, 40h);
  bypass.share_ppm = 500'000;
  Field field({bypass});
  CHECK(field.inspect(1, 30min) == "nothing");
  CHECK(field.inspect(2, 5h) == "nothing");
  CHECK(field.inspect(1, 5h) == "theft-bypass");
  CHECK(field.inspect(1, 6h) == "nothing");
  field.run(48h);
  CHECK(field.passed_but_not_shown_Wh("M0001", "bypass-ended") == 2'000);
  REQUIRE(field.truth.of("M0001", "bypass-ended").size() == 1);
  CHECK(field.truth.of("M0001", "bypass-ended").front().at == midnight + 5h);
  CHECK(field.truth.of("M0001", "inspected").size() == 3);
  CHECK(field.truth.of("M0001", "inspected")[1].value == 1);
  CHECK(field.truth.of("M0001", "inspected")[1].text == "theft-bypass");
  CHECK(field.shown_kWh(0, 48h) == Approx(46.0).margin(0.02));
}

TEST_CASE("all windows of a schedule end when one is found, those of others stay") {
  auto first = window(Kind::theft_bypass, 1, 1h, 3h), second = window(Kind::theft_bypass, 1, 25h, 27h);
  auto other = window(Kind::theft_bypass, 2, 25h, 27h);
  first.name = second.name = other.name = "evenings";
  Field field({first, second, other});
  CHECK(field.inspect(1, 12h) == "nothing");  // the jumper is not on in the morning
  Field found({first, second, other});
  CHECK(found.inspect(1, 2h) == "theft-bypass");
  field.run(30h);
  found.run(30h);
  CHECK(field.truth.of("M0001", "bypass-began").size() == 2);
  CHECK(found.truth.of("M0001", "bypass-began").size() == 1);
  CHECK(found.truth.of("M0002", "bypass-began").size() == 1);
}

TEST_CASE("several things wrong at one meter are all found; what leaves nothing to see is not") {
  auto rollback = window(Kind::theft_rollback, 1, 2h, 9h);
  rollback.energy = core::CentiKilowattHours(50);
  Field field({window(Kind::theft_magnet, 1, 1h, 20h), window(Kind::stuck_register, 1, 3h, 20h), rollback});
  CHECK(field.inspect(1, 4h) == "theft-magnet, stuck-register");
  CHECK(field.inspect(1, 4h + 1min) == "nothing");
}

TEST_CASE("of two thieves by turns only the one whose day it is has his jumper on") {
  auto collusion = window(Kind::theft_collusion, 1, 1h, 90h);
  collusion.other = 2;
  collusion.share_ppm = 1'000'000;
  Field field({collusion});
  CHECK(field.inspect(2, 12h) == "nothing");
  CHECK(field.inspect(1, 36h) == "nothing");
  CHECK(field.inspect(2, 36h + 1min) == "theft-collusion");
  field.run(60h);
  // 23 h of the first at 1.0 kW, and half a day and a minute of the second at 1.1 kW
  CHECK(field.passed_but_not_shown_Wh("M0001", "collusion-ended") == Approx(23'000 + 13'218).margin(1.5));
}

TEST_CASE("a shifted clock is found and put right, at the window's end at the latest") {
  auto shift = window(Kind::meter_clock_shift, 1, 2h, 20h);
  shift.step = 3h;
  auto back = window(Kind::meter_clock_shift, 2, 2h, 20h);
  back.step = -3h;
  Field field({shift, back});
  CHECK(field.inspect(1, 10h) == "meter-clock-shift");
  field.run(30h);
  const auto steps = field.truth.of("M0001", "clock-set");
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].value == 3 * 3'600'000);
  CHECK(steps[1].value == -3 * 3'600'000);
  CHECK(steps[1].at == midnight + 10h);
  REQUIRE(field.truth.of("M0002", "clock-set").size() == 2);
  CHECK(field.truth.of("M0002", "clock-set")[1].at == midnight + 20h);
}

TEST_CASE("replayed recharges are refused and counted, once too often and once too early") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  auto setup = rig::area(2);
  setup.meters[0].has_purse = true;
  setup.meters[0].opening_balance = core::MicroYuan(50'000'000);
  setup.meters[0].purchase_count = 1;
  auto replay = window(Kind::recharge_replay, 1, 2h, 3h);
  replay.count = 4;
  setup.faults = {replay};
  model::Area area(std::move(setup), truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 4h);
  CHECK(truth.of("M0001", "recharge-refused").size() == 5);
  CHECK(truth.of("M0001", "recharge-applied").empty());
  REQUIRE(truth.of("M0001", "fault-struck").size() == 1);
  CHECK(truth.of("M0001", "fault-struck").front().value == 5);
}

TEST_CASE("a thief who is visited lies low for a week and comes back with half; left alone he takes more") {
  auto thief = window(Kind::theft_adaptive, 1, 1h, 10 * 168h);
  thief.share_ppm = 400'000;
  Field field({thief});
  CHECK(field.inspect(1, 40h) == "theft-adaptive");
  CHECK(field.inspect(1, 41h) == "nothing");         // taken off until the week is over
  CHECK(field.inspect(1, 168h + 24h) == "nothing");  // lies low, and is visited again
  field.run(6 * 168h);
  const auto adapted = field.truth.of("M0001", "thief-adapted");
  REQUIRE(adapted.size() == 5);
  CHECK(adapted[0].at == midnight + 1h + 168h);
  CHECK(adapted[0].text == "lies low");
  CHECK(adapted[0].value == 0);
  CHECK(adapted[1].text == "lies low");
  CHECK(adapted[2].text == "drift");  // the third of his ways: he was visited twice
  CHECK(adapted[2].value == 100'000);
  CHECK(adapted[3].value == 125'000);  // two quiet weeks: a quarter more
  CHECK(field.truth.of("M0001", "inspected").size() == 3);
}

TEST_CASE("working time runs within working hours only") {
  model::WorkingHours hours;
  hours.zone = rig::china;  // 2026-07-01 is a Wednesday
  CHECK_FALSE(hours.is_open(midnight + 7h));
  CHECK(hours.is_open(midnight + 8h));
  CHECK_FALSE(hours.is_open(midnight + 17h));
  CHECK(hours.open_from(midnight) == midnight + 8h);
  CHECK(hours.open_from(midnight + 9h) == midnight + 9h);
  CHECK(hours.after(midnight + 16h, 2h) == midnight + 24h + 9h);
  CHECK(hours.after(midnight + 2 * 24h + 16h, 2h) == midnight + 5 * 24h + 9h);  // Friday to Monday
  CHECK(hours.after(midnight, 20h) == midnight + 2 * 24h + 10h);
  CHECK(hours.after(midnight + 12h, 0h) == midnight + 12h);
}

TEST_CASE("lines that are no answers to inspectors are left alone") {
  for (const char* line : {"", "{", "[]", "17", "\"do\"", "{\"notice\":5}", "{\"do\":\"work-orders\"}",
                           "{\"do\":\"work-orders\",\"open\":7}", "{\"do\":\"work-orders\",\"open\":[7]}",
                           "{\"do\":\"work-orders\",\"open\":[{\"work_order\":\"x\"}]}",
                           "{\"do\":\"close-work-order\",\"work_order\":-1}", "{\"do\":4}"})
    CHECK_FALSE(model::parse_inspection_line(line));
  const auto line = model::report_line(3, std::string(700, 'x'));
  const auto sent = nlohmann::json::parse(line);
  CHECK(sent["finding"].get<std::string>().size() == 500);
  const auto wide = nlohmann::json::parse(model::report_line(
      3, "x" + [] {
        std::string text;
        for (int i = 0; i < 300; ++i) text += "表";
        return text;
      }()));
  CHECK(wide["finding"].get<std::string>().size() <= 500);
}

namespace {
/// A head-end that knows work orders and nothing else.
struct Office final : model::CounterPort, model::InspectionView {
  model::Inspectors* inspectors = nullptr;
  bool is_listening = true, is_answering = true;
  std::map<std::int64_t, std::string> open;  ///< number -> meter, empty for the area
  std::map<std::int64_t, std::string> closed;
  std::vector<std::pair<Instant, model::MeterId>> visits;
  int reports = 0, asked = 0;
  bool connect(Instant) override { return is_listening; }
  void drop(Instant) override {}
  std::string inspect(model::MeterId meter, Instant at) override {
    visits.emplace_back(at, meter);
    return meter == 2 ? "theft-magnet" : "nothing";
  }
  void deliver(Instant at, core::Bytes bytes) override {
    const auto line = nlohmann::json::parse(std::string(bytes.begin(), bytes.end()));
    nlohmann::json answer{{"do", line["do"]}};
    if (line["do"] == "work-orders") {
      ++asked;
      answer["open"] = nlohmann::json::array();
      for (const auto& [number, meter] : open)
        if (number > line["after"].get<std::int64_t>() && answer["open"].size() < 2)
          answer["open"].push_back({{"work_order", number},
                                    {"area", "north"},
                                    {"meter", meter.empty() ? nlohmann::json() : nlohmann::json(meter)},
                                    {"reason", "because"}});
      answer["is_whole"] =
          answer["open"].empty() || answer["open"].back()["work_order"] == open.rbegin()->first;
    } else {
      ++reports;
      const auto number = line["work_order"].get<std::int64_t>();
      if (!is_answering) return;
      closed[number] = line["finding"];
      open.erase(number);
      answer["work_order"] = number;
      answer["outcome"] = "closed";
    }
    const auto text = answer.dump() + "\n";
    inspectors->head_end_wrote(at,
                               core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
};
struct Service {
  rig::Truth truth;
  Office office;
  std::optional<model::Inspectors> inspectors;
  explicit Service(int crews = 1) {
    model::InspectorSetup setup;
    setup.seed = 9;
    setup.starts = midnight;
    setup.ends = midnight + 14 * 24h;
    setup.crews = crews;
    setup.hours.zone = rig::china;
    setup.areas.push_back({"north", 1, {"M0001", "M0002", "M0003"}});
    inspectors.emplace(std::move(setup), truth, office, office);
    office.inspectors = &*inspectors;
  }
  void run(core::Duration till) { inspectors->advance(midnight + till); }
};
}  // namespace

TEST_CASE("an order is taken in working hours, looked at after a while, and reported") {
  Service service;
  service.office.open[1] = "M0002";
  service.run(7h);
  CHECK(service.office.asked == 0);
  service.run(40h);
  REQUIRE(service.office.visits.size() == 1);
  const auto [at, meter] = service.office.visits.front();
  CHECK(meter == 2);
  CHECK(at >= midnight + 8h + 30min);
  CHECK(at <= midnight + 13h + 1min);
  CHECK(service.office.closed.at(1) == "theft-magnet");
  CHECK(service.office.reports == 1);
  CHECK(service.truth.of("inspectors", "order-taken").size() == 1);
  CHECK(service.truth.of("inspectors", "order-reported").front().text == "theft-magnet");
}

TEST_CASE("an order about a whole area has every meter looked at, one after the other") {
  Service service;
  service.office.open[5] = "";
  service.run(48h);
  REQUIRE(service.office.visits.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(service.office.visits[i].second == i + 1);
  CHECK(service.office.visits[1].first == service.office.visits[0].first + 20min);
  CHECK(service.office.closed.at(5) == "M0002: theft-magnet");
}

TEST_CASE("one crew does one order at a time, several share them, and none is done twice") {
  for (const int crews : {1, 3}) {
    Service service(crews);
    for (std::int64_t number = 1; number <= 5; ++number) service.office.open[number] = "M0001";
    service.run(9 * 24h);
    CHECK(service.office.visits.size() == 5);
    CHECK(service.office.closed.size() == 5);
    CHECK(service.truth.of("inspectors", "order-taken").size() == 5);
  }
}

TEST_CASE("a report is repeated until it is answered, and an unknown place is said to be one") {
  Service service;
  service.office.open[1] = "X0099";
  service.office.is_answering = false;
  service.run(20h);
  CHECK(service.office.visits.empty());
  CHECK(service.office.reports > 3);
  service.office.is_answering = true;
  service.run(21h);
  CHECK(service.office.closed.at(1) == "no such place");
  const auto reports = service.office.reports;
  service.run(30h);
  CHECK(service.office.reports == reports);
}

TEST_CASE("inspectors wait for a head-end that is down") {
  Service service;
  service.office.is_listening = false;
  service.office.open[1] = "M0003";
  service.run(10h);
  CHECK(service.office.asked == 0);
  service.office.is_listening = true;
  service.run(48h);
  CHECK(service.office.closed.at(1) == "nothing");
}

TEST_CASE("without a crew nobody asks") {
  Service service(0);
  service.office.open[1] = "M0001";
  CHECK(service.inspectors->next() == core::never);
  service.run(48h);
  CHECK(service.office.asked == 0);
}
