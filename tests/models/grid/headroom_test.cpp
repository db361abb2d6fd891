// How warm a transformer gets, and how much more a connection carries: closed forms and the standard's own
// points.
#include "models/grid/headroom.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/grid/transformer_temperature.hpp"
#include "tests/models/grid/small_network.hpp"

using namespace model::grid;

namespace {
TransformerTemperature after(double minutes, double load_factor, double ambient_C,
                             TransformerTemperature from) {
  for (double t = 0; t < minutes; ++t) from.advance(1, load_factor, ambient_C);
  return from;
}

/// One single-phase load behind a resistance of half an ohm.
Network one_load(double power_kW) {
  Network network = small_network::source_only();
  ConductorMatrix impedance{};
  for (std::size_t phase = 0; phase < 3; ++phase) impedance[phase][phase] = 0.5;
  const int bus = small_network::add_cable(network, 0, impedance);
  small_network::add_consumer(network, bus, 0, to_earth, power_kW, 0);
  return network;
}
}  // namespace

TEST_CASE("at rated load and 20 degrees the hot spot comes to 98 degrees, where paper ages at rate one") {
  const auto warm = after(3000, 1, 20, TransformerTemperature(20));
  CHECK(warm.top_oil_C() == Approx(75).margin(1e-3));
  CHECK(warm.hot_spot_C() == Approx(98).margin(1e-3));
  CHECK(warm.ageing_rate() == Approx(1).epsilon(1e-3));
}

TEST_CASE("half again the rated load settles where the exponents of the standard put it") {
  const auto hot = after(5000, 1.5, 20, TransformerTemperature(20));
  CHECK(hot.top_oil_C() == Approx(20 + 55 * std::pow((1 + 2.25 * 5) / 6, 0.8)).margin(1e-3));
  CHECK(hot.hot_spot_C() - hot.top_oil_C() == Approx(23 * std::pow(1.5, 1.6)).margin(1e-3));
}

TEST_CASE("oil warms with its time constant of three hours, six degrees more age paper twice as fast") {
  const auto cold = TransformerTemperature(20);
  const double from_K = 0, final_K = 55;
  const auto later = after(180, 1, 20, cold);
  // Steps of a minute against the exponential: the error of Euler's rule is below dt / (2 tau) of the rise.
  CHECK(later.top_oil_C() - 20 == Approx(final_K - (final_K - from_K) * std::exp(-1.0)).margin(55.0 / 360));
  const auto at_20 = after(4000, 1, 20, cold), at_26 = after(4000, 1, 26, TransformerTemperature(26));
  CHECK(at_26.ageing_rate() / at_20.ageing_rate() == Approx(2).epsilon(1e-6));
}

TEST_CASE("an unloaded transformer stays a little above the air, by its no-load losses") {
  const auto idle = after(3000, 0, 10, TransformerTemperature(10));
  CHECK(idle.top_oil_C() == Approx(10 + 55 * std::pow(1.0 / 6, 0.8)).margin(1e-3));
  CHECK(idle.hot_spot_C() == idle.top_oil_C());
}

TEST_CASE("a connection carries until its own voltage leaves the band") {
  // U (E - U) / R = P: 207 V leaves 207 x 23 / 0.5 = 9.522 kW; 253 V lets 253 x 23 / 0.5 = 11.638 kW in.
  const Network network = one_load(2);
  const auto found = headrooms(network, {{2000, 0}}, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].drawn_kW == Approx(7.522).epsilon(0).margin(0.011));
  CHECK(found[0].fed_kW == Approx(13.638).epsilon(0).margin(0.011));
  CHECK(found[0].drawn_limit == "load 1: undervoltage");
  CHECK(found[0].fed_limit == "load 1: overvoltage");
}

TEST_CASE("a rated cable stops it earlier, and a limit that is broken already leaves nothing") {
  Network network = one_load(2);
  network.sections[0].rated_A = 20;
  // 20 A at 220 V: 4.4 kW drawn; 20 A at 240 V: 4.8 kW fed in.
  auto found = headrooms(network, {{2000, 0}}, {});
  CHECK(found[0].drawn_kW == Approx(2.4).epsilon(0).margin(0.011));
  CHECK(found[0].fed_kW == Approx(6.8).epsilon(0).margin(0.011));
  CHECK(found[0].drawn_limit == "cable 1: overload");
  found = headrooms(network, {{5000, 0}}, {});
  CHECK(found[0].drawn_kW == 0);
  CHECK(found[0].drawn_limit == "cable 1: overload");
}

TEST_CASE("without a limit in reach the answer is the most that was asked for") {
  const Network network = one_load(0);
  const auto found = headrooms(network, {{0, 0}}, {.band = {.low_V = 1, .high_V = 1000}, .most_kW = 5});
  CHECK(found[0].drawn_kW == 5);
  CHECK(found[0].drawn_limit.empty());
}
