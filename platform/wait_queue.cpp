#include "platform/wait_queue.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "core/check.hpp"

namespace seam {
using boost::system::error_code;

asio::awaitable<Woken> WaitPoint::wait_until(Instant deadline) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, Woken)>(
      [this, deadline](auto&& handler) { arm(deadline, std::forward<decltype(handler)>(handler)); },
      asio::use_awaitable);
}

void WaitPoint::arm(Instant deadline, Handler handler) {
  METERTWIN_CHECK(!handler_, "two coroutines wait at one place");
  handler_.emplace(std::move(handler));
  if (auto slot = asio::get_associated_cancellation_slot(*handler_); slot.is_connected())
    slot.assign([this](asio::cancellation_type) {
      if (!handler_) return;
      finish(asio::error::operation_aborted, Woken::by_ring);
      queue_.changed();
    });
  const bool is_first = deadline < queue_.earliest();
  deadline_ = deadline;
  asked_ = queue_.asked_count_++;
  queue_.waits_.insert(*this);
  if (is_first) queue_.changed();
}

WaitPoint::Handler WaitPoint::disarm() {
  if (std::exchange(is_rung_, false))
    queue_.rung_.erase(queue_.rung_.iterator_to(*this));
  else
    queue_.waits_.erase(queue_.waits_.iterator_to(*this));
  Handler handler = std::move(*handler_);
  handler_.reset();
  return handler;
}

void WaitPoint::finish(error_code error, Woken woken) {
  // Posted, not called: whoever rings or delivers finishes its own work first.
  asio::post(queue_.run_context(),
             [handler = disarm(), error, woken]() mutable { std::move(handler)(error, woken); });
}

void WaitPoint::ring() {
  if (!handler_ || is_rung_) return;
  if (queue_.gathers_rings()) {
    queue_.waits_.erase(queue_.waits_.iterator_to(*this));
    queue_.rung_.insert(*this);
    is_rung_ = true;
    queue_.changed();
  } else {
    finish({}, Woken::by_ring);
  }
}

void WaitPoint::abandon() {
  if (!handler_) return;
  if (auto slot = asio::get_associated_cancellation_slot(*handler_); slot.is_connected()) slot.clear();
  disarm();  // the handler's end hands the coroutine's frames to its executor, which destroys them
}

bool WaitQueue::release_first_due(Instant now) {
  if (earliest() > now || waits_.empty()) return false;
  waits_.begin()->finish({}, Woken::at_deadline);
  return true;
}

bool WaitQueue::release_first_rung() {
  if (rung_.empty()) return false;
  rung_.begin()->finish({}, Woken::by_ring);
  return true;
}

void WaitQueue::abandon_all() {
  while (!rung_.empty()) rung_.begin()->abandon();
  while (!waits_.empty()) waits_.begin()->abandon();
}

asio::awaitable<Woken> QueueAlarm::wait_until(Instant deadline) {
  Woken woken = Woken::by_ring;
  if (!is_rung_) woken = co_await wait_.wait_until(deadline);
  if (woken == Woken::by_ring) is_rung_ = false;
  co_return woken;
}

void QueueAlarm::ring() {
  if (wait_.is_waited_on())
    wait_.ring();
  else
    is_rung_ = true;
}
}  // namespace seam
