#include "tests/head-end/talk/scripted_concentrator.hpp"

#include <array>

#include "core/random.hpp"
#include "protocols/dlt645/load_control.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/dlt645/status_words.hpp"

namespace talk_test {
core::CentiKilowattHours register_of(const Configuration& configuration, MeterId id, Instant due) {
  const auto quarters = (due - configuration.opens) / 15min;
  return core::CentiKilowattHours(1000 * static_cast<std::int64_t>(id) +
                                  quarters * (1 + static_cast<std::int64_t>(id % 7)));
}

ScriptedConcentrator::ScriptedConcentrator(const Configuration& configuration, std::size_t position)
    : configuration_(configuration), file_(configuration.concentrators[position]) {
  terminal = file_.address;
  address_ = gdw3761::terminal_address(file_.region, file_.address);
  for (const auto& file : configuration.meters) {
    if (file.concentrator != file_.id) continue;
    ScriptedMeter meter;
    meter.id = file.id;
    meter.address = file.address;
    meters.push_back(meter);
  }
}

ScriptedMeter& ScriptedConcentrator::meter(MeterId id) {
  for (auto& meter : meters)
    if (meter.id == id) return meter;
  throw std::logic_error("no such meter in this test");
}

void ScriptedConcentrator::dial(seam::VirtualWorld& world) {
  world_ = &world;
  forget_line();
  line_ = seam::VirtualField(world.clock(), *this, file_.name);
  plan_heartbeat();
  if (world.uplinks().offer(line_.connect())) send_login();
}

void ScriptedConcentrator::plan_heartbeat() {
  heartbeat_at_ = heartbeat_every == Duration::max() ? core::never : now() + heartbeat_every;
}

void ScriptedConcentrator::hang_up() {
  line_.close();
  pending_.clear();
}

void ScriptedConcentrator::forget_line() {
  framer_.silence();
  pending_.clear();
}

void ScriptedConcentrator::send_login() {
  address_.terminal = terminal;
  line_.deliver(gdw3761::write_link(writer_, address_, own_counter_++, {gdw3761::LinkEvent::login, {}}));
}

void ScriptedConcentrator::send_heartbeat() {
  line_.deliver(gdw3761::write_link(writer_, address_, own_counter_++, {gdw3761::LinkEvent::heartbeat, {}}));
}

void ScriptedConcentrator::send_logout() {
  line_.deliver(gdw3761::write_link(writer_, address_, own_counter_++, {gdw3761::LinkEvent::logout, {}}));
}

void ScriptedConcentrator::advance(Instant now) {
  if (is_connected() && heartbeat_at_ <= now) {
    send_heartbeat();
    plan_heartbeat();
  }
  while (!pending_.empty() && pending_.begin()->first <= now) {
    line_.deliver(pending_.begin()->second);
    pending_.erase(pending_.begin());
  }
}

void ScriptedConcentrator::head_end_closed() {
  ++closes_seen;
  forget_line();
}

void ScriptedConcentrator::head_end_wrote(core::Bytes bytes) {
  framer_.feed(bytes);
  while (const auto frame = framer_.take()) {
    if (const auto confirm = gdw3761::parse_confirm(*frame)) {
      ++(confirm->is_good ? confirmations : denials);
      continue;
    }
    serve(*frame);
  }
}

void ScriptedConcentrator::serve(const gdw3761::FrameView& frame) {
  const Deed deed = script ? script(requests, frame) : Deed{};
  ++requests;
  ++requests_by_fn[static_cast<int>(frame.afn) * 1000 + gdw3761::UnitId::at(frame.units).function()];
  if (on_request) on_request();
  if (!deed.is_heard) return;
  const auto kept = address_;
  if (deed.foreign_terminal != 0) address_.terminal = deed.foreign_terminal;
  core::Bytes answer = answer_of(frame, deed);
  address_ = kept;
  if (deed.drops_line) return line_.close();
  if (!deed.is_answered) return;
  if (deed.in_parts) return send_in_parts(frame);
  std::vector<std::uint8_t> bent(answer.begin(), answer.end());
  for (int i = 0; i < deed.flips; ++i) {
    const core::RandomStream draws(static_cast<std::uint64_t>(requests), 2, core::Purpose::test);
    const std::size_t at = 14 + draws.below(bent.size() - 16, static_cast<std::uint64_t>(2 * i));
    bent[at] = static_cast<std::uint8_t>(draws.word(static_cast<std::uint64_t>(2 * i + 1)));
  }
  bent[bent.size() - 2] = core::sum_of(core::Bytes(bent).subspan(6, bent.size() - 8));
  answer = bent;
  std::vector<std::uint8_t> wire(deed.before);
  for (int i = 0; i < deed.copies; ++i) wire.insert(wire.end(), answer.begin(), answer.end());
  pending_.emplace(now() + latency + deed.late, wire);
}

core::Bytes ScriptedConcentrator::answer_of(const gdw3761::FrameView& frame, const Deed& deed) {
  const unsigned counter = frame.sequence.counter() + static_cast<unsigned>(deed.counter_shift);
  const int fn = gdw3761::UnitId::at(frame.units).function();
  if (!deed.units.empty()) {
    writer_.begin(gdw3761::control::answer_data, address_, frame.afn, gdw3761::Sequence::single(counter));
    writer_.bytes(deed.units);
    return writer_.finish();
  }
  if (deed.denies) return gdw3761::write_denial(writer_, address_, counter);
  switch (frame.afn) {
    case gdw3761::Afn::set:
      for (std::size_t i = 0; i < *gdw3761::archive_row_count(frame); ++i) {
        const auto row = *gdw3761::archive_row(frame, i);
        archive[row.point] = row;
      }
      return gdw3761::write_confirm(writer_, address_, counter, true);
    case gdw3761::Afn::control:
      ++clock_sets;
      return gdw3761::write_confirm(writer_, address_, counter, true);
    case gdw3761::Afn::history_data: {
      const auto bytes = fn == gdw3761::curve_fn ? answer_curve(frame) : answer_freeze(frame);
      if (deed.counter_shift == 0) return bytes;
      break;
    }
    case gdw3761::Afn::forward:
      return answer_forward(frame, deed);
    default:
      break;
  }
  return gdw3761::write_denial(writer_, address_, counter);
}

void ScriptedConcentrator::put_curves(gdw3761::UnitId unit, const gdw3761::CurveTime& time) {
  gdw3761::CurveWriter curves(writer_);
  curves.group(unit.da2 - 1, unit.da1);
  std::array<std::uint8_t, gdw3761::CurveTime::width> time_bytes;
  gdw3761::put_curve_time(time_bytes, time);
  const Instant first = configuration_.zone.instant(time.start);
  unit.each_point([&](int point) {
    curves.point(time_bytes);
    for (int i = 0; i < time.count; ++i) {
      const Instant due = first + i * 15min;
      MeterId id = 0;
      for (const auto& file : configuration_.meters)
        if (file.concentrator == file_.id && file.point == point) id = file.id;
      ++readings_asked;
      if (id == 0 || (is_missing && is_missing(id, due, now())))
        curves.missing();
      else
        curves.value(register_of(configuration_, id, due) +
                     core::CentiKilowattHours(false_centikWh ? false_centikWh(id, due) : 0));
    }
  });
}

core::Bytes ScriptedConcentrator::answer_curve(const gdw3761::FrameView& frame) {
  gdw3761::CurveWriter(writer_).begin(address_, frame.sequence.counter());
  const auto walked = gdw3761::each_curve_request(
      frame, [&](gdw3761::UnitId unit, const gdw3761::CurveTime& time) { put_curves(unit, time); });
  if (!walked) throw std::logic_error("the head-end's request does not parse");
  return writer_.finish();
}

void ScriptedConcentrator::send_in_parts(const gdw3761::FrameView& frame) {
  std::vector<std::pair<gdw3761::UnitId, gdw3761::CurveTime>> units;
  (void)gdw3761::each_curve_request(frame,
                                    [&](auto unit, const auto& time) { units.emplace_back(unit, time); });
  for (std::size_t i = 0; i < units.size(); ++i) {
    const unsigned first = i == 0 ? 0x40 : 0x00, final = i + 1 == units.size() ? 0x20 : 0x00;
    const auto sequence = static_cast<std::uint8_t>(first | final | frame.sequence.counter());
    writer_.begin(gdw3761::control::answer_data, address_, gdw3761::Afn::history_data, {sequence});
    put_curves(units[i].first, units[i].second);
    const auto part = writer_.finish();
    pending_.emplace(now() + latency * static_cast<int>(i + 1), std::vector(part.begin(), part.end()));
  }
}

core::Bytes ScriptedConcentrator::answer_freeze(const gdw3761::FrameView& frame) {
  const auto request = *gdw3761::parse_freeze_request(frame);
  const auto& zone = configuration_.zone;
  const Instant midnight = zone.start_of_day(zone.local_day(zone.instant(request.frozen)) + 1);
  writer_.begin(gdw3761::control::answer_data, address_, gdw3761::Afn::history_data,
                gdw3761::Sequence::single(frame.sequence.counter()));
  writer_.unit(request.unit);
  request.unit.each_point([&](int point) {
    gdw3761::RateEnergies energies;
    energies.copied_at = zone.civil(midnight + 60s);
    energies.rates = 4;
    for (const auto& file : configuration_.meters) {
      if (file.concentrator != file_.id || file.point != point) continue;
      energies.energy[0] = register_of(configuration_, file.id, midnight);
      energies.energy[1] = energies.energy[3] = energies.energy[4] = core::CentiKilowattHours(0);
      energies.energy[2] = energies.energy[0];
    }
    gdw3761::put_daily(writer_, request.frozen, energies);
  });
  return writer_.finish();
}

core::Bytes ScriptedConcentrator::answer_forward(const gdw3761::FrameView& frame, const Deed& deed) {
  const auto request = *gdw3761::parse_forward(frame);
  dlt645::Frame asked;
  dlt645::Wire out;
  if (dlt645::decode(request.payload, asked))
    for (auto& meter : meters)
      if (asked.address.matches(meter.address)) act(meter, asked, out);
  if (deed.meter_is_silent) out.clear();
  return gdw3761::write_forward_answer(writer_, address_, frame.sequence.counter(), {request.port, out});
}

/// Limits and calls of demand-side management, as a meter takes them; one that keeps power takes no limit.
void ScriptedConcentrator::act_on_write(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out) {
  const auto request = *dlt645::parse_write(frame);
  const bool is_limit = request.item == dlt645::item::load_limit;
  const bool is_nothing = dlt645::is_nothing(request.value, request.value.size());
  if (is_limit && meter.keeps_power && !is_nothing)
    return dlt645::refuse(meter.address, dlt645::Function::write, dlt645::Refusal::other, out);
  auto& kept = is_limit ? meter.load_limit : meter.load_call;
  const std::vector<std::uint8_t> value(request.value.begin(), request.value.end());
  if (is_limit && is_nothing && !kept.empty()) ++meter.limits_taken_back;
  if (is_limit && !is_nothing && kept != value) ++meter.limits_set;
  kept = is_nothing ? std::vector<std::uint8_t>{} : value;
  dlt645::answer_done(meter.address, dlt645::Function::write, out);
}

void ScriptedConcentrator::act(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out) {
  if (meter.opens_at <= now()) meter.is_open = true, meter.opens_at = core::never, ++meter.trips;
  if (frame.control.function() == dlt645::Function::remote_control) return act_on_control(meter, frame, out);
  if (frame.control.function() == dlt645::Function::security) return act_on_security(meter, frame, out);
  if (frame.control.function() == dlt645::Function::write) return act_on_write(meter, frame, out);
  const auto read = *dlt645::parse_read(frame);
  if (read.item == dlt645::item::load_call_answer)
    return dlt645::answer_data(meter.address, read.item, std::array{meter.call_answer}, out);
  if (read.item == dlt645::item::status_word(3)) {
    unsigned word = meter.is_open ? dlt645::status3::relay_open : 0u;
    if (meter.is_told_open) word |= dlt645::status3::relay_commanded_open;
    if (meter.keeps_power) word |= dlt645::status3::keep_power;
    if (!meter.is_account_opened) word |= dlt645::status3::local_account_not_opened;
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(word),
                                            static_cast<std::uint8_t>(word >> 8)};
    return dlt645::answer_data(meter.address, read.item, bytes, out);
  }
  if (read.item == dlt645::item::forward_active) {
    std::array<std::uint8_t, 4> bytes;
    dlt645::put_unsigned(bytes,
                         static_cast<std::uint64_t>(register_of(configuration_, meter.id, now()).count()));
    return dlt645::answer_data(meter.address, read.item, bytes, out);
  }
  if (read.item == dlt645::item::overdraft_money) {
    std::array<std::uint8_t, 4> bytes;
    dlt645::put_unsigned(bytes, static_cast<std::uint64_t>(meter.money_fen < 0 ? -meter.money_fen : 0));
    return dlt645::answer_data(meter.address, read.item, bytes, out);
  }
  const auto value = told ? told(meter.id, read.item.code) : std::vector<std::uint8_t>();
  if (!value.empty()) return dlt645::answer_data(meter.address, read.item, value, out);
  dlt645::refuse(meter.address, dlt645::Function::read, dlt645::Refusal::no_such_data, out);
}

void ScriptedConcentrator::act_on_control(ScriptedMeter& meter, const dlt645::Frame& frame,
                                          dlt645::Wire& out) {
  const auto request = *dlt645::parse_remote_control(frame);
  const auto refuse = [&] {
    dlt645::refuse(meter.address, dlt645::Function::remote_control, dlt645::Refusal::other, out);
  };
  if (configuration_.zone.instant(request.valid_until) < now()) return refuse();
  switch (request.command) {
    case dlt645::Control1C::trip:
      if (meter.keeps_power) return refuse();
      meter.is_told_open = true;
      if (meter.trip_delay > 0s)
        meter.opens_at = now() + meter.trip_delay;
      else
        meter.is_open = true, ++meter.trips;
      break;
    case dlt645::Control1C::close:
      meter.is_open = meter.is_told_open = false, ++meter.closes;
      break;
    case dlt645::Control1C::keep_power:
      meter.keeps_power = true;
      break;
    case dlt645::Control1C::keep_power_off:
      meter.keeps_power = false;
      break;
    default:
      return refuse();
  }
  dlt645::answer_done(meter.address, dlt645::Function::remote_control, out);
}

void ScriptedConcentrator::act_on_security(ScriptedMeter& meter, const dlt645::Frame& frame,
                                           dlt645::Wire& out) {
  const auto request = *dlt645::parse_security(frame);
  if (request.item == dlt645::item::purse_state) {
    dlt645::PurseState state;
    state.remaining = core::Fen(std::max<std::int64_t>(meter.money_fen, 0));
    state.purchase_count = meter.purchase_count;
    return dlt645::answer_security(meter.address, state, out);
  }
  const auto purchase = *dlt645::parse_purchase(request);
  if ((purchase.item == dlt645::item::open_account) == meter.is_account_opened)
    return dlt645::refuse_security(meter.address, dlt645::SecurityRefusal::other, out);
  if (purchase.purchase_count == meter.purchase_count && meter.purchase_count > 0)
    return dlt645::refuse_security(meter.address, dlt645::SecurityRefusal::repeated_recharge, out);
  if (purchase.purchase_count != meter.purchase_count + 1)
    return dlt645::refuse_security(meter.address, dlt645::SecurityRefusal::wrong_purchase_count, out);
  meter.is_account_opened = true;
  meter.money_fen += purchase.amount.count();
  meter.purchase_count = purchase.purchase_count;
  ++meter.credits;
  dlt645::answer_security(meter.address, purchase.item, {}, out);
}
}  // namespace talk_test
