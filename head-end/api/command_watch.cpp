#include "head-end/api/command_watch.hpp"

namespace headend {
seam::asio::awaitable<void> CommandWatch::until_closed(std::int64_t command, Instant deadline) {
  if (!desk_.books.is_command_open(command)) co_return;
  Waiter waiter{command, desk_.clock.make_alarm()};
  if (waiters_.empty()) desk_.add_counter(*this);
  waiters_.push_back(&waiter);
  co_await waiter.bell->wait_until(deadline);
  std::erase(waiters_, &waiter);
  if (waiters_.empty()) desk_.remove_counter(*this);
}

void CommandWatch::news() {
  for (auto* waiter : waiters_)
    if (!desk_.books.is_command_open(waiter->command)) waiter->bell->ring();
}
}  // namespace headend
