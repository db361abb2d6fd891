/// Is a reading what this meter can have shown? Judged before it enters the books.
///
/// Registers only rise and cannot rise faster than the service allows:
///     lower <= shown <= upper
///     shown - lower <= interval_energy_max x quarter hours between, and likewise to `upper`
///
/// A register that passes 999,999.99 kWh and begins again at zero counts as running backwards: a person must
/// look at it. Unit: 0.01 kWh. Errors: the verdict. Randomness: none. Time: only as counts of quarter hours.
#pragma once
#include <optional>

#include "head-end/books.hpp"

namespace headend {
inline constexpr std::int64_t register_end_centikWh =
    100'000'000;  ///< eight digits: DL/T 645-2007 format XXXXXX.XX

/// A stored reading next to the one being judged.
struct Neighbour {
  CentiKilowattHours register_shown{0};
  std::int64_t quarters_away = 1;  ///< >= 1
};

ReadingVerdict judge_register(CentiKilowattHours shown, const std::optional<Neighbour>& earlier,
                              const std::optional<Neighbour>& later, CentiKilowattHours interval_energy_max);

/// The same due instant told again.
ReadingVerdict judge_repetition(CentiKilowattHours shown, CentiKilowattHours stored);

/// Refused although nothing is stored for its quarter hour: that stays missing.
constexpr bool leaves_a_gap(ReadingVerdict verdict) {
  return verdict == ReadingVerdict::runs_backwards || verdict == ReadingVerdict::too_large;
}

const char* name_of(ReadingVerdict verdict);
}  // namespace headend
