// What the books tell about the field: what is missing, what was given up, who is not asked now, who came and
// went.
#include <limits>

#include "head-end/books_state.hpp"

namespace headend {
std::vector<Gap> Books::missing_of(MeterId meter, Instant latest_due) const {
  if (!has_missing(meter, latest_due)) return {};
  return state_->tracks.gaps_up_to(meter, slot_before(latest_due));
}

bool Books::has_missing(MeterId meter, Instant latest_due) const {
  const auto& tracks = state_->tracks;
  return tracks.knows(meter) && tracks.of(meter).rated_slot < slot_before(latest_due);
}

std::vector<Estimate> Books::estimates_of(MeterId meter) const {
  Statement rows(state_->database,
                 "SELECT meter, first_due_s, last_due_s, at_ns FROM estimate WHERE meter BETWEEN ? AND ? "
                 "ORDER BY meter, first_due_s");
  rows.bind(meter, meter == 0 ? std::numeric_limits<MeterId>::max() : meter);
  std::vector<Estimate> estimates;
  while (rows.next())
    estimates.push_back({static_cast<MeterId>(rows.integer(0)), core::instant_from_seconds(rows.integer(1)),
                         core::instant_from_seconds(rows.integer(2)), Instant(Duration(rows.integer(3)))});
  return estimates;
}

void Books::keep_misses(MeterId meter, std::span<const StoredMiss> misses) {
  auto& state = *state_;
  state.database.begin();
  state.drop_misses.bind(meter).run();
  for (const auto& miss : misses)
    state.add_miss
        .bind(meter, core::unix_seconds(miss.first), core::unix_seconds(miss.last), miss.why, miss.asked,
              miss.asked_last)
        .run();
}

void Books::each_miss(const std::function<void(MeterId, const StoredMiss&)>& tell) const {
  Statement rows(state_->database,
                 "SELECT meter, first_due_s, last_due_s, why, asked, asked_at_ns FROM miss_note "
                 "ORDER BY meter, first_due_s");
  while (rows.next()) {
    const std::string why = rows.text(3);
    tell(static_cast<MeterId>(rows.integer(0)),
         {core::instant_from_seconds(rows.integer(1)), core::instant_from_seconds(rows.integer(2)), why,
          static_cast<std::uint32_t>(rows.integer(4)), Instant(Duration(rows.integer(5)))});
  }
}

std::vector<RegisterFall> Books::falls_since(Instant since) const {
  auto& state = *state_;
  Statement rows(state.database,
                 "SELECT meter, due_s, register_centikWh FROM rejected_reading WHERE verdict = "
                 "'runs_backwards' AND at_ns >= ? ORDER BY meter, due_s, id");
  rows.bind(since);
  std::vector<RegisterFall> falls;
  Slot last = 0;
  while (rows.next()) {
    const auto meter = static_cast<MeterId>(rows.integer(0));
    const Instant due = core::instant_from_seconds(rows.integer(1));
    const Slot slot = slot_before(due);
    if (!state.tracks.knows(meter) || state.readings.find(slot, meter)) continue;
    if (falls.empty() || falls.back().meter != meter) {
      const auto before = state.readings.find(slot - 1, meter);
      const auto known = before ? *before : state.tracks.of(meter).latest_register;
      falls.push_back({meter, due, CentiKilowattHours(rows.integer(2)), CentiKilowattHours(known), 1});
    } else if (slot != last) {
      ++falls.back().readings;
    }
    last = slot;
  }
  std::erase_if(falls, [](const RegisterFall& fall) { return fall.readings < 2; });
  return falls;
}

std::optional<Instant> Books::latest_reading(MeterId meter) const {
  const auto& tracks = state_->tracks;
  if (!tracks.knows(meter) || tracks.of(meter).latest_slot < tracks.opens()) return std::nullopt;
  return instant_of(tracks.of(meter).latest_slot);
}

std::optional<Instant> Books::backs_off_until(MeterId meter, Instant now) const {
  if (!state_->tracks.knows(meter)) return std::nullopt;
  const auto& track = state_->tracks.of(meter);
  if (track.back_off_s == 0 || track.retry_at_s <= core::unix_seconds(now)) return std::nullopt;
  return core::instant_from_seconds(track.retry_at_s);
}

void Books::end_back_offs(ConcentratorId concentrator, Instant now) {
  state_->tracks.end_back_offs(concentrator, now);
}

void Books::each_coming(const std::function<void(ConcentratorId, bool, Instant)>& tell) const {
  Statement events(state_->database,
                   "SELECT concentrator, kind = 'login', at_ns FROM concentrator_event "
                   "WHERE kind IN ('login', 'logout') ORDER BY id");
  while (events.next())
    tell(static_cast<ConcentratorId>(events.integer(0)), events.integer(1) != 0,
         Instant(Duration(events.integer(2))));
}
}  // namespace headend
