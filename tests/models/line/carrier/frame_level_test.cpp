// The fast frame model: against the bit-level chain, and each term of the channel against its equation.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/line/carrier/area_survey.hpp"
#include "models/line/carrier/channel.hpp"
#include "models/line/carrier/closed_form.hpp"
#include "models/line/carrier/error_curve.hpp"

using namespace model::carrier;
using namespace std::chrono_literals;

namespace {
/// Two service ends on one cable of two segments with a branch between, all figures round.
model::Feeder short_feeder() {
  model::Feeder feeder;
  feeder.name = "short";
  feeder.lines = {{1, 2, 100, 0}, {2, 3, 200, 0}, {2, 4, 50, 0}};
  return feeder;
}
/// Nothing but cable and background.
ChannelSetup quiet_setup() {
  ChannelSetup setup;
  setup.surroundings.is_mains_synchronous = setup.surroundings.has_bursts = false;
  setup.surroundings.daily_dB.fill(0);
  setup.surroundings.hourly_spread_dB = 0;
  setup.surroundings.load_kW.fill(0);
  setup.band.background_spread_dB = 0;
  return setup;
}
const std::vector<Place> short_places{{1, model::Phase::a, 0, true},
                                      {3, model::Phase::a, 10, false},
                                      {4, model::Phase::b, 20, false},
                                      {4, model::Phase::a, 20, false}};
}  // namespace

TEST_CASE("the frame model agrees with frames sent bit by bit") {
  // Binomial: |z| < 4.5. The calibrated codes also carry the table's own error: it was made from 200,000
  // frames a point, and straight lines between points a decibel apart; together below 5 % of ln(1 - loss),
  // stated here.
  struct Row {
    Modulation modulation;
    CodeName code;
    Decision decision;
    double ebn0_dB;
    std::size_t bytes;
    double table_error;
  };
  for (const auto& row : {Row{Modulation::bpsk, CodeName::none, Decision::hard, 7, 20, 0},
                          Row{Modulation::fsk_noncoherent, CodeName::none, Decision::hard, 11, 32, 0},
                          Row{Modulation::bpsk, CodeName::hamming_7_4, Decision::hard, 6, 16, 0},
                          Row{Modulation::fsk_coherent, CodeName::golay_24_12, Decision::hard, 8, 24, 0},
                          Row{Modulation::dbpsk, CodeName::rep3, Decision::hard, 11, 20, 0.03},
                          Row{Modulation::bpsk, CodeName::conv_k7, Decision::hard, 4.3, 20, 0.05},
                          Row{Modulation::fsk_noncoherent, CodeName::conv_k7, Decision::hard, 9.4, 40, 0.05},
                          Row{Modulation::ofdm_robust, CodeName::conv_k7, Decision::soft, 6.8, 20, 0.05},
                          Row{Modulation::ofdm_robust, CodeName::conv_k7, Decision::soft, 7.3, 40, 0.05}}) {
    CurveSetup setup;
    setup.modulation = row.modulation;
    setup.code = row.code;
    setup.decision = row.decision;
    setup.start = Start::known;
    setup.frame_bytes = row.bytes;
    setup.seed = 12;
    constexpr std::uint64_t frames = 2000;
    const auto point = error_curve_point(setup, row.ebn0_dB, frames * 8 * row.bytes);
    const double es_n0_dB =
        row.ebn0_dB + dB_from_ratio(Code(row.code).rate() * bits_per_symbol(row.modulation));
    const double hazard = frame_hazard(row.modulation, row.code, row.decision, es_n0_dB);
    const double expected = 1 - std::exp(-hazard * 8 * static_cast<double>(row.bytes));
    const double counted = static_cast<double>(point.frame_errors) / frames;
    const double spread = std::sqrt(expected * (1 - expected) / frames);
    INFO(name_of(row.modulation) << " " << name_of(row.code) << " " << row.ebn0_dB << " dB: " << counted
                                 << " against " << expected);
    CHECK(std::abs(counted - expected) < 4.5 * spread + row.table_error * -std::log(1 - expected));
  }
}

TEST_CASE("a frame's chance falls with its length and rises with the signal") {
  const FrameSuccess success(Modulation::dbpsk, CodeName::conv_k7, Decision::hard, 0);
  for (double dB = -20; dB < 40; dB += 0.6) {
    CHECK(success.chance(dB, 100) >= success.chance(dB, 200));
    CHECK(success.chance(dB + 0.6, 160) >= success.chance(dB, 160) - 1e-12);
  }
  CHECK(success.chance(-20, 160) < 1e-9);
  CHECK(success.chance(60, 160) > 1 - 1e-6);
}

TEST_CASE("the mains rhythm has mean one and its peaks where they were measured") {
  double sum = 0, highest = 0, highest_at = 0;
  constexpr int slots = 100'000;
  for (int i = 0; i < slots; ++i) {
    const double phase = 0.5 * (i + 0.5) / slots, power = mains_noise_power(phase);
    sum += power;
    if (power > highest) {
      highest = power;
      highest_at = phase;
    }
  }
  CHECK(sum / slots == Approx(1).epsilon(1e-4));
  // The narrow term peaks at sin = 1: 90 + 35 degrees of 360.
  CHECK(highest_at == Approx(125.0 / 360).margin(1e-4));
  CHECK(highest > 5);
}

TEST_CASE("attenuation follows the cable: metres, branches and phases") {
  auto setup = quiet_setup();
  Channel channel(setup, short_feeder(), short_places);
  CHECK(channel.way_between(0, 1).length_m == Approx(310));
  CHECK(channel.way_between(1, 2).length_m == Approx(280));
  CHECK(channel.way_between(1, 2).junctions == 2);
  CHECK(channel.way_between(2, 3).length_m == Approx(40));
  const auto at = core::instant_from_seconds(1'800'000'000);
  const auto& band = setup.band;
  const double noise = band.background_dBm_per_Hz + dB_from_ratio(band.symbols_per_s);
  const double access = access_loss_dB(setup.surroundings, 0);
  const double expected = band.transmit_dBm - 0.31 * band.cable_dB_per_km - band.junction_dB - noise - access;
  CHECK(channel.es_n0_dB(0, 1, at) == Approx(expected).margin(0.02));
  CHECK(channel.es_n0_dB(3, 1, at) - channel.es_n0_dB(2, 1, at) == Approx(band.other_phase_dB).margin(0.03));
}

TEST_CASE("backgrounds are what was published") {
  // Hooijen: 72 kHz, K = -8.64: 10 (-8.64 - 2.844) dBW/Hz = -84.84 dBm/Hz. Esmailian: -145 + 53.23 dBm/Hz at
  // 1 MHz.
  CHECK(hooijen_background_dBm_per_Hz(72'000, -8.64) == Approx(-84.84).margin(0.01));
  CHECK(esmailian_background_dBm_per_Hz(1e6) == Approx(-91.77).margin(0.01));
  CHECK(esmailian_background_dBm_per_Hz(8e6) == Approx(-145 + 53.23 * std::pow(8, -0.337)).margin(1e-6));
}

TEST_CASE("load beside a transmitter divides its voltage") {
  Surroundings surroundings;  // 2 ohm source, 20 ohm empty, 15 ohm for a kilowatt
  CHECK(access_loss_dB(surroundings, 0) == Approx(20 * std::log10(22.0 / 20)).epsilon(1e-9));
  CHECK(access_loss_dB(surroundings, 1.5) == Approx(20 * std::log10(1 + 2 * (0.05 + 0.1))).epsilon(1e-9));
}

TEST_CASE("evening, interferer and injected noise are heard where and when they are") {
  auto setup = quiet_setup();
  setup.surroundings.daily_dB[20] = 7;
  setup.surroundings.interferers = {{71'000, -30, 6, 9}, {90'000, 0, 0, 24}};  // the second is out of band
  setup.utc_offset = 8h;
  Channel channel(setup, short_feeder(), short_places);
  const auto midnight = core::instant_from_seconds(1'782'835'200);  // 2026-07-01T00:00 at UTC+8
  const double quiet = channel.es_n0_dB(0, 1, midnight);
  CHECK(channel.es_n0_dB(0, 1, midnight + 20h + 30min) == Approx(quiet - 7).margin(1e-9));
  const double noise_dBm = setup.band.background_dBm_per_Hz + dB_from_ratio(setup.band.symbols_per_s);
  CHECK(channel.es_n0_dB(0, 1, midnight + 7h) ==
        Approx(quiet - dB_from_ratio(1 + ratio_from_dB(-30 - noise_dBm))).margin(1e-9));
  channel.set_extra_noise_dB(12);
  CHECK(channel.es_n0_dB(0, 1, midnight) == Approx(quiet - 12).margin(1e-9));
}

TEST_CASE("losses are blamed on what made them") {
  const auto causes_with = [](auto change) {
    auto setup = quiet_setup();
    change(setup);
    Channel channel(setup, short_feeder(), short_places);
    channel.set_extra_noise_dB(setup.seed == 77 ? 60 : 0);
    std::map<LossCause, int> causes;
    for (std::uint64_t i = 0; i < 4000; ++i)
      ++causes[channel.send(0, 1, setup.starts + 200ms * static_cast<int>(i), 30, i)];
    return causes;
  };
  CHECK(causes_with([](auto&) {})[LossCause::none] == 4000);
  CHECK(causes_with([](auto& s) { s.band.transmit_dBm = -60; })[LossCause::weak_signal] == 4000);
  CHECK(causes_with([](auto& s) { s.seed = 77; })[LossCause::line_noise] == 4000);
  CHECK(causes_with([](auto& s) { s.surroundings.daily_dB.fill(60); })[LossCause::appliance_noise] == 4000);
  CHECK(causes_with([](auto& s) {
          s.surroundings.interferers = {{72'000, 10, 0, 24}};
        })[LossCause::interferer] == 4000);
  auto bursty = causes_with([](auto& s) {
    s.surroundings.has_bursts = true;
    s.surroundings.bursts = {2s, 200ms, 60};
  });
  CHECK(bursty[LossCause::none] + bursty[LossCause::impulse_burst] == 4000);
  // A frame of 120 ms is hit if a burst touches it: 1 - (1 - pi_bad) e^(-120/2000) with pi_bad = 1/11.
  // Questions come every 200 ms, in which the state's memory e^(-200 (1/2000 + 1/200)) = 0.33: variance at
  // most doubled.
  const double frame_s = 0.02 + 240 / 2400.0, hit = 1 - 10.0 / 11 * std::exp(-frame_s / 2);
  CHECK(std::abs(bursty[LossCause::impulse_burst] - 4000 * hit) < 5 * std::sqrt(2 * 4000 * hit * (1 - hit)));
}

TEST_CASE("bursts have the durations and the share of time they are told to have") {
  // Two-state Markov process: bad share lasts / (lasts + every); the mean over T of its indicator has
  // variance 2 pi (1 - pi) tau / T with 1/tau = 1/every + 1/lasts.
  BurstProcess bursts({900ms, 100ms, 30}, 3, 0, core::Instant{});
  const auto total = 20'000s;
  double noisy = 0;
  int slots = 0;
  for (auto at = core::Instant{}; at < core::Instant{} + total; at += 50ms, ++slots)
    noisy += bursts.noisy_share(at, at + 50ms);
  const double tau_s = 0.09, variance = 2 * 0.1 * 0.9 * tau_s / 20'000;
  CHECK(std::abs(noisy / slots - 0.1) < 5 * std::sqrt(variance));
}

TEST_CASE("a module on no bus is refused by name") {
  auto places = short_places;
  places.push_back({17, model::Phase::a, 0, false});
  CHECK_THROWS_WITH(Channel(quiet_setup(), short_feeder(), places),
                    "short: a carrier module stands on bus 17, which is not on the feeder");
}
