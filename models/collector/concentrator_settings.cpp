// What a concentrator does with its settings: takes them, keeps them through power cuts, lives by them.
#include "models/collector/concentrator.hpp"
#include "models/collector/reading_schedule.hpp"

namespace model {
namespace {
constexpr std::int64_t seconds_per_quarter = 900, seconds_per_day = 86'400;
constexpr std::int64_t ns_per_second = 1'000'000'000;
/// After its address was changed: time for the confirmation to get out before it logs in under the new one.
constexpr core::Duration login_anew_after = std::chrono::seconds(5);
constexpr std::size_t reading_days_max = 62;
/// Sets that may wait for the flash; one more is denied.
constexpr std::size_t sets_under_way_max = 16;
namespace port_command {
constexpr int pause = 49, resume = 50, read_again = 51, forget_meters = 53;  // AFN 05
}
}  // namespace

/// The time broadcast at 01:11 is away from midnight: DL/T 645-2007 meters ignore one within five minutes of
/// it.
DeviceSettings Concentrator::factory_settings() const {
  DeviceSettings factory;
  factory.name = {setup_.concentrator.region, setup_.concentrator.address};
  factory.first_port = Archive::first_line_port;
  for (std::size_t i = 0; i < pollers_.size(); ++i) {
    const auto port = static_cast<std::uint8_t>(Archive::first_line_port + i);
    const auto& line = setup_.lines[i];
    const int baud = line.hop_baud != 0 ? line.hop_baud : line.baud;
    gdw3761::ReadingPlan plan;
    plan.port = port;
    factory.plans.push_back(plan);
    factory.rates.push_back({port, gdw3761::line_settings_8E1(baud), static_cast<std::uint32_t>(baud)});
    factory.attempts.push_back({port, static_cast<std::uint8_t>(setup_.concentrator.attempts)});
  }
  return factory;
}

/// Each unit by itself: what is good is taken, what is not is named. Later units see earlier ones.
Concentrator::TakenSet Concentrator::take_set(const gdw3761::FrameView& frame) const {
  TakenSet taken{settings_, {}, {}, 0};
  for (core::Bytes rest = frame.units; !rest.empty();) {
    const auto unit = gdw3761::take_parameter(rest);
    bool is_good = unit.parameter.has_value();
    if (is_good) {
      if (const auto* rows = std::get_if<std::vector<gdw3761::ArchiveRow>>(&*unit.parameter)) {
        for (const auto& row : *rows) is_good &= row.point >= 1 && row.point <= Archive::points_max;
        if (is_good) taken.rows.insert(taken.rows.end(), rows->begin(), rows->end());
      } else {
        is_good = taken.settings.take(*unit.parameter);
      }
    }
    taken.good += is_good ? 1 : 0;
    taken.verdicts.push_back(
        {unit.unit, is_good ? gdw3761::UnitVerdict::good : gdw3761::UnitVerdict::other_error});
  }
  return taken;
}

/// Confirmed when the flash has it. False: nothing in it can be taken, or too much is waiting.
bool Concentrator::set_units(core::Instant at, const gdw3761::FrameView& frame) {
  const auto taken = take_set(frame);
  if (taken.good == 0 || sets_under_way_.size() >= sets_under_way_max) return false;
  const auto begins = sets_under_way_.empty() ? at : std::max(at, sets_under_way_.back().done);
  const auto done = begins + SettingsFlash::write_time(taken.settings.image().size());
  sets_under_way_.push_back({begins, done, {frame.raw.begin(), frame.raw.end()}});
  plan_duty(at);
  reply_ = {};
  return true;
}

void Concentrator::finish_set(core::Instant at) {
  const auto raw = std::move(sets_under_way_.front().frame);
  sets_under_way_.pop_front();
  const auto frame = *gdw3761::decode(raw);
  auto taken = take_set(frame);
  const auto address = own_address(frame.address.master);
  const auto counter = frame.sequence.counter();
  flash_.write(taken.settings.image());
  if (taken.good == taken.verdicts.size())
    uplink_.send(at, gdw3761::write_confirm(writer_, address, counter, true));
  else if (taken.good == 0)
    uplink_.send(at, gdw3761::write_denial(writer_, address, counter));
  else
    uplink_.send(at,
                 gdw3761::write_confirm_units(writer_, address, counter, true, frame.afn, taken.verdicts));
  for (const auto& row : taken.rows) install(at, row);
  put_in_force(at, std::move(taken.settings));
}

/// The power goes: what was being written is cut off in mid-page, what waited is forgotten.
void Concentrator::lose_sets_under_way(core::Instant at) {
  if (!sets_under_way_.empty()) {
    const auto& set = sets_under_way_.front();
    flash_.write_part(take_set(*gdw3761::decode(set.frame)).settings.image(), at - set.begins);
  }
  sets_under_way_.clear();
}

void Concentrator::load_settings(core::Instant at) {
  const auto image = flash_.newest();
  if (!image) return;
  auto kept = factory_settings();
  if (kept.restore(*image)) put_in_force(at, std::move(kept));
}

void Concentrator::put_in_force(core::Instant at, DeviceSettings next) {
  std::vector<std::optional<std::size_t>> lines_before;
  for (const auto& row : archive_.rows) lines_before.push_back(line_of(row));
  const bool is_plan_new = next.plans != settings_.plans;
  const bool is_name_new = next.name != settings_.name;
  settings_ = std::move(next);
  for (std::size_t i = 0; i < pollers_.size(); ++i) {
    const auto factory_baud = static_cast<std::uint32_t>(
        setup_.lines[i].hop_baud != 0 ? setup_.lines[i].hop_baud : setup_.lines[i].baud);
    const auto baud = settings_.rates[i].baud;
    pollers_[i].set_rules({settings_.attempts[i].attempts, baud == factory_baud ? 0 : baud});
  }
  for (std::size_t i = 0; i < lines_before.size(); ++i) {
    const auto& row = archive_.rows[i];
    if (row.point == 0 || row.protocol != Archive::protocol_645_2007 || line_of(row) == lines_before[i])
      continue;
    for (auto& poller : pollers_) poller.remove_point(row.point);
    add_to_line(at, row);
  }
  for (const auto& [input, pulse] : settings_.pulses) {
    expect_points(pulse.point);
    store_.want(pulse.point, store_.last_quarter());
  }
  if (!is_on_) return;
  // A pass whose pause is running is still to come.
  if (is_plan_new) plan_pass(at, clock_.civil_s(at - read_after_));
  if (is_plan_new) plan_broadcast(at);
  if (is_name_new && link_ != Link::down) login_anew_at_ = at + login_anew_after;
  plan_duty(at);
}

/// The clock, the plans or a command changed: who may read now, and what comes next.
void Concentrator::plan_duty(core::Instant at) {
  judge_windows(at);
  const auto civil_s = clock_.civil_s(at);
  freeze_due_s_ = never_civil;
  for (const auto& plan : settings_.plans)
    freeze_due_s_ = std::min(freeze_due_s_, next_freeze(plan, civil_s));
  freeze_at_ = instant_of(at, freeze_due_s_);
  const auto set_done = sets_under_way_.empty() ? core::never : sets_under_way_.front().done;
  duty_at_ = std::min({window_at_, freeze_at_, login_anew_at_, set_done});
}

void Concentrator::judge_windows(core::Instant at) {
  const auto civil_s = clock_.civil_s(at);
  auto edge = never_civil;
  for (std::size_t i = 0; i < pollers_.size(); ++i) {
    pollers_[i].allow_reading(at, !is_paused_[i] && is_reading_time(settings_.plans[i], civil_s));
    edge = std::min(edge, next_window_edge(settings_.plans[i], civil_s));
  }
  window_at_ = instant_of(at, edge);
}

void Concentrator::do_duty(core::Instant at) {
  if (at == freeze_at_) freeze_reading_days();
  if (!sets_under_way_.empty() && at == sets_under_way_.front().done) finish_set(at);
  if (at == login_anew_at_) {
    login_anew_at_ = core::never;
    uplink_.reconnect(at);
  }
  plan_duty(at);
}

void Concentrator::freeze_reading_days() {
  for (const auto& plan : settings_.plans) {
    if (next_freeze(plan, freeze_due_s_ - 1) != freeze_due_s_) continue;
    const auto day = MeterClock::floor_div(freeze_due_s_, seconds_per_day);
    const bool is_known =
        std::any_of(reading_days_.begin(), reading_days_.end(),
                    [&](const ReadingDay& known) { return known.port == plan.port && known.day == day; });
    if (is_known) continue;  // the clock was set back: the first one stands
    reading_days_.push_back({plan.port, day, MeterClock::floor_div(freeze_due_s_, seconds_per_quarter)});
  }
  while (reading_days_.size() > reading_days_max * settings_.plans.size()) reading_days_.pop_front();
}

std::optional<std::int64_t> Concentrator::reading_day_quarter(std::size_t point, std::int64_t day) const {
  const auto* row = archive_.find(point);
  if (row == nullptr) return std::nullopt;
  for (const auto& known : reading_days_)
    if (known.port == row->port && known.day == day) return known.quarter;
  return std::nullopt;
}

void Concentrator::count_pulses(core::Instant at, std::uint8_t input, std::uint64_t pulses) {
  if (!is_on_) return;
  latch_pulses(at);
  pulses_[input].now += pulses;
}

/// The counts with which a quarter hour begins, before what came in it.
void Concentrator::latch_pulses(core::Instant at) {
  if (pulses_.empty()) return;
  const auto quarter = MeterClock::floor_div(clock_.civil_s(at), seconds_per_quarter);
  if (quarter == pulse_quarter_) return;
  pulse_quarter_ = quarter;
  for (auto& [input, count] : pulses_) count.at_quarter = count.now;
}

/// shown = floor(100 (initial + pulses / constant)) mod 10^8, in hundredths of a kWh.
std::optional<std::uint32_t> Concentrator::pulse_centikWh(std::size_t point,
                                                          std::uint64_t PulseCount::*which) const {
  constexpr std::uint64_t a14_per_kWh = 10'000, a14_per_centi = 100, rolls_over_at = 100'000'000;
  for (const auto& [input, pulse] : settings_.pulses) {
    if (pulse.point != point || (pulse.kind & 3) != 0) continue;
    const auto note = settings_.meters.find(static_cast<std::uint16_t>(point));
    const auto initial =
        note == settings_.meters.end() ? 0 : static_cast<std::uint64_t>(note->second.initial_A14);
    const auto found = pulses_.find(input);
    const auto counted = found == pulses_.end() ? 0 : found->second.*which;
    const std::uint64_t constant = pulse.pulses_per_kWh;
    const auto whole = counted / constant, rest = counted % constant;
    const auto a14 = initial + whole * a14_per_kWh;
    const auto centi = (a14 * constant + rest * a14_per_kWh) / (a14_per_centi * constant);
    return static_cast<std::uint32_t>(centi % rolls_over_at);
  }
  return std::nullopt;
}

void Concentrator::store_pulses() {
  if (pulse_quarter_ != store_.last_quarter()) return;
  for (const auto& [input, pulse] : settings_.pulses)
    if (const auto shown = pulse_centikWh(pulse.point, &PulseCount::at_quarter))
      store_.put(pulse.point, store_.last_quarter(), *shown);
}

/// AFN 05 F49 .. F53: the meter reading of one port.
bool Concentrator::command_port(core::Instant at, const gdw3761::FrameView& frame) {
  constexpr auto width = gdw3761::UnitId::width;
  if (frame.units.size() < width + 1) return false;
  const auto unit = gdw3761::UnitId::at(frame.units);
  const std::size_t port = frame.units[width], line = port - Archive::first_line_port;
  if (!unit.is_terminal() || line >= pollers_.size()) return false;
  switch (unit.function()) {
    case port_command::pause:
    case port_command::resume:
      is_paused_[line] = unit.function() == port_command::pause;
      judge_windows(at);
      break;
    case port_command::read_again:
      pollers_[line].begin_pass(at, store_.last_quarter());
      break;
    case port_command::forget_meters:
      for (auto row : archive_.rows) {
        if (row.point == 0 || row.port != port) continue;
        row.address = core::MeterAddress();
        install(at, row);
      }
      break;
    default:
      return false;
  }
  reply_ = gdw3761::write_confirm(writer_, own_address(frame.address.master), frame.sequence.counter(), true);
  return true;
}

/// Blocks that are there, in the order asked; what does not fit into one frame is left out, as for the
/// archive.
bool Concentrator::query_settings(const gdw3761::FrameView& frame) {
  std::vector<gdw3761::Parameter> found;
  for (core::Bytes rest = frame.units; !rest.empty();) {
    const auto query = gdw3761::take_parameter_query(rest);
    if (!query) return false;
    if (query->fn == gdw3761::setting::archive) {
      std::vector<gdw3761::ArchiveRow> rows;
      for (const auto index : query->keys)
        if (const auto* row = archive_.find_index(static_cast<std::uint16_t>(index))) rows.push_back(*row);
      found.emplace_back(std::move(rows));
    } else {
      found.push_back(*settings_.blocks_of(*query));
    }
  }
  if (found.empty()) return false;
  writer_.begin(gdw3761::control::answer_data, own_address(frame.address.master), gdw3761::Afn::query,
                gdw3761::Sequence::single(frame.sequence.counter()));
  for (auto& parameter : found) {
    std::vector<std::uint8_t> unit;
    gdw3761::put_parameter(unit, parameter);
    std::visit(
        [&](auto& blocks) {
          while (unit.size() > writer_.room() && blocks.size() > 1) {
            blocks.resize(blocks.size() / 2);
            unit.clear();
            gdw3761::put_parameter(unit, parameter);
          }
        },
        parameter);
    if (unit.size() <= writer_.room()) writer_.bytes(unit);
  }
  reply_ = writer_.finish();
  return true;
}
}  // namespace model
