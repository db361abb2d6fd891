// Going on where the store ends: states of the last closed days, and the readings since then rated once more.
#include <algorithm>

#include "head-end/books_state.hpp"

namespace headend {
void Books::State::resume(Instant now) {
  Statement archives(database, "SELECT id FROM concentrator WHERE archive_set_at_ns IS NOT NULL ORDER BY id");
  while (archives.next()) archive_is_set.at(static_cast<ConcentratorId>(archives.integer(0))) = true;
  for (const auto& closed : rating.resume()) {
    auto& track = tracks.of(configuration.accounts[closed.account - 1].meter);
    track.is_opened = true;
    track.rated_slot = track.latest_slot = closed.rated_slot;
    track.rated_register = track.latest_register = closed.rated_register;
  }
  watch.resume(now);
  Statement freezes(
      database, "SELECT key & 0xFFFFFF, max(key >> 24) FROM daily_freeze GROUP BY key & 0xFFFFFF ORDER BY 1");
  while (freezes.next()) {
    tracks.of(static_cast<MeterId>(freezes.integer(0))).freeze_slot = static_cast<Slot>(freezes.integer(1));
  }
  resume_readings(now);
  // Whoever had crossed a limit when the last commit was made, but had not been looked at.
  for (const auto& account : configuration.accounts) {
    const auto& row = rating.row(account.id);
    const auto& track = tracks.of(account.meter);
    const bool is_rated = track.is_opened && track.rated_slot > tracks.opens();
    if (is_rated && row.running_microyuan >= row.look_at_microyuan) to_look_at.push_back(account.id);
  }
}

void Books::State::resume_readings(Instant now) {
  Statement estimates(database, "SELECT meter, first_due_s FROM estimate ORDER BY meter, first_due_s");
  while (estimates.next()) {
    known_estimates[static_cast<MeterId>(estimates.integer(0))].push_back(
        static_cast<Slot>(estimates.integer(1) / slot_s));
  }
  // Nearly all meters stand at one of the last midnights; the few that lag are looked up one by one up to
  // there, so that one silent meter does not make us read weeks of everybody's readings.
  Slot common = tracks.opens();
  for (MeterId meter = 1; meter <= tracks.meter_count(); ++meter)
    common = std::max(common, tracks.of(meter).rated_slot);
  common = std::max(tracks.opens(), common - 2 * quarters_per_day);
  for (MeterId meter = 1; meter <= tracks.meter_count(); ++meter) {
    const Instant from = instant_of(tracks.of(meter).rated_slot + 1);
    for (const auto& stored : readings.of_meter(meter, from, instant_of(common - 1)))
      resume_reading(meter, slot_before(stored.due), static_cast<std::uint32_t>(stored.shown.count()), now);
  }
  readings.each_from(common, [this, now](Slot slot, MeterId meter, std::uint32_t register_shown) {
    resume_reading(meter, slot, register_shown, now);
  });
  known_estimates.clear();
}

void Books::State::resume_reading(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now) {
  if (slot <= tracks.of(meter).rated_slot) return;
  take_reading(meter, slot, register_shown, now);
  if (tracks.of(meter).has_waiting) resume_estimates(meter, now);
}

void Books::State::resume_estimates(MeterId meter, Instant now) {
  const auto found = known_estimates.find(meter);
  if (found == known_estimates.end()) return;
  const Slot first_missing = tracks.of(meter).rated_slot + 1;
  if (std::binary_search(found->second.begin(), found->second.end(), first_missing)) bridge_gap(meter, now);
}
}  // namespace headend
