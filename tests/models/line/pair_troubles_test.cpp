#include "models/line/rs485/pair_troubles.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/models/line/bus_rig.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;

TEST_CASE("a line with troubles that are all off says the same at the same instants as one without") {
  BusRig plain(4), ready(4);
  ready.line->troubles();
  for (int i = 0; i < 40; ++i) {
    CHECK(plain.read(static_cast<std::size_t>(i % 4)) == ready.read(static_cast<std::size_t>(i % 4)));
    CHECK(plain.now == ready.now);
  }
  CHECK_FALSE(plain.line->is_troubled());
}

TEST_CASE("an echoing converter gives the master its own request, and the answer still counts") {
  BusRig bus(2);
  bus.line->troubles().set_echo(true);
  CHECK(bus.reads(0, 5) == 5);
  CHECK(bus.requests_heard == 5);
  CHECK(bus.line->troubles().counts().echoes == 5);
  bus.line->troubles().set_echo(false);
  CHECK(bus.reads(0, 5) == 5);
  CHECK(bus.requests_heard == 5);
}

TEST_CASE("behind a broken pair nobody answers, before it everybody, and healed all do") {
  BusRig bus(4);
  bus.line->troubles().set_break(2);
  CHECK(bus.reads(0, 3) == 3);
  CHECK(bus.reads(1, 3) == 3);
  CHECK(bus.reads(2, 3) == 0);
  CHECK(bus.reads(3, 3) == 0);
  CHECK(bus.line->troubles().counts().cut_off == 6);
  bus.line->troubles().set_break(std::nullopt);
  for (std::size_t i = 0; i < 4; ++i) CHECK(bus.reads(i, 2) == 2);
}

TEST_CASE("crossed wires silence one meter, or the whole pair when they are the master's") {
  BusRig bus(3);
  bus.line->troubles().set_swapped(1, true);
  CHECK(bus.reads(0, 3) == 3);
  CHECK(bus.reads(1, 3) == 0);
  CHECK(bus.line->troubles().counts().swapped == 3);
  bus.line->troubles().set_swapped(1, false);
  CHECK(bus.reads(1, 3) == 3);
  bus.line->troubles().set_master_swapped(true);
  for (std::size_t i = 0; i < 3; ++i) CHECK(bus.reads(i, 2) == 0);
  bus.line->troubles().set_master_swapped(false);
  for (std::size_t i = 0; i < 3; ++i) CHECK(bus.reads(i, 2) == 2);
}

TEST_CASE("two meters with one address destroy each other's answers; apart they are both read") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 50ms;
  BusRig bus(3, setup);
  bus.line->troubles().set_double(1, dlt645::AddressPattern(bus.meters[0].address()));
  CHECK(bus.reads(0, 5) == 0);
  CHECK(bus.line->troubles().counts().doubled == 5);
  CHECK(bus.reads(2, 3) == 3);
  CHECK(bus.reads(1, 3) == 3);  // under its own address it is alone
  bus.line->troubles().set_double(1, std::nullopt);
  CHECK(bus.reads(0, 3) == 3);
}

TEST_CASE("two meters with one address whose answers do not meet make a reading of either") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 50ms;
  BusRig bus(2, setup);
  bus.line->troubles().set_double(1, dlt645::AddressPattern(bus.meters[0].address()));
  bus.line->troubles().set_late(1, model::LateAnswers{{1, 1}, 400ms});
  CHECK(bus.read(0));  // the first one's
  const auto heard = bus.bytes_heard;
  bus.now += 1s;
  while (bus.line->next() < bus.now) bus.bytes_heard += bus.line->advance().size();
  CHECK(bus.bytes_heard == 2 * heard);  // and the second's, well formed, a little later
}

TEST_CASE("an answer that comes into the next exchange is a stranger there, never somebody's reading") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 300ms;
  BusRig bus(2, setup);
  // The next request is on the pair from 1200 to 1292 ms behind the first, its answer from 1592 ms on: the
  // late one comes between, from 1350 to 1460 ms.
  bus.line->troubles().set_late(0, model::LateAnswers{{1, 1}, 1'050ms});
  CHECK_FALSE(bus.read(0));
  CHECK(bus.read(1));
  CHECK(bus.strangers == 1);
  CHECK(bus.line->troubles().counts().late == 1);
}

TEST_CASE("a late answer that meets the next request destroys both") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 50ms;
  BusRig bus(2, setup);
  bus.line->troubles().set_late(0, model::LateAnswers{{1, 1}, 1'150ms});
  CHECK_FALSE(bus.read(0));
  CHECK_FALSE(bus.read(1));
  CHECK(bus.strangers == 0);
  CHECK(bus.line->garbled_count() == 2);
  CHECK(bus.read(1));
}

TEST_CASE("late answers strike as often as their chance says") {
  BusRig bus(1);
  bus.line->troubles().set_late(0, model::LateAnswers{{1, 4}, 3s});
  int came = 0;
  for (int i = 0; i < 1'000; ++i) {
    came += bus.read(0) ? 1 : 0;
    bus.now += 5s;
    while (bus.line->next() < bus.now) bus.line->advance();
  }
  const auto late = bus.line->troubles().counts().late;
  INFO("seed 1");
  CHECK(std::fabs(z_of_binomial(static_cast<double>(late), 1'000, 0.25)) < z_max);
  CHECK(came == 1'000 - static_cast<int>(late));
}

TEST_CASE("bursts draw by whose they are: without the first law the second strikes the same characters") {
  const model::GilbertElliott law{{2, 100}, {10, 100}, {1, 1000}, {6, 10}};
  const model::SerialTiming timing;
  std::vector<std::uint64_t> strikes[2];
  for (const bool has_first : {true, false}) {
    model::PairTroubles pair(3, 0, {2400, {}});
    if (has_first) {
      pair.set_bursts(law, 4);
      for (std::size_t i = 0; i < 200; ++i)
        pair.pass_character(rig::midnight + timing.characters(i), i, 200, 0x55, false);
      pair.set_bursts(std::nullopt);
    }
    pair.set_bursts(law, 5);
    for (std::size_t i = 0; i < 2'000; ++i) {
      if (i == 1'000) pair.set_bursts(law, 5);  // told again: it goes on
      const auto before = pair.counts().burst_characters;
      pair.pass_character(rig::midnight + 1h + timing.characters(i), i, 2'000, 0x55, false);
      strikes[has_first ? 1 : 0].push_back(pair.counts().burst_characters - before);
    }
  }
  CHECK(strikes[0] == strikes[1]);
  CHECK(std::count(strikes[0].begin(), strikes[0].end(), 1u) > 50);
}

TEST_CASE("bursts hit characters as often as their law says, while idle time lets them forget") {
  const model::GilbertElliott law{{2, 100}, {10, 100}, {1, 1000}, {6, 10}};
  model::PairTroubles pair(3, 0, {2400, {}});
  pair.set_bursts(law);
  const model::SerialTiming timing;
  auto at = rig::midnight;
  double hits = 0, sent = 0, pairs = 0, first_hits = 0;
  for (int frame = 0; frame < 20'000; ++frame) {
    const auto before = pair.counts().burst_characters;
    pair.pass_character(at, 0, 20, 0x55, false);
    first_hits += static_cast<double>(pair.counts().burst_characters - before);
    for (std::size_t i = 1; i < 20; ++i) pair.pass_character(at + timing.characters(i), i, 20, 0x55, false);
    sent += 20;
    ++pairs;
    at += 10s;  // 2,180 slots: (1 - p - r)^2180 is nothing
  }
  hits = static_cast<double>(pair.counts().burst_characters);
  // A frame's 20 losses are correlated, frames are not: variance of a frame's count from the covariances.
  const double m = law.mean_loss(), spread = 0.599 * 0.599 * law.bad_share() * (1 - law.bad_share());
  double variance = 20 * m * (1 - m);
  for (int lag = 1; lag < 20; ++lag) variance += 2 * (20 - lag) * spread * law.correlation(lag);
  INFO("seed 3, hits " << hits << " of " << sent);
  CHECK(std::fabs(z_of_mean(hits / pairs, pairs, 20 * m, variance)) < z_max);
  CHECK(std::fabs(z_of_binomial(first_hits, pairs, m)) < z_max);
  // Noise is thrown away by stop bit (1/2) or parity (1/4); a quarter passes as another byte.
  CHECK(std::fabs(z_of_binomial(static_cast<double>(pair.uart_errors().framing), hits, 0.5)) < z_max);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(pair.uart_errors().parity), hits, 0.25)) < z_max);
}

TEST_CASE("a babbling station without pause kills every exchange, with pauses some, gone none") {
  BusRig bus(2);
  bus.line->troubles().set_babble(model::Babble{10s, 10s});
  CHECK(bus.reads(0, 5) == 0);
  CHECK(bus.line->troubles().counts().babbled_characters > 0);
  bus.line->troubles().set_babble(model::Babble{10s, 1s});
  const int some = bus.reads(0, 200);
  CHECK(some > 0);
  CHECK(some < 200);
  bus.line->troubles().set_babble(std::nullopt);
  CHECK(bus.reads(0, 20) == 20);
}

TEST_CASE("a driver let go too early loses the request's end, held too long it runs over the answer") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 20ms;
  BusRig bus(1, setup);
  auto& troubles = bus.line->troubles();
  troubles.set_master_driver({0ms, -5ms});  // one character at 2400 baud is 4.58 ms
  CHECK(bus.reads(0, 3) == 0);
  CHECK(troubles.counts().clipped_characters == 3 * 2);
  troubles.set_master_driver({-5ms, 0ms});  // two FE of the lead-in: that is what they are for
  CHECK(bus.reads(0, 3) == 3);
  troubles.set_master_driver({1ms, 19ms});
  CHECK(bus.reads(0, 3) == 3);
  troubles.set_master_driver({1ms, 60ms});  // 40 ms into the answer: lead-in and the first bytes of the frame
  CHECK(bus.reads(0, 3) == 0);
  troubles.set_master_driver({});
  CHECK(bus.reads(0, 3) == 3);
}

TEST_CASE("false starts are borne by a lead-in of four FE") {
  BusRig bus(1);
  bus.line->troubles().set_idle_noise({1, 1});
  CHECK(bus.reads(0, 100) == 100);
  CHECK(bus.line->troubles().counts().false_starts == 200);
}

TEST_CASE("without a lead-in false starts cost frames") {
  BusRig bus(1);
  bus.line->troubles().set_idle_noise({1, 1});
  int answered = 0;
  for (int i = 0; i < 100; ++i, bus.now += 2s) {
    dlt645::Wire wire;
    dlt645::encode(bus.meters[0].address(), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire,
                   0);
    bus.line->transmit(bus.now, wire);
    while (bus.line->next() < bus.now + 2s) answered += bus.line->advance().empty() ? 0 : 1;
  }
  CHECK(answered < 50);
}

TEST_CASE("a bad place spoils its own meter's exchanges as often as their bits say, and nobody else's") {
  BusRig bus(2);
  bus.line->troubles().set_place_error(1, {1, 1'000});
  CHECK(bus.reads(0, 200) == 200);
  constexpr int times = 4'000;
  const int came = bus.reads(1, times);
  // 20 characters there and 24 back; the lead-ins (4 each way) may be spoilt. A damaged lead-in is not heard
  // by this meter at all, so all 220 bits of the request count, and of the answer 20 characters.
  const double p = std::pow(0.999, 220 + 220);
  INFO("seed 1, came " << came << ", expected " << p * times);
  CHECK(std::fabs(z_of_binomial(came, times, p)) < z_max);
}

TEST_CASE("a filter strikes the n-th frame of one meter and nothing else") {
  struct ThirdOfSecond final : model::FrameFilter {
    int seen = 0;
    model::FrameFate judge(const model::FrameOnLine& frame) override {
      if (frame.speaker != 1 || ++seen != 3) return {};
      return {.is_lost = true};
    }
  } filter;
  BusRig bus(2);
  bus.line->troubles().set_filter(&filter);
  CHECK(bus.reads(0, 5) == 5);
  CHECK(bus.reads(1, 2) == 2);
  CHECK(bus.reads(1, 1) == 0);
  CHECK(bus.reads(1, 2) == 2);
  CHECK(bus.line->troubles().counts().filtered == 1);
}

TEST_CASE("garbage with all troubles at once hangs nothing, and the same seed tells the same story") {
  const auto story = [] {
    model::LineSetup setup;
    setup.bit_error = {1, 500};
    BusRig bus(8, setup, 77);
    auto& troubles = bus.line->troubles();
    troubles.set_echo(true);
    troubles.set_bursts(model::GilbertElliott{{1, 50}, {1, 10}, {0, 1}, {1, 2}});
    troubles.set_break(7);
    troubles.set_idle_noise({1, 2});
    troubles.set_babble(model::Babble{5s, 300ms});
    troubles.set_master_driver({1ms, 25ms});
    troubles.set_swapped(3, true);
    troubles.set_place_error(4, {1, 300});
    troubles.set_double(5, dlt645::AddressPattern(bus.meters[6].address()));
    troubles.set_late(6, model::LateAnswers{{1, 3}, 1s});
    std::vector<bool> came;
    for (int i = 0; i < 400; ++i) came.push_back(bus.read(static_cast<std::size_t>(i % 8)));
    return std::pair(came, bus.bytes_heard);
  };
  const auto once = story();
  CHECK(once == story());
  CHECK(std::count(once.first.begin(), once.first.end(), true) > 0);
}
