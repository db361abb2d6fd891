/// Every quarter hour that is missing in the books: why, as far as a head-end can know, and what becomes of
/// it.
///
/// The cause is what asking has told (miss_notes.hpp); where nobody has asked in vain, whether the collector
/// was on line when the reading should have been collected. A gap is open while it is asked for, beyond the
/// horizon when it is too old for that, estimated when it was given up and billed (tariff rule 5), healed
/// when backfill has filled it. A view: cheap to make, not to be kept. Errors: none. Randomness: none. Time:
/// the desk's.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "head-end/collect/desk.hpp"

namespace headend {
enum class GapCause {
  collector_gone,  ///< was off line when the reading should have been collected
  no_value,        ///< the collector answered that it has none: the meter was silent, for all it knows
  unanswered,      ///< the collector did not answer for this meter
  rejected,        ///< a value came, and validation refused it
  not_asked,       ///< not yet
};
enum class GapState { open, beyond_horizon, estimated, healed };
std::string_view name_of(GapCause cause);
std::string_view name_of(GapState state);

/// Quarter hours of one meter with one cause and one fate.
struct GapRow {
  Instant first;
  int count = 0;
  GapCause cause = GapCause::not_asked;
  GapState state = GapState::open;
  std::uint32_t asked = 0;  ///< in vain, times; 0 when that is not known
  std::optional<Instant> asked_last{};
  std::optional<Instant> next_attempt{};  ///< of an open gap; nothing while its collector is off line
  std::optional<Instant> settled_at{};    ///< of an estimated gap: when it was given up

  Instant last() const { return first + (count - 1) * std::chrono::minutes(15); }
};

class GapReport {
 public:
  /// `desk` must outlive it.
  explicit GapReport(const Desk& desk) : desk_(desk) {}

  /// The newest due instant that this concentrator's readings should be in for by now: its round has begun
  /// and has had time for all its attempts.
  Instant latest_due(ConcentratorId concentrator) const;
  /// Meters with gaps that are not healed, by id. Cost: a look at each meter.
  std::vector<MeterId> meters() const;
  /// Gaps of the meter that are not healed, rising.
  std::vector<GapRow> unhealed(MeterId meter) const;
  /// All gaps of the meter that touch [from, till], healed ones too, rising.
  std::vector<GapRow> between(MeterId meter, Instant from, Instant till) const;
  GapCause cause_of(MeterId meter, Instant due) const;
  /// Of the meter's newest and missing readings; nothing while that is up to its collector.
  std::optional<Instant> next_attempt(MeterId meter, bool is_newest) const;

 private:
  /// Splits a run where its cause changes.
  void add(MeterId meter, Instant first, int count, GapState state, std::vector<GapRow>& rows) const;
  const Desk& desk_;
};
}  // namespace headend
