#include "models/meter/memory.hpp"

#include <algorithm>

namespace model {
void FreezeList::add(const Freeze& freeze, std::size_t limit) {
  if (limit == 0) return;
  std::erase_if(kept, [&](const Freeze& f) { return f.civil_minute >= freeze.civil_minute; });
  if (kept.size() >= limit) kept.erase(kept.begin());
  // Twelve months at once: a list that doubles would let a city's memory grow for a year.
  if (kept.empty() && limit <= 12) kept.reserve(limit);
  kept.push_back(freeze);
}

void EventLog::add(const EventRecord& record) {
  auto& count = counts_[static_cast<std::size_t>(record.kind)];
  count = count == 999'999 ? 0 : count + 1;  // XXXXXX: six digits, then from zero
  const auto same_kind = [&](const EventRecord& r) { return r.kind == record.kind; };
  if (std::count_if(records_.begin(), records_.end(), same_kind) >= static_cast<int>(events_kept_per_kind))
    records_.erase(std::find_if(records_.begin(), records_.end(), same_kind));
  records_.push_back(record);
}

const EventRecord* EventLog::nth_last(EventKind kind, std::size_t n) const {
  for (auto record = records_.rbegin(); record != records_.rend(); ++record)
    if (record->kind == kind && --n == 0) return &*record;
  return nullptr;
}

void EventLog::end_newest(EventKind kind, std::int64_t civil_s, std::uint32_t detail) {
  const auto newest =
      std::find_if(records_.rbegin(), records_.rend(), [&](const auto& r) { return r.kind == kind; });
  if (newest == records_.rend()) return;
  newest->ended_civil_s = civil_s;
  newest->detail = detail;
}

void EventLog::clear(EventKind kind) {
  counts_[static_cast<std::size_t>(kind)] = 0;
  std::erase_if(records_, [&](const EventRecord& r) { return r.kind == kind; });
}

bool Passwords::allow(int level, std::uint32_t typed, int level_needed, std::int64_t civil_s) {
  if (civil_s < locked_till_civil_s) return false;
  if (level < 0 || level > 9 || typed != digits[static_cast<std::size_t>(level)]) {
    if (++wrong_in_a_row >= wrong_limit) {
      locked_till_civil_s = civil_s + locked_s;
      wrong_in_a_row = 0;
    }
    return false;
  }
  wrong_in_a_row = 0;
  return level <= level_needed;
}

std::size_t MeterMemory::bytes() const {
  std::size_t sum = sizeof(MeterMemory) + events.bytes() + changed.capacity() * sizeof(ChangedParameter) +
                    follow_up.capacity() + tamperings.capacity() * sizeof(TamperedWith);
  for (const auto* list : {&daily, &monthly, &instant, &timed}) sum += list->kept.capacity() * sizeof(Freeze);
  return sum;
}
}  // namespace model
