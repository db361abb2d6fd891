/// Registers that somebody wants to know now (随抄), waiting for the one who talks with their concentrator.
///
/// First come, first served, one between any two exchanges of collecting, so that neither waits for ever.
/// Bounded: `waiting_max` a concentrator. Who asked may stop waiting at any time; what nobody waits for any
/// more is not asked. What is read is told, never booked: it is no reading of a due instant. Errors: Fault
/// values. Randomness: none. Time: instants handed in.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "head-end/configuration.hpp"
#include "platform/clock.hpp"

namespace headend {
struct PresentRead {
  MeterId meter = 0;
  Instant deadline;  ///< nobody waits any longer
  std::unique_ptr<seam::Alarm> bell;
  std::optional<core::Result<CentiKilowattHours>> outcome{};
  Instant answered_at{};

  void finish(const core::Result<CentiKilowattHours>& told, Instant now) {
    outcome = told;
    answered_at = now;
    bell->ring();
  }
};

class PresentReads {
 public:
  static constexpr std::size_t waiting_max = 16;

  /// Range: above all concentrators' ids.
  explicit PresentReads(std::size_t concentrator_ids_end) : waiting_(concentrator_ids_end) {}

  /// False: too many are waiting there already.
  bool add(ConcentratorId at, std::shared_ptr<PresentRead> read, Instant now) {
    forget_expired(at, now);
    if (waiting_[at].size() >= waiting_max) return false;
    waiting_[at].push_back(std::move(read));
    return true;
  }
  bool has_any(ConcentratorId at) const { return !waiting_[at].empty(); }
  /// The next one that somebody still waits for; nothing when there is none.
  std::shared_ptr<PresentRead> take(ConcentratorId at, Instant now) {
    forget_expired(at, now);
    if (waiting_[at].empty()) return nullptr;
    auto read = std::move(waiting_[at].front());
    waiting_[at].pop_front();
    return read;
  }

 private:
  void forget_expired(ConcentratorId at, Instant now) {
    std::erase_if(waiting_[at], [now](const auto& read) { return read->deadline <= now; });
  }
  std::vector<std::deque<std::shared_ptr<PresentRead>>> waiting_;  ///< by concentrator id
};
}  // namespace headend
