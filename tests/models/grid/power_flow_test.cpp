// The power flow against pencil and paper: closed forms of two buses, transformers at no load, random trees.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

#include "core/random.hpp"
#include "models/grid/feeder_solver.hpp"
#include "tests/models/grid/small_network.hpp"

using namespace small_network;

namespace {
constexpr double root3 = 1.7320508075688772;
const Complex Z(0.5, 0.1);
/// No coupling: positive and zero sequence are equal.
const ConductorMatrix alone = phase_matrix(Z, Z);

/// |V2| of two buses: V2^4 + (2 (P R + Q X) - V1^2) V2^2 + (P^2 + Q^2) |Z|^2 = 0, the upper root.
double two_bus_voltage(double V1, Complex impedance, double P_W, double Q_var) {
  const double b = 2 * (P_W * impedance.real() + Q_var * impedance.imag()) - V1 * V1;
  const double c = (P_W * P_W + Q_var * Q_var) * std::norm(impedance);
  return std::sqrt((-b + std::sqrt(b * b - 4 * c)) / 2);
}
Approx near(double value) { return Approx(value).epsilon(0).margin(1e-8); }
}  // namespace

TEST_CASE("two buses, one phase: the voltage solves the quadratic, fed in or drawn") {
  for (const double P_kW : {8.0, 1.0, -6.0}) {
    Network network = source_only();
    const int end = add_cable(network, 0, alone);
    add_consumer(network, end, 0, to_earth, P_kW, 2);
    const PowerFlow flow = solved(network);
    const double expected = two_bus_voltage(230, Z, P_kW * 1000, 2000);
    CHECK(std::abs(flow.voltage_V(end, 0, 0)) == near(expected));
    CHECK(std::abs(flow.voltage_V(end, 1, 0)) == near(230));
    const double loss_W = std::norm(flow.consumer_current_A(0, 0)) * Z.real();
    CHECK(flow.section_loss_W(0, 0) == near(loss_W));
    CHECK(flow.head_power_VA(0, 0).real() == near(P_kW * 1000 + loss_W));
  }
}

TEST_CASE("a balanced load sees the positive sequence alone, whatever the zero sequence") {
  for (const double zero : {0.5, 2.0, 9.0}) {
    Network network = source_only();
    const int end = add_cable(network, 0, phase_matrix(Z, zero * Z));
    for (int phase = 0; phase < 3; ++phase) add_consumer(network, end, phase, to_earth, 5, 1.5);
    const PowerFlow flow = solved(network);
    for (int phase = 0; phase < 3; ++phase)
      CHECK(std::abs(flow.voltage_V(end, phase, 0)) == near(two_bus_voltage(230, Z, 5000, 1500)));
  }
}

TEST_CASE("the current of one phase moves the others by the mutual impedance") {
  Network network = source_only();
  const ConductorMatrix coupled = phase_matrix(Z, {2, 0.4});
  const int end = add_cable(network, 0, coupled);
  add_consumer(network, end, 0, to_earth, 5, 1);
  const PowerFlow flow = solved(network);
  const Complex current = flow.consumer_current_A(0, 0);
  const double half_root = root3 / 2;
  const Complex B = 230.0 * Complex(-0.5, -half_root) - coupled[1][0] * current;
  const Complex C = 230.0 * Complex(-0.5, half_root) - coupled[2][0] * current;
  CHECK(std::abs(flow.voltage_V(end, 1, 0) - B) < 1e-9);
  CHECK(std::abs(flow.voltage_V(end, 2, 0) - C) < 1e-9);
}

TEST_CASE("a neutral conductor closes the loop: phase and neutral less twice the mutual impedance") {
  Network network = source_only();
  const Complex phase(0.3, 0.08), own(0.5, 0.09), mutual(0.02, 0.05);
  const int end = add_cable(network, 0, four_wire_matrix(phase, own, mutual), four_wires);
  add_consumer(network, end, 1, neutral, 6, 2);
  const PowerFlow flow = solved(network);
  const Complex loop = phase + own - 2.0 * mutual;
  CHECK(std::abs(flow.consumer_voltage_V(0, 0)) == near(two_bus_voltage(230, loop, 6000, 2000)));
  const Complex current = flow.consumer_current_A(0, 0);
  CHECK(std::abs(flow.voltage_V(end, neutral, 0) - (own - mutual) * current) < 1e-9);
  CHECK(flow.section_loss_W(0, 0) == near(std::norm(current) * loop.real()));
}

TEST_CASE("balanced loads leave the neutral without voltage") {
  Network network = source_only();
  const int end = add_cable(network, 0, four_wire_matrix({0.3, 0.08}, {0.5, 0.09}, {0.02, 0.05}), four_wires);
  for (int phase = 0; phase < 3; ++phase) add_consumer(network, end, phase, neutral, 4, 1);
  const PowerFlow flow = solved(network);
  CHECK(std::abs(flow.voltage_V(end, neutral, 0)) < 1e-9);
  CHECK(std::abs(flow.voltage_V(end, 2, 0)) == near(two_bus_voltage(230, Complex(0.28, 0.03), 4000, 1000)));
}

TEST_CASE("a load between two phases sees twice self less mutual impedance at root three times the voltage") {
  Network network = source_only();
  const ConductorMatrix coupled = phase_matrix(Z, {2, 0.4});
  const int end = add_cable(network, 0, coupled);
  add_consumer(network, end, 0, 1, 9, 3);
  const PowerFlow flow = solved(network);
  CHECK(std::abs(flow.consumer_voltage_V(0, 0)) == near(two_bus_voltage(230 * root3, 2.0 * Z, 9000, 3000)));
  CHECK(std::abs(flow.voltage_V(end, 2, 0)) == near(230));
}

TEST_CASE("a constant impedance divides the voltage, a constant current drops the same at any voltage") {
  Network network = source_only();
  const int end = add_cable(network, 0, phase_matrix({0.5, 0}, {0.5, 0}));
  add_consumer(network, end, 0, to_earth, 5.29, 0, {1, 0, 0});  // 10 ohm at 230 V
  add_consumer(network, end, 1, to_earth, 4.6, 0, {0, 1, 0});   // 20 A
  const PowerFlow flow = solved(network);
  CHECK(std::abs(flow.voltage_V(end, 0, 0)) == near(230 * 10 / 10.5));
  CHECK(std::abs(flow.voltage_V(end, 1, 0)) == near(220));
  CHECK(flow.consumer_power(1, 0).power_W == near(4400));
}

TEST_CASE("outside its band a load becomes the impedance that joins without a step") {
  Network network = source_only();
  const int end = add_cable(network, 0, alone);
  add_consumer(network, end, 0, to_earth, 5, 1);
  network.consumers[0].voltage_pu_max = 0.9;  // 207 V: always above
  const PowerFlow flow = solved(network);
  const double V = std::abs(flow.voltage_V(end, 0, 0));
  REQUIRE(V > 207);
  CHECK(flow.consumer_power(0, 0).power_W == near(5000 * (V / 207) * (V / 207)));
}

TEST_CASE("a delta-wye transformer turns by 30 degrees, and its tap divides the voltage") {
  for (const double tap : {1.0, 1.05}) {
    Network network = source_only();
    network.buses.push_back("low");
    network.source.voltage_V = 11'000 * 1.05 / root3;
    network.transformers.push_back({.name = "T",
                                    .from_bus = 0,
                                    .to_bus = 1,
                                    .from_kV = 11,
                                    .to_kV = 0.416,
                                    .rated_kVA = 800,
                                    .resistance_percent = 0.4,
                                    .reactance_percent = 4,
                                    .from_tap = tap});
    const PowerFlow flow = solved(network);
    CHECK(flow.tree().head == 2);
    for (int phase = 0; phase < 3; ++phase)
      CHECK(std::abs(flow.voltage_V(1, phase, 0)) == near(1.05 / tap * 416 / root3));
    CHECK(std::arg(flow.voltage_V(1, 0, 0)) == near(-M_PI / 6));
    network.transformers[0].low_side_leads = true;
    CHECK(std::arg(solved(network).voltage_V(1, 0, 0)) == near(M_PI / 6));
    network.transformers[0].from_winding = Winding::wye;
    CHECK(std::arg(solved(network).voltage_V(1, 0, 0)) == near(0));
  }
}

TEST_CASE(
    "no zero sequence passes a delta winding: the source's has no influence, its line currents sum to "
    "nothing") {
  Network network = source_only();
  network.source.voltage_V = 6'350;
  network.source.Z1_ohm = {0.5, 2};
  network.buses.push_back("low");
  network.transformers.push_back({.name = "T",
                                  .from_bus = 0,
                                  .to_bus = 1,
                                  .from_kV = 11,
                                  .to_kV = 0.4,
                                  .rated_kVA = 100,
                                  .reactance_percent = 4});
  add_consumer(network, 1, 0, to_earth, 30, 10);
  double seen[2];
  for (const bool is_weak : {false, true}) {
    network.source.Z0_ohm = is_weak ? Complex(1'200, 3'600) : Complex(0.5, 2);
    const PowerFlow flow = solved(network);
    seen[is_weak] = std::abs(flow.voltage_V(1, 0, 0));
    CHECK(flow.head_power_VA(0, 0).real() == near(30'000));
  }
  CHECK(seen[0] == near(seen[1]));
  CHECK(seen[0] < 231);
}

TEST_CASE("an opened section takes its consumers out and leaves the others as they were") {
  Network network = source_only();
  const int near_bus = add_cable(network, 0, alone);
  const int far = add_cable(network, near_bus, alone);
  add_consumer(network, near_bus, 0, to_earth, 3, 1);
  add_consumer(network, far, 0, to_earth, 3, 1);
  add_consumer(network, far, 1, to_earth, 3, 1);
  FeederSolver solver(network);
  const std::vector<CustomerPower> powers(3, {core::Milliwatts(3'000'000), core::Millivars(1'000'000)});
  CHECK(solver.solve(powers).customers[1].voltage.count() > 200'000);
  solver.set_open(static_cast<std::size_t>(solver.section_named("cable 2")), 0b001);
  CHECK(solver.solve(powers).customers[1].voltage.count() == 0);
  CHECK(solver.supply().customers[1].current.count() == 0);
  CHECK(solver.supply().customers[2].voltage.count() > 200'000);
  CHECK(solver.supply().customers[0].voltage.count() ==
        std::llround(two_bus_voltage(230, Z, 3000, 1000) * 1000));
  solver.set_open(1, three_phases);
  CHECK(solver.solve(powers).customers[2].voltage.count() == 0);
  CHECK(solver.bus_voltage(far, 1).count() == 0);
  solver.set_open(1, 0);
  const FeederSupply& supply = solver.solve(powers);
  CHECK(supply.customers[2].voltage.count() > 200'000);
  CHECK(supply.delivered[0].count() == 6'000'000);
  CHECK(supply.loss[0].count() == supply.supplied[0].count() - 6'000'000);
  CHECK(solver.section_loss(0).count() + solver.section_loss(1).count() ==
        Approx(static_cast<double>(supply.loss[0].count() + supply.loss[1].count())).margin(3));
}

TEST_CASE("a network that cannot carry its load says who is in trouble") {
  Network network = source_only();
  const int end = add_cable(network, 0, alone);
  add_consumer(network, end, 0, to_earth, 1, 0);
  // No solution above P with (V1^2 - 2 P R)^2 = 4 P^2 |Z|^2: 26.2 kW here.
  const double most_W = 230.0 * 230 / (2 * (Z.real() + std::abs(Z)));
  PowerFlow flow(network);
  flow.set_power(0, 0, {most_W * 0.99, 0});
  CHECK(flow.solve().is_converged);
  flow.set_power(0, 0, {most_W * 1.01, 0});
  const Solved solved = flow.solve();
  CHECK_FALSE(solved.is_converged);
  CHECK(solved.worst_consumer == 0);
  CHECK(trouble_of(network, solved).find("no solution: load 1 at bus bus 1 ") == 0);
}

TEST_CASE("bad networks are refused by name") {
  const Network good = [] {
    Network network = source_only();
    add_cable(network, add_cable(network, 0, alone), alone);
    add_consumer(network, 2, 0, to_earth, 1, 0);
    return network;
  }();
  CHECK_NOTHROW(tree_of(good));
  Network bad = good;
  bad.sections[1].length_m = 0;
  CHECK_THROWS_WITH(tree_of(bad), "small: cable 2 has no length");
  bad = good;
  bad.buses.push_back("lonely");
  CHECK_THROWS_WITH(tree_of(bad), "small: bus lonely is an island: nothing connects it with the source");
  bad = good;
  bad.sections.push_back(bad.sections[1]);
  bad.sections.back().name = "tie";
  CHECK_THROWS_WITH(tree_of(bad), "small: tie closes a loop at bus bus 1; only radial networks are known");
  bad.sections.back().open = three_phases;
  CHECK_NOTHROW(tree_of(bad));
  bad = good;
  bad.consumers[0].to = neutral;
  CHECK_THROWS_WITH(tree_of(bad), "small: load 1: bus bus 2 has no neutral");
  bad = good;
  bad.sections[0].impedance_ohm[0][0] = {-1, 0};
  CHECK_THROWS_WITH(tree_of(bad), "small: cable 1 has a negative resistance");
}

namespace {
/// A tree of `buses` with loads on some; every draw from (seed, position).
Network random_network(std::uint64_t seed, int buses) {
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  Network network = source_only();
  for (int bus = 1; bus < buses; ++bus) {
    const auto word = draws.block(static_cast<std::uint64_t>(bus));
    const int from = word[0] % 4 == 0 ? static_cast<int>(word[1] % static_cast<unsigned>(bus)) : bus - 1;
    const double length = 0.002 + word[2] % 1000 * 1e-5;
    const auto single = static_cast<ConductorSet>(1u << word[3] % 3);
    const bool is_single = word[3] % 7 == 0;
    add_cable(network, from, phase_matrix(length * Complex(0.4, 0.08), length * Complex(1.5, 0.1)),
              is_single ? single : three_phases);
    if (word[3] / 7 % 3 != 0) continue;
    const double power_kW = static_cast<double>(word[3] / 21 % 3000) / 1000 - 0.5;
    const Zip zip = word[2] / 1000 % 2 == 0 ? Zip{} : Zip{0.3, 0.3, 0.4};
    add_consumer(network, bus, static_cast<int>(word[1] / 64 % 3), to_earth, power_kW, power_kW / 4, zip);
  }
  return network;
}
}  // namespace

TEST_CASE("random trees: power in is power out and lost, merged buses are exact, lanes give the same bits") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const Network network = random_network(seed, 20 + static_cast<int>(seed) * 3);
    PowerFlow merged(network, {.lanes = 8}), every(network, {.keeps_every_bus = true});
    CHECK(merged.node_count() <= every.node_count());
    for (std::size_t i = 0; i < network.consumers.size(); ++i)
      for (int lane = 0; lane < 8; ++lane) {
        const double share = lane / 4.0;
        merged.set_power(i, lane, {network.consumers[i].power_kW * 1000 * share, 100 * share});
      }
    REQUIRE(merged.solve().is_converged);
    merged.expand();
    for (int lane = 0; lane < 8; ++lane) {
      PowerFlow single(network);
      double supplied_W = 0, used_W = 0;
      for (std::size_t i = 0; i < network.consumers.size(); ++i) {
        const Power power{network.consumers[i].power_kW * 1000 * lane / 4.0, 100 * lane / 4.0};
        single.set_power(i, 0, power);
        every.set_power(i, 0, power);
        used_W += merged.consumer_power(i, lane).power_W;
      }
      REQUIRE(single.solve().is_converged);
      REQUIRE(every.solve().is_converged);
      single.expand();
      every.expand();
      for (int phase = 0; phase < 3; ++phase) supplied_W += merged.head_power_VA(phase, lane).real();
      for (std::size_t i = 0; i < network.sections.size(); ++i) used_W += merged.section_loss_W(i, lane);
      CHECK(supplied_W == Approx(used_W).epsilon(0).margin(1e-3));
      for (int bus = 0; bus < static_cast<int>(network.buses.size()); ++bus)
        for (int phase = 0; phase < 3; ++phase) {
          const Complex V = merged.voltage_V(bus, phase, lane), alone_V = single.voltage_V(bus, phase, 0);
          REQUIRE(std::memcmp(&V, &alone_V, sizeof V) == 0);
          REQUIRE(std::abs(V - every.voltage_V(bus, phase, 0)) < 1e-6);
        }
    }
  }
}
