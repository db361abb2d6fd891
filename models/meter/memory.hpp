/// A meter's cold memory: freezes, event records, passwords, programmed parameters. Touched once a day or by
/// a frame.
///
/// Kept apart from the hot row so that a hundred thousand meters sweep through little memory. Grows with what
/// happens: a record is stored when it comes about, the oldest of its kind goes when the kind's limit is
/// reached. Time: the meter's civil clock. Errors: none. Randomness: none.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/instant.hpp"
#include "models/meter/load_limit.hpp"
#include "models/meter/mains.hpp"
#include "models/meter/purse.hpp"
#include "models/meter/registers.hpp"
#include "models/meter/tampering.hpp"
#include "models/meter/wear.hpp"

namespace model {
class ResponsiveLoad;

/// What the meter photographs at a freeze (冻结) or at the end of a billing period (结算).
struct Freeze {
  std::uint32_t civil_minute = 0;  ///< since 1970
  ShownRegisters forward;
  std::int32_t power_mW = 0;
  std::uint32_t demand_dW = 0;      ///< largest quarter-hour mean so far in the month, 0.0001 kW
  std::uint32_t demand_minute = 0;  ///< when that quarter hour ended
};
/// Newest last; as many as `limit`.
struct FreezeList {
  std::vector<Freeze> kept;
  /// A freeze of the same or a later minute gives way: the clock was set back over it.
  void add(const Freeze& freeze, std::size_t limit);
  /// 1 = newest; null when there is none.
  const Freeze* nth_last(std::size_t n) const {
    return n >= 1 && n <= kept.size() ? &kept[kept.size() - n] : nullptr;
  }
};

enum class EventKind : std::uint8_t {
  power_down,
  programming,
  meter_clear,
  demand_clear,
  event_clear,
  clock_set,
  trip,
  close,
  cover_opened
};
inline constexpr std::size_t event_kinds = 9;
inline constexpr std::size_t events_kept_per_kind = 10;

struct EventRecord {
  EventKind kind = EventKind::trip;
  std::uint32_t operator_code = 0;
  std::int64_t began_civil_s = 0;
  std::int64_t ended_civil_s = 0;  ///< power back; for a clock setting: the time after it
  std::uint32_t register_centikWh = 0;
  std::uint32_t detail = 0;  ///< data identifier that was written or cleared; demand that was cleared;
                             ///< the register when a cover was closed again
};

class EventLog {
 public:
  void add(const EventRecord& record);
  std::uint32_t count(EventKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  /// 1 = newest; null when there is none.
  const EventRecord* nth_last(EventKind kind, std::size_t n) const;
  /// The newest record of a kind that lasts (a power cut, an open cover) ends.
  void end_newest(EventKind kind, std::int64_t civil_s, std::uint32_t detail = 0);
  /// Forgets records and counts of one kind (the count of clears itself stays: it is the seal).
  void clear(EventKind kind);
  std::size_t bytes() const { return records_.capacity() * sizeof(EventRecord); }

 private:
  std::array<std::uint32_t, event_kinds> counts_{};
  std::vector<EventRecord> records_;  ///< all kinds, oldest first
};

/// Programming passwords (密码) of levels 0..9: three wrong ones lock the meter for a day of its clock.
struct Passwords {
  static constexpr int wrong_limit = 3;
  static constexpr std::int64_t locked_s = 86'400;
  std::array<std::uint32_t, 10> digits{};
  std::int64_t locked_till_civil_s = 0;
  std::int32_t wrong_in_a_row = 0;

  /// True if `level` (0 = highest) may do what needs `level_needed` and the digits are right.
  bool allow(int level, std::uint32_t typed, int level_needed, std::int64_t civil_s);
};

/// A parameter that differs from the workshop's default; `parameters.hpp` lists all.
struct ChangedParameter {
  std::uint32_t item = 0;
  std::uint64_t digits = 0;
};

/// 0333xx01: what the last recharge did.
struct LastPurchase {
  std::uint32_t civil_minute = 0;
  core::Fen amount{0}, before{0}, after{0};
};

/// What was done to the meter, and what that hides.
struct TamperedWith {
  std::uint32_t key = 0;
  Tampering how;
};

struct MeterMemory {
  FreezeList daily, monthly, instant, timed;
  EventLog events;
  Passwords passwords;
  std::vector<ChangedParameter> changed;
  PurseLimits limits;
  std::array<char, 32> asset_number{};
  core::Fen purchased_total{0};
  LastPurchase last_purchase;
  std::uint64_t customer_number = 0;
  std::uint64_t meter_number = 0;
  std::int64_t authenticated_till_civil_s = 0;
  std::int32_t session_minutes = 5;
  std::int32_t settled_month = 0;    ///< months since 1970 whose billing day has been settled
  std::int32_t ladder_month = 0;     ///< month in which the ladder last began from zero
  std::uint16_t trip_delay_min = 0;  ///< 04001401
  std::uint16_t daily_limit = 62;
  std::uint8_t billing_day = 1;  ///< 04000B01 DDhh
  std::uint8_t billing_hour = 0;
  std::array<std::uint8_t, 4> scheduled_freeze{255, 255, 255,
                                               255};  ///< month, day, hour, minute; 99 = any, 255 = none
  bool has_account = false;
  bool closes_by_itself = true;
  bool trips_at_alarm2 = false;
  bool learns_customer = true;
  std::int64_t broadcast_day = -1;  ///< civil day on which broadcast time was last taken: once a day
  std::int64_t lost_civil_s = 0;    ///< when supply went away
  std::int64_t programming_till_civil_s = 0;
  std::vector<std::uint8_t> follow_up;  ///< what the last long answer still owes
  std::uint32_t follow_up_item = 0;
  BatteryWear battery;
  std::int64_t in_service_ms = 0;  ///< milliseconds since 1970
  std::shared_ptr<const Mains> mains;
  VoltageEvents voltage_events;
  std::vector<TamperedWith> tamperings;  ///< in the order in which they began
  std::int32_t unmetered_mW = 0;         ///< drawn before the element in the present step
  std::int64_t missed_uJ = 0;            ///< passed, and not counted
  std::int64_t withheld_uJ = 0;          ///< of this, without what was counted too much at other times
  std::int64_t fed_uJ = 0;               ///< passed from the customer into the network
  std::int64_t reverse_uJ = 0;           ///< seen the other way round, not yet a pulse
  std::uint64_t reverse_pulses = 0;
  LoadControl control;
  std::shared_ptr<ResponsiveLoad> customer;  ///< who reacts to it; or nobody
  std::int64_t unsupplied_uJ = 0;            ///< what he would have drawn since the relay opened

  std::size_t bytes() const;
};
}  // namespace model
