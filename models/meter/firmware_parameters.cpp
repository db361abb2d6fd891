// Reading parameters: clock, plate, limits, tariff tables, status words, and the plain ones.
#include <algorithm>

#include "models/meter/firmware.hpp"
#include "models/meter/parameters.hpp"
#include "models/meter/wire_fields.hpp"
#include "protocols/dlt645/status_words.hpp"

namespace model {
namespace {
constexpr int all = dlt645::item::block;

std::string decimal(std::int64_t thousandths, char unit) {
  return std::to_string(thousandths / 1000) + (unit == 'V' ? ".0V" : "A");
}
/// YYMMDDhhmm of a planned change; zeros when none is planned.
void planned_change(Firmware::Value& out, std::int64_t civil_s) {
  wire::minute_time(out, static_cast<std::uint32_t>(civil_s / 60));
}
}  // namespace

bool Firmware::parameter(Item item, Value& out) const {
  if (item.di2() == 0x01 || item.di2() == 0x02 || item.di2() == 0x05 || item.di2() == 0x06)
    return tariff_parameter(item, out);
  if (item.di2() == 0x80 && item.di1() == 0x01) return load_control(item, out);
  if (item.di2() == 0x80) return plate_parameter(item, out);
  if (item.di2() == 0) {
    switch (item.di1()) {
      case 0x01:
        if (clock_parameter(item, out)) return true;
        break;
      case 0x04:
        return plate_parameter(item, out);
      case 0x05:
        if (item.di0() != all) return status_word(item.di0(), out);
        for (int number = 1; number <= 7; ++number) status_word(number, out);
        return true;
      case 0x02:
      case 0x08:
      case 0x0B:
      case 0x10:
      case 0x14:
        if (limit_parameter(item, out)) return true;
        break;
      default:
        break;
    }
  }
  const auto known = find_parameter(item.code);
  if (!known) return false;
  const auto changed = std::find_if(memory_.changed.begin(), memory_.changed.end(),
                                    [&](const ChangedParameter& p) { return p.item == item.code; });
  out.append_little_endian(changed == memory_.changed.end() ? known->digits : changed->digits, known->bytes);
  return true;
}

bool Firmware::clock_parameter(Item item, Value& out) const {
  const core::CivilTime time = calendar_of(civil_s_);
  switch (item.di0()) {
    case 0x01:
      dlt645::put_week_date(out.grow(dlt645::week_date_bytes), time);
      return true;
    case 0x02:
      dlt645::put_clock_time(out.grow(dlt645::clock_time_bytes), time);
      return true;
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09:
      planned_change(out, meter_.tariff_->change_at_civil_s[item.di0() - 0x06u]);
      return true;
    case 0x0C:  // ss mm hh WW DD MM YY
      dlt645::put_clock_time(out.grow(dlt645::clock_time_bytes), time);
      dlt645::put_week_date(out.grow(dlt645::week_date_bytes), time);
      return true;
    default:
      return false;
  }
}

bool Firmware::plate_parameter(Item item, Value& out) const {
  const TypePlate& plate = *meter_.plate_;
  switch (item.code) {
    case 0x04000401:
      wire::unsigned_field(out, 6, meter_.address_.digits());
      return true;
    case 0x04000402:
      wire::unsigned_field(out, 6, memory_.meter_number);
      return true;
    case 0x04000403:
      wire::text(out, 32, {memory_.asset_number.data(), memory_.asset_number.size()});
      return true;
    case 0x04000404:
      wire::text(out, 6, decimal(plate.rated_voltage.count(), 'V'));
      return true;
    case 0x04000405:
      wire::text(out, 6, decimal(plate.basic_current.count(), 'A'));
      return true;
    case 0x04000406:
      wire::text(out, 6, decimal(plate.current_max.count(), 'A'));
      return true;
    case 0x04000407:
      wire::text(out, 4, plate.accuracy_class == 1 ? "1.0" : "2.0");
      return true;
    case 0x04000408:
      wire::text(out, 4, "3.0");
      return true;
    case 0x04000409:
    case 0x0400040A:
      wire::unsigned_field(out, 3, static_cast<std::uint64_t>(plate.pulses_per_kWh));
      return true;
    case 0x0400040B:
      wire::text(out, 10, plate.model);
      return true;
    case 0x0400040C:
      wire::text(out, 10, plate.made_on);
      return true;
    case 0x0400040D:
      wire::text(out, 16, plate.protocol_version);
      return true;
    case 0x0400040E:
      wire::unsigned_field(out, 6, memory_.customer_number);
      return true;
    case 0x04800001:
      wire::text(out, 32, "metertwin firmware 1");
      return true;
    case 0x04800002:
      wire::text(out, 32, "metertwin hardware 1");
      return true;
    case 0x04800003:
      wire::text(out, 32, "metertwin");
      return true;
    default:
      return false;
  }
}

bool Firmware::limit_parameter(Item item, Value& out) const {
  const TariffTables& tariff = *meter_.tariff_;
  const auto fen = [&](core::Fen amount) {
    wire::unsigned_field(out, 4, static_cast<std::uint64_t>(amount.count()));
  };
  switch (item.code) {
    case 0x04000201:
      wire::unsigned_field(out, 1, tariff.seasons[meter_.active_.seasons].count);
      return true;
    case 0x04000202:
      wire::unsigned_field(out, 1, day_tables_max);
      return true;
    case 0x04000203:
      wire::unsigned_field(out, 1, slots_max);
      return true;
    case 0x04000204:
      wire::unsigned_field(out, 1, rates);
      return true;
    case 0x04000207:
      wire::unsigned_field(out, 1, tariff.ladder[meter_.active_.ladder].steps - 1u);
      return true;
    case 0x04000801:
      out.push_back(tariff.rest_day_mask);
      return true;
    case 0x04000802:
      wire::unsigned_field(out, 1, tariff.rest_day_table + 1u);
      return true;
    case 0x04000B01:  // DDhh: hh first on the wire
      wire::unsigned_field(out, 1, memory_.billing_hour);
      wire::unsigned_field(out, 1, memory_.billing_day);
      return true;
    case 0x04001001:
      fen(memory_.limits.alarm1);
      return true;
    case 0x04001002:
      fen(memory_.limits.alarm2);
      return true;
    case 0x04001003:
      fen(memory_.limits.overdraft);
      return true;
    case 0x04001004:
      fen(memory_.limits.hoarding_cap);
      return true;
    case 0x04001005:
      fen(memory_.limits.close_allow);
      return true;
    case 0x04001401:
      wire::unsigned_field(out, 2, memory_.trip_delay_min);
      return true;
    default:
      return false;
  }
}

bool Firmware::tariff_parameter(Item item, Value& out) const {
  const TariffTables& tariff = *meter_.tariff_;
  const int group = item.di2(), part = item.di1(), number = item.di0();
  if (group <= 0x02) {
    const auto set = static_cast<std::size_t>(group - 1);
    if (part != 0 || number > day_tables_max) return false;
    // Unused places repeat the last entry, as meters fill them.
    for (std::size_t i = 0; number == 0 && i < season_starts_max; ++i) {
      const SeasonTable& year = tariff.seasons[set];
      const SeasonStart& start = year.starts[std::min<std::size_t>(i, year.count - 1u)];
      wire::unsigned_field(out, 3, start.month * 10'000u + start.day * 100u + start.day_table + 1u);
    }
    for (std::size_t i = 0; number > 0 && i < slots_max; ++i) {
      const DayTable& day = tariff.day_tables[set][static_cast<std::size_t>(number - 1)];
      const SlotStart& slot = day.slots[std::min<std::size_t>(i, day.count - 1u)];
      wire::unsigned_field(
          out, 3,
          static_cast<std::uint64_t>(slot.minute / 60 * 10'000 + slot.minute % 60 * 100 + slot.rate + 1));
    }
    return true;
  }
  const auto column = [&](int count, auto value_of_index) {
    if (number != all && (number < 1 || number > count)) return false;
    for (int i = 0; i < count; ++i)
      if (number == all || number == i + 1)
        wire::unsigned_field(out, 4,
                             static_cast<std::uint64_t>(value_of_index(static_cast<std::size_t>(i)).count()));
    return true;
  };
  if (group == 0x05) {
    if (part != 1 && part != 2) return false;
    return column(rates,
                  [&](std::size_t i) { return tariff.rate_prices[static_cast<std::size_t>(part - 1)][i]; });
  }
  if (part > 3) return false;
  const Ladder& ladder = tariff.ladder[static_cast<std::size_t>(part / 2)];
  if (part % 2 == 0) return column(ladder_steps_max - 1, [&](std::size_t i) { return ladder.bounds[i]; });
  return column(ladder_steps_max, [&](std::size_t i) { return ladder.prices[i]; });
}

bool Firmware::status_word(int number, Value& out) const {
  if (number < 1 || number > 7) return false;
  out.append_little_endian(status(number), 2);
  return true;
}

std::uint16_t Firmware::status(int number) const {
  const Relay& relay = meter_.relay_;
  unsigned word = 0;
  const auto set_if = [&](bool is_so, unsigned bits) { word |= is_so ? bits : 0u; };
  switch (number) {
    case 1:
      set_if(battery_mV(memory_.battery, days_in_service()) < battery_low_mV,
             dlt645::status1::clock_battery_low);
      set_if(meter_.purse_.money.count() < 0, dlt645::status1::overdraft);
      break;
    case 3:
      set_if(meter_.active_.day_tables, dlt645::status3::second_day_tables);
      set_if(civil_s_ < memory_.programming_till_civil_s, dlt645::status3::programming_allowed);
      set_if(relay.is_open, dlt645::status3::relay_open);
      set_if(meter_.active_.seasons, dlt645::status3::second_zones);
      set_if(relay.is_commanded_open, dlt645::status3::relay_commanded_open);
      set_if(relay.is_alarming, dlt645::status3::trip_alarm);
      set_if(meter_.has_purse_, dlt645::status3::money_prepaid);
      set_if(meter_.active_.rate_prices, dlt645::status3::second_prices);
      set_if(meter_.active_.ladder, dlt645::status3::second_ladder);
      set_if(relay.keeps_power, dlt645::status3::keep_power);
      set_if(civil_s_ < memory_.authenticated_till_civil_s, dlt645::status3::authenticated);
      set_if(!memory_.has_account, dlt645::status3::local_account_not_opened);
      set_if(memory_.has_account, dlt645::status3::remote_account_not_opened);
      break;
    case 4: {
      const std::int64_t voltage = meter_.voltage().count();
      const std::int64_t rated = meter_.plate_->rated_voltage.count();
      set_if(voltage * 10 < rated * 9, dlt645::status_phase::under_voltage);
      set_if(voltage * 10 > rated * 11, dlt645::status_phase::over_voltage);
      const std::int64_t limit_mW = rated * meter_.plate_->current_max.count() / 1000;
      set_if(meter_.is_supplied() && meter_.seen_mW_ > limit_mW, dlt645::status_phase::overload);
      break;
    }
    case 7:
      set_if(meter_.has_exchanged_phases(), dlt645::status7::voltage_sequence);
      break;
    default:
      break;
  }
  return static_cast<std::uint16_t>(word);
}
}  // namespace model
