#include "platform/virtual/virtual_clock.hpp"

#include "core/check.hpp"

namespace seam {
namespace {
/// More wake-ups at one instant than any estate has waits: a coroutine that spins without letting time pass.
constexpr std::uint64_t wakes_at_one_instant_max = 100'000'000;

class Flag {
 public:
  explicit Flag(bool& flag) : flag_(flag) { flag_ = true; }
  ~Flag() { flag_ = false; }
  Flag(const Flag&) = delete;
  Flag& operator=(const Flag&) = delete;

 private:
  bool& flag_;
};
}  // namespace

VirtualClock::VirtualClock(Instant start)
    : io_(std::make_unique<asio::io_context>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE)), now_(start) {}

VirtualClock::~VirtualClock() { kill(); }

asio::awaitable<void> VirtualClock::sleep_until(Instant deadline) {
  if (deadline <= now_) co_return;
  WaitPoint wait(*this);
  co_await wait.wait_until(deadline);
}

std::unique_ptr<Alarm> VirtualClock::make_alarm() { return std::make_unique<QueueAlarm>(*this); }

asio::any_io_executor VirtualClock::executor() {
  METERTWIN_CHECK(is_alive());
  return io_->get_executor();
}

void VirtualClock::advance_to(Instant t) {
  METERTWIN_CHECK(is_alive());
  METERTWIN_CHECK(!is_advancing_, "time was moved from inside a coroutine");
  METERTWIN_CHECK(t >= now_, core::unix_nanoseconds(t), core::unix_nanoseconds(now_));
  const Flag advancing(is_advancing_);
  run_ready();
  std::uint64_t wakes = 0;
  while (!(earliest() > t) && earliest() != core::never) {
    if (earliest() > now_) {
      now_ = earliest();
      wakes = 0;
    }
    METERTWIN_CHECK(++wakes < wakes_at_one_instant_max, "a coroutine spins at", core::unix_nanoseconds(now_));
    release_first_due(now_);
    run_ready();
  }
  now_ = t;
}

void VirtualClock::arrive_at(Instant t) {
  METERTWIN_CHECK(t >= now_ && earliest() >= t && !is_advancing_, core::unix_nanoseconds(t),
                  core::unix_nanoseconds(now_), core::unix_nanoseconds(earliest()));
  now_ = t;
}

void VirtualClock::kill() {
  if (!io_) return;
  METERTWIN_CHECK(!is_advancing_, "a world was killed from inside one of its coroutines");
  waker_ = nullptr;
  abandon_all();
  io_.reset();
}

void VirtualClock::changed() {
  if (!is_advancing_ && waker_ != nullptr) waker_->wake();
}

void VirtualClock::run_ready() {
  do {
    if (io_->stopped()) io_->restart();  // a context that ran dry counts as stopped
    io_->poll();
  } while (release_first_rung());
}
}  // namespace seam
