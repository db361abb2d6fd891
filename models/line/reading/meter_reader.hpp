/// A person who reads meters: by eye and pen once a month, or with a handheld over infrared; people err.
///
/// By eye, of a display of d digits:
///     right = (1 - wrong meter) (1 - slip)^d (1 - swap [two neighbours differ])
/// A slip writes another digit, a swap exchanges two neighbours; exchanging equal digits is no error. Nobody
/// at home, no reading. With the handheld figures are right (they are frames with a sum), but the exchange
/// itself fails, more often the farther from the window:
///     fails = clean + (1 - clean) (distance / reach)^2, beyond `reach` always
/// Infrared runs at 1200 baud 8E1 [DL/T 645-2007, near infrared]. The chances are assumptions, to be set;
/// published rates of slips in copying digits lie between 1 in 1000 and 1 in 100. Unit: as named. Errors: no
/// value: no reading. Randomness: human_reading by (reader, draw). Time: durations handed out.
#pragma once
#include <cstdint>
#include <optional>

#include "core/instant.hpp"
#include "core/random.hpp"

namespace model {
struct ReaderHabits {
  core::Ratio no_access{5, 100};      ///< door locked
  core::Ratio wrong_meter{1, 1'000};  ///< the neighbour's figures
  core::Ratio digit_slip{1, 1'000};   ///< per digit
  core::Ratio swap{1, 2'000};         ///< per reading
  int digits = 8;
  core::Duration per_reading = std::chrono::minutes(2);  ///< with the way to the next
};
struct ReaderCounts {
  std::uint64_t visits = 0, no_access = 0, wrong_meter = 0, slips = 0, swaps = 0;
};

class MeterReader {
 public:
  MeterReader(const ReaderHabits& habits, std::uint64_t seed, std::uint32_t reader);

  /// What is written down for a display that shows `shown`, next door to one that shows `neighbour`. Nothing:
  /// no reading this time. Range: below 10^digits (checked).
  std::optional<std::uint64_t> read(std::uint64_t shown, std::uint64_t neighbour);
  const ReaderCounts& counts() const { return counts_; }

 private:
  bool happens(core::Ratio chance) { return !chance.is_zero() && draws_.happens(chance, drawn_++); }
  ReaderHabits habits_;
  core::RandomStream draws_;
  std::uint64_t drawn_ = 0;
  ReaderCounts counts_;
};

struct HandheldSetup {
  int baud = 1'200;
  double reach_m = 4;
  core::Ratio clean_failure{1, 100};                ///< right at the window
  core::Duration aiming = std::chrono::seconds(5);  ///< before each attempt
  core::Duration pairing{};                         ///< Bluetooth; once per meter
  int attempts = 3;
};
struct HandheldReading {
  core::Duration takes{};
  int attempts = 0;
  bool is_read = false;
};
/// One meter read over `distance_m`; `turnaround` is the meter's. Draws from `draws` at `first`, `first` + 1,
/// ...
HandheldReading handheld_read(const HandheldSetup& setup, double distance_m, core::Duration turnaround,
                              const core::RandomStream& draws, std::uint64_t first);
/// Chance that one attempt fails.
double handheld_failure(const HandheldSetup& setup, double distance_m);
}  // namespace model
