#include "platform/posix/wall_clock.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>

#include "core/check.hpp"

namespace seam {
WallClock::WallClock()
    : io_(std::make_unique<asio::io_context>(1)),
      timer_(*io_),
      steady_zero_(std::chrono::steady_clock::now()),
      zero_(std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())) {}

WallClock::~WallClock() { kill(); }

Instant WallClock::now() const noexcept {
  return zero_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_zero_);
}

asio::awaitable<void> WallClock::sleep_until(Instant deadline) {
  if (deadline <= now()) co_return;
  WaitPoint wait(*this);
  co_await wait.wait_until(deadline);
}

std::unique_ptr<Alarm> WallClock::make_alarm() { return std::make_unique<QueueAlarm>(*this); }

asio::any_io_executor WallClock::executor() {
  METERTWIN_CHECK(io_ != nullptr);
  return io_->get_executor();
}

void WallClock::run() {
  io_->restart();
  io_->run();
}

void WallClock::run_for(Duration duration) {
  const auto guard = asio::make_work_guard(*io_);  // an idle world waits too
  io_->restart();
  io_->run_for(duration);
}

bool WallClock::run_one_until(Instant deadline) {
  const auto guard = asio::make_work_guard(*io_);
  io_->restart();
  return io_->run_one_until(steady_at(deadline)) > 0;
}

void WallClock::stop() { io_->stop(); }

void WallClock::kill() {
  if (!io_) return;
  abandon_all();
  timer_.reset();
  io_.reset();
}

std::chrono::steady_clock::time_point WallClock::steady_at(Instant at) const {
  // Far deadlines are as good as a year: the steady clock counts in the same 64 bits and would wrap.
  return steady_zero_ + std::min<Duration>(at - zero_, std::chrono::hours(24 * 366) + (now() - zero_));
}

void WallClock::changed() {
  if (earliest() < watched_) watch(earliest());
}

void WallClock::watch(Instant deadline) {
  watched_ = deadline;
  if (deadline == core::never) return;
  timer_->expires_at(steady_at(deadline));
  timer_->async_wait([this](boost::system::error_code error) {
    if (error) return;  // set to an earlier deadline, or the world is going down
    while (release_first_due(now())) {
    }
    watch(earliest());
  });
}
}  // namespace seam
