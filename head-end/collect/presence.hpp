/// When a collector was on line, as its logins and logouts tell.
///
/// Keeps the latest absences, so that a missing reading can be held against them. What lies before the oldest
/// one kept is taken for presence. Bounded. Errors: none. Randomness: none. Time: rising instants handed in.
#pragma once
#include <deque>

#include "head-end/configuration.hpp"

namespace headend {
class Presence {
 public:
  static constexpr std::size_t absences_max = 256;

  /// Nobody has come before `since`.
  explicit Presence(Instant since) : since_(since) {}

  void came(Instant at) {
    if (is_here_) return;
    absences_.push_back({since_, at});
    if (absences_.size() > absences_max) absences_.pop_front();
    is_here_ = has_come_ = true;
    since_ = at;
  }
  void went(Instant at) {
    if (!is_here_) return;
    is_here_ = false;
    since_ = at;
  }

  bool is_here() const { return is_here_; }
  bool has_come() const { return has_come_; }
  /// Here, or gone, since then.
  Instant since() const { return since_; }
  /// Was it away at any time from `from` up to and including `till`?
  bool was_away(Instant from, Instant till) const {
    if (!is_here_ && since_ <= till) return true;
    for (auto absence = absences_.rbegin(); absence != absences_.rend() && absence->till > from; ++absence)
      if (absence->from <= till) return true;
    return false;
  }

 private:
  struct Absence {
    Instant from, till;
  };
  Instant since_;
  std::deque<Absence> absences_;  ///< rising
  bool is_here_ = false, has_come_ = false;
};
}  // namespace headend
