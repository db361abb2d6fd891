#include "head-end/collect/miss_notes.hpp"

#include <algorithm>
#include <array>

namespace headend {
namespace {
constexpr std::array<std::string_view, 3> words{"no-value", "unanswered", "rejected"};
}

std::string_view word_of(MissWhy why) { return words.at(static_cast<std::size_t>(why)); }

void MissNotes::write_changes(Books& books) {
  std::vector<StoredMiss> rows;
  for (const auto meter : changed_) {
    rows.clear();
    for (const auto& note : of(meter))
      rows.push_back(
          {instant_of(note.first), instant_of(note.last), word_of(note.why), note.asked, note.asked_last});
    books.keep_misses(meter, rows);
  }
  changed_.clear();
}

void MissNotes::take_up(const Books& books) {
  books.each_miss([this](MeterId meter, const StoredMiss& miss) {
    const auto why = std::find(words.begin(), words.end(), miss.why);
    if (why == words.end()) return;
    notes_[meter].push_back({slot_before(miss.first), slot_before(miss.last),
                             static_cast<MissWhy>(why - words.begin()), miss.asked, miss.asked_last});
  });
}

void MissNotes::note(MeterId meter, Slot first, Slot last, MissWhy why, Instant now) {
  auto& notes = notes_[meter];
  MissNote fresh{first, last, why, 1, now};
  std::vector<MissNote> kept;
  for (const auto& old : notes) {
    const bool is_continued = old.why == why && old.first <= last + 1 && first <= old.last + 1;
    if (is_continued) {
      fresh.first = std::min(fresh.first, old.first);
      fresh.last = std::max(fresh.last, old.last);
      fresh.asked = std::max(fresh.asked, old.asked + 1);
      continue;
    }
    if (old.first < first) {
      kept.push_back(old);
      kept.back().last = std::min(old.last, first - 1);
    }
    if (old.last > last) {
      kept.push_back(old);
      kept.back().first = std::max(old.first, last + 1);
    }
  }
  kept.push_back(fresh);
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (kept.size() > runs_max) kept.erase(kept.begin(), kept.end() - runs_max);
  notes = std::move(kept);
  changed_.insert(meter);
}

const std::vector<MissNote>& MissNotes::of(MeterId meter) const {
  static const std::vector<MissNote> none;
  const auto found = notes_.find(meter);
  return found == notes_.end() ? none : found->second;
}

const MissNote* MissNotes::find(MeterId meter, Slot slot) const {
  const auto& notes = of(meter);
  auto after = std::upper_bound(notes.begin(), notes.end(), slot,
                                [](Slot wanted, const auto& note) { return wanted < note.first; });
  if (after == notes.begin()) return nullptr;
  const auto& note = *--after;
  return note.last >= slot ? &note : nullptr;
}
}  // namespace headend
