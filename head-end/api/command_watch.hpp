/// Who waits for the outcome of a command.
///
/// Looks after every commit whether a command that somebody waits for is closed: a look into memory each.
/// Costs nothing while nobody waits. Randomness: none. Time: the clock's.
#pragma once
#include <memory>
#include <vector>

#include "head-end/collect/desk.hpp"

namespace headend {
class CommandWatch final : public NewsTaker {
 public:
  explicit CommandWatch(Desk& desk) : desk_(desk) {}

  /// Returns when the command is closed or `deadline` has come, whichever is first.
  seam::asio::awaitable<void> until_closed(std::int64_t command, Instant deadline);
  void news() override;

 private:
  struct Waiter {
    std::int64_t command;
    std::unique_ptr<seam::Alarm> bell;
  };
  Desk& desk_;
  std::vector<Waiter*> waiters_;  ///< in order of coming
};
}  // namespace headend
