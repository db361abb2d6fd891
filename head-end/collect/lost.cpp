#include "head-end/collect/lost.hpp"

#include <algorithm>

#include "head-end/collect/session.hpp"

namespace headend {
namespace {
constexpr Duration quarter_hour = 15min;

std::optional<LostCollector> judge(const ConcentratorArea& area, const CollectorRecord& record, Instant now) {
  const auto& presence = record.presence;
  LostCollector lost{.file = area.file, .since = presence.since(), .peer = record.peer};
  if (record.heard_last != Instant::min()) lost.heard_last = record.heard_last;
  lost.meters = area.meters.size();
  if (presence.is_here()) {
    if (record.unanswered_in_a_row < mute_after) return std::nullopt;
    lost.why = CollectorLoss::mute;
    return lost;
  }
  if (now - presence.since() < silence_max) return std::nullopt;
  lost.why = presence.has_come() ? CollectorLoss::gone : CollectorLoss::never_came;
  return lost;
}

/// From the newest reading, or from before the first, to the newest that should be in; zero for what is not
/// lost.
Duration lost_for(const Desk& desk, MeterId meter, Instant latest_due) {
  const auto& rules = desk.configuration().collect;
  const Instant before_opening = desk.configuration().opens - quarter_hour;
  const Duration behind = latest_due - desk.books.latest_reading(meter).value_or(before_opening);
  const bool is_lost = behind >= std::max<Duration>(lost_after_rounds * rules.every, lost_after_least);
  return is_lost ? behind : Duration::zero();
}

std::optional<LostMeter> judge(const Desk& desk, const GapReport& gaps, MeterId meter, Instant latest_due) {
  const Duration behind = lost_for(desk, meter, latest_due);
  if (behind == Duration::zero()) return std::nullopt;
  LostMeter lost{.meter = meter, .reading_last = desk.books.latest_reading(meter)};
  lost.missing = static_cast<int>(behind / quarter_hour);
  lost.why = gaps.cause_of(meter, latest_due);
  lost.next_attempt = gaps.next_attempt(meter, /*is_newest=*/true);
  if (const auto* note = desk.field.misses.find(meter, slot_before(latest_due))) {
    lost.asked = note->asked;
    lost.asked_last = note->asked_last;
  }
  return lost;
}
}  // namespace

std::string_view name_of(CollectorLoss why) {
  switch (why) {
    case CollectorLoss::never_came:
      return "never-came";
    case CollectorLoss::gone:
      return "gone";
    case CollectorLoss::mute:
      return "mute";
  }
  return "gone";
}

Lost lost_in(const Desk& desk) {
  Lost lost;
  const GapReport gaps(desk);
  for (const auto& file : desk.configuration().concentrators) {
    const auto& area = *desk.estate.find(file.region, file.address);
    if (auto collector = judge(area, desk.field.of(file.id), desk.now())) {
      lost.collectors.push_back(std::move(*collector));
      lost.meters_behind_lost_collectors += area.meters.size();
      continue;
    }
    const Instant latest_due = gaps.latest_due(file.id);
    for (const auto* meter : area.meters)
      if (auto silent = judge(desk, gaps, meter->id, latest_due)) lost.meters.push_back(std::move(*silent));
  }
  return lost;
}

LostCounts count_lost(const Desk& desk) {
  LostCounts counts;
  const GapReport gaps(desk);
  for (const auto& file : desk.configuration().concentrators) {
    const auto& area = *desk.estate.find(file.region, file.address);
    if (const auto collector = judge(area, desk.field.of(file.id), desk.now())) {
      ++counts.collectors[static_cast<std::size_t>(collector->why)];
      counts.meters_behind_lost_collectors += area.meters.size();
      continue;
    }
    const Instant latest_due = gaps.latest_due(file.id);
    for (const auto* meter : area.meters)
      counts.meters += lost_for(desk, meter->id, latest_due) > Duration::zero() ? 1 : 0;
  }
  return counts;
}
}  // namespace headend
