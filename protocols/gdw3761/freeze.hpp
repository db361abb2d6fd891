/// Daily and monthly freezes (AFN 0D) and present energies (AFN 0C F33, F34, F129 ..) of measuring points.
///
/// Daily: Td_d (DD MM YY), monthly: Td_m (MM YY); then A.15 when the terminal copied it, M rates, (M + 1) x
/// A.14 (kWh with four decimals): F161 forward active daily, F177 monthly, F169 is the power company's daily
/// variant with class-2 layout. Requests carry the Td too. EE = missing. Errors: unexpected_answer,
/// bad_length, bad_field. No allocation.
#pragma once
#include "core/units.hpp"
#include "protocols/gdw3761/writer.hpp"

namespace gdw3761 {
inline constexpr int daily_forward_fn = 161, monthly_forward_fn = 177, present_forward_fn = 129;
inline constexpr int rates_max = 12;

/// Total and rates, in hundredths of a kWh (the wire's last two decimals are cut off); nothing = missing.
struct RateEnergies {
  std::optional<core::CivilTime> copied_at;
  int rates = 0;
  std::array<std::optional<core::CentiKilowattHours>, rates_max + 1> energy;  ///< [0] total
};
struct FreezeAnswer {
  int point = 0;
  core::CivilTime frozen;  ///< day, or first day of the month
  RateEnergies energies;
};
/// 0D F161 for the points of `unit`, of the day of `day`.
core::Bytes write_daily_request(FrameWriter& writer, TerminalAddress to, unsigned counter, UnitId unit,
                                const core::CivilTime& day);
core::Bytes write_monthly_request(FrameWriter& writer, TerminalAddress to, unsigned counter, UnitId unit,
                                  const core::CivilTime& month);
struct FreezeRequest {
  UnitId unit;
  bool is_monthly = false;
  core::CivilTime frozen;
};
core::Result<FreezeRequest> parse_freeze_request(const FrameView& frame);

/// Between `writer.begin` and `writer.finish`: one point's data (the caller has written the unit).
void put_daily(FrameWriter& writer, const core::CivilTime& day, const RateEnergies& energies);
void put_monthly(FrameWriter& writer, const core::CivilTime& month, const RateEnergies& energies);
void put_present(FrameWriter& writer, const RateEnergies& energies);
/// The data of one point at the front of `rest`, which is moved behind it.
core::Result<RateEnergies> take_rate_energies(core::Bytes& rest);

/// `visit(const FreezeAnswer&)` for each point of a daily (F161) or monthly (F177) answer.
template <class Visit>
core::Result<void> each_freeze(const FrameView& frame, Visit&& visit) {
  if (frame.afn != Afn::history_data || !frame.control.is_up()) return core::Fault::unexpected_answer;
  core::Bytes rest = frame.units;
  while (rest.size() >= UnitId::width) {
    const UnitId unit = UnitId::at(rest);
    const bool is_daily = unit.function() == daily_forward_fn;
    if (!is_daily && unit.function() != monthly_forward_fn) return core::Fault::unexpected_answer;
    rest = rest.subspan(UnitId::width);
    core::Result<void> outcome{};
    unit.each_point([&](int point) {
      const std::size_t time_bytes = is_daily ? day_bytes : month_bytes;
      if (!outcome) return;
      if (rest.size() < time_bytes) return void(outcome = core::Fault::bad_length);
      const auto frozen = is_daily ? day_at(rest.first(day_bytes)) : month_at(rest.first(month_bytes));
      if (!frozen) return void(outcome = core::Fault::bad_field);
      rest = rest.subspan(time_bytes);
      const auto energies = take_rate_energies(rest);
      if (!energies) return void(outcome = energies.error());
      visit(FreezeAnswer{point, *frozen, *energies});
    });
    if (!outcome) return outcome;
  }
  if (!rest.empty()) return core::Fault::bad_length;
  return {};
}
}  // namespace gdw3761
