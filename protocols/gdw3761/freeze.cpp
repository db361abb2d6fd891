#include "protocols/gdw3761/freeze.hpp"

namespace gdw3761 {
namespace {
/// The wire's kWh has four decimals, a register two.
constexpr std::int64_t wire_per_centi = 100;

void put_energies(FrameWriter& writer, const RateEnergies& energies) {
  METERTWIN_CHECK(energies.rates >= 0 && energies.rates <= rates_max, energies.rates);
  if (energies.copied_at) {
    put_minute_time(writer.grow(minute_time_bytes), *energies.copied_at);
  } else {
    writer.missing(minute_time_bytes);
  }
  writer.byte(static_cast<std::uint8_t>(energies.rates));
  for (int i = 0; i <= energies.rates; ++i) {
    const auto& energy = energies.energy[static_cast<std::size_t>(i)];
    if (energy) {
      writer.number(a14, energy->count() * wire_per_centi);
    } else {
      writer.missing(a14.bytes);
    }
  }
}
}  // namespace

core::Bytes write_daily_request(FrameWriter& writer, TerminalAddress to, unsigned counter, UnitId unit,
                                const core::CivilTime& day) {
  writer.begin(control::request_class2, to, Afn::history_data, Sequence::single(counter));
  writer.unit(unit);
  put_day(writer.grow(day_bytes), day);
  return writer.finish();
}

core::Bytes write_monthly_request(FrameWriter& writer, TerminalAddress to, unsigned counter, UnitId unit,
                                  const core::CivilTime& month) {
  writer.begin(control::request_class2, to, Afn::history_data, Sequence::single(counter));
  writer.unit(unit);
  put_month(writer.grow(month_bytes), month);
  return writer.finish();
}

core::Result<FreezeRequest> parse_freeze_request(const FrameView& frame) {
  if (frame.afn != Afn::history_data || frame.control.is_up()) return core::Fault::unexpected_answer;
  if (frame.units.size() < UnitId::width) return core::Fault::bad_length;
  FreezeRequest request;
  request.unit = UnitId::at(frame.units);
  const core::Bytes rest = frame.units.subspan(UnitId::width);
  request.is_monthly = request.unit.function() == monthly_forward_fn;
  if (!request.is_monthly && request.unit.function() != daily_forward_fn)
    return core::Fault::unexpected_answer;
  const std::size_t width = request.is_monthly ? month_bytes : day_bytes;
  if (rest.size() < width) return core::Fault::bad_length;
  const auto frozen = request.is_monthly ? month_at(rest.first(width)) : day_at(rest.first(width));
  if (!frozen) return core::Fault::bad_field;
  request.frozen = *frozen;
  return request;
}

void put_daily(FrameWriter& writer, const core::CivilTime& day, const RateEnergies& energies) {
  put_day(writer.grow(day_bytes), day);
  put_energies(writer, energies);
}

void put_monthly(FrameWriter& writer, const core::CivilTime& month, const RateEnergies& energies) {
  put_month(writer.grow(month_bytes), month);
  put_energies(writer, energies);
}

void put_present(FrameWriter& writer, const RateEnergies& energies) { put_energies(writer, energies); }

core::Result<RateEnergies> take_rate_energies(core::Bytes& rest) {
  if (rest.size() < minute_time_bytes + 1) return core::Fault::bad_length;
  RateEnergies energies;
  energies.copied_at = minute_time_at(rest.first(minute_time_bytes));
  if (!energies.copied_at && !is_missing(rest.first(minute_time_bytes))) return core::Fault::bad_field;
  energies.rates = rest[minute_time_bytes] == missing_byte ? 0 : rest[minute_time_bytes];
  if (energies.rates > rates_max) return core::Fault::bad_field;
  rest = rest.subspan(minute_time_bytes + 1);
  for (int i = 0; i <= energies.rates; ++i) {
    if (rest.size() < a14.bytes) return core::Fault::bad_length;
    const core::Bytes field = rest.first(a14.bytes);
    rest = rest.subspan(a14.bytes);
    const auto number = number_at(a14, field);
    if (!number && !is_missing(field)) return core::Fault::bad_field;
    if (number)
      energies.energy[static_cast<std::size_t>(i)] = core::CentiKilowattHours(*number / wire_per_centi);
  }
  return energies;
}
}  // namespace gdw3761
