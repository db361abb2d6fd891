#include "head-end/collect/gap_report.hpp"

#include <algorithm>

#include "head-end/collect/attendant.hpp"

namespace headend {
namespace {
constexpr Duration quarter_hour = 15min;

GapCause cause_of(MissWhy why) {
  switch (why) {
    case MissWhy::no_value:
      return GapCause::no_value;
    case MissWhy::unanswered:
      return GapCause::unanswered;
    case MissWhy::rejected:
      return GapCause::rejected;
  }
  return GapCause::not_asked;
}

bool touches(const GapRow& row, Instant from, Instant till) {
  return row.first <= till && row.last() >= from;
}
}  // namespace

std::string_view name_of(GapCause cause) {
  switch (cause) {
    case GapCause::collector_gone:
      return "collector-gone";
    case GapCause::no_value:
      return "no-value";
    case GapCause::unanswered:
      return "unanswered";
    case GapCause::rejected:
      return "rejected";
    case GapCause::not_asked:
      return "not-asked";
  }
  return "not-asked";
}

std::string_view name_of(GapState state) {
  switch (state) {
    case GapState::open:
      return "open";
    case GapState::beyond_horizon:
      return "beyond-horizon";
    case GapState::estimated:
      return "estimated";
    case GapState::healed:
      return "healed";
  }
  return "open";
}

Instant GapReport::latest_due(ConcentratorId concentrator) const {
  const auto& configuration = desk_.configuration();
  const auto& rules = configuration.collect;
  const Duration patience = rules.attempts * rules.answer_timeout;
  return round_due_at(configuration, round_offset(configuration, concentrator), desk_.now() - patience);
}

std::vector<MeterId> GapReport::meters() const {
  std::vector<MeterId> found;
  for (const auto& estimate : desk_.books.estimates_of(0)) found.push_back(estimate.meter);
  for (const auto& file : desk_.configuration().concentrators) {
    const Instant latest = latest_due(file.id);
    const auto* area = desk_.estate.find(file.region, file.address);
    for (const auto* meter : area->meters)
      if (desk_.books.has_missing(meter->id, latest)) found.push_back(meter->id);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

GapCause GapReport::cause_of(MeterId meter, Instant due) const {
  if (const auto* note = desk_.field.misses.find(meter, slot_before(due)))
    return headend::cause_of(note->why);
  const auto concentrator = desk_.estate.meter(meter).concentrator;
  const Instant round = due + round_offset(desk_.configuration(), concentrator);
  const bool was_away =
      desk_.field.of(concentrator).presence.was_away(round, round + desk_.configuration().collect.every);
  return was_away ? GapCause::collector_gone : GapCause::not_asked;
}

std::optional<Instant> GapReport::next_attempt(MeterId meter, bool is_newest) const {
  const auto& configuration = desk_.configuration();
  const auto id = desk_.estate.meter(meter).concentrator;
  if (!desk_.field.of(id).presence.is_here() || desk_.estate.concentrator(id).reports) return std::nullopt;
  const Duration offset = round_offset(configuration, id);
  const Instant now = desk_.now();
  Instant round = round_due_at(configuration, offset, now) + configuration.collect.every + offset;
  const auto rests_until = desk_.books.backs_off_until(meter, now);
  while (!is_newest && rests_until && round < *rests_until) round += configuration.collect.every;
  return round;
}

void GapReport::add(MeterId meter, Instant first, int count, GapState state,
                    std::vector<GapRow>& rows) const {
  const std::size_t rows_before = rows.size();
  for (Instant due = first; due < first + count * quarter_hour; due += quarter_hour) {
    const GapCause cause = cause_of(meter, due);
    if (rows.size() == rows_before || rows.back().cause != cause)
      rows.push_back({.first = due, .cause = cause, .state = state});
    auto& row = rows.back();
    ++row.count;
    const auto* note = desk_.field.misses.find(meter, slot_before(due));
    if (note == nullptr) continue;
    row.asked = std::max(row.asked, note->asked);
    row.asked_last = std::max(row.asked_last.value_or(note->asked_last), note->asked_last);
  }
  if (state != GapState::open) return;
  const auto next = next_attempt(meter, /*is_newest=*/false);
  for (std::size_t i = rows_before; i < rows.size(); ++i) rows[i].next_attempt = next;
}

std::vector<GapRow> GapReport::unhealed(MeterId meter) const {
  std::vector<GapRow> rows;
  for (const auto& estimate : desk_.books.estimates_of(meter)) {
    const std::size_t rows_before = rows.size();
    const auto count = static_cast<int>((estimate.last - estimate.first) / quarter_hour) + 1;
    add(meter, estimate.first, count, GapState::estimated, rows);
    for (std::size_t i = rows_before; i < rows.size(); ++i) rows[i].settled_at = estimate.at;
  }
  const Instant latest = latest_due(desk_.estate.meter(meter).concentrator);
  const Instant horizon = latest - desk_.configuration().collect.backfill_horizon;
  for (const auto& gap : desk_.books.missing_of(meter, latest)) {
    const auto all = static_cast<std::int64_t>(gap.count);
    const auto old =
        std::clamp<std::int64_t>((horizon - gap.first + quarter_hour - 1ns) / quarter_hour, 0, all);
    if (old > 0) add(meter, gap.first, static_cast<int>(old), GapState::beyond_horizon, rows);
    if (old < all)
      add(meter, gap.first + old * quarter_hour, static_cast<int>(all - old), GapState::open, rows);
  }
  return rows;
}

std::vector<GapRow> GapReport::between(MeterId meter, Instant from, Instant till) const {
  auto rows = unhealed(meter);
  std::erase_if(rows, [&](const auto& row) { return !touches(row, from, till); });
  Instant first{};
  int count = 0;
  const auto close_run = [&] {
    if (count > 0) add(meter, first, count, GapState::healed, rows);
    count = 0;
  };
  for (const auto& reading : desk_.books.readings_of(meter, from, till)) {
    const bool is_backfill = reading.source == ReadingSource::backfill;
    if (count > 0 && (!is_backfill || reading.due != first + count * quarter_hour)) close_run();
    if (is_backfill && count++ == 0) first = reading.due;
  }
  close_run();
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return rows;
}
}  // namespace headend
