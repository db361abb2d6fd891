#include "head-end/collect/ingest.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace headend {
namespace {
/// Looked at per round of the event loop: some two milliseconds of work.
constexpr std::ptrdiff_t bytes_per_round = 256 * 1024;
/// How often the admitted share may change: several rounds, so that a change has shown its effect.
constexpr Duration adjust_every = 20ms;
}  // namespace

bool Ingest::may_go_now(std::size_t bytes) {
  if (!queue_.empty() || (is_round_posted_ && room_ <= 0)) return false;
  if (!is_round_posted_) {
    room_ = bytes_per_round;
    post_round();
  }
  room_ -= static_cast<std::ptrdiff_t>(bytes);
  return true;
}

seam::asio::awaitable<void> Ingest::turn(std::size_t bytes, std::unique_ptr<seam::Alarm>& bell) {
  if (!bell) bell = desk_.clock.make_alarm();
  queue_.push_back({bell.get(), desk_.now(), bytes});
  statistics.queued_bytes += bytes;
  co_await bell->wait_until(core::never);
}

void Ingest::post_round() {
  is_round_posted_ = true;
  // Behind everything that is ready now: the reactor is asked once before this runs.
  boost::asio::post(desk_.clock.executor(), [this] { begin_round(); });
}

void Ingest::begin_round() {
  is_round_posted_ = false;
  room_ = bytes_per_round;
  const Instant now = desk_.now();
  if (queue_.empty()) {
    note_wait(Duration::zero(), now);
    if (is_overloaded()) post_round();
    return;
  }
  while (!queue_.empty() && room_ > 0) {
    const Waiting next = queue_.front();
    queue_.pop_front();
    room_ -= static_cast<std::ptrdiff_t>(next.bytes);
    statistics.queued_bytes -= next.bytes;
    statistics.queue_wait_ns.add((now - next.since).count());
    note_wait(now - next.since, now);
    next.bell->ring();
  }
  post_round();
}

void Ingest::note_wait(Duration wait, Instant now) {
  longest_wait_ = std::max(longest_wait_, wait);
  if (now - adjusted_at_ < adjust_every) return;
  adjusted_at_ = now;
  const Duration limit = desk_.configuration().ingest.overload_wait;
  const Duration longest = std::exchange(longest_wait_, Duration::zero());
  if (longest > limit) {
    statistics.overloads += is_overloaded() ? 0 : 1;
    admitted_sixteenths_ = std::max(1, admitted_sixteenths_ * 3 / 4);
  } else if (longest < limit / 2) {
    admitted_sixteenths_ = std::min(all_sixteenths, admitted_sixteenths_ + 1);
  }
}

bool Ingest::admits_next() {
  if (is_draining_) return false;
  if (!is_overloaded()) return true;
  admission_credit_ += admitted_sixteenths_;
  if (admission_credit_ < all_sixteenths) return false;
  admission_credit_ -= all_sixteenths;
  return true;
}

core::Result<void> Ingest::take(const ConcentratorArea& area, const gdw3761::FrameView& frame) {
  const auto taken = report_.take(area, frame);
  ++(taken ? statistics.frames_taken : statistics.frames_malformed);
  return taken;
}

modbus::tcp::Exception Ingest::take(const ConcentratorArea& area, const modbus::tcp::WriteRequest& upload) {
  const auto outcome = upload_.take(area, upload);
  ++(outcome == modbus::tcp::Exception::none ? statistics.frames_taken : statistics.frames_malformed);
  return outcome;
}

void Ingest::owe(Creditor& creditor) { creditors_.push_back(&creditor); }

void Ingest::committed() {
  std::swap(creditors_, told_);
  for (Creditor* const creditor : told_) creditor->durable();
  told_.clear();
}
}  // namespace headend
