/// How far each meter's readings have come: rated without a gap up to here, stored up to there, silent since
/// then.
///
/// A track is one row of a flat array; readings beyond a gap wait in `waiting` (only meters with a gap have
/// any). The quarter hours up to `rated_slot` are complete or given up. Time: slots and seconds, told by the
/// caller. Randomness: none.
#pragma once
#include <map>
#include <set>
#include <vector>

#include "head-end/store/slot.hpp"
#include "head-end/validate/plausible.hpp"

namespace headend {
struct RegisterTrack {
  Slot rated_slot = 0;  ///< all quarter hours up to here are rated; before the opening reading: opens - 1
  std::uint32_t rated_register = 0;  ///< 0.01 kWh, at `rated_slot`
  Slot latest_slot = 0;              ///< the latest stored; == rated_slot when there is no gap
  std::uint32_t latest_register = 0;
  std::uint32_t interval_energy_max = 0;
  AccountId account = 0;
  Slot freeze_slot = 0;         ///< midnight of the latest daily freeze
  Slot ask_from = 0;            ///< gaps are looked for from here on first: what was asked in vain comes last
  std::int64_t retry_at_s = 0;  ///< in back-off until then
  std::int32_t back_off_s = 0;  ///< 0: not in back-off
  bool is_opened = false;       ///< the opening reading is known
  bool has_waiting = false;
};

struct WaitingReadings {
  std::map<Slot, std::uint32_t> registers;
  Instant bounded_since;  ///< since when the gap before the first of them is known to have an end
  Instant duty;           ///< when giving the gap up is to be considered
};

class RegisterTracks {
 public:
  explicit RegisterTracks(const Configuration& configuration);

  bool knows(MeterId meter) const { return meter >= 1 && meter < tracks_.size(); }
  RegisterTrack& of(MeterId meter) { return tracks_[meter]; }
  const RegisterTrack& of(MeterId meter) const { return tracks_[meter]; }
  MeterId meter_count() const { return static_cast<MeterId>(tracks_.size() - 1); }
  Slot opens() const { return opens_; }
  const std::vector<MeterId>& meters_of(ConcentratorId concentrator) const {
    return by_concentrator_.at(concentrator);
  }

  /// The verdict on a reading later than all stored ones of its meter.
  ReadingVerdict judge_newest(const RegisterTrack& track, Slot slot, CentiKilowattHours shown) const {
    if (track.latest_slot < opens_)
      return judge_register(shown, std::nullopt, std::nullopt, energy_max(track));
    const Neighbour earlier{CentiKilowattHours(track.latest_register), slot - track.latest_slot};
    return judge_register(shown, earlier, std::nullopt, energy_max(track));
  }
  /// The verdict on a reading between `rated_slot` and `latest_slot`, from its stored neighbours.
  ReadingVerdict judge_inside(MeterId meter, Slot slot, CentiKilowattHours shown) const;

  const WaitingReadings* waiting_of(MeterId meter) const;
  void put_waiting(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now);
  /// Removes and returns the waiting reading that follows `rated_slot` directly, if there is one.
  std::optional<std::uint32_t> take_next(MeterId meter);
  /// After the rated part of `meter` has grown: forgets an emptied waiting list, renews the patience with a
  /// shorter gap.
  void settle(MeterId meter, Instant now);

  void note_missing(MeterId meter, Slot slot, Instant now);
  std::optional<Gap> gap_of(MeterId meter, Slot latest_due, int run_max, Instant now) const;

  /// Everything missing up to and including `till`, in runs, rising.
  std::vector<Gap> gaps_up_to(MeterId meter, Slot till) const;
  /// Whoever is in back-off may be asked again from `now` on; the next miss backs off further than the last.
  void end_back_offs(ConcentratorId concentrator, Instant now);

  /// Meters whose gap is now to be given up; puts off the others it has looked at.
  std::vector<MeterId> out_of_patience(Instant now);
  Instant next_duty() const { return duties_.empty() ? core::never : duties_.begin()->first; }

 private:
  static CentiKilowattHours energy_max(const RegisterTrack& track) {
    return CentiKilowattHours(track.interval_energy_max);
  }
  Instant patience_ends(const RegisterTrack& track, const WaitingReadings& waiting) const;
  std::optional<Gap> gap_from(MeterId meter, Slot from, Slot till, int run_max) const;

  CollectRules rules_;
  Slot opens_;
  std::vector<RegisterTrack> tracks_;  // by meter id; row 0 is nobody's
  std::vector<std::vector<MeterId>> by_concentrator_;
  std::map<MeterId, WaitingReadings> waiting_;
  std::set<std::pair<Instant, MeterId>> duties_;
};
}  // namespace headend
