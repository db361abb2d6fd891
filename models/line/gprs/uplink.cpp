#include "models/line/gprs/uplink.hpp"

namespace model {
namespace {
constexpr core::Duration outage_patience = std::chrono::seconds(30);  // what a modem waits for its carrier
}  // namespace

GprsUplink::GprsUplink(const UplinkSetup& setup, std::uint64_t seed, AreaId area, UplinkPort& port,
                       UplinkUser& user)
    : setup_(setup),
      seed_(seed),
      pauses_(seed, area, core::Purpose::uplink_reconnect),
      area_(area),
      port_(port),
      user_(user),
      up_(setup, seed, area, ByteStream::Direction::up),
      down_(setup, seed, area, ByteStream::Direction::down) {}

UplinkSetup with_bearer(UplinkSetup base, const BearerSheet& sheet) {
  base.latency_min = sheet.latency_min;
  base.latency_max = sheet.latency_max;
  base.throughput_bps = std::min(sheet.up_bps, sheet.down_bps);
  base.loss = sheet.loss;
  base.retransmission = sheet.retransmission;
  return base;
}

void GprsUplink::set_bearer(const BearerSheet& sheet, const BackOff& back_off) {
  METERTWIN_CHECK(state_ == State::off);
  session_.emplace(sheet, seed_, area_);
  session_->set_back_off(back_off);
}

void GprsUplink::power_on(core::Instant at) {
  if (state_ != State::off) return;
  state_ = State::waiting;
  plan_attempt(at);
}

void GprsUplink::power_off(core::Instant at) {
  lose(at);
  if (session_) session_->leave(BearerSession::Leaving::power_lost);
  failures_ = 0;
  state_ = State::off;
  attempt_at_ = core::never;
}

void GprsUplink::reconnect(core::Instant at) {
  if (state_ == State::connected) lose(at);
}

void GprsUplink::lose(core::Instant at) {
  const bool was_connected = state_ == State::connected;
  if (state_ != State::off) state_ = State::waiting;
  up_.clear();
  down_.clear();
  killed_at_ = closed_at_ = core::never;
  if (!was_connected) return;
  plan_attempt(at);
  port_.drop(area_, at);
  user_.disconnected(at);
}

void GprsUplink::drop_session(core::Instant at) {
  if (session_) session_->leave(BearerSession::Leaving::dropped);
  if (state_ == State::connected) {
    ++struck_;
    lose(at);
  } else if (state_ == State::waiting) {
    plan_attempt(at);  // perhaps it was about to connect
  }
}

void GprsUplink::forget_connection() {
  if (session_ && state_ == State::connected) session_->forget();
}

void GprsUplink::plan_attempt(core::Instant at) {
  if (session_) {
    attempt_at_ = at + session_->pause(failures_++);
    return;
  }
  attempt_at_ = at + core::Duration(pauses_.between(setup_.reconnect_min.count(),
                                                    setup_.reconnect_max.count(), attempts_++));
}

void GprsUplink::attempt(core::Instant at) {
  if (at < outage_till_) {
    ++struck_;
    return plan_attempt(at);
  }
  if (session_ && must_enter(at)) return;
  attempt_at_ = core::never;
  state_ = State::connected;  // before the call: the head-end may write within it
  if (!port_.connect(area_, at)) {
    state_ = State::waiting;
    return plan_attempt(at);
  }
  failures_ = 0;
  if (session_) session_->connected(at);
  user_.connected(at);
}

/// Not in yet: one attempt to get in. The connection is tried when the modem has its address.
bool GprsUplink::must_enter(core::Instant at) {
  if (session_->is_in()) return false;
  const auto entry = session_->enter(at);
  if (entry.is_in)
    attempt_at_ = at + entry.takes;
  else
    plan_attempt(at + entry.takes);
  return true;
}

/// When bytes written now can leave: after an outage, and after the channel has been granted.
core::Instant GprsUplink::free_from(core::Instant at, std::size_t bytes) {
  if (!session_) return outage_till_;
  const auto begins = std::max(at, outage_till_);
  return begins + session_->carry(begins, bytes, setup_.throughput_bps);
}

void GprsUplink::send(core::Instant at, core::Bytes bytes) {
  if (state_ != State::connected) return;
  if (session_ &&
      session_->is_forgotten(at)) {  // the far end's gateway answers that it knows no such connection
    session_->note_forgotten();
    return lose(at);
  }
  up_.write(at, free_from(at, bytes.size()), bytes);
}

void GprsUplink::head_end_wrote(core::Instant at, core::Bytes bytes) {
  if (state_ != State::connected || closed_at_ != core::never) return;
  if (session_ && session_->is_forgotten(at)) return session_->note_forgotten();  // gone, and nobody says so
  down_.write(at, free_from(at, bytes.size()), bytes);
}

void GprsUplink::head_end_closed(core::Instant at) {
  if (state_ != State::connected || closed_at_ != core::never) return;
  // The end of the stream travels behind its bytes.
  closed_at_ = std::max(at, outage_till_) + setup_.latency_max;
  if (const auto last = down_.last_arrival(); closed_at_ < last) closed_at_ = last;
}

void GprsUplink::begin_outage(core::Instant at, core::Instant till) {
  outage_till_ = std::max(outage_till_, till);
  if (state_ != State::connected) return;
  if (outage_till_ - at > outage_patience) {
    killed_at_ = std::min(killed_at_, at + outage_patience);
    ++struck_;
  }
  struck_ += up_.hold_until(outage_till_) + down_.hold_until(outage_till_);
  if (closed_at_ != core::never) closed_at_ = std::max(closed_at_, outage_till_);
}

core::Instant GprsUplink::next() const {
  return std::min({attempt_at_, killed_at_, closed_at_, dropped_at(), up_.next(), down_.next()});
}

void GprsUplink::advance() {
  const auto at = next();
  if (at == killed_at_) {
    if (session_) session_->leave(BearerSession::Leaving::dropped);
    return lose(at);
  }
  if (at == dropped_at()) return drop_session(at);
  if (at == down_.next()) return user_.received(at, down_.take());
  if (at == up_.next()) return port_.deliver(area_, at, up_.take());
  if (at == closed_at_) return lose(at);
  attempt(at);
}
}  // namespace model
