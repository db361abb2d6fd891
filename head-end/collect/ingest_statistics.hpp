/// What the head-end counts about readings that are pushed to it and about its commits. Never part of a
/// decision.
#pragma once
#include <array>
#include <cstdint>

#include "core/histogram.hpp"
#include "head-end/books.hpp"

namespace headend {
struct IngestStatistics {
  std::uint64_t frames_taken = 0;           ///< reports and uploads that went into the books
  std::uint64_t frames_confirmed = 0;       ///< of these, confirmed after their commit
  std::uint64_t frames_refused = 0;         ///< denied unseen under overload, or while draining
  std::uint64_t frames_malformed = 0;       ///< denied: good checksum, but not what a report should be
  std::uint64_t values_missing = 0;         ///< EE or FF where a register should be
  std::uint64_t values_of_nobody = 0;       ///< for points without a meter
  std::array<std::uint64_t, 7> readings{};  ///< by ReadingVerdict
  std::uint64_t connections_turned_away = 0;
  std::uint64_t noisy_closes = 0;  ///< connections that brought noise only
  std::uint64_t overloads = 0;     ///< times that refusing began
  std::uint64_t queued_bytes = 0;  ///< now waiting for their turn
  std::uint64_t owed = 0;          ///< confirmations now waiting for a commit
  core::Histogram queue_wait_ns;   ///< from read to looked at, of those that had to wait
  std::uint64_t commits = 0;
  core::Histogram commit_ns;  ///< how long a commit held everything up, its sync included

  std::uint64_t count(ReadingVerdict verdict) const { return readings[static_cast<std::size_t>(verdict)]; }
};
}  // namespace headend
