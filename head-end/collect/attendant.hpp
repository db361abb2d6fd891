/// Looks after one concentrator while it is on line: its archive, its clock, its rounds; commands always
/// first.
///
/// A round: every `every`, at the due instant + `after` + a spread of less than a quarter of `every` drawn
/// once per concentrator (so that a fleet does not answer in one second). It asks all meters for the newest
/// quarter hours, then for what the books miss (backfill, bounded per round so that the newest stay fresh),
/// then, after a midnight, for daily freezes, for balances held in meters and for what only the meter itself
/// knows (check_up.hpp). Between any two exchanges open
/// commands are carried out, and one register is read that somebody asked for. Event reports, however many,
/// set off one look at what is missing, back-offs lifted, at most every `event_pause`. A concentrator that
/// pushes its readings gets archive, clock, commands and registers asked for, but no rounds. Randomness:
/// Purpose::collect_spread, addressed by the concentrator's id. Time: from the session's clock.
#pragma once
#include <vector>

#include "head-end/campaign/campaign_runner.hpp"
#include "head-end/collect/check_up.hpp"
#include "head-end/collect/curve_question.hpp"
#include "head-end/collect/session.hpp"
#include "head-end/control/command_runner.hpp"

namespace headend {
inline constexpr Duration event_pause = 1min;

/// From a due instant to this concentrator's round for it: `after` and its own spread.
Duration round_offset(const Configuration& configuration, ConcentratorId concentrator);
/// The due instant of the latest round that may have begun by `now`.
Instant round_due_at(const Configuration& configuration, Duration offset, Instant now);

class Attendant final : public NewsTaker {
 public:
  Attendant(Desk& desk, Session& session)
      : desk_(desk),
        session_(session),
        commands_(desk, session),
        campaigns_(desk, session),
        line_(desk, session),
        check_up_(desk, line_) {}
  Attendant(const Attendant&) = delete;
  Attendant& operator=(const Attendant&) = delete;

  /// From login to the end of the connection.
  seam::asio::awaitable<void> attend();
  void news() override;

 private:
  seam::asio::awaitable<void> set_archive();
  seam::asio::awaitable<void> set_clock_daily();
  seam::asio::awaitable<void> collect_round(Instant due);
  seam::asio::awaitable<void> collect_newest(Instant due);
  seam::asio::awaitable<void> collect_gaps(Instant due);
  seam::asio::awaitable<void> collect_freezes(Instant midnight);
  seam::asio::awaitable<void> collect_balances(Instant midnight, Instant due);
  seam::asio::awaitable<void> check_up(Instant midnight, Instant due);
  seam::asio::awaitable<void> collect_after_events(Instant due);
  /// Commands, then one register that somebody asked for.
  seam::asio::awaitable<void> serve_others();
  seam::asio::awaitable<void> read_present();
  Instant next_order() const;
  Instant next_occasion() const;
  Patience patience() const;
  /// Asks what the question holds and settles with the books; then commands have their turn.
  seam::asio::awaitable<core::Result<void>> exchange_curve(CurveQuestion& question);
  /// The usual attempts and patience of collecting; then commands have their turn.
  seam::asio::awaitable<core::Result<void>> exchange(Question& question);

  const ConcentratorArea& area() const { return *session_.area(); }
  ConcentratorId id() const { return area().file->id; }
  Instant due_at(Instant now) const;
  Instant next_round(Instant now) const;
  Instant latest_midnight(Instant now) const;

  Desk& desk_;
  Session& session_;
  CommandRunner commands_;
  CampaignRunner campaigns_;
  MeterLine line_;
  CheckUp check_up_;
  Duration offset_{};
  Instant round_done_ = Instant::min();  ///< due instant of the last round
  Instant events_at_ = Instant::min();   ///< when event reports may set off collecting again
};
}  // namespace headend
