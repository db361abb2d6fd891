/// What the talking half counts about its lines, for reports and tests. Never part of a decision.
#pragma once
#include <cstdint>

namespace headend {
struct TalkStatistics {
  std::uint64_t logins = 0;
  std::uint64_t strangers = 0;       ///< logins and heartbeats of unknown concentrators, denied
  std::uint64_t exchanges = 0;       ///< questions sent, every attempt counts
  std::uint64_t timeouts = 0;        ///< attempts without an answer in time
  std::uint64_t refusals = 0;        ///< questions that were denied
  std::uint64_t stale_answers = 0;   ///< to another or to no open question: dropped
  std::uint64_t late_answers = 0;    ///< after their attempt's time-out, taken or not
  std::uint64_t event_reports = 0;   ///< sent unasked by concentrators
  std::uint64_t event_rounds = 0;    ///< collecting that they set off
  std::uint64_t present_reads = 0;   ///< registers read because somebody asked for them
  std::uint64_t foreign_frames = 0;  ///< from another address or in the wrong direction: dropped
  std::uint64_t silent_closes = 0;   ///< half-open connections that we closed
  std::uint64_t readings = 0;        ///< values handed to the books
  std::uint64_t readings_not_accepted = 0;
  std::uint64_t values_missing = 0;  ///< EE
  std::uint64_t commands_sent = 0;
  std::uint64_t counter_lines_bad = 0;
};
}  // namespace headend
