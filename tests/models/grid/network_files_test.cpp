// The three forms of a feeder on the way to a network: what our YAML and the CSV folder can say beyond the
// published feeder.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "models/grid/limits.hpp"

using namespace model::grid;
namespace fs = std::filesystem;

namespace {
const std::string yaml = R"(name: village
source: nobody
grid: { voltage_kV: 10, voltage_pu: 1, short_circuit_3_phase_A: 3000, short_circuit_1_phase_A: 300 }
transformer: { primary_kV: 10, secondary_kV: 0.4, rated_MVA: 0.1, reactance_percent: 4,
               resistance_percent: 1.5, connection: Delta-Wye, primary_tap: 0.975 }
power_factor: 0.9
line_codes:
  - [thin, 0.8, 0.08, 2.4, 0.3]
  - { name: fat, Z1: [0.2, 0.08], Z0: [0.8, 0.3], rated_A: 10 }
  - { name: four, phase: [0.3, 0.08], neutral: [0.5, 0.09], mutual: [0.02, 0.05] }
lines:
  - [1, 2, 50, fat]
  - { from: 2, to: 3, length_m: 80, code: thin, fuse_A: 5 }
  - { from: 1, to: 3, length_m: 200, code: thin, open: ABC }
  - [1, 4, 100, four]
loads:
  - [3, A, 7]
  - { bus: 3, phase: B, kW: 4, power_factor: 1, impedance_share: 0.5, current_share: 0.2 }
  - { bus: 4, phase: C, kW: -3 }
)";
fs::path written(const std::string& text) {
  const fs::path file = fs::temp_directory_path() / "metertwin-village.yaml";
  std::ofstream(file) << text;
  return file;
}
}  // namespace

TEST_CASE("our YAML tells taps, ratings, open lines, fuses, neutrals and kinds of loads") {
  const Network network = read_network(written(yaml));
  CHECK(network.buses == std::vector<std::string>{"SourceBus", "1", "2", "3", "4"});
  CHECK(network.transformers[0].from_tap == 0.975);
  CHECK(network.sections[0].rated_A == 10);
  CHECK(network.sections[2].open == three_phases);
  CHECK(network.consumers[1].power_zip == Zip{0.5, 0.2, 1 - 0.5 - 0.2});
  CHECK(network.consumers[2].to == neutral);
  CHECK(network.consumers[0].to == to_earth);
  PowerFlow flow(network);
  for (std::size_t i = 0; i < 3; ++i) flow.set_power(i, 0, power_at_minute(network, network.consumers[i], 1));
  REQUIRE(flow.solve().is_converged);
  CHECK(std::abs(flow.consumer_voltage_V(2, 0)) > 400 / 0.975 / std::sqrt(3.0));  // fed in
  const auto warnings = warnings_of(network, flow, 0, {});
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].element == "line 1-2");
  CHECK(warnings[0].kind == "overload");
  CHECK(warnings[0].phase == 1);
  CHECK(warnings[1].element == "line 2-3");
  CHECK(warnings[1].kind == "fuse");
}

TEST_CASE("a profile table gives the loads that name a profile their day") {
  const fs::path table = fs::temp_directory_path() / "metertwin-profiles.csv";
  {
    std::ofstream out(table);
    out << "time,p7\n";
    for (int minute = 1; minute <= 1440; ++minute) out << minute << "," << minute / 1000.0 << "\n";
  }
  const Network network = read_network(written(yaml), {.profiles = table});
  CHECK(power_at_minute(network, network.consumers[0], 566).power_W == Approx(566));
  CHECK(power_at_minute(network, network.consumers[1], 566).power_W == Approx(4000));
}

TEST_CASE("YAML complaints name the place and the element") {
  const auto complaint = [](const std::string& old, const std::string& replacement) -> std::string {
    std::string text = yaml;
    text.replace(text.find(old), old.size(), replacement);
    const fs::path file = written(text);
    try {
      tree_of(read_network(file));
    } catch (const model::BadFeederFile& bad) {
      return std::string(bad.what()).substr(file.string().size());
    }
    return "";
  };
  CHECK(complaint("[1, 2, 50, fat]", "[1, 2, 0, fat]") == ":12:12: line 1-2 has no length");
  CHECK(complaint("open: ABC", "open: AB") ==
        ":14:5: line 1-3: bus 3 is fed twice; the lines must form a tree from bus 1");
  CHECK(complaint("fuse_A: 5", "fuze_A: 5") == ":13:49: unknown key \"fuze_A\"");
  CHECK(complaint("phase: B", "phase: D") == ":18:22: expected phase A, B or C");
  CHECK(complaint("Delta-Wye", "Zigzag") ==
        ":5:53: connection \"Zigzag\": expected Delta-Wye, Wye-Wye, Wye-Delta or Delta-Delta");
  CHECK(complaint("[1, 4, 100, four]", "[5, 4, 100, four]") ==
        ":15:5: line 5-4: bus 5 is fed by nothing");
}

TEST_CASE("the published snapshot and the published day, from the published files") {
  const char* shared = std::getenv("METERTWIN_SHARED");
  const fs::path folder = (shared ? fs::path(shared) : fs::path(METERTWIN_ROOT).parent_path() / "shared") /
                          "data/feeder/ieee_input";
  if (!fs::is_directory(folder)) {
    std::cout << "SKIPPED: " << folder.string() << " not found\n";
    return;
  }
  const Network network = read_network(folder);
  PowerFlow flow(network, {.lanes = 8});
  double supplied_kWh[3] = {}, sold_kWh[3] = {};
  for (int first = 1; first <= 1440; first += 8) {
    for (int lane = 0; lane < 8; ++lane)
      for (std::size_t i = 0; i < network.consumers.size(); ++i) {
        const Power power = power_at_minute(network, network.consumers[i], first + lane);
        flow.set_power(i, lane, power);
        sold_kWh[network.consumers[i].from] += power.power_W / 60'000;
      }
    REQUIRE(flow.solve().is_converged);
    for (int lane = 0; lane < 8; ++lane)
      for (int phase = 0; phase < 3; ++phase)
        supplied_kWh[phase] += flow.head_power_VA(phase, lane).real() / 60'000;
  }
  // Sold: sum of the profiles. Supplied: sum of GridLAB-D's published series, printed to 0.1 W.
  CHECK(sold_kWh[0] + sold_kWh[1] + sold_kWh[2] == Approx(483.914150).epsilon(0).margin(1e-6));
  CHECK(supplied_kWh[0] + supplied_kWh[1] + supplied_kWh[2] == Approx(488.386).epsilon(0).margin(5e-4));
  const double loss_percent[3] = {0.954, 1.114, 0.598};
  for (int phase = 0; phase < 3; ++phase)
    CHECK(100 * (1 - sold_kWh[phase] / supplied_kWh[phase]) ==
          Approx(loss_percent[phase]).epsilon(0).margin(5e-4));
}
