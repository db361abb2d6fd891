#include "stress/plan/api_traffic.hpp"

#include <algorithm>

namespace stress {
namespace {
constexpr Duration ask_again_after = 5ms;
constexpr Duration visible_patience = 10s;
constexpr std::uint32_t sale_fen_min = 1'000, sale_fen_span = 20'000;

std::string error_text(ApiKind kind, const std::string& what) {
  return std::string(name_of(kind)) + ": " + what;
}
}  // namespace

ApiTraffic::ApiTraffic(const EstatePlan& estate, LineId first, std::uint32_t count)
    : estate_(estate), draws_(estate.seed, 0, core::Purpose::fleet_api), first_(first), ends_(count) {
  METERTWIN_CHECK(count == 0 || count >= 3, count);
}

bool ApiTraffic::is_being_switched(std::uint32_t meter) const {
  const auto is_of = [meter](const Request& request) {
    return request.order.kind == ApiKind::switch_order && request.order.meter == meter;
  };
  return std::any_of(ends_.begin(), ends_.end(),
                     [&](const End& end) { return end.is_busy && is_of(end.request); }) ||
         std::any_of(waiting_switches_.begin(), waiting_switches_.end(), is_of);
}

void ApiTraffic::order(Lines& lines, Tally& tally, ApiKind kind, std::uint64_t event,
                       std::uint32_t quarter_newest, const Relays& relays, Instant intended, Instant now) {
  if (ends_.empty()) return;
  Request request;
  request.intended = intended;
  ApiOrder& order = request.order;
  order.kind = kind;
  order.event = event;
  order.quarter = quarter_newest;
  const auto words = draws_.block(event);
  const bool is_switch = kind == ApiKind::switch_order;
  const std::uint32_t candidates =
      is_switch ? estate_.meters - estate_.meters_behind_managers() : estate_.meters;
  auto& waiting = is_switch ? waiting_switches_ : waiting_;
  ++tally.record().api_requests[std::string(name_of(kind))];
  if (candidates == 0 || waiting.size() >= waiting_max) {
    ++tally.record().api_errors[error_text(kind, "held back")];
    return;
  }
  order.meter = 1 + static_cast<std::uint32_t>(std::uint64_t{words[1]} * candidates >> 32);
  // A second order for a relay that is being switched would supersede the first.
  for (std::uint32_t i = 0; is_switch && i < candidates && is_being_switched(order.meter); ++i)
    order.meter = order.meter % candidates + 1;
  order.is_trip = !relays.is_open(order.meter);
  order.amount_fen = sale_fen_min + words[2] % sale_fen_span;
  waiting.push_back(request);
  dispatch(lines, now);
}

void ApiTraffic::dispatch(Lines& lines, Instant) {
  while (!waiting_.empty() && send_from(lines, waiting_.front())) waiting_.pop_front();
  while (!waiting_switches_.empty() && send_from(lines, waiting_switches_.front()))
    waiting_switches_.pop_front();
}

bool ApiTraffic::send_from(Lines& lines, const Request& request) {
  const bool is_switch = request.order.kind == ApiKind::switch_order;
  const std::size_t from = is_switch ? first_switch_end() : 1;
  const std::size_t till = is_switch ? ends_.size() : first_switch_end();
  for (std::size_t i = from; i < till; ++i) {
    const LineId line = first_ + static_cast<LineId>(i);
    if (ends_[i].is_busy || !lines.is_open(line)) continue;
    ends_[i].is_busy = true;
    ends_[i].is_late = false;
    ends_[i].request = request;
    ++open_;
    const std::string text = write_request(estate_, request.order);
    auto& out = lines.out(line);
    out.insert(out.end(), text.begin(), text.end());
    return true;
  }
  return false;
}

void ApiTraffic::watch(Lines& lines, std::uint32_t meter, std::uint32_t quarter, std::uint32_t register_shown,
                       Instant intended) {
  if (ends_.empty() || is_watching() || !lines.is_open(first_)) return;
  watched_ = {meter, quarter, register_shown, intended, intended};
  ask_visible(lines);
}

void ApiTraffic::ask_visible(Lines& lines) {
  ask_again_ = core::never;
  const std::string text = write_visible_request(estate_, watched_.meter, watched_.quarter);
  auto& out = lines.out(first_);
  out.insert(out.end(), text.begin(), text.end());
}

void ApiTraffic::act(Lines& lines, Tally& tally, Instant now) {
  if (now < ask_again_) return;
  ask_again_ = core::never;
  if (now - watched_.intended > visible_patience) {
    if (tally.is_running()) ++tally.record().api_errors["visible: not within ten seconds"];
    watched_ = {};
  } else if (lines.is_open(first_)) {
    ask_visible(lines);
  } else {
    watched_ = {};
  }
}

void ApiTraffic::heard(Lines& lines, Tally& tally, LineId line, Instant now, core::Bytes bytes) {
  End& end = ends_[line - first_];
  end.replies.feed(bytes);
  for (auto reply = end.replies.take(); reply; reply = end.replies.take()) {
    if (line == first_)
      take_visible(tally, now, *reply);
    else
      take_reply(tally, end, now, *reply);
    if (reply->must_close) lines.wish_closed(line);
  }
  if (end.replies.is_broken()) lines.wish_closed(line);
  dispatch(lines, now);
}

void ApiTraffic::take_visible(Tally& tally, Instant now, const ApiReply& reply) {
  if (!is_watching()) return;
  if (reply.status == 200 && reply.holds_number(watched_.register_shown)) {
    if (tally.is_running() && watched_.intended >= tally.record().from)
      tally.record().visible_ns.add((now - watched_.intended).count());
    watched_ = {};
    return;
  }
  ask_again_ = now + ask_again_after;
}

void ApiTraffic::take_reply(Tally& tally, End& end, Instant now, const ApiReply& reply) {
  if (!end.is_busy) return;
  end.is_busy = false;
  --open_;
  if (end.is_late || !tally.is_running()) return;
  const ApiOrder& order = end.request.order;
  StageRecord& record = tally.record();
  const std::int64_t took_ns = (now - end.request.intended).count();
  const bool is_good = reply.status >= 200 && reply.status < 300;
  record.api_ns.add(took_ns);
  if (order.kind == ApiKind::switch_order) {
    record.control_ns.add(took_ns);
    if (is_good && !reply.says("state", "\"done\""))
      ++record.api_errors[error_text(order.kind, "not done in time")];
  }
  if (!is_good) ++record.api_errors[error_text(order.kind, "status " + std::to_string(reply.status))];
}

void ApiTraffic::ended(Tally& tally, LineId line) {
  End& end = ends_[line - first_];
  end.replies.clear();
  if (line == first_ && is_watching() && ask_again_ == core::never) watched_ = {};
  if (!end.is_busy) return;
  end.is_busy = false;
  --open_;
  if (tally.is_running() && !end.is_late)
    ++tally.record().api_errors[error_text(end.request.order.kind, "connection ended")];
}

void ApiTraffic::end_stage(Tally& tally) {
  for (End& end : ends_) {
    if (!end.is_busy || end.is_late) continue;
    end.is_late = true;
    ++tally.record().api_errors[error_text(end.request.order.kind, "unanswered within the grace")];
  }
  for (const auto* waiting : {&waiting_, &waiting_switches_})
    for (const Request& request : *waiting)
      ++tally.record().api_errors[error_text(request.order.kind, "held back")];
  waiting_.clear();
  waiting_switches_.clear();
}
}  // namespace stress
