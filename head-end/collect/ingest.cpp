#include "head-end/collect/ingest.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace headend {
namespace {
/// Looked at per round of the event loop: some two milliseconds of work.
constexpr std::ptrdiff_t bytes_per_round = 256 * 1024;
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
  if (queue_.empty()) {
    is_overloaded_ = false;
    return;
  }
  const Instant now = desk_.now();
  while (!queue_.empty() && room_ > 0) {
    const Waiting next = queue_.front();
    queue_.pop_front();
    room_ -= static_cast<std::ptrdiff_t>(next.bytes);
    statistics.queued_bytes -= next.bytes;
    note_wait(now - next.since);
    next.bell->ring();
  }
  post_round();
}

void Ingest::note_wait(Duration wait) {
  statistics.queue_wait_ns.add(wait.count());
  const Duration limit = desk_.configuration().ingest.overload_wait;
  if (wait > limit) {
    statistics.overloads += is_overloaded_ ? 0 : 1;
    is_overloaded_ = true;
  } else if (wait < limit / 2) {
    is_overloaded_ = false;
  }
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

void Ingest::came(ConcentratorId id) { desk_.readings_came(id); }

void Ingest::owe(Creditor& creditor) { creditors_.push_back(&creditor); }

void Ingest::committed() {
  std::swap(creditors_, told_);
  for (Creditor* const creditor : told_) creditor->durable();
  told_.clear();
}
}  // namespace headend
