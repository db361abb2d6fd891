#include "bench/calibration.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <queue>
#include <vector>

#include "core/bytes.hpp"
#include "core/random.hpp"

namespace bench {
namespace {
constexpr std::uint32_t meters_per_collector = 256;
constexpr int readings_a_day = 96;

struct Event {
  std::uint64_t at_us;
  std::uint32_t meter;
  bool operator>(const Event& other) const {
    return at_us != other.at_us ? at_us > other.at_us : meter > other.meter;
  }
};
using Frame = std::array<std::uint8_t, 24>;

void encode(Frame& frame, std::uint64_t address, std::uint32_t value) {
  frame[0] = frame[7] = 0x68;
  for (int i = 1; i <= 6; ++i, address /= 100)
    frame[static_cast<std::size_t>(i)] = core::bcd_byte(static_cast<unsigned>(address % 100));
  frame[8] = 0x91;
  frame[9] = 12;
  for (std::size_t i = 10; i < 22; ++i) frame[i] = 0x33;
  for (std::size_t i = 14; i < 18; ++i, value /= 100)
    frame[i] = static_cast<std::uint8_t>(core::bcd_byte(value % 100) + 0x33);
  frame[22] = core::sum_of(core::Bytes(frame).first(22));
  frame[23] = 0x16;
}

std::uint32_t decode(const Frame& frame) {
  if (core::sum_of(core::Bytes(frame).first(22)) != frame[22]) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 18; i-- > 14;)
    value = value * 100 + core::bcd_value(static_cast<std::uint8_t>(frame[i] - 0x33));
  return value;
}
}  // namespace

CityCalibration calibrate_city(std::uint32_t meters) {
  std::vector<std::uint32_t> registers(meters);
  std::vector<std::array<std::uint64_t, 4>> ledger(meters);
  const core::RandomStream draws(42, 0, core::Purpose::test);
  const auto began = std::chrono::steady_clock::now();
  CityCalibration result;
  Frame frame{};
  for (std::uint32_t first = 0; first < meters; first += meters_per_collector) {
    std::priority_queue<Event, std::vector<Event>, std::greater<>> queue;
    for (std::uint32_t m = first; m < std::min(meters, first + meters_per_collector); ++m)
      queue.push({m * 2'654'435'761ull % 900'000'000, m});
    for (int slot = 0; slot < readings_a_day; ++slot)
      for (std::uint32_t m = first; m < std::min(meters, first + meters_per_collector); ++m) {
        auto event = queue.top();
        queue.pop();
        registers[event.meter] +=
            draws.block(std::uint64_t{event.meter} << 8 | static_cast<unsigned>(slot))[0] >> 26;
        encode(frame, 330'100'000'000 + event.meter, registers[event.meter]);
        ledger[event.meter][static_cast<std::size_t>(slot / 24)] += decode(frame);
        event.at_us += 900'000'000;
        queue.push(event);
      }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  for (const auto& rates : ledger)
    for (const auto rate : rates) result.checksum += rate;
  result.readings_per_second = meters * double{readings_a_day} / took.count();
  return result;
}
}  // namespace bench
