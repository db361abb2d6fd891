#include "models/collector/line_poller.hpp"

#include <array>

#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/dlt645/requests.hpp"

namespace model {
namespace {
constexpr std::size_t forwards_max = 16;
constexpr int silent_in_a_row_max = 3;
constexpr int energy_class = 4;  // load records, DL/T 645-2007 Appendix B
constexpr std::int64_t seconds_per_quarter = 900, seconds_per_day = 86'400;
/// A meter's present state: energy, then voltage, current, power, status word 3, money left.
constexpr std::array<std::uint32_t, 6> state_items{0x00010000, 0x02010100, 0x02020100,
                                                   0x02030000, 0x04000503, 0x00900200};
constexpr int records_max = static_cast<int>(dlt645::energy_records_per_frame);
}  // namespace

LinePoller::LinePoller(FieldLine& line, PollerPlace place)
    : line_(line), place_(std::move(place)), rules_{place_.setup.attempts} {}

void LinePoller::allow_reading(core::Instant at, bool is_allowed) {
  const bool may_begin = is_allowed && !is_reading_allowed_;
  is_reading_allowed_ = is_allowed;
  if (may_begin && task_ == Task::none) work(at);
}

void LinePoller::add_point(core::Instant at, const gdw3761::ArchiveRow& row) {
  add_point_quietly(row);
  // Its readings are wanted in the pass that is running, too.
  curve_left_ = freeze_left_ = backfill_left_ = points_.size();
  if (task_ == Task::none) work(at);
}

void LinePoller::add_point_quietly(const gdw3761::ArchiveRow& row) {
  remove_point(row.point);
  Point added;
  added.address = row.address;
  added.number = row.point;
  const auto where =
      std::find_if(points_.begin(), points_.end(), [&](const Point& p) { return p.number > row.point; });
  const auto position = static_cast<std::size_t>(where - points_.begin());
  points_.insert(where, added);
  if (task_ >= Task::curve && position <= current_) ++current_;
}

void LinePoller::remove_point(std::uint16_t number) {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].number != number) continue;
    if (task_ >= Task::curve && i == current_) close_task();
    if (i < current_) --current_;
    points_.erase(points_.begin() + static_cast<std::ptrdiff_t>(i));
    cursor_ = 0;
    curve_left_ = std::min(curve_left_, points_.size());
    freeze_left_ = std::min(freeze_left_, points_.size());
    backfill_left_ = std::min(backfill_left_, points_.size());
    refresh_left_ = std::min(refresh_left_, points_.size());
    if (refresh_cursor_ >= points_.size()) refresh_cursor_ = 0;
    return;
  }
}

void LinePoller::begin_pass(core::Instant at, std::int64_t quarter) {
  quarter_ = quarter;
  quarter_civil_ = calendar_of(quarter * seconds_per_quarter);
  quarter_request_.clear();
  quarter_request_.append_little_endian(dlt645::item::load_record_from(energy_class).code,
                                        dlt645::DataIdentifier::width);
  quarter_request_.push_back(1);
  dlt645::put_minute_time(quarter_request_.grow(dlt645::minute_time_bytes), quarter_civil_);
  for (auto& point : points_) {
    point.is_left_out = point.passes_to_skip > 0;
    if (point.passes_to_skip > 0) --point.passes_to_skip;
  }
  curve_left_ = freeze_left_ = backfill_left_ = points_.size();
  if (place_.setup.refresh_every != core::Duration(0) && round_at_ == core::never) round_at_ = at;
  if (task_ == Task::none) work(at);
}

bool LinePoller::forward(core::Instant at, const Forward& forward) {
  if (forwards_.size() >= forwards_max) return false;
  forwards_.push_back(forward);
  if (task_ == Task::none) work(at);
  return true;
}

void LinePoller::broadcast_time(core::Instant at) {
  is_broadcast_due_ = true;
  if (task_ == Task::none) work(at);
}

void LinePoller::shut_down() {
  line_.hush_master();
  framer_.silence();
  forwards_.clear();
  is_broadcast_due_ = false;
  curve_left_ = freeze_left_ = backfill_left_ = refresh_left_ = 0;
  round_at_ = core::never;
  close_task();
}

void LinePoller::abandon_pass() {
  curve_left_ = freeze_left_ = backfill_left_ = 0;
  if (task_ >= Task::curve) close_task();
}

void LinePoller::close_task() {
  task_ = Task::none;
  deadline_ = core::never;
}

void LinePoller::run_until(core::Instant till) {
  for (auto at = next(); at <= till; at = next()) {
    if (at == line_.next()) {  // first: an answer that is complete exactly at the deadline is in time
      const auto heard = line_.advance();
      if (!heard.empty()) hear(at, heard);
    } else if (task_ != Task::none) {
      time_out(at);
    }
    if (task_ == Task::none) work(at);
  }
}

void LinePoller::work(core::Instant at) {
  if (round_at_ <= at) begin_round(at);
  if (start_forward(at) || start_broadcast(at) || !is_reading_allowed_) return;
  if (start_refresh(at) || start_curve(at) || start_freeze(at)) return;
  start_backfill(at);
}

bool LinePoller::start_forward(core::Instant at) {
  if (forwards_.empty()) return false;
  active_forward_ = forwards_.front();
  forwards_.erase(forwards_.begin());
  request_ = active_forward_.bytes;
  task_ = Task::forward;
  send(at);
  return true;
}

bool LinePoller::start_broadcast(core::Instant at) {
  if (!is_broadcast_due_) return false;
  is_broadcast_due_ = false;
  task_ = Task::broadcast;
  // The time is that of the frame's end, when meters take it over.
  const auto heard_at = at + line_.duration_of(dlt645::lead_in_bytes_usual + dlt645::header_bytes +
                                               dlt645::second_time_bytes + 2);
  request_.clear();
  dlt645::encode(dlt645::AddressPattern::broadcast(),
                 dlt645::TimeRequest{calendar_of(place_.clock.civil_s(heard_at))}, request_,
                 dlt645::lead_in_bytes_usual);
  send(at);
  return true;
}

void LinePoller::leave_point(std::size_t& points_left) {
  if (points_left > 0) --points_left;
  cursor_ = cursor_ + 1 < points_.size() ? cursor_ + 1 : 0;
}

bool LinePoller::start_curve(core::Instant at) {
  for (; curve_left_ > 0; leave_point(curve_left_)) {
    current_ = cursor_;
    if (point().is_left_out || !store().is_missing(point().number, quarter_)) continue;
    ask_records(at, Task::curve, {quarter_, 1});
    leave_point(curve_left_);
    return true;
  }
  return false;
}

bool LinePoller::start_freeze(core::Instant at) {
  for (; freeze_left_ > 0; leave_point(freeze_left_)) {
    current_ = cursor_;
    if (point().is_left_out) continue;
    const auto day = store().missing_freeze(point().number);
    if (!day) continue;
    freeze_day_ = *day;
    const auto nth_last = static_cast<int>(store().last_day() - *day) + 1;
    ask(at, Task::freeze_time, dlt645::item::freeze(dlt645::item::freeze_daily, 0, nth_last));
    return true;
  }
  return false;
}

bool LinePoller::start_backfill(core::Instant at) {
  for (; backfill_left_ > 0; leave_point(backfill_left_)) {
    current_ = cursor_;
    if (point().is_left_out || store().missing_count(point().number) == 0) continue;
    const auto run = store().oldest_missing(point().number, quarter_ + 1, records_max);
    if (!run) continue;
    ask_records(at, Task::backfill, *run);
    return true;
  }
  return false;
}

void LinePoller::begin_round(core::Instant at) {
  refresh_left_ = points_.size();
  round_at_ = std::max(round_at_ + place_.setup.refresh_every, at + core::Duration(1));
}

bool LinePoller::start_refresh(core::Instant at) {
  if (refresh_left_ == 0 || points_.empty()) return false;
  --refresh_left_;
  refresh_cursor_ = refresh_cursor_ + 1 < points_.size() ? refresh_cursor_ + 1 : 0;
  current_ = refresh_cursor_;
  refresh_item_ = 0;
  round_asked_ = at;
  ask(at, Task::refresh, dlt645::DataIdentifier{state_items[0]});
  return true;
}

void LinePoller::take_present(core::Bytes value) {
  if (refresh_item_ != 0) return;
  if (const auto energy = dlt645::energy_at(value))
    present_centikWh_ = static_cast<std::uint32_t>(energy->count());
}

/// The next item of this meter, or its state is whole.
void LinePoller::refresh_further(core::Instant at) {
  if (++refresh_item_ < state_items.size())
    return ask(at, Task::refresh, dlt645::DataIdentifier{state_items[refresh_item_]});
  point().was_silent = false;
  silent_in_a_row_ = 0;
  point().passes_to_skip = 0;
  close_task();
  if (place_.refreshed) place_.refreshed(at, point().number, round_asked_, present_centikWh_);
}

void LinePoller::ask(core::Instant at, Task task, dlt645::DataIdentifier item) {
  task_ = task;
  asked_item_ = item;
  attempt_ = 1;
  request_.clear();
  dlt645::encode(point().address, dlt645::ReadRequest{item, {}, {}}, request_, dlt645::lead_in_bytes_usual);
  send(at);
}

void LinePoller::ask_records(core::Instant at, Task task, ReadingStore::Run run) {
  task_ = task;
  asked_item_ = dlt645::item::load_record_from(energy_class);
  attempt_ = 1;
  run_ = run;
  request_.clear();
  if (task == Task::curve) {
    dlt645::encode(point().address, dlt645::Control::request(dlt645::Function::read), quarter_request_,
                   request_, dlt645::lead_in_bytes_usual);
  } else {
    const dlt645::ReadRequest request{asked_item_, static_cast<std::uint8_t>(run.count),
                                      calendar_of(run.quarter * seconds_per_quarter)};
    dlt645::encode(point().address, request, request_, dlt645::lead_in_bytes_usual);
  }
  send(at);
}

void LinePoller::send(core::Instant at) {
  if (!framer_.is_empty()) framer_.silence();
  // At a wrong rate meters see framing errors only; nobody else is on the pair to be disturbed.
  const auto sent =
      rules_.wrong_baud == 0
          ? line_.transmit(at, request_)
          : at + core::Duration(static_cast<std::int64_t>(request_.size() * bits_per_character) *
                                1'000'000'000 / rules_.wrong_baud);
  ++exchanges_since_silence_;
  deadline_ = task_ == Task::broadcast ? sent
              : task_ == Task::forward ? sent + active_forward_.timeout
                                       : sent + place_.setup.answer_timeout + line_.extra_patience();
}

void LinePoller::hear(core::Instant at, core::Bytes bytes) {
  if (framer_.is_empty()) {  // as a rule one whole answer, and nothing else
    const auto taken = dlt645::decode(bytes, heard_);
    if (taken && *taken == bytes.size()) return hear_frame(at, heard_, bytes);
  }
  framer_.feed(bytes, [&](const dlt645::Frame& frame) { hear_frame(at, frame, framer_.raw()); });
}

void LinePoller::hear_frame(core::Instant at, const dlt645::Frame& frame, core::Bytes raw) {
  if (task_ == Task::none || task_ == Task::broadcast || !frame.control.is_from_meter()) return;
  if (task_ == Task::forward) {
    if (is_for_forward(frame)) finish_forward(at, raw);
    return;
  }
  if (!take(frame)) return;
  if (task_ == Task::refresh) return refresh_further(at);
  if (task_ != Task::freeze_time) return close_task();
  // The time fits: now the energies of the same freeze.
  ask(at, Task::freeze_energies, dlt645::item::freeze(dlt645::item::freeze_daily, 1, asked_item_.di0()));
}

bool LinePoller::is_for_forward(const dlt645::Frame& frame) const {
  const auto& asked = active_forward_;
  if (!asked.to.matches(frame.address) || frame.control.function() != asked.function) return false;
  const core::Bytes data = frame.data;
  return !asked.item || frame.control.is_abnormal() ||
         (data.size() >= dlt645::DataIdentifier::width && dlt645::identifier_at(data) == *asked.item);
}

bool LinePoller::take(const dlt645::Frame& frame) {
  if (!(frame.address == point().address) || frame.control.function() != dlt645::Function::read) return false;
  const auto value = dlt645::expect_data(frame, point().address, asked_item_);
  if (!value && value.error() != core::Fault::refused) return false;
  point().silences = 0;
  if (!value) {
    if (task_ != Task::refresh) take_refusal();  // an item of its state that it does not have is no loss
    return true;
  }
  switch (task_) {
    case Task::refresh:
      take_present(*value);
      return true;
    case Task::freeze_time:
      take_freeze_time(*value);
      return true;
    case Task::freeze_energies:
      take_freeze_energies(*value);
      return true;
    default:
      return take_records(*value, frame.control.has_follow_up());
  }
}

/// Negative if it is no whole quarter hour. Nearly always it is the one that is due.
std::int64_t LinePoller::quarter_of(const core::CivilTime& time) const {
  if (time == quarter_civil_) return quarter_;
  const auto civil_s = civil_seconds(time);
  return civil_s % seconds_per_quarter == 0 ? civil_s / seconds_per_quarter : -1;
}

bool LinePoller::take_records(core::Bytes value, bool more_follows) {
  bool has_asked = false;
  auto answered_till = run_.quarter;  // first quarter that the answer says nothing about
  dlt645::EnergyRecord record;
  while (!value.empty()) {
    const auto taken = dlt645::take_energy_record(value, record);
    if (!taken) break;
    if (const auto quarter = quarter_of(record.at); quarter >= 0) {
      has_asked |= quarter >= run_.quarter && quarter < run_.quarter + run_.count;
      store().put(point().number, quarter, static_cast<std::uint32_t>(record.forward.count()));
      answered_till = std::max(answered_till, quarter + 1);
    }
    value = value.subspan(*taken);
  }
  // Records of other times only: of an earlier question, or the meter has nothing for the time asked.
  if (!has_asked && may_be_stale()) return false;
  // A cut answer, or a damaged record in it, says nothing of what comes behind; it is asked for again.
  const bool is_whole = value.empty() && !more_follows;
  give_up_until(is_whole ? run_.quarter + run_.count : answered_till);
  if (answered_till == run_.quarter && !is_whole) point().is_left_out = true;
  return true;
}

/// What was asked for and did not come: gone for good if it is old enough that the meter's clock cannot be
/// the reason.
void LinePoller::take_refusal() {
  if (task_ == Task::freeze_time || task_ == Task::freeze_energies) {
    if (place_.clock.civil_s(deadline_) - freeze_day_ * seconds_per_day > seconds_per_quarter)
      store().give_up_freeze(point().number, freeze_day_);
    else
      point().is_left_out = true;
    task_ = Task::freeze_energies;  // the last part: nothing more is asked
    return;
  }
  give_up_until(run_.quarter + run_.count);
}

void LinePoller::give_up_until(std::int64_t end) {
  for (auto quarter = run_.quarter; quarter < std::min(end, run_.quarter + run_.count); ++quarter) {
    if (!store().is_missing(point().number, quarter)) continue;
    if (may_give_up(quarter))
      store().give_up(point().number, quarter);
    else if (task_ == Task::backfill)
      point().is_left_out = true;
  }
}

void LinePoller::take_freeze_time(core::Bytes value) {
  const auto time = value.size() == dlt645::minute_time_bytes ? dlt645::minute_time(value) : std::nullopt;
  if (!time || civil_seconds(*time) != freeze_day_ * seconds_per_day) take_refusal();
}

void LinePoller::take_freeze_energies(core::Bytes value) {
  FrozenRegisters registers{};
  if (value.size() % 4 != 0 || value.size() < 4 * registers.size()) return take_refusal();
  for (std::size_t i = 0; i < registers.size(); ++i) {
    const auto energy = dlt645::energy_at(value.subspan(4 * i, 4));
    if (!energy) return take_refusal();
    registers[i] = static_cast<std::uint32_t>(energy->count());
  }
  store().put_freeze(point().number, freeze_day_, registers);
}

void LinePoller::time_out(core::Instant at) {
  if (const auto quiet_at = line_.busy_until(at); quiet_at > at) {  // characters are coming in: heard out
    deadline_ = quiet_at;
    return;
  }
  framer_.silence();
  if (task_ == Task::broadcast) return close_task();
  exchanges_since_silence_ = 0;
  if (task_ == Task::forward) return finish_forward(at, {});
  // The dead must not keep the living waiting: neither the one that is known, nor a whole pair that is cut.
  const bool is_one_chance =
      task_ == Task::refresh && (point().was_silent || silent_in_a_row_ >= silent_in_a_row_max);
  if (attempt_ < rules_.attempts && !is_one_chance) {
    ++attempt_;
    return send(at);
  }
  fall_silent();
  close_task();
}

void LinePoller::fall_silent() {
  auto& silent = point();
  if (task_ == Task::refresh) {
    silent.was_silent = true;
    ++silent_in_a_row_;
    return;
  }
  silent.is_left_out = true;
  if (task_ != Task::curve) return;
  if (silent.silences < 3) ++silent.silences;
  silent.passes_to_skip = static_cast<std::uint8_t>((1 << silent.silences) - 1);
}

void LinePoller::finish_forward(core::Instant at, core::Bytes answer) {
  close_task();
  place_.forwarded(at, active_forward_, answer);
}
}  // namespace model
