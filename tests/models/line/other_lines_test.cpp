// CAN, pulses and people: the field buses and fallbacks beside RS-485 and carrier.
#include <catch2/catch.hpp>
#include <vector>

#include "models/line/can/can_bus.hpp"
#include "models/line/pulse/pulse_collector.hpp"
#include "models/line/reading/meter_reader.hpp"
#include "models/line/rs485/serial_timing.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;
using namespace std::chrono_literals;

namespace {
model::CanFrame frame_of(std::uint32_t id, std::size_t bytes, std::uint8_t value = 0x5A) {
  model::CanFrame frame;
  frame.id = id;
  for (std::size_t i = 0; i < bytes; ++i) frame.data.push_back(value);
  return frame;
}
const core::Instant start = core::instant_from_seconds(1'782'864'000);
}  // namespace

TEST_CASE("the CRC of CAN gives its catalogue's check value") {
  // CRC-15/CAN of the digits 1 to 9, most significant bits first: 059E (catalogue of parametrised CRC
  // algorithms).
  std::vector<std::uint8_t> bits;
  for (const char digit : std::string("123456789"))
    for (int i = 8; i-- > 0;) bits.push_back(digit >> i & 1);
  std::array<bool, 72> row{};
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = bits[i] != 0;
  CHECK(model::can_crc(row) == 0x059E);
}

TEST_CASE(
    "CAN frames last as long as Tindell's bound at most, and stuffing is never more nor less than it can "
    "be") {
  CHECK(model::can_bits_max(8) == 135);  // 135 us at 1 Mbit/s
  CHECK(model::can_bits_max(0) == 55);
  const core::RandomStream draws(1, 1, core::Purpose::test);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    model::CanFrame frame;
    frame.id = static_cast<std::uint32_t>(draws.below(2'048, 20 * i));
    const auto bytes = draws.below(9, 20 * i + 1);
    for (std::uint64_t k = 0; k < bytes; ++k) {
      const auto choice = draws.below(4, 20 * i + 2);  // runs of equal bits, often
      frame.data.push_back(choice == 0   ? 0
                           : choice == 1 ? 0xFF
                                         : static_cast<std::uint8_t>(draws.below(256, 20 * i + 3 + k)));
    }
    INFO("seed 1, frame " << i);
    CHECK(model::can_bits(frame) >= 47 + 8 * static_cast<int>(bytes));
    CHECK(model::can_bits(frame) <= model::can_bits_max(static_cast<int>(bytes)));
  }
  // By hand: id 0, no data: 19 zero bits and a CRC of 0: 34 zeros, a stuff bit after every five: six.
  CHECK(model::can_bits(frame_of(0, 0)) == 47 + 6);
}

TEST_CASE("the lowest identifier wins the bus and loses no time; nobody is interrupted") {
  model::CanBus bus(4, 125'000, 1, 1);
  bus.submit(start, 0, frame_of(500, 8));
  for (const std::size_t node : {3u, 1u, 2u})
    bus.submit(start + 10us, node, frame_of(static_cast<std::uint32_t>(100 * node), 8));
  std::vector<std::size_t> order;
  auto at = start;
  core::Duration spoken{};
  while (bus.next() != core::never) {
    at = bus.next();
    const auto delivered = bus.advance();
    REQUIRE(delivered);
    order.push_back(delivered->node);
    spoken += bus.bits(model::can_bits(delivered->frame));
  }
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(at - start == spoken);
  CHECK(bus.state(0, at) == model::CanBus::NodeState::active);
}

TEST_CASE("on a noisy CAN every frame comes in the end, and attempts fail with 1 - (1 - p)^bits") {
  model::CanBus bus(2, 125'000, 7, 1);
  bus.set_bit_error({1, 1'000});
  constexpr int frames = 10'000;
  auto at = start;
  int came = 0;
  const auto frame = frame_of(300, 8);
  for (int i = 0; i < frames; ++i) {
    REQUIRE(bus.submit(at, 0, frame));
    while (bus.next() != core::never) {
      at = bus.next();
      came += bus.advance().has_value() ? 1 : 0;
    }
  }
  const double p = 1 - std::pow(0.999, model::can_bits(frame));
  INFO("seed 7, attempts " << bus.attempts());
  CHECK(came == frames);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(bus.error_frames()), static_cast<double>(bus.attempts()),
                                p)) < z_max);
}

TEST_CASE("a broken transmitter is error-passive after 16 errors, off the bus after 32, and may come back") {
  model::CanBus bus(3, 125'000, 1, 1);
  bus.set_faulty(1, {1, 1});
  REQUIRE(bus.submit(start, 1, frame_of(10, 4)));
  auto at = start;
  while (bus.next() != core::never) {
    at = bus.next();
    CHECK_FALSE(bus.advance());
    if (bus.error_frames() == 16) CHECK(bus.state(1, at) == model::CanBus::NodeState::passive);
    if (bus.error_frames() == 15) CHECK(bus.state(1, at) == model::CanBus::NodeState::active);
  }
  CHECK(bus.error_frames() == 32);
  CHECK(bus.times_off() == 1);
  CHECK(bus.state(1, at) == model::CanBus::NodeState::off);
  CHECK_FALSE(bus.submit(at, 1, frame_of(10, 4)));
  // The others were receivers 32 times; they go on.
  CHECK(bus.receive_errors(0) == 32);
  REQUIRE(bus.submit(at, 2, frame_of(20, 4)));
  while (bus.next() != core::never) {
    at = bus.next();
    CHECK(bus.advance());
  }
  CHECK(bus.receive_errors(0) == 31);
  bus.set_faulty(1, {0, 1});
  CHECK(bus.submit(at + bus.bits(128 * 11), 1, frame_of(10, 4)));
  CHECK(bus.advance());
}

TEST_CASE("a filter between chatter and pulse counts every pulse of every medium") {
  for (auto contact :
       {model::PulseContact::electricity(), model::PulseContact::water(), model::PulseContact::gas()}) {
    contact.missed = {0, 1};
    contact.spike = {1, 10};
    model::PulseCollector collector(contact, 20, 123, 1, 1);
    collector.turn(12'000);
    CHECK(collector.counted() == 12'000);
    CHECK(collector.shown_milli_units() == collector.true_milli_units());
    CHECK(collector.true_milli_units() == 123'000 + 12'000'000 / contact.pulses_per_unit);
  }
}

TEST_CASE("chatter, misses and spikes add up as the equation says") {
  model::PulseContact contact;
  contact.chatter_ms_max = 4;
  contact.chatters = 3;
  contact.missed = {1, 50};
  contact.spike = {1, 20};
  contact.spike_ms_max = 2;
  model::PulseCollector collector(contact, 1, 0, 6, 1);
  constexpr double pulses = 200'000;
  collector.turn(200'000);
  INFO("seed 6");
  CHECK(std::fabs(z_of_binomial(static_cast<double>(collector.missed()), pulses, 0.02)) < z_max);
  // Closings that came about chatter three times; three of four chatters last 1 ms; half of the spikes do.
  const double closings = pulses - static_cast<double>(collector.missed());
  CHECK(std::fabs(z_of_binomial(static_cast<double>(collector.bounced()), 3 * closings, 0.75)) < z_max);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(collector.spikes()), pulses, 0.05 * 0.5)) < z_max);
  CHECK(collector.counted() == 200'000 - collector.missed() + collector.bounced() + collector.spikes());
}

TEST_CASE("a filter longer than the pulse sees nothing, and what turns without power is not counted") {
  model::PulseCollector collector(model::PulseContact::electricity(), 100, 5, 1, 1);
  collector.turn(100);
  CHECK(collector.counted() == 0);
  CHECK(collector.missed() == 100);
  model::PulseCollector dark(model::PulseContact::electricity(), 20, 0, 1, 1);
  dark.turn(600);
  dark.turn_unseen(600);
  CHECK(dark.shown_milli_units() == 500);
  CHECK(dark.true_milli_units() == 1'000);
}

TEST_CASE("a reader by eye is right as often as his habits allow") {
  model::ReaderHabits habits;
  habits.digit_slip = {1, 100};
  habits.swap = {1, 20};
  habits.wrong_meter = {1, 100};
  model::MeterReader reader(habits, 3, 1);
  constexpr int visits = 100'000;
  constexpr std::uint64_t shown = 12'345'678;  // all neighbours differ
  double came = 0, right = 0;
  for (int i = 0; i < visits; ++i) {
    const auto written = reader.read(shown, 87'654'321);
    if (!written) continue;
    ++came;
    right += *written == shown ? 1 : 0;
    CHECK(*written < 100'000'000);
  }
  INFO("seed 3, came " << came);
  CHECK(std::fabs(z_of_binomial(came, visits, 0.95)) < z_max);
  const double expected = 0.99 * std::pow(0.99, 8) * 0.95;
  // Slips and a swap that undo each other are rarer than 1e-4: within a tenth of the spread.
  CHECK(std::fabs(z_of_binomial(right, came, expected)) < z_max);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(reader.counts().slips), 8 * came, 0.01)) < z_max);
}

TEST_CASE("exchanged equal digits are no error, and a careful reader makes none") {
  model::ReaderHabits habits;
  habits.no_access = habits.wrong_meter = habits.digit_slip = {0, 1};
  habits.swap = {1, 1};
  model::MeterReader reader(habits, 1, 1);
  for (int i = 0; i < 100; ++i) CHECK(reader.read(11'111'111, 0) == 11'111'111u);
  CHECK(reader.counts().swaps == 0);
  habits.swap = {0, 1};
  model::MeterReader careful(habits, 1, 1);
  CHECK(careful.read(99'999'999, 0) == 99'999'999u);
}

TEST_CASE("a handheld at the window needs one infrared exchange, and none works beyond its reach") {
  const model::HandheldSetup setup;
  const core::RandomStream draws(8, 1, core::Purpose::human_reading);
  CHECK(model::handheld_failure(setup, 0) == Approx(0.01));
  CHECK(model::handheld_failure(setup, 2) == Approx(0.01 + 0.99 / 4));
  CHECK(model::handheld_failure(setup, 4) == 1);
  int failed = 0;
  constexpr int meters = 20'000;
  for (int i = 0; i < meters; ++i) {
    const auto reading = model::handheld_read(setup, 2, 50ms, draws, 10 * static_cast<std::uint64_t>(i));
    failed += reading.is_read ? 0 : 1;
    // 1200 baud: 183.333 ms out, 50 ms, 220 ms back, 5 s of aiming.
    if (reading.attempts == 1) CHECK(reading.takes / 1us == 5'453'333);
  }
  INFO("seed 8");
  CHECK(std::fabs(z_of_binomial(failed, meters, std::pow(0.2575, 3))) < z_max);
  CHECK_FALSE(model::handheld_read(setup, 5, 50ms, draws, 0).is_read);
}
