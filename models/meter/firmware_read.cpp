// Reading: energies, demands, money, freezes, load records; long values in follow-up frames.
#include <algorithm>

#include "models/meter/firmware.hpp"
#include "models/meter/wire_fields.hpp"
#include "protocols/dlt645/load_record.hpp"

namespace model {
using dlt645::Function;

namespace {
constexpr int all = dlt645::item::block;
constexpr int billing_days = 12;
constexpr int hourly_freezes_max = 254;
/// Room for data in one frame that also holds whole load records (32 bytes): 200 - identifier 4 - sequence 1,
/// rounded down.
constexpr std::size_t chunk_bytes = 192;
constexpr std::uint8_t reverse_active = 2, first_phase_a = 0x15, first_phase_b = 0x29, last_phase_c = 0x46;

std::uint64_t whole_root(std::uint64_t square) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31; bit != 0; bit >>= 1)
    if ((root + bit) * (root + bit) <= square) root += bit;
  return root;
}
}  // namespace

bool Firmware::read(const Frame& frame) {
  const auto request = dlt645::parse_read(frame);
  if (!request) return refuse(Function::read, Refusal::other);
  if (request->item.di3() == 0x06) return read_load_records(*request, frame.data);
  if (request->item == dlt645::item::forward_active) {  // asked of every meter, every quarter hour
    std::array<std::uint8_t, 4> field{};
    dlt645::put_unsigned(field, meter_.shown_centikWh());
    dlt645::answer_data(meter_.address_, request->item, field, start_answer());
    return true;
  }
  Value value;
  if (!value_of(request->item, value)) return refuse(Function::read, Refusal::no_such_data);
  return send_value(request->item, value);
}

bool Firmware::send_value(Item item, core::Bytes value) {
  const bool is_long = value.size() > chunk_bytes;
  memory_.follow_up.clear();
  if (is_long) {
    memory_.follow_up.assign(value.begin() + chunk_bytes, value.end());
    memory_.follow_up_item = item.code;
  }
  dlt645::answer_data(meter_.address_, item, is_long ? value.first(chunk_bytes) : value, start_answer(),
                      is_long);
  return true;
}

bool Firmware::read_follow_up(const Frame& frame) {
  const auto request = dlt645::parse_follow_up(frame);
  if (!request) return refuse(Function::read_follow_up, Refusal::other);
  const std::size_t from = (request->sequence - std::size_t{1}) * chunk_bytes;
  const core::Bytes owed(memory_.follow_up);
  if (request->sequence == 0 || request->item.code != memory_.follow_up_item || from >= owed.size())
    return refuse(Function::read_follow_up, Refusal::no_such_data);
  const core::Bytes part = owed.subspan(from, std::min(chunk_bytes, owed.size() - from));
  dlt645::answer_follow_up(meter_.address_, request->item, part, request->sequence, start_answer(),
                           from + part.size() < owed.size());
  return true;
}

bool Firmware::answer_one_record(const dlt645::ReadRequest& request, std::uint32_t shown, core::Bytes time) {
  dlt645::Data block;
  dlt645::put_energy_record(time, core::CentiKilowattHours(shown), core::CentiKilowattHours(0), block);
  dlt645::answer_data(meter_.address_, request.item, block, start_answer());
  return true;
}

bool Firmware::read_load_records(const dlt645::ReadRequest& request, core::Bytes asked) {
  const LoadRecordRing& ring = meter_.load_record_;
  const int load_class = request.item.di2();
  const int place = request.item.di0();
  const bool is_kept = (load_class == 0 || load_class == 4) && request.item.di1() == 0 && place <= 2;
  if (!is_kept || ring.empty()) return refuse(Function::read, Refusal::no_such_data);
  std::int64_t quarter = place == 2 ? ring.newest() : ring.oldest();
  if (place == 1) {
    if (!request.from) return refuse(Function::read, Refusal::other);
    const std::int64_t from_s = civil_seconds(*request.from);
    // The reading of every quarter hour: one record, whose time is the one that was asked for.
    if (request.blocks == 1 && from_s % 900 == 0)
      if (const auto shown = ring.at(from_s / 900)) return answer_one_record(request, *shown, asked.last(5));
    quarter = std::max(quarter, (from_s + 899) / 900);
  }
  const std::size_t wanted = std::clamp<std::size_t>(request.blocks.value_or(1), 1, value_bytes_max / 32);
  if (place == 2 && wanted > 1)
    quarter = std::max(ring.oldest(), quarter - static_cast<std::int64_t>(wanted) + 1);
  Value value;
  for (; quarter <= ring.newest() && value.size() < wanted * dlt645::energy_record_bytes; ++quarter) {
    const auto shown = ring.at(quarter);
    if (!shown) continue;  // no supply then: no record
    std::array<std::uint8_t, dlt645::minute_time_bytes> time{};
    dlt645::put_minute_time(time, calendar_of(quarter * 900));
    dlt645::Data block;
    dlt645::put_energy_record(time, core::CentiKilowattHours(*shown), core::CentiKilowattHours(0), block);
    value.append(block);
  }
  if (value.empty()) return refuse(Function::read, Refusal::no_such_data);
  return send_value(request.item, value);
}

bool Firmware::value_of(Item item, Value& out) const {
  switch (item.di3()) {
    case 0x00:
      return item.di2() == 0x90 ? money(item, out) : energy(item, out);
    case 0x01:
      return demand(item, out);
    case 0x02:
      return variable(item, out);
    case 0x03:
    case 0x1D:
    case 0x1E:
      return event(item, out);
    case 0x04:
      return parameter(item, out);
    case 0x05:
      return freeze_value(item, out);
    default:
      return false;
  }
}

bool Firmware::energy(Item item, Value& out) const {
  const int type = item.di2(), rate = item.di1(), day = item.di0();
  if (rate == all && day == all) return false;
  if (rate == all) {
    for (int r = 0; r <= rates; ++r)
      if (!one_energy(type, r, day, out)) return false;
    return true;
  }
  if (day == all) {
    for (int d = 0; d <= billing_days; ++d)
      if (!one_energy(type, rate, d, out)) return false;
    return true;
  }
  return one_energy(type, rate, day, out);
}

bool Firmware::one_energy(int type, int rate, int billing_day, Value& out) const {
  if (rate > rates || billing_day > billing_days) return false;
  const bool is_phase = type >= first_phase_a && type <= last_phase_c;
  if (is_phase && rate != 0) return false;
  if (type >= first_phase_b && type <= last_phase_c) {
    wire::absent(out, 4);  // a single-phase meter has no phases B and C
    return true;
  }
  const int of_total = is_phase ? type - first_phase_a + 1 : type;  // phase A is the whole meter
  ShownRegisters forward = meter_.shown_registers();
  if (billing_day > 0) {
    const Freeze* settled = memory_.monthly.nth_last(static_cast<std::size_t>(billing_day));
    forward = settled ? settled->forward : ShownRegisters{};
  }
  const std::uint32_t active =
      rate == 0 ? forward.total : forward.by_rate[static_cast<std::size_t>(rate - 1)];
  // var-seconds x 10^-6 to 0.01 kvarh: 3.6e12 a kvarh
  const auto reactive = static_cast<std::uint64_t>(meter_.passed_uvars_ / core::microjoules_per_centikWh);
  switch (of_total) {
    case 0x00:
    case 0x01:
    case 0x80:
    case 0x81:
      wire::unsigned_field(out, 4, active);
      return true;
    case 0x02:
    case 0x82:
      if (rate != 0 || billing_day != 0) break;  // reverse: the current total is all this meter keeps
      wire::unsigned_field(
          out, 4,
          EnergyRegisters::whole_centikWh(memory_.reverse_pulses, meter_.pulses_per_kWh_) % shown_rollover);
      return true;
    case 0x03:
    case 0x05:
    case 0x09:
      if (rate != 0 || billing_day != 0) {
        wire::absent(out, 4);  // reactive and apparent energy: the current total is all this meter keeps
      } else {
        wire::unsigned_field(
            out, 4,
            of_total == 0x09 ? whole_root(std::uint64_t{active} * active + reactive * reactive) : reactive);
      }
      return true;
    default:
      break;
  }
  const bool is_known = of_total <= 0x0A || (of_total >= 0x82 && of_total <= 0x86);
  if (is_known) wire::zeros(out, 4);
  return is_known;
}

bool Firmware::demand(Item item, Value& out) const {
  const int type = item.di2(), rate = item.di1(), day = item.di0();
  const bool is_total = type >= 0x01 && type <= 0x0A,
             is_phase = type >= first_phase_a && type <= last_phase_c;
  if ((!is_total && !is_phase) || day > billing_days || (rate > rates && rate != all)) return false;
  if (is_phase && rate != 0) return false;
  for (int r = rate == all ? 0 : rate; r <= (rate == all ? rates : rate); ++r) {
    if (type >= first_phase_b) {
      wire::absent(out, 8);
      continue;
    }
    const bool is_kept = r == 0 && (type == 0x01 || type == first_phase_a);
    const Freeze* settled = day > 0 ? memory_.monthly.nth_last(static_cast<std::size_t>(day)) : nullptr;
    const std::uint32_t demand = day == 0 ? meter_.demand_dW() : settled ? settled->demand_dW : 0;
    const std::uint32_t minute = day == 0 ? meter_.demand_max_minute_ : settled ? settled->demand_minute : 0;
    wire::unsigned_field(out, 3, is_kept ? demand : 0);
    wire::minute_time(out, is_kept ? minute : 0);
  }
  return true;
}

bool Firmware::money(Item item, Value& out) const {
  std::int64_t shown = 0;
  switch (item.code) {
    case dlt645::item::remaining_money.code:
      shown = meter_.purse_.remaining().count();
      break;
    case dlt645::item::overdraft_money.code:
      shown = meter_.purse_.overdrawn().count();
      break;
    case dlt645::item::remaining_energy.code:
    case dlt645::item::overdraft_energy.code:
    case 0x00900220:
      break;  // an account in money; no free-of-charge allowance
    default:
      return false;
  }
  wire::unsigned_field(out, 4, static_cast<std::uint64_t>(shown));
  return true;
}

bool Firmware::freeze_value(Item item, Value& out) const {
  const int kind = item.di2(), part = item.di1();
  const FreezeList* list = kind == dlt645::item::freeze_daily     ? &memory_.daily
                           : kind == dlt645::item::freeze_instant ? &memory_.instant
                           : kind == dlt645::item::freeze_timed   ? &memory_.timed
                                                                  : nullptr;
  if (kind == dlt645::item::freeze_hourly) return hourly_freeze(item, out);
  const Freeze* freeze = list ? list->nth_last(item.di0()) : nullptr;
  if (!freeze || (part > 0x0A && part != 0x10 && part != all)) return false;
  if (part != all) {
    freeze_part(*freeze, part, out);
  } else {
    for (const int each : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0A, 0x10}) freeze_part(*freeze, each, out);
  }
  return true;
}

bool Firmware::hourly_freeze(Item item, Value& out) const {
  const LoadRecordRing& ring = meter_.load_record_;
  if (ring.empty() || item.di0() == 0 || item.di0() > hourly_freezes_max || item.di1() > 1) return false;
  int nth = item.di0();
  for (std::int64_t quarter = ring.newest() / 4 * 4; quarter >= ring.oldest(); quarter -= 4) {
    const auto shown = ring.at(quarter);
    if (!shown || --nth > 0) continue;
    if (item.di1() == 0) {
      wire::minute_time(out, static_cast<std::uint32_t>(quarter * 15));
    } else {
      wire::unsigned_field(out, 4, *shown);
    }
    return true;
  }
  return false;
}

void Firmware::freeze_part(const Freeze& freeze, int part, Value& out) const {
  switch (part) {
    case 0:
      return wire::minute_time(out, freeze.civil_minute);
    case 1:
      wire::unsigned_field(out, 4, freeze.forward.total);
      for (const auto rate : freeze.forward.by_rate) wire::unsigned_field(out, 4, rate);
      return;
    case reverse_active:
      return wire::zeros(out, 4 * (1 + rates));
    case 9:
      wire::unsigned_field(out, 3, freeze.demand_dW);
      wire::minute_time(out, freeze.demand_minute);
      return wire::zeros(out, 8 * rates);
    case 0x0A:
      return wire::zeros(out, 8 * (1 + rates));
    case 0x10: {  // total and phase A, B, C: active, then reactive
      const auto power = static_cast<std::uint64_t>(freeze.power_mW / 100);
      wire::unsigned_field(out, 3, power);
      wire::unsigned_field(out, 3, power);
      return wire::absent(out, 3 * 6);
    }
    default:
      return wire::absent(out, 4 * (1 + rates));  // reactive energies are not frozen
  }
}
}  // namespace model
