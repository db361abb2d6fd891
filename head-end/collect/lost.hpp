/// Who has been lost: collectors that nobody hears from, and meters that are silent behind collectors that
/// are heard.
///
/// A collector is lost when it never came or has been gone for `silence_max`, or is on line and answers no
/// question. A meter is lost when its newest reading is older than four rounds (an hour at least) behind the
/// newest that should be there. Meters behind a lost collector are counted, not listed: the collector is what
/// to look for. Cost: a look at each meter. Errors: none. Randomness: none. Time: the desk's.
#pragma once
#include <array>

#include "head-end/collect/gap_report.hpp"

namespace headend {
inline constexpr Duration lost_after_least = 1h;
inline constexpr int lost_after_rounds = 4;
/// Questions in a row that a collector on line may leave without any answer before it counts as lost.
inline constexpr int mute_after = 2;

enum class CollectorLoss { never_came, gone, mute };
std::string_view name_of(CollectorLoss why);

struct LostCollector {
  const ConcentratorFile* file = nullptr;
  CollectorLoss why = CollectorLoss::gone;
  Instant since;                        ///< gone, or here but mute, or waited for, since then
  std::optional<Instant> heard_last{};  ///< its last good frame, if this head-end heard any
  std::string peer{};                   ///< where it came from last; empty when this head-end never saw it
  std::size_t meters = 0;               ///< behind it
};

struct LostMeter {
  MeterId meter = 0;
  GapCause why = GapCause::no_value;      ///< of its newest missing reading
  std::optional<Instant> reading_last{};  ///< due instant of its newest reading; nothing when there is none
  int missing = 0;                        ///< quarter hours since then
  std::uint32_t asked = 0;                ///< in vain, times, in this silence
  std::optional<Instant> asked_last{}, next_attempt{};
};

struct Lost {
  std::vector<LostCollector> collectors;  ///< by id
  std::vector<LostMeter> meters;          ///< by collector, then point
  std::size_t meters_behind_lost_collectors = 0;
};
Lost lost_in(const Desk& desk);

/// How many, without asking why of each meter: cheap enough to be asked every second of a large estate.
struct LostCounts {
  std::array<std::size_t, 3> collectors{};  ///< by CollectorLoss
  std::size_t meters = 0, meters_behind_lost_collectors = 0;
};
LostCounts count_lost(const Desk& desk);
}  // namespace headend
