/// A bank of telephone modems, or of any channels that are taken whole: a call finds a free one or is turned
/// away.
///
/// Offered a erlang by many callers, the blocked share is Erlang's B (statistics/queues.hpp). Unit: ns.
/// Range: one channel or more (checked). Errors: none. Randomness: none. Time: calls in rising order of their
/// beginning.
#pragma once
#include <cstdint>
#include <vector>

#include "core/check.hpp"
#include "core/instant.hpp"

namespace model {
class ModemPool {
 public:
  explicit ModemPool(std::size_t channels) : free_from_(channels) { METERTWIN_CHECK(channels > 0); }

  /// True if a channel was free at `at`; it is taken for `holds`.
  bool call(core::Instant at, core::Duration holds) {
    ++calls_;
    for (auto& free_from : free_from_) {
      if (free_from > at) continue;
      free_from = at + holds;
      return true;
    }
    ++blocked_;
    return false;
  }
  std::uint64_t calls() const { return calls_; }
  std::uint64_t blocked() const { return blocked_; }

 private:
  std::vector<core::Instant> free_from_;
  std::uint64_t calls_ = 0, blocked_ = 0;
};
}  // namespace model
