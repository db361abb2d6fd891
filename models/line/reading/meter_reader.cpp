#include "models/line/reading/meter_reader.hpp"

#include <array>
#include <utility>

#include "core/check.hpp"
#include "models/line/rs485/serial_timing.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
namespace {
constexpr int digits_max = 18;
std::uint64_t power_of_ten(int exponent) {
  std::uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}
}  // namespace

MeterReader::MeterReader(const ReaderHabits& habits, std::uint64_t seed, std::uint32_t reader)
    : habits_(habits), draws_(seed, reader, core::Purpose::human_reading) {
  METERTWIN_CHECK(habits.digits >= 1 && habits.digits <= digits_max, habits.digits);
}

std::optional<std::uint64_t> MeterReader::read(std::uint64_t shown, std::uint64_t neighbour) {
  METERTWIN_CHECK(shown < power_of_ten(habits_.digits), shown);
  ++counts_.visits;
  if (happens(habits_.no_access)) {
    ++counts_.no_access;
    return std::nullopt;
  }
  if (happens(habits_.wrong_meter)) {
    ++counts_.wrong_meter;
    shown = neighbour;
  }
  std::array<std::uint64_t, digits_max> digit{};
  for (int i = 0; i < habits_.digits; ++i, shown /= 10) {
    auto& own = digit[static_cast<std::size_t>(i)];
    own = shown % 10;
    if (!happens(habits_.digit_slip)) continue;
    ++counts_.slips;
    own = (own + 1 + draws_.below(9, drawn_++)) % 10;  // any other digit
  }
  if (habits_.digits > 1 && happens(habits_.swap)) {
    const auto where = draws_.below(static_cast<std::uint64_t>(habits_.digits) - 1, drawn_++);
    if (digit[where] != digit[where + 1]) ++counts_.swaps;
    std::swap(digit[where], digit[where + 1]);
  }
  std::uint64_t written = 0;
  for (int i = habits_.digits; i-- > 0;) written = written * 10 + digit[static_cast<std::size_t>(i)];
  return written;
}

double handheld_failure(const HandheldSetup& setup, double distance_m) {
  const double share = distance_m / setup.reach_m, clean = as_number(setup.clean_failure);
  return share >= 1 ? 1 : clean + (1 - clean) * share * share;
}

HandheldReading handheld_read(const HandheldSetup& setup, double distance_m, core::Duration turnaround,
                              const core::RandomStream& draws, std::uint64_t first) {
  const SerialTiming line{setup.baud, {}};
  const auto exchange =
      line.exchange(frame_bytes::dlt645_read_request, frame_bytes::dlt645_energy_answer, turnaround);
  const auto patience = line.characters(frame_bytes::dlt645_read_request) + dlt645_turnaround_max;
  const double fails = handheld_failure(setup, distance_m);
  HandheldReading reading;
  reading.takes = setup.pairing;
  while (!reading.is_read && reading.attempts < setup.attempts) {
    reading.is_read =
        unit_interval(draws.word(first + static_cast<std::uint64_t>(reading.attempts++))) >= fails;
    reading.takes += setup.aiming + (reading.is_read ? exchange : patience);
  }
  return reading;
}
}  // namespace model
