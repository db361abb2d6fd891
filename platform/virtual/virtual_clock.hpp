/// Virtual time: stands still until whoever owns it (a test, the simulation's bridge) moves it.
///
/// Rings and bytes that came from outside since the last advance run first, in the order in which their
/// waiters asked. Owns the io_context on which this world's coroutines run. Moving to `t` completes every
/// wait due up to and including `t` in order of (deadline, order of asking); each runs to quiescence before
/// the next. No reactor, no OS clock. To kill a world as a power cut would: `kill()`, then destroy the
/// objects that coroutines referred to, then the clock.
///
///     seam::VirtualClock clock(start);
///     seam::VirtualListener uplinks(clock), counter(clock);
///     headend::HeadEnd head_end(configuration, store, clock, uplinks, counter);
///     head_end.start();
///     clock.advance_to(start + 15min);
#pragma once
#include "platform/wait_queue.hpp"

namespace seam {
/// Told when a world has something to run although nobody is advancing it: bytes were delivered, a link was
/// offered.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void wake() = 0;
};

class VirtualClock final : public Clock, public WaitQueue {
 public:
  explicit VirtualClock(Instant start = {});
  ~VirtualClock() override;
  VirtualClock(const VirtualClock&) = delete;
  VirtualClock& operator=(const VirtualClock&) = delete;

  Instant now() const noexcept override { return now_; }
  asio::awaitable<void> sleep_until(Instant deadline) override;
  std::unique_ptr<Alarm> make_alarm() override;
  asio::any_io_executor executor() override;

  /// Runs everything due up to and including `t`, then time is `t`. Exceptions of coroutines started with
  /// `spawn` come out here. Range: t >= now() (checked). Not from inside a coroutine (checked).
  void advance_to(Instant t);
  void advance_by(Duration duration) { advance_to(now_ + duration); }
  /// Runs what is ready without moving time: `advance_to(now())`.
  void settle() { advance_to(now_); }
  /// Time is `t` before anything more runs: what became ready meanwhile came at `t`. For whoever owns time
  /// and brings input at the same instant. Range: t >= now(), and no wait is due before `t` (checked).
  void arrive_at(Instant t);
  Instant next_deadline() const { return earliest(); }

  /// At most one; nullptr for none.
  void set_waker(Waker* waker) { waker_ = waker; }
  /// Destroys all coroutines of this world without running them, and its io_context. Afterwards only `now()`
  /// may be asked, and alarms, links and listeners may be destroyed. Idempotent.
  void kill();
  bool is_alive() const { return io_ != nullptr; }
  /// For what needs Asio itself, in tests. Range: alive.
  asio::io_context& context() { return *io_; }

 private:
  asio::io_context& run_context() override { return *io_; }
  void changed() override;
  bool gathers_rings() const override { return !is_advancing_; }
  void run_ready();

  std::unique_ptr<asio::io_context> io_;
  Instant now_;
  Waker* waker_ = nullptr;
  bool is_advancing_ = false;
};
}  // namespace seam
