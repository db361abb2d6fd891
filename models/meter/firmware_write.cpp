// Writing parameters (14H): who may, what is valid, and what it changes. A refused write changes nothing.
#include <algorithm>

#include "models/meter/firmware.hpp"
#include "models/meter/parameters.hpp"
#include "models/meter/wire_fields.hpp"

namespace model {
using dlt645::Function;

namespace {
constexpr int write_level = 4;  // levels 02 and 04 are the usual ones
constexpr dlt645::Refusal accepted{};
constexpr auto malformed = dlt645::Refusal::other;
constexpr int all = dlt645::item::block;

bool is_all_bcd(core::Bytes value) { return std::all_of(value.begin(), value.end(), core::is_bcd); }
}  // namespace

bool Firmware::write(const Frame& frame) {
  const auto request = dlt645::parse_write(frame);
  if (!request) return refuse(Function::write, Refusal::other);
  if (!is_allowed(request->password, write_level)) return refuse(Function::write, Refusal::not_authorised);
  const bool is_clock = request->item.di2() == 0 && request->item.di1() == 1 &&
                        (request->item.di0() <= 2 || request->item.di0() == 0x0C);
  if (request->item.di3() == 0x04 && is_clock) {
    // The clock has an event kind of its own.
    operator_code_ = request->operator_code;
    const Refusal refusal = write_clock(request->item, request->value);
    return refusal == accepted ? say_done(Function::write) : refuse(Function::write, refusal);
  }
  const Refusal refusal = write_item(request->item, request->value);
  if (refusal != accepted) return refuse(Function::write, refusal);
  memory_.events.add({.kind = EventKind::programming,
                      .operator_code = request->operator_code,
                      .began_civil_s = civil_s_,
                      .register_centikWh = meter_.shown_centikWh(),
                      .detail = request->item.code});
  return say_done(Function::write);
}

Firmware::Refusal Firmware::write_item(Item item, core::Bytes value) {
  if (item.di3() != 0x04) return Refusal::no_such_data;
  if (item.di2() == 0x01 || item.di2() == 0x02 || item.di2() == 0x05 || item.di2() == 0x06)
    return write_tariff(item, value);
  if (item.di2() == 0x80 && item.di1() == 0x01) return write_load_control(item, value);
  if (item.code == 0x04000403 && value.size() == memory_.asset_number.size()) {
    std::reverse_copy(value.begin(), value.end(), memory_.asset_number.begin());
    return accepted;
  }
  const Refusal refusal = write_limit(item, value);
  if (refusal != Refusal::no_such_data) return refusal;
  return write_plain_parameter(item, value) ? accepted
         : find_parameter(item.code)        ? malformed
                                            : Refusal::no_such_data;
}

Firmware::Refusal Firmware::write_clock(Item item, core::Bytes value) {
  const std::int64_t day_s = civil_s_ / 86'400 * 86'400;
  std::optional<std::int64_t> wanted;
  if (item.di0() == 0x01 && value.size() == dlt645::week_date_bytes) {
    if (const auto date = dlt645::week_date(value)) wanted = civil_seconds(*date) + (civil_s_ - day_s);
  } else if (item.di0() == 0x02 && value.size() == dlt645::clock_time_bytes) {
    if (const auto time = dlt645::clock_time(value)) wanted = day_s + civil_seconds(*time) % 86'400;
  } else if (item.di0() == 0x0C && value.size() == dlt645::clock_time_bytes + dlt645::week_date_bytes) {
    const auto time = dlt645::clock_time(value.first(dlt645::clock_time_bytes));
    const auto date = dlt645::week_date(value.subspan(dlt645::clock_time_bytes));
    if (time && date) wanted = civil_seconds(*date) + civil_seconds(*time) % 86'400;
  }
  if (!wanted) return malformed;
  meter_.set_clock(at_, *wanted * 1'000'000'000, operator_code_, happened_);
  return accepted;
}

Firmware::Refusal Firmware::write_limit(Item item, core::Bytes value) {
  const auto number = dlt645::unsigned_number(value);
  const auto is_wide = [&](std::size_t bytes) { return number && value.size() == bytes; };
  const auto set_fen = [&](core::Fen& limit) {
    if (!is_wide(4)) return malformed;
    limit = core::Fen(*number);
    meter_.purse_.alert_at = Purse::next_alert(meter_.purse_.money, memory_.limits);
    return accepted;
  };
  switch (item.code) {
    case 0x04000402:
      return is_wide(6) ? (memory_.meter_number = static_cast<std::uint64_t>(*number), accepted) : malformed;
    case 0x04000B01: {
      if (!is_wide(2)) return malformed;
      const unsigned hour = core::bcd_value(value[0]), day = core::bcd_value(value[1]);
      if (hour > 23 || day < 1 || day > 28) return malformed;
      memory_.billing_hour = static_cast<std::uint8_t>(hour);
      memory_.billing_day = static_cast<std::uint8_t>(day);
      memory_.settled_month = meter_.billing_month(civil_s_);
      return accepted;
    }
    case 0x04001001:
      return set_fen(memory_.limits.alarm1);
    case 0x04001002:
      return set_fen(memory_.limits.alarm2);
    case 0x04001003:
      return set_fen(memory_.limits.overdraft);
    case 0x04001004:
      return set_fen(memory_.limits.hoarding_cap);
    case 0x04001005:
      return set_fen(memory_.limits.close_allow);
    case 0x04001401:
      if (!is_wide(2)) return malformed;
      memory_.trip_delay_min = static_cast<std::uint16_t>(*number);
      return accepted;
    case 0x04000801:
    case 0x04000802:
    case 0x04000106:
    case 0x04000107:
    case 0x04000108:
    case 0x04000109:
      return write_calendar(item, value);
    default:
      return Refusal::no_such_data;
  }
}

Firmware::Refusal Firmware::write_calendar(Item item, core::Bytes value) {
  TariffTables tables = *meter_.tariff_;
  if (item.di1() == 0x08) {
    if (value.size() != 1) return malformed;
    if (item.di0() == 0x01) {
      tables.rest_day_mask = value[0] & 0x7F;
    } else {
      const unsigned table = core::is_bcd(value[0]) ? core::bcd_value(value[0]) : 0;
      if (table < 1 || table > day_tables_max) return malformed;
      tables.rest_day_table = static_cast<std::uint8_t>(table - 1);
    }
  } else {
    if (value.size() != dlt645::minute_time_bytes) return malformed;
    const bool is_none = std::all_of(value.begin(), value.end(), [](std::uint8_t byte) { return byte == 0; });
    const auto when = dlt645::minute_time(value);
    if (!is_none && !when) return malformed;
    tables.change_at_civil_s[item.di0() - 0x06u] = is_none ? 0 : civil_seconds(*when);
  }
  program_tariff(tables);
  return accepted;
}

Firmware::Refusal Firmware::write_tariff(Item item, core::Bytes value) {
  if (item.di2() <= 0x02) return item.di1() == 0 ? write_day_table(item, value) : Refusal::no_such_data;
  TariffTables tables = *meter_.tariff_;
  const int part = item.di1(), number = item.di0();
  const auto put = [&](std::size_t count, auto&& target) {
    const bool is_block = number == all;
    if ((!is_block && (number < 1 || number > static_cast<int>(count))) || !is_all_bcd(value))
      return malformed;
    if (value.size() != (is_block ? 4 * count : 4)) return malformed;
    for (std::size_t i = 0; i * 4 < value.size(); ++i)
      target(is_block ? i : static_cast<std::size_t>(number - 1),
             *dlt645::unsigned_number(value.subspan(i * 4, 4)));
    return accepted;
  };
  Refusal refusal = Refusal::no_such_data;
  if (item.di2() == 0x05 && (part == 1 || part == 2)) {
    auto& prices = tables.rate_prices[static_cast<std::size_t>(part - 1)];
    refusal = put(rates, [&](std::size_t i, std::int64_t v) { prices[i] = core::Price(v); });
  } else if (item.di2() == 0x06 && part <= 3) {
    Ladder& ladder = tables.ladder[static_cast<std::size_t>(part / 2)];
    refusal =
        part % 2 == 0
            ? put(ladder.bounds.size(),
                  [&](std::size_t i, std::int64_t v) { ladder.bounds[i] = core::CentiKilowattHours(v); })
            : put(ladder.prices.size(),
                  [&](std::size_t i, std::int64_t v) { ladder.prices[i] = core::Price(v); });
    // Steps are the bounds that rise; the first that does not ends the ladder.
    std::size_t steps = 1;
    while (steps < ladder_steps_max &&
           ladder.bounds[steps - 1].count() > (steps > 1 ? ladder.bounds[steps - 2].count() : 0))
      ++steps;
    ladder.steps = static_cast<std::uint8_t>(steps);
  }
  if (refusal == accepted) program_tariff(tables);
  return refusal;
}

Firmware::Refusal Firmware::write_day_table(Item item, core::Bytes value) {
  const std::size_t entries = value.size() / 3;
  if (value.size() % 3 != 0 || entries == 0 || !is_all_bcd(value)) return malformed;
  TariffTables tables = *meter_.tariff_;
  const auto set = static_cast<std::size_t>(item.di2() - 1);
  const auto pair = [&](std::size_t entry, std::size_t byte) {
    return core::bcd_value(value[entry * 3 + byte]);
  };
  if (item.di0() == 0) {
    if (entries > season_starts_max) return Refusal::too_many_zones;
    SeasonTable& year = tables.seasons[set];
    year.count = static_cast<std::uint8_t>(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const unsigned table = pair(i, 0), day = pair(i, 1), month = pair(i, 2);
      if (table < 1 || table > day_tables_max ||
          !core::is_valid_date(2024, static_cast<int>(month), static_cast<int>(day)))
        return malformed;
      year.starts[i] = {static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day),
                        static_cast<std::uint8_t>(table - 1)};
    }
  } else {
    if (item.di0() > day_tables_max) return Refusal::no_such_data;
    if (entries > slots_max) return Refusal::too_many_slots;
    DayTable& day = tables.day_tables[set][item.di0() - 1u];
    day.count = static_cast<std::uint8_t>(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const unsigned rate = pair(i, 0), minute = pair(i, 1), hour = pair(i, 2);
      if (rate < 1 || rate > rates) return Refusal::too_many_rates;
      if (hour > 23 || minute > 59) return malformed;
      day.slots[i] = {static_cast<std::int16_t>(hour * 60 + minute), static_cast<std::uint8_t>(rate - 1)};
    }
  }
  program_tariff(tables);
  return accepted;
}

void Firmware::program_tariff(const TariffTables& tables) {
  meter_.tariff_ = std::make_shared<const TariffTables>(tables);
  meter_.refresh_calendar(civil_s_);
  meter_.plan_next_step(at_);
}

bool Firmware::write_plain_parameter(Item item, core::Bytes value) {
  const auto known = find_parameter(item.code);
  if (!known || value.size() != known->bytes || (known->is_bcd && !is_all_bcd(value))) return false;
  const std::uint64_t digits = core::little_endian(value);
  for (auto& parameter : memory_.changed) {
    if (parameter.item != item.code) continue;
    parameter.digits = digits;
    return true;
  }
  memory_.changed.push_back({item.code, digits});
  return true;
}
}  // namespace model
