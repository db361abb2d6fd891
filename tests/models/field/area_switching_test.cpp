// Switches, outages of sections and fuses in the network of an area: who is dark when, and where energy goes.
#include "models/area_switching.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/random.hpp"
#include "models/area.hpp"
#include "models/area_grid.hpp"
#include "tests/models/field/field_rig.hpp"
#include "tests/models/grid/small_network.hpp"

using namespace std::chrono_literals;
using model::FaultKind;
using rig::midnight;

namespace {
/// Two lanes from the head, "north" and "south", each of three sections with a customer at each end on A, B
/// and C; a tie between their ends stands open. The sections are north 1..3 and south 1..3.
std::shared_ptr<model::GridSetup> two_lanes(double fuse_A = 0) {
  auto grid = std::make_shared<model::GridSetup>();
  auto network = small_network::source_only();
  model::grid::ConductorMatrix impedance{};
  for (std::size_t phase = 0; phase < 3; ++phase) impedance[phase][phase] = 0.05;
  int ends[2] = {};
  for (int lane = 0; lane < 2; ++lane) {
    int bus = 0;
    for (int i = 1; i <= 3; ++i) {
      bus = small_network::add_cable(network, bus, impedance);
      network.sections.back().name = (lane == 0 ? "north " : "south ") + std::to_string(i);
      if (i == 1) network.sections.back().fuse_A = fuse_A;
      small_network::add_consumer(network, bus, i - 1, model::grid::to_earth, 1, 0);
      grid->customers.push_back(static_cast<std::uint32_t>(grid->customers.size()));
    }
    ends[lane] = bus;
  }
  model::grid::Section tie;
  tie.name = "tie";
  tie.from_bus = ends[0];
  tie.to_bus = ends[1];
  tie.is_switch = true;
  tie.open = model::grid::three_phases;
  network.sections.push_back(tie);
  grid->network = std::make_shared<const model::grid::Network>(std::move(network));
  return grid;
}

/// Six customers of 1.0, 1.1 ... kW; 1..3 on the northern lane.
model::AreaSetup area(double fuse_A = 0) {
  auto setup = rig::area(6);
  for (std::size_t i = 0; i < 6; ++i)
    setup.meters[i].load =
        model::Load::constant(core::Milliwatts(1'000'000 + 100'000 * static_cast<std::int64_t>(i)), {1, 1});
  setup.grid = two_lanes(fuse_A);
  return setup;
}

model::FaultWindow fault(FaultKind kind, const char* section, core::Duration from, core::Duration till,
                         std::uint8_t phases = 0b0111) {
  return {
      .kind = kind, .from = midnight + from, .till = midnight + till, .section = section, .phases = phases};
}

struct Run {
  explicit Run(model::AreaSetup setup) : field(std::move(setup), truth, head_end) { head_end.wire(field); }
  void until(core::Instant till) { rig::run(field, till); }
  /// "lost 60 min, back 90 min": when this meter's mains went and came.
  std::string dark(const std::string& meter) const {
    std::string text;
    for (const auto& event : truth.events) {
      if (event.entity != meter || (event.kind != "supply-lost" && event.kind != "supply-restored")) continue;
      text += (event.kind == "supply-lost" ? "-" : "+") + std::to_string((event.at - midnight) / 1min) + " ";
    }
    return text;
  }
  double kWh(std::size_t meter, core::Instant at) const {
    return static_cast<double>(truth.samples.at(at).passed[meter]) / core::microjoules_per_kWh;
  }
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area field;
};

std::vector<model::TruthEvent> told(const Run& run, const char* kind) {
  return run.truth.of("area north", kind);
}
}  // namespace

TEST_CASE("a dead section takes the mains of everybody behind it, and of nobody else") {
  auto setup = area();
  setup.faults = {fault(FaultKind::section_outage, "north 2", 60min, 90min)};
  Run run(std::move(setup));
  run.until(midnight + 3h);
  CHECK(run.dark("M0001").empty());
  CHECK(run.dark("M0002") == "-60 +90 ");
  CHECK(run.dark("M0003") == "-60 +90 ");
  CHECK(run.dark("M0004").empty());
  CHECK(run.kWh(0, midnight + 3h) == Approx(3 * 1.0).epsilon(1e-9));
  CHECK(run.kWh(1, midnight + 3h) == Approx(2.5 * 1.1).epsilon(1e-9));
  REQUIRE(told(run, "section-dead").size() == 1);
  CHECK(told(run, "section-dead")[0].value == 2);
  CHECK(told(run, "section-dead")[0].text == "north 2 ABC");
  CHECK(told(run, "section-live")[0].at == midnight + 90min);
  REQUIRE(told(run, "fault-struck").size() == 1);
  CHECK(told(run, "fault-struck")[0].value == 1);
}

TEST_CASE("one phase of a section is dead by itself") {
  auto setup = area();
  setup.faults = {fault(FaultKind::section_outage, "north 1", 60min, 90min, 0b0010)};
  Run run(std::move(setup));
  run.until(midnight + 2h);
  CHECK(run.dark("M0001").empty());
  CHECK(run.dark("M0002") == "-60 +90 ");  // on B
  CHECK(run.dark("M0003").empty());
}

TEST_CASE("a tie feeds from the other side what an open switch has left, and nobody notices") {
  auto setup = area();
  setup.faults = {fault(FaultKind::section_outage, "north 1", 60min, 120min),
                  fault(FaultKind::switch_closed, "tie", 60min, 120min)};
  Run run(std::move(setup)), calm(area());
  run.until(midnight + 3h);
  calm.until(midnight + 3h);
  for (const char* meter : {"M0001", "M0002", "M0003"}) CHECK(run.dark(meter).empty());
  CHECK(told(run, "fault-struck").size() == 2);
  CHECK(run.truth.samples.at(midnight + 3h).passed == calm.truth.samples.at(midnight + 3h).passed);
  // Farther from the head, a customer's voltage is lower; the losses say so.
  const auto loss_mWh = [](const Run& one) {
    std::int64_t sum = 0;
    for (const auto& event : told(one, "feeder-energy")) {
      sum += event.value;
      std::int64_t delivered = 0;
      auto text = event.text.substr(event.text.find("delivered") + 9);
      for (int phase = 0; phase < 3; ++phase) {
        std::size_t used = 0;
        delivered += std::stoll(text, &used);
        text = text.substr(used);
      }
      sum -= delivered;
    }
    return sum;
  };
  CHECK(loss_mWh(run) > loss_mWh(calm));
}

TEST_CASE("closing a tie between two live lanes is refused; so is mending what the tie has replaced") {
  auto setup = area();
  // Waits for an event, so that nobody could know: closed at 61 while both lanes are live.
  setup.faults = {fault(FaultKind::supply_outage, "", 60min, 61min),
                  fault(FaultKind::switch_closed, "tie", 0min, 3h),
                  fault(FaultKind::section_outage, "north 1", 90min, 120min),
                  fault(FaultKind::switch_closed, "tie", 91min, 150min)};
  setup.faults[0].meter = 6;
  setup.faults[0].phases = 0;
  setup.faults[1].when = "supply-restored";
  setup.faults[1].lasts = 10min;
  Run run(std::move(setup));
  run.until(midnight + 4h);
  const auto refused = told(run, "switch-refused");
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].at == midnight + 61min);
  CHECK(refused[0].text.find("loop") != std::string::npos);
  CHECK(refused[1].at == midnight + 120min);
  CHECK(run.dark("M0001") == "-90 +91 ");
}

TEST_CASE("whoever plans a loop hears of it beforehand") {
  const auto network = two_lanes()->network;
  std::size_t number = 99;
  const std::vector<model::FaultWindow> loop = {fault(FaultKind::switch_closed, "tie", 10min, 20min)};
  CHECK_THROWS_WITH(model::check_switching(*network, loop, number), Catch::Contains("loop"));
  CHECK(number == 0);
  const std::vector<model::FaultWindow> fine = {fault(FaultKind::switch_closed, "tie", 10min, 20min),
                                                fault(FaultKind::section_outage, "south 2", 10min, 20min)};
  CHECK_NOTHROW(model::check_switching(*network, fine, number));
  const std::vector<model::FaultWindow> too_long = {
      fault(FaultKind::switch_closed, "tie", 10min, 21min),
      fault(FaultKind::section_outage, "south 2", 10min, 20min)};
  CHECK_THROWS_WITH(model::check_switching(*network, too_long, number), Catch::Contains("loop"));
}

TEST_CASE("an overloaded fuse melts when its curve says, on its phase only, and a crew replaces it") {
  auto setup = area(25);
  auto grid = std::make_shared<model::GridSetup>(*setup.grid);
  grid->repair = 45min;
  setup.grid = grid;
  // 10 kW more for two hours on A: some 48 A through 25 A.
  setup.faults = {{.kind = FaultKind::theft_hook,
                   .from = midnight + 1h,
                   .till = midnight + 3h,
                   .meter = 1,
                   .power = core::Milliwatts(10'000'000)}};
  Run run(std::move(setup));
  run.until(midnight + 5h);
  const auto blown = told(run, "fuse-blown"), replaced = told(run, "fuse-replaced");
  REQUIRE(blown.size() >= 1);
  // U = E/2 + sqrt(E^2/4 - P R) behind 0.05 ohm.
  const double voltage_V = 115 + std::sqrt(115.0 * 115 - 11'000 * 0.05);
  const double current_A = 11'000 / voltage_V;
  CHECK(static_cast<double>(blown[0].value) / 1000 == Approx(current_A).epsilon(0).margin(0.0011));
  const double melts_s = model::grid::melting_time_s(model::grid::fuse_curve(25), current_A);
  CHECK((blown[0].at - midnight - 1h) / 1ms == Approx(melts_s * 1000).epsilon(1e-4).margin(2));
  CHECK(blown[0].text.substr(0, 9) == "north 1 A");
  REQUIRE(replaced.size() == blown.size());
  CHECK(replaced[0].at == blown[0].at + 45min);
  CHECK(replaced[0].value == 45 * 60);
  CHECK_FALSE(run.dark("M0001").empty());
  CHECK(run.dark("M0002").empty());
  CHECK(run.dark("M0003").empty());
}

TEST_CASE("fuses hold what they are rated for") {
  auto setup = area(25);
  setup.faults = {{.kind = FaultKind::theft_hook,
                   .from = midnight + 1h,
                   .till = midnight + 9h,
                   .meter = 1,
                   .power = core::Milliwatts(5'900'000)}};  // 30 A through 25 A
  Run run(std::move(setup));
  run.until(midnight + 10h);
  CHECK(told(run, "fuse-blown").empty());
}

TEST_CASE("an injected blown fuse ends with its window") {
  auto setup = area(100);
  setup.faults = {fault(FaultKind::fuse_blown, "south 1", 30min, 50min, 0b0001)};
  Run run(std::move(setup));
  run.until(midnight + 2h);
  CHECK(run.dark("M0004") == "-30 +50 ");
  CHECK(run.dark("M0005").empty());
  CHECK(told(run, "fuse-gone").size() == 1);
  CHECK(told(run, "fuse-fitted").size() == 1);
  CHECK(told(run, "fuse-replaced").empty());
}

TEST_CASE("whatever is switched, supplied is delivered and lost, and delivered is what passed") {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 7, core::Purpose::test);
    auto setup = area(25);
    for (std::size_t i = 0; i < 6; ++i)
      setup.meters[i].load =
          model::Load::household({.seed = seed, .home = 1 + static_cast<std::uint32_t>(i)});
    std::uint64_t next = 0;
    const char* sections[] = {"north 1", "north 2", "north 3", "south 1", "south 2", "south 3", "tie"};
    const FaultKind kinds[] = {FaultKind::section_outage, FaultKind::switch_open, FaultKind::switch_closed,
                               FaultKind::fuse_blown};
    for (int k = 0; k < 14; ++k) {
      const auto draw = [&](std::int64_t least, std::int64_t most) {
        return draws.between(least, most, next++);
      };
      const auto from = std::chrono::milliseconds(draw(0, 80'000'000));
      const auto till = from + std::chrono::milliseconds(draw(1, 6'000'000));
      const auto kind = kinds[draw(0, 3)];
      const auto* section = sections[draw(0, 6)];
      auto one = fault(kind, section, from, till, static_cast<std::uint8_t>(draw(1, 7)));
      if (draw(0, 2) == 0) one.phases = 0b0111;
      setup.faults.push_back(one);
    }
    setup.faults.push_back({.kind = FaultKind::theft_hook,
                            .from = midnight + 5h,
                            .till = midnight + 7h,
                            .meter = static_cast<model::MeterId>(draws.between(1, 6, next++)),
                            .power = core::Milliwatts(10'000'000)});
    Run run(std::move(setup));
    run.until(midnight + 24h);
    std::int64_t figures[7] = {}, supplied = 0;
    for (const auto& event : told(run, "feeder-energy")) {
      supplied += event.value;
      std::size_t place = 0;
      for (auto& figure : figures) {
        place = event.text.find_first_of("-0123456789", place);
        std::size_t used = 0;
        figure += std::stoll(event.text.substr(place), &used);
        place += used;
      }
    }
    const auto delivered = figures[3] + figures[4] + figures[5];
    CHECK(supplied > delivered);  // heat is never negative
    const auto& last = run.truth.samples.at(midnight + 24h).passed;
    const double passed_mWh =
        static_cast<double>(std::accumulate(last.begin(), last.end(), std::int64_t{0})) / 3.6e6;
    // What a meter that is dark at the end is still owed: less than one minute of all it draws.
    CHECK(static_cast<double>(delivered) == Approx(passed_mWh).epsilon(0).margin(25'000.0 * 1000 / 60));
    CHECK_FALSE(told(run, "section-dead").empty());
  }
}

TEST_CASE("above a transformer all phases move together, and the concentrator beside it is dark, too") {
  auto setup = rig::area(2);
  auto grid = std::make_shared<model::GridSetup>();
  auto network = small_network::source_only();
  const int high = small_network::add_cable(network, 0, {});
  network.sections.back().name = "high voltage";
  network.buses.push_back("low");
  model::grid::Transformer transformer;
  transformer.name = "transformer";
  transformer.from_bus = high;
  transformer.to_bus = high + 1;
  transformer.from_winding = model::grid::Winding::wye;
  transformer.from_kV = transformer.to_kV = 0.4;
  transformer.rated_kVA = 100;
  transformer.reactance_percent = 4;
  network.transformers.push_back(transformer);
  for (int phase = 0; phase < 2; ++phase)
    small_network::add_consumer(network, high + 1, phase, model::grid::to_earth, 1, 0);
  grid->customers = {0, 1};
  grid->network = std::make_shared<const model::grid::Network>(std::move(network));
  setup.grid = grid;
  setup.faults = {fault(FaultKind::section_outage, "high voltage", 60min, 90min, 0b0001)};
  Run run(std::move(setup));
  run.until(midnight + 3h);
  CHECK(run.dark("M0001") == "-60 +90 ");
  CHECK(run.dark("M0002") == "-60 +90 ");
  CHECK(run.truth.of("concentrator north", "logged-out").size() == 1);
  CHECK(run.truth.of("concentrator north", "login").size() == 2);
}
