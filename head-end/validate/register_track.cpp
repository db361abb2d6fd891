#include "head-end/validate/register_track.hpp"

#include <algorithm>

namespace headend {
RegisterTracks::RegisterTracks(const Configuration& configuration)
    : rules_(configuration.collect),
      opens_(slot_before(configuration.opens)),
      tracks_(configuration.meters.size() + 1),
      by_concentrator_(configuration.concentrators.size() + 1) {
  for (const auto& meter : configuration.meters) {
    auto& track = tracks_[meter.id];
    track.rated_slot = track.latest_slot = opens_ - 1;
    track.freeze_slot = track.ask_from = opens_;
    const auto energy_max =
        std::clamp<std::int64_t>(meter.interval_energy_max.count(), 0, register_end_centikWh);
    track.interval_energy_max = static_cast<std::uint32_t>(energy_max);
    track.account = meter.account;
    by_concentrator_[meter.concentrator].push_back(meter.id);
  }
}

ReadingVerdict RegisterTracks::judge_inside(MeterId meter, Slot slot, CentiKilowattHours shown) const {
  const auto& track = tracks_[meter];
  const auto& registers = waiting_.at(meter).registers;
  const auto after = registers.upper_bound(slot);
  std::optional<Neighbour> earlier, later;
  if (after != registers.end()) later = Neighbour{CentiKilowattHours(after->second), after->first - slot};
  if (after != registers.begin()) {
    const auto before = std::prev(after);
    earlier = Neighbour{CentiKilowattHours(before->second), slot - before->first};
  } else if (track.is_opened) {
    earlier = Neighbour{CentiKilowattHours(track.rated_register), slot - track.rated_slot};
  }
  return judge_register(shown, earlier, later, energy_max(track));
}

const WaitingReadings* RegisterTracks::waiting_of(MeterId meter) const {
  const auto found = waiting_.find(meter);
  return found == waiting_.end() ? nullptr : &found->second;
}

Instant RegisterTracks::patience_ends(const RegisterTrack& track, const WaitingReadings& waiting) const {
  // A long gap is not given up the moment its end shows: first the collector gets the time of two full
  // back-offs to fill it.
  return std::max(instant_of(track.rated_slot + 1) + rules_.gap_patience,
                  waiting.bounded_since + 2 * rules_.back_off_max);
}

void RegisterTracks::put_waiting(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now) {
  auto& track = tracks_[meter];
  auto& waiting = waiting_[meter];
  waiting.registers.emplace(slot, register_shown);
  if (track.has_waiting) return;
  track.has_waiting = true;
  waiting.bounded_since = now;
  waiting.duty = patience_ends(track, waiting);
  duties_.emplace(waiting.duty, meter);
}

std::optional<std::uint32_t> RegisterTracks::take_next(MeterId meter) {
  const auto found = waiting_.find(meter);
  if (found == waiting_.end()) return std::nullopt;
  auto& registers = found->second.registers;
  const auto first = registers.begin();
  if (first == registers.end() || first->first != tracks_[meter].rated_slot + 1) return std::nullopt;
  const std::uint32_t register_shown = first->second;
  registers.erase(first);
  return register_shown;
}

void RegisterTracks::settle(MeterId meter, Instant now) {
  const auto found = waiting_.find(meter);
  if (found == waiting_.end()) return;
  if (!found->second.registers.empty()) {
    found->second.bounded_since = now;  // the duty is put off when it comes
    return;
  }
  duties_.erase({found->second.duty, meter});
  waiting_.erase(found);
  tracks_[meter].has_waiting = false;
}

void RegisterTracks::note_missing(MeterId meter, Slot slot, Instant now) {
  auto& track = tracks_[meter];
  // The newest is asked for each round anyway: only older ones move on where gaps are looked for first.
  if (instant_of(slot) + rules_.every + rules_.after < now) track.ask_from = slot + 1;
  const std::int64_t now_s = core::unix_seconds(now);
  if (track.back_off_s > 0 && now_s < track.retry_at_s) return;
  const auto every_s =
      static_cast<std::int32_t>(std::chrono::floor<std::chrono::seconds>(rules_.every).count());
  const auto max_s =
      static_cast<std::int32_t>(std::chrono::floor<std::chrono::seconds>(rules_.back_off_max).count());
  track.back_off_s =
      std::min(track.back_off_s == 0 ? every_s : 2 * track.back_off_s, std::max(max_s, every_s));
  // Counted in rounds: an answer may come late within its round by all its attempts, and the next round must
  // not be skipped for that.
  const auto attempts_s = std::chrono::floor<std::chrono::seconds>(rules_.attempts * rules_.answer_timeout);
  track.retry_at_s = now_s + track.back_off_s - std::min<std::int64_t>(attempts_s.count(), every_s / 4);
}

std::optional<Gap> RegisterTracks::gap_from(MeterId meter, Slot from, Slot till, int run_max) const {
  Slot first = from;
  Slot end = till + 1;
  if (const auto* waiting = waiting_of(meter)) {
    auto stored = waiting->registers.lower_bound(first);
    while (stored != waiting->registers.end() && stored->first == first) ++stored, ++first;
    if (stored != waiting->registers.end()) end = std::min(end, stored->first);
  }
  if (first > till) return std::nullopt;
  return Gap{meter, instant_of(first), std::min(end - first, run_max)};
}

std::optional<Gap> RegisterTracks::gap_of(MeterId meter, Slot latest_due, int run_max, Instant now) const {
  const auto& track = tracks_[meter];
  if (track.rated_slot >= latest_due || run_max <= 0) return std::nullopt;
  if (track.back_off_s > 0 && core::unix_seconds(now) < track.retry_at_s) return std::nullopt;
  const Slot horizon = latest_due - static_cast<Slot>(rules_.backfill_horizon / std::chrono::seconds(slot_s));
  const Slot first_missing = std::max(track.rated_slot + 1, horizon);
  if (track.ask_from > first_missing) {
    if (auto gap = gap_from(meter, track.ask_from, latest_due, run_max)) return gap;
  }
  return gap_from(meter, first_missing, latest_due, run_max);
}

std::vector<Gap> RegisterTracks::gaps_up_to(MeterId meter, Slot till) const {
  std::vector<Gap> gaps;
  for (Slot from = tracks_[meter].rated_slot + 1; from <= till;) {
    const auto gap = gap_from(meter, from, till, till - from + 1);
    if (!gap) break;
    gaps.push_back(*gap);
    from = slot_before(gap->first) + gap->count;
  }
  return gaps;
}

void RegisterTracks::end_back_offs(ConcentratorId concentrator, Instant now) {
  const std::int64_t now_s = core::unix_seconds(now);
  for (const MeterId meter : by_concentrator_.at(concentrator))
    tracks_[meter].retry_at_s = std::min(tracks_[meter].retry_at_s, now_s);
}

std::vector<MeterId> RegisterTracks::out_of_patience(Instant now) {
  std::vector<MeterId> given_up;
  while (!duties_.empty() && duties_.begin()->first <= now) {
    const MeterId meter = duties_.begin()->second;
    duties_.erase(duties_.begin());
    auto& waiting = waiting_.at(meter);
    const Instant ends = patience_ends(tracks_[meter], waiting);
    if (ends <= now) given_up.push_back(meter);
    // Where it is given up now, what waits behind may hold another gap: the duty stays until `settle` ends
    // it.
    waiting.duty = std::max(ends, now + rules_.every);
    duties_.emplace(waiting.duty, meter);
  }
  return given_up;
}
}  // namespace headend
