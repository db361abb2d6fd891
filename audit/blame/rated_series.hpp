/// One way of counting a customer's energy, carried through the tariff month by month: what he would pay if
/// this series of energies were what is billed.
///
/// Energies are in microjoules, so that physics and registers (multiples of 0.01 kWh) go through the same
/// rules 1 to 3; rule 4 rounds once per month. Rule 2's bounds are scaled, not the energies:
///     share of tier k = clamp(c + e, b[k-1], b[k]) - clamp(c, b[k-1], b[k])     b in units of 3.6e10 uJ
/// Range: below 2.5 million kWh since the ladder's last reset. Errors: none. Randomness: none. Time: handed
/// in, quarter hour after quarter hour.
#pragma once
#include <cstdint>
#include <vector>

#include "audit/oracle/tariff_oracle.hpp"

namespace audit {
/// What the calendar says of one quarter hour, for one tariff.
struct QuarterHour {
  std::int64_t slot = 0;  ///< where it begins
  std::size_t period = 0;
  bool resets = false;  ///< the ladder counts from zero at its start
};

/// A month as one series has it.
struct RatedMonth {
  std::int64_t energy_uJ = 0;
  std::int64_t consumed_before_uJ = 0;  ///< on the ladder when the month began
  std::int64_t amount_fen = 0;
  std::vector<std::int64_t> cells_uJ;  ///< by cell of the tariff
};

class RatedSeries {
 public:
  explicit RatedSeries(const TariffOracle& oracle) : oracle_(&oracle) { begin_month(); }

  /// The energy of one quarter hour; a negative one counts as none, as a register that runs back is not paid
  /// out.
  void add(const QuarterHour& quarter, std::int64_t energy_uJ);
  /// Ends the month and begins the next.
  RatedMonth close_month();

 private:
  void begin_month();

  const TariffOracle* oracle_;
  std::int64_t consumed_uJ_ = 0;
  RatedMonth month_;
};
}  // namespace audit
