// An area that computes its network: energy at the head against energy at the customers, voltages at meters.
//
// The power flow itself has its oracles in tests/models/grid; here a closed form of one single-phase cable
// and the law of conservation are enough.
#include "models/area_grid.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/random.hpp"
#include "models/area.hpp"
#include "models/area_transformer.hpp"
#include "protocols/dlt645/answers.hpp"
#include "tests/models/field/field_rig.hpp"
#include "tests/models/grid/small_network.hpp"

using namespace std::chrono_literals;
using rig::midnight;

namespace {
constexpr std::int64_t kWh_uJ = core::microjoules_per_kWh;
constexpr double cable_ohm = 0.5;

/// Customers on A, B, C, A ..., each at the end of a cable of his own, so that none disturbs another.
std::shared_ptr<model::GridSetup> star(std::size_t customers, std::vector<model::HeadMeter> heads = {}) {
  auto grid = std::make_shared<model::GridSetup>();
  auto network = small_network::source_only();
  model::grid::ConductorMatrix impedance{};
  for (std::size_t phase = 0; phase < 3; ++phase) impedance[phase][phase] = cable_ohm;
  for (std::size_t i = 0; i < customers; ++i) {
    const int bus = small_network::add_cable(network, 0, impedance);
    small_network::add_consumer(network, bus, static_cast<int>(i % 3), model::grid::to_earth, 1, 0);
    grid->customers.push_back(static_cast<std::uint32_t>(i));
  }
  grid->heads = std::move(heads);
  grid->network = std::make_shared<const model::grid::Network>(std::move(network));
  return grid;
}

/// `customers` of constant load, and one meter of all phases at the head, which stands last.
model::AreaSetup area(std::size_t customers, int ratio = 1) {
  auto setup = rig::area(customers + 1);
  auto plate = std::make_shared<model::TypePlate>();
  plate->is_of_transformer = true;
  setup.meters.back().plate = plate;
  setup.meter_names.back() = "T" + std::to_string(customers + 1);
  for (std::size_t i = 0; i < customers; ++i)
    setup.meters[i].load =
        model::Load::constant(core::Milliwatts(1'000'000 + 100'000 * static_cast<std::int64_t>(i)), {1, 1});
  setup.grid = star(customers, {{.meter = static_cast<std::uint32_t>(customers), .ratio = ratio}});
  return setup;
}

struct Run {
  explicit Run(model::AreaSetup setup) : field(std::move(setup), truth, head_end) { head_end.wire(field); }
  void until(core::Instant till) { rig::run(field, till); }
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area field;
};

/// U = E/2 + sqrt(E^2/4 - P R): one load of constant power behind a resistance.
double voltage_V(double power_W) { return 115 + std::sqrt(115.0 * 115 - power_W * cable_ohm); }

/// supplied A B C, delivered A B C, transformer, from the text of "feeder-energy".
std::vector<std::int64_t> figures_of(const std::string& text) {
  std::vector<std::int64_t> figures;
  for (std::size_t i = 0; i < text.size();) {
    if (!std::isdigit(static_cast<unsigned char>(text[i]))) {
      ++i;
      continue;
    }
    std::size_t used = 0;
    figures.push_back(std::stoll(text.substr(i), &used));
    i += used;
  }
  return figures;
}
std::vector<std::int64_t> sum_of_figures(const rig::Truth& truth) {
  std::vector<std::int64_t> sum(7, 0);
  for (const auto& event : truth.of("area north", "feeder-energy")) {
    const auto figures = figures_of(event.text);
    REQUIRE(figures.size() == 7);
    CHECK(event.value >= figures[0] + figures[1] + figures[2]);      // what is no whole mWh on a phase
    CHECK(event.value <= figures[0] + figures[1] + figures[2] + 3);  // may be one on all three
    for (std::size_t i = 0; i < 7; ++i) sum[i] += figures[i];
  }
  return sum;
}
}  // namespace

TEST_CASE("the head's register holds what the customers drew and what their cables turned into heat") {
  Run run(area(3));
  run.until(midnight + 24h);
  double supplied_kWh = 0;
  for (const double power_W : {1000.0, 1100.0, 1200.0}) {
    const double current_A = power_W / voltage_V(power_W);
    supplied_kWh += (power_W + current_A * current_A * cable_ohm) * 24 / 1000;
  }
  const auto& last = run.truth.samples.at(midnight + 24h);
  CHECK(last.passed[0] == 24 * kWh_uJ);
  CHECK(static_cast<double>(last.passed[3]) / static_cast<double>(kWh_uJ) ==
        Approx(supplied_kWh).epsilon(0).margin(1e-4));
  CHECK(last.shown[3] == static_cast<std::uint32_t>(last.passed[3] / core::microjoules_per_centikWh));
  const auto sum = sum_of_figures(run.truth);
  CHECK(run.truth.of("area north", "feeder-energy").size() == 96);
  for (std::size_t phase = 0; phase < 3; ++phase)
    CHECK(sum[3 + phase] == 24'000'000 + 2'400'000 * static_cast<std::int64_t>(phase));
}

TEST_CASE("current transformers divide what the head's meter registers") {
  Run run(area(3, 40)), direct(area(3));
  run.until(midnight + 24h);
  direct.until(midnight + 24h);
  const auto secondary = run.truth.samples.at(midnight + 24h).passed[3];
  const auto primary = direct.truth.samples.at(midnight + 24h).passed[3];
  CHECK(secondary * 40 <= primary);
  CHECK(secondary * 40 > primary - 86'400'000 * std::int64_t{40 * 3});  // a milliwatt on each phase
}

TEST_CASE("three meters at the head share the supply by phase") {
  auto setup = rig::area(6);
  for (std::size_t i = 0; i < 3; ++i)
    setup.meters[i].load =
        model::Load::constant(core::Milliwatts(1'000'000 * static_cast<std::int64_t>(i + 1)), {1, 1});
  setup.grid = star(3, {{.meter = 3, .phase = 0}, {.meter = 4, .phase = 1}, {.meter = 5, .phase = 2}});
  Run run(std::move(setup));
  run.until(midnight + 10h);
  const auto& last = run.truth.samples.at(midnight + 10h);
  for (std::size_t i = 0; i < 3; ++i) {
    const double power_W = 1000.0 * static_cast<double>(i + 1);
    const double current_A = power_W / voltage_V(power_W);
    CHECK(static_cast<double>(last.passed[3 + i]) / static_cast<double>(kWh_uJ) ==
          Approx((power_W + current_A * current_A * cable_ohm) / 100).epsilon(0).margin(1e-4));
  }
}

TEST_CASE("a meter shows the voltage that the network has at its terminals") {
  auto setup = area(3);
  setup.concentrator.archive_is_factory_set = true;
  Run run(setup);
  run.until(midnight + 1h);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto address = setup.meters[i].address;
    dlt645::Wire request;
    dlt645::encode(address, dlt645::ReadRequest{dlt645::DataIdentifier(0x02010100), {}, {}}, request, 4);
    const auto answer = run.head_end.forward(midnight + 1h + (i + 1) * 10s, request);
    dlt645::Frame frame;
    REQUIRE(dlt645::decode(answer, frame));
    const auto value = dlt645::expect_data(frame, address, dlt645::DataIdentifier(0x02010100));
    REQUIRE(value.has_value());
    const double shown_V = static_cast<double>(*core::bcd_little_endian(*value)) / 10;
    const double expected_V = i < 3 ? voltage_V(1000 + 100.0 * static_cast<double>(i)) : 230;
    CHECK(shown_V == Approx(expected_V).epsilon(0).margin(0.1001));  // truncated to a tenth
  }
}

TEST_CASE("whatever opens and closes, the head has delivered what passed at the customers") {
  using Kind = model::FaultKind;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 1, core::Purpose::test);
    auto setup = area(6);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < 6; ++i)
      setup.meters[i].load =
          model::Load::household({.seed = seed, .home = 1 + static_cast<std::uint32_t>(i)});
    for (int k = 0; k < 12; ++k) {
      const auto from = midnight + std::chrono::seconds(draws.between(0, 80'000, next++));
      const auto till = from + std::chrono::seconds(draws.between(1, 6'000, next++));
      const auto meter = static_cast<model::MeterId>(draws.between(1, 6, next++));
      const Kind kinds[] = {Kind::supply_outage, Kind::theft_bypass, Kind::theft_hook, Kind::theft_reversed};
      setup.faults.push_back({.kind = kinds[k % 4],
                              .from = from,
                              .till = till,
                              .meter = meter,
                              .power = core::Milliwatts(700'000)});
    }
    // Money runs out somewhere within the day: an opening that nobody foresees at a step's beginning.
    setup.meters[2].has_purse = true;
    auto tariff = std::make_shared<model::TariffTables>();
    model::TariffPlan plan;
    plan.slots = {{0, 86'400, 2}};
    plan.prices[2] = {core::Price(5'000)};
    setup.meters[2].tariff = std::make_shared<const model::TariffTables>(*model::tables_from(plan));
    setup.meters[2].opening_balance = core::to_microyuan(core::Fen(100));
    Run run(std::move(setup));
    run.until(midnight + 24h);
    const auto& last = run.truth.samples.at(midnight + 24h);
    const auto passed = std::accumulate(last.passed.begin(), last.passed.begin() + 6, std::int64_t{0});
    const auto sum = sum_of_figures(run.truth);
    const auto delivered_mWh = sum[3] + sum[4] + sum[5];
    // Only the last minute may still be owed, and three phases may each keep less than a milliwatt-hour back.
    const std::int64_t owed_mWh = 15'000 * std::int64_t{1000} / 60;
    CHECK(delivered_mWh == Approx(static_cast<double>(passed) / 3.6e6).epsilon(0).margin(owed_mWh));
    const auto lost_mWh = sum[0] + sum[1] + sum[2] - delivered_mWh;
    CHECK(lost_mWh > 0);
  }
}

TEST_CASE("voltages outside the band are told when they leave it and when they come back") {
  auto setup = area(3);
  auto grid = std::make_shared<model::GridSetup>(*setup.grid);
  grid->band = {.low_V = 225, .high_V = 253};
  setup.grid = grid;
  // 1.1 kW on B: 227.6 V. With 2 kW more on the cable, 221.
  setup.faults = {{.kind = model::FaultKind::theft_hook,
                   .from = midnight + 1h,
                   .till = midnight + 2h,
                   .meter = 2,
                   .power = core::Milliwatts(2'000'000)}};
  Run run(std::move(setup));
  run.until(midnight + 3h);
  const auto low = run.truth.of("M0002", "voltage-low"), normal = run.truth.of("M0002", "voltage-normal");
  REQUIRE(low.size() == 1);
  REQUIRE(normal.size() == 1);
  CHECK(low[0].at == midnight + 1h);
  CHECK(static_cast<double>(low[0].value) == Approx(1000 * voltage_V(3100)).epsilon(0).margin(1));
  CHECK(normal[0].at == midnight + 2h);
  CHECK(run.truth.of("M0001", "voltage-low").empty());
}

TEST_CASE("a load that no cable can carry is told with the state that caused it, and the run goes on") {
  auto setup = area(3);
  setup.faults = {{.kind = model::FaultKind::theft_hook,
                   .from = midnight + 1h,
                   .till = midnight + 2h,
                   .meter = 2,
                   .power = core::Milliwatts(60'000'000)}};  // at most E^2 / 4 R = 26 kW can be drawn
  Run run(std::move(setup));
  run.until(midnight + 3h);
  const auto diverged = run.truth.of("area north", "feeder-diverged");
  REQUIRE(diverged.size() == 1);
  CHECK(diverged[0].at == midnight + 1h);
  CHECK(diverged[0].value == 63'300);  // W
  CHECK(diverged[0].text.find("load 2") != std::string::npos);
  REQUIRE(run.truth.of("area north", "feeder-solved").size() == 1);
  CHECK(run.truth.of("area north", "feeder-solved")[0].at == midnight + 2h);
  // Energy is kept: what was drawn came through the head, without a loss while there was no solution.
  const auto& last = run.truth.samples.at(midnight + 3h);
  const auto sum = sum_of_figures(run.truth);
  CHECK(sum[4] == Approx(static_cast<double>(last.passed[1]) / 3.6e6).epsilon(0).margin(2));
}

TEST_CASE("an area without power supplies nothing, and its head's meter counts on afterwards") {
  auto setup = area(3);
  setup.faults = {
      {.kind = model::FaultKind::supply_outage, .from = midnight + 1h + 17s, .till = midnight + 2h + 17s}};
  Run run(std::move(setup)), calm(area(3));
  run.until(midnight + 24h);
  calm.until(midnight + 23h);
  CHECK(run.truth.samples.at(midnight + 24h).passed[3] == calm.truth.samples.at(midnight + 23h).passed[3]);
}

TEST_CASE(
    "an overloaded transformer is told at once, its hot spot when the oil has warmed, its day at midnight") {
  rig::Truth truth;
  model::Climate steady{
      .seed = 1, .place = 0, .mean_C = 20, .season_C = 0, .swing_C = 0, .deviation_C = 0, .latitude_deg = 30};
  model::AreaTransformer transformer({"area north", 10, steady, rig::china}, midnight, truth);
  const auto carry = [&](core::Instant from, core::Instant till, std::int64_t apparent_mVA) {
    for (auto at = from; at < till; at += 1min) transformer.carry(at, at + 1min, apparent_mVA);
  };
  carry(midnight, midnight + 6h, 15'000'000);
  const auto overload = truth.of("area north", "transformer-overload");
  REQUIRE(overload.size() == 1);
  CHECK(overload[0].at == midnight + 1min);
  CHECK(overload[0].value == 1500);
  // 20 + 44.0 + 97.3 (1 - e^(-t / 180)) = 120 after 154 minutes: the gradient settles within eight.
  const auto hot = truth.of("area north", "transformer-hot");
  REQUIRE(hot.size() == 1);
  const double minutes =
      -180 * std::log(1 - (100 - 23 * std::pow(1.5, 1.6)) / (55 * std::pow((1 + 2.25 * 5) / 6, 0.8)));
  CHECK((hot[0].at - midnight) / 1min == Approx(minutes).epsilon(0).margin(2));
  carry(midnight + 6h, midnight + 25h, 3'000'000);
  CHECK(truth.of("area north", "transformer-normal").size() == 1);
  CHECK(truth.of("area north", "transformer-cool").size() == 1);
  const auto day = truth.of("area north", "transformer-day");
  REQUIRE(day.size() == 1);
  CHECK(day[0].at == midnight + 24h);
  CHECK(day[0].value > 14'000);  // the hottest, after six hours: 20 + 44 + 84 C
  CHECK(day[0].value < 15'000);
}
