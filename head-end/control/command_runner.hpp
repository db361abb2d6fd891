/// Carries out the books' commands for one concentrator's meters: trip, close, keep-power, recharge.
///
/// At least once over the wire, exactly once in effect. Before a command leaves, the books know durably that
/// it may have (`command_sent`, commit); after a batch of commands they know their outcomes too. A command
/// that was sent before is never simply sent again: the meter is first asked what became of it (status word
/// 3 for the relay, the purse's count for a recharge). A command without an answer is tried again after
/// `command_timeout`, doubling up to `retry_pause_max`.
/// Errors: outcomes, in the books. Randomness: none. Time: the desk's clock.
#pragma once
#include <map>
#include <string>

#include "head-end/control/meter_line.hpp"

namespace headend {
inline constexpr Duration retry_pause_max = 15min;

class CommandRunner {
 public:
  CommandRunner(Desk& desk, Session& session) : desk_(desk), session_(session), line_(desk, session) {}

  /// Commands may have come: look at the books at the next occasion.
  void look() { may_have_work_ = true; }
  /// Carries out all that is wanted now; returns at once when nothing is.
  seam::asio::awaitable<void> carry_out_wanted();
  /// When a command that was not answered is to be tried again; `core::never` if none is.
  Instant next_retry() const { return next_retry_; }

 private:
  struct Outcome {
    CommandOutcome outcome = CommandOutcome::no_answer;
    std::string detail;
    std::optional<bool> relay_is_open;  ///< seen on the way
  };
  std::vector<Command> wanted_now();
  seam::asio::awaitable<void> carry_out(const Command& command);
  seam::asio::awaitable<Outcome> switch_relay(const Command& command, const MeterFile& meter);
  seam::asio::awaitable<Outcome> send_control(const Command& command, const MeterFile& meter);
  seam::asio::awaitable<Outcome> recharge(const Command& command, const MeterFile& meter);
  seam::asio::awaitable<core::Result<dlt645::DataIdentifier>> purchase_item(const Command& command,
                                                                            const MeterFile& meter);
  seam::asio::awaitable<Outcome> settle_by_count(const Command& command, const MeterFile& meter,
                                                 const std::string& otherwise);
  Outcome judge_relay(const Command& command, std::uint16_t status_word_3) const;

  Desk& desk_;
  Session& session_;
  MeterLine line_;
  bool may_have_work_ = true;
  std::map<std::int64_t, Instant> retry_at_;  ///< by command
  Instant next_retry_ = core::never;
};
}  // namespace headend
