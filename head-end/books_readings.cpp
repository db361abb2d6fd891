// Readings into the books: judged, stored, rated as soon as they follow what is rated. The hot path of the
// head-end.
#include <algorithm>

#include "head-end/books_state.hpp"
#include "head-end/store/reading_archive.hpp"
#include "head-end/store/slot_range.hpp"
#include "head-end/tariff/charge.hpp"

namespace headend {
void Books::State::open_meter(MeterId meter, Slot slot, std::uint32_t register_shown) {
  auto& track = tracks.of(meter);
  track.is_opened = true;
  track.rated_slot = slot;
  track.rated_register = register_shown;
  if (track.account != 0) rating.open(track.account, slot, register_shown);
}

void Books::State::rate_next(MeterId meter, Slot slot, std::uint32_t register_shown, bool is_estimated,
                             Instant now) {
  auto& track = tracks.of(meter);
  const std::uint32_t energy = register_shown - track.rated_register;
  track.rated_slot = slot;
  track.rated_register = register_shown;
  const AccountId account = track.account;
  if (account == 0) return;
  const IntervalFacts& interval = calendar.of(slot);
  if (rating.rate(account, interval, {.energy = energy, .is_estimated = is_estimated})) {
    to_look_at.push_back(account);
    rating.row(account).look_at_microyuan = std::numeric_limits<std::int64_t>::max();  // once is enough
  }
  if (!interval.ends_day) return;
  const auto closing = rating.close_day(account, interval, register_shown, calendar, now);
  if (!closing.bill) return;
  const auto& file = configuration.accounts[account - 1];
  // A new month counts from zero again: the limits are to be worked out anew.
  if (file.payment == PaymentMode::prepaid_head_end) to_look_at.push_back(account);
  if (file.payment == PaymentMode::postpaid) {
    notices.add(account, Notice::Level::bill, *closing.bill,
                notice_text(file, Notice::Level::bill, *closing.bill), now);
  }
}

void Books::State::take_reading(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now) {
  auto& track = tracks.of(meter);
  if (slot > track.latest_slot) {
    track.latest_slot = slot;
    track.latest_register = register_shown;
  }
  if (slot == track.rated_slot + 1) [[likely]] {
    if (track.is_opened) [[likely]] {
      rate_next(meter, slot, register_shown, /*is_estimated=*/false, now);
    } else {
      open_meter(meter, slot, register_shown);
    }
    if (track.has_waiting) catch_up(meter, now);
    return;
  }
  tracks.put_waiting(meter, slot, register_shown, now);
}

void Books::State::catch_up(MeterId meter, Instant now) {
  while (const auto next = tracks.take_next(meter)) {
    rate_next(meter, tracks.of(meter).rated_slot + 1, *next, /*is_estimated=*/false, now);
  }
  tracks.settle(meter, now);
}

void Books::State::give_up_gap(MeterId meter, Instant now) {
  const Slot first = tracks.of(meter).rated_slot + 1;
  const Slot end = tracks.waiting_of(meter)->registers.begin()->first;
  database.begin();
  add_estimate.bind(meter, first * slot_s, (end - 1) * slot_s, now).run();
  bridge_gap(meter, now);
}

void Books::State::bridge_gap(MeterId meter, Instant now) {
  auto& track = tracks.of(meter);
  const auto [end, register_at_end] = *tracks.waiting_of(meter)->registers.begin();
  if (!track.is_opened) {
    // The opening register never came: the first reading there is takes its place.
    track.rated_slot = end - 1;
    tracks.take_next(meter);
    open_meter(meter, end, register_at_end);
  } else {
    const CentiKilowattHours total(register_at_end - track.rated_register);
    const std::int64_t quarters = end - track.rated_slot;
    for (std::int64_t quarter = 0; quarter < quarters; ++quarter) {
      const auto share = static_cast<std::uint32_t>(even_share(total, quarters, quarter).count());
      // The last quarter ends at the reading that waits: take it out before its day is closed.
      if (quarter + 1 == quarters) tracks.take_next(meter);
      rate_next(meter, track.rated_slot + 1, track.rated_register + share, /*is_estimated=*/true, now);
    }
  }
  catch_up(meter, now);
}

ReadingVerdict Books::State::judge_late(MeterId meter, Slot slot, CentiKilowattHours shown) {
  const auto& track = tracks.of(meter);
  if (slot > track.rated_slot) {
    const auto& registers = tracks.waiting_of(meter)->registers;
    const auto stored = registers.find(slot);
    if (stored != registers.end()) return judge_repetition(shown, CentiKilowattHours(stored->second));
    return tracks.judge_inside(meter, slot, shown);
  }
  if (const auto stored = readings.find(slot, meter))
    return judge_repetition(shown, CentiKilowattHours(*stored));
  return ReadingVerdict::not_due;  // given up and billed by estimate
}

ReadingVerdict Books::accept_reading(MeterId meter, Instant due, CentiKilowattHours shown,
                                     ReadingSource source, Instant now) {
  auto& state = *state_;
  if (!state.tracks.knows(meter)) [[unlikely]] {
    state.journal.reject(meter, due, shown, ReadingVerdict::unknown_meter, source, now);
    return ReadingVerdict::unknown_meter;
  }
  auto& track = state.tracks.of(meter);
  const Slot slot = slot_before(due);
  ReadingVerdict verdict = ReadingVerdict::accepted;
  if (slot < state.tracks.opens() || instant_of(slot) != due || due > now) [[unlikely]] {
    verdict = ReadingVerdict::not_due;
  } else if (slot > track.latest_slot) [[likely]] {
    verdict = state.tracks.judge_newest(track, slot, shown);
  } else {
    verdict = state.judge_late(meter, slot, shown);
  }
  if (verdict == ReadingVerdict::accepted) [[likely]] {
    const auto register_shown = static_cast<std::uint32_t>(shown.count());
    state.readings.add(slot, meter, register_shown, source);
    track.back_off_s = 0;
    state.take_reading(meter, slot, register_shown, now);
  } else if (verdict != ReadingVerdict::repeated) {
    state.journal.reject(meter, due, shown, verdict, source, now);
  }
  return verdict;
}

bool Books::has_reading(MeterId meter, Instant due) const {
  auto& state = *state_;
  if (!state.tracks.knows(meter)) return false;
  const auto& track = state.tracks.of(meter);
  const Slot slot = slot_before(due);
  if (slot > track.latest_slot || slot < state.tracks.opens()) return false;
  if (slot > track.rated_slot) return state.tracks.waiting_of(meter)->registers.contains(slot);
  return state.readings.find(slot, meter).has_value();
}

std::vector<StoredReading> Books::readings_of(MeterId meter, Instant from, Instant till) const {
  return state_->readings.of_meter(meter, from, till);
}

std::vector<StoredReading> Books::readings_at(Instant due) const { return state_->readings.at(due); }

Slot Books::State::needed_from(MeterId meter) const {
  const auto& track = tracks.of(meter);
  // A month that is open may be rated once more, from its closed days on; what waits behind a gap is only
  // in the store; a meter without an account has no closed days to go on from.
  if (track.is_opened && track.account != 0) return rating.row(track.account).month_from;
  return track.latest_slot < tracks.opens() ? std::numeric_limits<Slot>::max() : tracks.opens();
}

std::size_t Books::archive_readings(Instant before, const std::filesystem::path& file) {
  auto& state = *state_;
  close();
  std::vector<Slot> kept_from((state.tracks.meter_count() + block_meters - 1) / block_meters,
                              slots_within(before, before).last);
  for (MeterId meter = 1; meter <= state.tracks.meter_count(); ++meter) {
    Slot& from = kept_from[group_of(meter)];
    from = std::min(from, state.needed_from(meter));
  }
  const auto kept_from_of = [&kept_from](std::uint32_t group) {
    return group < kept_from.size() ? kept_from[group] : std::numeric_limits<Slot>::min();
  };
  const std::size_t moved = move_to_archive(state.database, state.readings, kept_from_of, file);
  state.commit_and_publish();
  return moved;
}

void Books::note_missing(MeterId meter, Instant due, Instant now) {
  auto& state = *state_;
  if (state.tracks.knows(meter)) state.tracks.note_missing(meter, slot_before(due), now);
}

std::vector<Gap> Books::gaps_of(ConcentratorId concentrator, Instant latest_due, int run_max,
                                Instant now) const {
  std::vector<Gap> gaps;
  const Slot latest = slot_before(latest_due);
  for (const auto meter : state_->tracks.meters_of(concentrator)) {
    if (const auto gap = state_->tracks.gap_of(meter, latest, run_max, now)) gaps.push_back(*gap);
  }
  return gaps;
}

void Books::accept_daily_freeze(MeterId meter, Instant midnight,
                                std::span<const CentiKilowattHours> total_and_rates, Instant now) {
  auto& state = *state_;
  if (!state.tracks.knows(meter) || total_and_rates.empty()) return;
  const Slot slot = slot_before(midnight);
  std::array<std::optional<CentiKilowattHours>, 5> told;
  for (std::size_t i = 0; i < std::min(told.size(), total_and_rates.size()); ++i)
    told[i] = total_and_rates[i];
  state.database.begin();
  state.add_freeze.bind(reading_key(slot, meter), told[0], told[1], told[2], told[3], told[4], now).run();
  if (state.database.changes() == 0) return;  // told before
  auto& track = state.tracks.of(meter);
  track.freeze_slot = std::max(track.freeze_slot, slot);
  // The meter froze by its own clock: its register lies between the curve's neighbours, not exactly on the
  // curve.
  const auto before = state.readings.find(slot - 1, meter);
  const auto after = state.readings.find(slot + 1, meter);
  const auto total = told[0]->count();
  if ((before && total < *before) || (after && total > *after)) {
    state.journal.anomaly(meter, "freeze_off_curve", "frozen " + std::to_string(total) + " centikWh", now);
  }
}

std::vector<MeterId> Books::freezes_wanted(ConcentratorId concentrator, Instant midnight) const {
  auto& state = *state_;
  std::vector<MeterId> wanted;
  const Slot slot = slot_before(midnight);
  if (slot <= state.tracks.opens()) return wanted;  // nothing was metered before
  for (const auto meter : state.tracks.meters_of(concentrator)) {
    const Slot latest = state.tracks.of(meter).freeze_slot;
    if (latest == slot) continue;
    if (latest > slot) {
      state.find_freeze.bind(reading_key(slot, meter));
      const bool is_known = state.find_freeze.next();
      state.find_freeze.reset();
      if (is_known) continue;
    }
    wanted.push_back(meter);
  }
  return wanted;
}

std::vector<MeterId> Books::balances_wanted(ConcentratorId concentrator, Instant midnight) const {
  const auto& state = *state_;
  std::vector<MeterId> wanted;
  for (const auto meter : state.tracks.meters_of(concentrator)) {
    const AccountId account = state.tracks.of(meter).account;
    if (!state.meter_accounts.has(account)) continue;
    if (state.meter_accounts.of(account).asked_at < midnight) wanted.push_back(meter);
  }
  return wanted;
}
}  // namespace headend
