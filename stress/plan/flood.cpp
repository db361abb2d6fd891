#include "stress/plan/flood.hpp"

#include <algorithm>
#include <deque>

#include "core/check.hpp"
#include "stress/plan/api_traffic.hpp"
#include "stress/plan/collector_end.hpp"
#include "stress/plan/pace.hpp"
#include "stress/plan/strangers.hpp"

namespace stress {
namespace {
constexpr std::uint32_t storm_collectors = 16;
constexpr Duration second = 1s;

std::vector<CollectorPlan> all_collectors(const EstatePlan& estate) {
  std::vector<CollectorPlan> plans;
  for (std::uint32_t i = 0; i < estate.collectors(); ++i) plans.push_back(estate.collector(i));
  return plans;
}

/// Somebody whose turn comes at an instant; pauses are all equally long, so the first in is the first out.
struct Due {
  Instant at;
  std::uint32_t who = 0;
};
}  // namespace

struct Flood::State {
  State(const EstatePlan& plan, const FloodOptions& given)
      : estate(plan),
        options(given),
        writer(plan, given.fleet),
        relays(plan.meters),
        turns(writer, all_collectors(plan)),
        lines(plan.collectors() + Strangers::lines + (given.has_http ? given.http_lines : 0)),
        strangers(plan.collectors()),
        api(estate, plan.collectors() + Strangers::lines, given.has_http ? given.http_lines : 0),
        desk{lines, tally, writer, relays, given.send_bytes_max, 0, 0} {
    for (std::uint32_t i = 0; i < plan.collectors(); ++i) ends.emplace_back(plan.collector(i), i);
  }

  EstatePlan estate;
  FloodOptions options;
  ReportWriter writer;
  Relays relays;
  Turns turns;
  Lines lines;
  Tally tally;
  Strangers strangers;
  ApiTraffic api;
  FieldDesk desk;
  std::vector<CollectorEnd> ends;

  StagePlan stage;
  Pace pace;
  std::uint64_t event = 0, api_event = 0, api_done = 0;
  Instant api_next = core::never, stage_till, watch_next = core::never;
  std::deque<Due> redials, pauses;  ///< of lines; of collectors
  Instant tick = core::never;
  bool is_draining = false;

  bool is_collector(LineId line) const { return line < ends.size(); }
  void redial(LineId line, Instant at) { redials.push_back({at, line}); }
  void act_redials(Instant now);
  void act_pauses(Instant now);
  void act_second(Instant now);
  void act_events(Instant now);
  void act_api(Instant now);
  void abnormal(AbnormalKind kind, std::uint32_t collector, Instant now);
  void storm(std::uint32_t from);
  void after_heard(CollectorEnd& end, Instant now);
  void watch_newest(const CollectorEnd& end, std::uint32_t frames_before, Instant intended);
  std::uint32_t newest_quarter(std::uint32_t meter) const;
};

void Flood::State::act_redials(Instant now) {
  while (!redials.empty() && redials.front().at <= now) {
    const LineId line = redials.front().who;
    redials.pop_front();
    if (lines.state(line) == LineState::idle) lines.wish_open(line);
  }
}

void Flood::State::act_pauses(Instant now) {
  while (!pauses.empty() && pauses.front().at <= now) {
    CollectorEnd& end = ends[pauses.front().who];
    pauses.pop_front();
    end.pump(desk, now);
    if (is_draining) end.resend(desk, now);
  }
}

void Flood::State::act_second(Instant now) {
  if (now < tick) return;
  tick = now + second;
  strangers.say_a_byte(lines, writer);
  for (auto& end : ends) {
    if (!lines.is_open(end.line())) continue;
    const Instant since = end.unanswered_since();
    if (since != core::never && now - since > options.answer_patience) {
      tally.error("no answer: hung up");
      lines.wish_closed(end.line());
    } else if (end.is_greeted() && now - end.last_said() >= options.heartbeat_every) {
      end.heartbeat(desk, now);
    }
  }
}

void Flood::State::act_events(Instant now) {
  while (pace.next() <= now) {
    const Instant intended = pace.next();
    const auto turn = turns.take();
    CollectorEnd& end = ends[turn.collector];
    if (draw_is_abnormal(stage.abnormal_permille, estate.seed, event)) {
      if (const auto kind = draw_kind(stage.abnormal, estate.seed, event))
        abnormal(*kind, turn.collector, now);
    }
    const std::uint32_t made = end.delivery().made();
    end.offer(desk, now, intended);
    watch_newest(end, made, intended);
    pace.advance(turn.readings);
    ++event;
  }
}

void Flood::State::watch_newest(const CollectorEnd& end, std::uint32_t made, Instant intended) {
  if (intended < watch_next || end.delivery().made() == made) return;
  watch_next = intended + options.visible_every;
  const ReportPart part = writer.part_of(end.plan(), made);
  const std::uint32_t meter = end.plan().first_meter + part.first_point - 1;
  api.watch(lines, meter, part.quarter, writer.truth(meter, part.quarter), intended);
}

std::uint32_t Flood::State::newest_quarter(std::uint32_t meter) const {
  const CollectorEnd& end = ends[estate.collector_of(meter)];
  const std::uint32_t frontier = end.delivery().frontier();
  return writer.part_of(end.plan(), frontier == 0 ? 0 : frontier - 1).quarter;
}

void Flood::State::act_api(Instant now) {
  while (api_next <= now) {
    const ApiKind kind = draw_api_kind(stage.api, estate.seed, api_event);
    api.order(lines, tally, kind, api_event, newest_quarter(1), relays, api_next, now);
    ++api_event;
    ++api_done;
    const Instant next =
        tally.record().from + Duration(static_cast<std::int64_t>(api_done * 1'000'000'000 / stage.api_per_s));
    api_next = next < stage_till ? next : core::never;
  }
  api.act(lines, tally, now);
}

void Flood::State::abnormal(AbnormalKind kind, std::uint32_t collector, Instant now) {
  if (is_in_band(kind)) {
    ends[collector].put_abnormal(desk, now, kind, event);
    return;
  }
  ++tally.record().abnormal_sent[std::string(name_of(kind))];
  if (kind == AbnormalKind::reconnect_storm)
    storm(collector + 1);
  else
    strangers.come(lines, kind == AbnormalKind::slow_loris);
}

void Flood::State::storm(std::uint32_t from) {
  const auto count = std::min<std::size_t>(storm_collectors, ends.size());
  for (std::size_t i = 0; i < count; ++i) {
    CollectorEnd& end = ends[(from + i) % ends.size()];
    if (end.is_at_rest() && lines.unsent_bytes(end.line()) == 0) {
      end.note_hang_up();
      lines.wish_closed(end.line());
    }
  }
}

void Flood::State::after_heard(CollectorEnd& end, Instant now) {
  if (end.take_was_refused()) {
    end.be_silent_until(now + options.refused_pause);
    pauses.push_back({now + options.refused_pause, end.line()});
    return;
  }
  if (end.is_waiting()) end.pump(desk, now);
  if (is_draining) end.resend(desk, now);
}

Flood::Flood(const EstatePlan& estate, const FloodOptions& options)
    : state_(std::make_unique<State>(estate, options)) {}
Flood::~Flood() = default;

std::size_t Flood::line_count() const { return state_->lines.size(); }

Door Flood::door_of(LineId line) const {
  if (state_->api.owns(line)) return Door::http;
  const bool is_manager = state_->is_collector(line) && state_->ends[line].plan().is_manager;
  return is_manager ? Door::modbus : Door::uplink;
}

void Flood::opened(LineId line, Instant now) {
  state_->lines.opened(line);
  if (state_->is_collector(line)) state_->ends[line].opened(state_->desk, now);
}

void Flood::ended(LineId line, Instant now) {
  State& s = *state_;
  s.lines.ended(line);
  if (s.is_collector(line)) {
    const bool is_wanted_at_once = s.ends[line].take_hang_up();
    s.ends[line].ended(s.desk);
    if (is_wanted_at_once)
      s.lines.wish_open(line);
    else
      s.redial(line, now + s.options.redial_after);
  } else if (s.strangers.owns(line)) {
    s.strangers.ended(s.lines, line);
  } else {
    s.api.ended(s.tally, line);
    s.redial(line, now + s.options.redial_after);
  }
}

void Flood::heard(LineId line, Instant now, core::Bytes bytes) {
  State& s = *state_;
  if (s.is_collector(line)) {
    s.ends[line].heard(s.desk, now, bytes);
    s.after_heard(s.ends[line], now);
  } else if (s.api.owns(line)) {
    s.api.heard(s.lines, s.tally, line, now, bytes);
  }
}

core::Bytes Flood::unsent(LineId line) const { return state_->lines.unsent(line); }

void Flood::took(LineId line, std::size_t count, Instant now) {
  state_->lines.took(line, count, [&](Instant intended) { state_->tally.slipped(now - intended); });
}

bool Flood::wishes_open(LineId line) const { return state_->lines.state(line) == LineState::wished_open; }
bool Flood::wishes_close(LineId line) const { return state_->lines.state(line) == LineState::wished_closed; }
const std::vector<LineId>& Flood::take_wishes() { return state_->lines.take_wishes(); }

Instant Flood::next_due() const {
  const State& s = *state_;
  Instant next = std::min({s.pace.next(), s.api_next, s.api.next_due(), s.tick});
  if (!s.redials.empty()) next = std::min(next, s.redials.front().at);
  if (!s.pauses.empty()) next = std::min(next, s.pauses.front().at);
  return next;
}

void Flood::act(Instant now) {
  State& s = *state_;
  s.act_redials(now);
  s.act_pauses(now);
  s.act_second(now);
  s.act_events(now);
  s.act_api(now);
}

void Flood::dial(Instant now) {
  State& s = *state_;
  s.tick = now + second;
  for (LineId line = 0; line < s.lines.size(); ++line)
    if (!s.strangers.owns(line) && s.lines.state(line) == LineState::idle) s.lines.wish_open(line);
}

std::size_t Flood::greeted() const { return state_->desk.greeted; }
std::size_t Flood::collectors() const { return state_->ends.size(); }

void Flood::begin_stage(const StagePlan& stage, Instant from) {
  State& s = *state_;
  METERTWIN_CHECK(!s.tally.is_running());
  s.stage = stage;
  s.is_draining = false;
  s.tally.begin(stage, from);
  s.pace = Pace(stage.rates, from);
  s.event = s.api_event = stage.first_event;
  s.api_done = 0;
  s.stage_till = from + stage.lasts();
  s.api_next = stage.api_per_s > 0 && s.api.lines() > 0 ? from : core::never;
  s.watch_next = s.options.visible_every > Duration::zero() ? from : core::never;
}

bool Flood::is_offered() const {
  return state_->pace.next() == core::never && state_->api_next == core::never;
}

bool Flood::is_answered() const {
  const State& s = *state_;
  const auto is_waiting = [](const CollectorEnd& end) { return end.is_waiting(); };
  return s.tally.open_offers() == 0 && s.api.is_answered() &&
         std::none_of(s.ends.begin(), s.ends.end(), is_waiting);
}

void Flood::close_second(Instant now) { state_->tally.close_second(now); }

StageRecord Flood::end_stage(Instant now) {
  State& s = *state_;
  for (auto& end : s.ends) end.give_up_waiting(s.desk);
  s.api.end_stage(s.tally);
  s.strangers.leave(s.lines);
  s.pace = {};
  s.api_next = s.watch_next = core::never;
  return s.tally.end(now);
}

void Flood::begin_drain(Instant now) {
  State& s = *state_;
  s.is_draining = true;
  for (auto& end : s.ends) end.resend(s.desk, now);
}

std::uint64_t Flood::unconfirmed_frames() const {
  std::uint64_t sum = 0;
  for (const auto& end : state_->ends) sum += end.delivery().unconfirmed();
  return sum;
}

SentReading Flood::reading(std::uint32_t meter, std::uint32_t quarter) const {
  const State& s = *state_;
  const CollectorEnd& end = s.ends[s.estate.collector_of(meter)];
  SentReading reading;
  const std::uint32_t first = s.options.fleet.first_quarter;
  if (quarter < first) return reading;
  const std::uint32_t frame = s.writer.frame_of(end.plan(), quarter, meter - end.plan().first_meter + 1);
  if (frame >= end.delivery().made()) return reading;
  reading.state =
      end.delivery().is_confirmed(frame) ? SentReading::State::confirmed : SentReading::State::unconfirmed;
  reading.register_centikWh = s.writer.truth(meter, quarter);
  return reading;
}

std::uint32_t Flood::quarters_end() const {
  std::uint32_t quarters = state_->options.fleet.first_quarter;
  for (const auto& end : state_->ends)
    if (end.delivery().made() > 0)
      quarters =
          std::max(quarters, state_->writer.part_of(end.plan(), end.delivery().made() - 1).quarter + 1);
  return quarters;
}

std::uint64_t Flood::acknowledged_readings() const { return state_->tally.acknowledged_ever(); }
std::uint64_t Flood::commands_answered() const { return state_->desk.commands_answered; }
const EstatePlan& Flood::estate() const { return state_->estate; }

std::size_t Flood::state_bytes() const {
  const State& s = *state_;
  return s.ends.size() * sizeof(CollectorEnd) + s.turns.bytes() + s.relays.bytes() + s.writer.bytes();
}
}  // namespace stress
