/// Wall-clock time (UTC) and the io_context on which coroutines of the real world run.
///
/// The instant is the system's UTC at construction plus the steady clock since: it never jumps when somebody
/// sets the system's time. Waits are kept in the same ordered queue as virtual time; one Asio timer wakes for
/// the earliest. Destroy links, listeners and alarms before their clock, or `kill()` it first.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "platform/wait_queue.hpp"

namespace seam {
class WallClock final : public Clock, public WaitQueue {
 public:
  WallClock();
  ~WallClock() override;
  WallClock(const WallClock&) = delete;
  WallClock& operator=(const WallClock&) = delete;

  Instant now() const noexcept override;
  asio::awaitable<void> sleep_until(Instant deadline) override;
  std::unique_ptr<Alarm> make_alarm() override;
  asio::any_io_executor executor() override;

  /// Runs until nothing is left to do or `stop()`. Exceptions of coroutines started with `spawn` come out
  /// here.
  void run();
  /// Runs for so long at most; returns earlier only when stopped.
  void run_for(Duration duration);
  /// Waits for one thing to run and runs it, at the latest until `deadline`. False when the deadline came
  /// first.
  bool run_one_until(Instant deadline);
  void stop();
  /// Destroys all coroutines of this world without running them, and its io_context. Idempotent.
  void kill();
  asio::io_context& context() { return *io_; }

 private:
  asio::io_context& run_context() override { return *io_; }
  void changed() override;
  bool gathers_rings() const override { return false; }
  void watch(Instant deadline);
  std::chrono::steady_clock::time_point steady_at(Instant at) const;

  std::unique_ptr<asio::io_context> io_;
  std::optional<asio::steady_timer> timer_;
  Instant watched_ = core::never;  ///< what the timer is set to
  std::chrono::steady_clock::time_point steady_zero_;
  Instant zero_;
};
}  // namespace seam
