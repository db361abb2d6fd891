/// Hands the books' notices to one counter connection: each once per connection, until it is acknowledged on
/// any.
///
/// Only notices that the books show as pending are handed over, and those are durable, so a crash never takes
/// back what a customer was told. After a new connection or a restart whatever is unacknowledged comes again:
/// at least once; the receiver knows a notice by its number.
#pragma once
#include <string>

#include "head-end/collect/desk.hpp"

namespace headend {
class NoticeFeed {
 public:
  explicit NoticeFeed(Desk& desk) : desk_(desk) {}
  /// The lines that this connection has not been sent yet, oldest first, at most `bytes_max` or one line;
  /// empty if none.
  std::string next_lines(std::size_t bytes_max);
  /// False for a number that was never handed over here. Idempotent.
  bool acknowledge(std::int64_t notice);

 private:
  Desk& desk_;
  std::int64_t handed_over_till_ = 0;
};
}  // namespace headend
