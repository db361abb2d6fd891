/// What the head-end may know of time.
///
/// A `Clock` says what time it is and lets a coroutine wait. In a unit test the test owns it, in the
/// simulation SystemC does, on the wire the wall does; the head-end cannot tell. Equal deadlines complete in
/// the order of asking.
#pragma once
#include <utility>  // Boost 1.81's awaitable.hpp uses std::exchange without including it

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "core/instant.hpp"

namespace seam {
namespace asio = boost::asio;
using core::Duration;
using core::Instant;

/// How a wait ended.
enum class Woken { at_deadline, by_ring };

/// Wakes one waiting coroutine at a deadline or when rung, whichever is first. A ring with nobody waiting is
/// remembered and ends the next wait at once; several such rings count as one. Not for more than one waiter
/// at a time (checked).
class Alarm {
 public:
  virtual ~Alarm() = default;
  virtual asio::awaitable<Woken> wait_until(Instant deadline) = 0;
  virtual void ring() = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const noexcept = 0;
  /// Returns at `deadline`, at once if that has passed.
  virtual asio::awaitable<void> sleep_until(Instant deadline) = 0;
  asio::awaitable<void> sleep_for(Duration duration) { return sleep_until(now() + duration); }
  virtual std::unique_ptr<Alarm> make_alarm() = 0;
  /// Where coroutines of this world run. One thread runs them.
  virtual asio::any_io_executor executor() = 0;
};
}  // namespace seam
