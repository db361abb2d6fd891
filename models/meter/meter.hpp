/// A single-phase prepaid meter (单相费控智能电能表): DL/T 645-2007, GB/T 17215.321 class 1 or 2.
///
/// Load -> pulses -> registers by rate -> money; a clock of its own; a relay; a memory; and one door,
/// `answer`, where frames come in and go out. It is lazy: nothing happens inside until somebody asks, then
/// `advance` steps through load changes, its clock's quarter hours, rate switches, freezes, a running trip
/// delay and the end of the money at their own instants. Truth beside it: the energy that really passed, in
/// exact uJ (power may change on whole milliseconds). Errors: METERTWIN_CHECK when time goes back.
/// Randomness: only the load's, addressed by (seed, meter).
#pragma once
#include <memory>
#include <optional>

#include "core/address.hpp"
#include "core/bytes.hpp"
#include "models/load/load.hpp"
#include "models/meter/happening.hpp"
#include "models/meter/load_record.hpp"
#include "models/meter/mains.hpp"
#include "models/meter/meter_clock.hpp"
#include "models/meter/metrology.hpp"
#include "models/meter/purse.hpp"
#include "models/meter/registers.hpp"
#include "models/meter/relay.hpp"
#include "models/meter/tampering.hpp"
#include "models/meter/tariff_tables.hpp"
#include "models/meter/type_plate.hpp"
#include "models/meter/wear.hpp"
#include "protocols/dlt645/frame.hpp"

namespace model {
struct Freeze;
struct MeterMemory;
struct LoadLimit;
struct LoadCall;
class Firmware;
class ResponsiveLoad;

/// What a meter leaves the workshop with.
struct MeterSetup {
  MeterId id = 1;  ///< from 1; also addresses its randomness
  core::MeterAddress address;
  std::shared_ptr<const TypePlate> plate;  ///< shared by all of one make; required
  std::shared_ptr<const TariffTables>
      tariff;  ///< required (a default-made one is a single flat rate, free of charge)
  Load load;
  core::PartsPerMillion error{0};             ///< see draw_error
  std::int64_t clock_drift_ppb = 0;           ///< 5787 ppb gains 0.5 s a day
  core::Instant starts{};                     ///< when it is put into service
  std::chrono::seconds utc_offset{8 * 3600};  ///< its clock shows true time + this at `starts`
  core::CentiKilowattHours opening_register{0};
  int load_record_days = 8;    ///< quarter-hour records kept: this many days, and one record more
  int daily_freezes = 62;      ///< kept; memory grows with the days that pass
  int trip_delay_minutes = 0;  ///< 04001401: warning between a remote trip and the open relay, 0..9999
  bool is_protected = false;   ///< keep-power from the start (保电)
  bool has_purse = false;      ///< true: local prepay, account opened
  PurseLimits limits;
  core::MicroYuan opening_balance{0};
  std::uint32_t purchase_count = 0;   ///< purchases that `opening_balance` already holds
  std::uint64_t customer_number = 0;  ///< twelve digits; 0 = learnt from the first purchase
  bool closes_by_itself = true;       ///< after a recharge; false = it only allows closing, the button closes
  bool trips_at_alarm2 = false;       ///< opens once at alarm 2 to remind; the button closes again
  std::shared_ptr<ResponsiveLoad> customer;  ///< behind `load`: reacts to limits and calls; or nobody does
  BatteryWear battery;                 ///< of its clock
  std::shared_ptr<const Mains> mains;  ///< of a network that somebody computes; nothing: the load's guess
};

/// The last recharge that a meter took, as somebody who listened on the line has it.
struct CapturedRecharge {
  core::Fen amount{0};
  std::uint32_t purchase_count = 0;
  std::uint64_t customer_number = 0;
};

/// Mains at the meter's terminals. Without it the meter counts nothing and answers nothing; its clock runs
/// on.
enum class Supply : std::uint8_t { lost, restored };

class Meter {
 public:
  explicit Meter(const MeterSetup& setup);
  ~Meter();
  Meter(Meter&&) noexcept;
  Meter& operator=(Meter&&) noexcept;

  /// Brings the meter to `now`. Range: now never goes back (checked). Appends what happened, in order of
  /// time.
  void advance(core::Instant now, MeterHappenings& happened) {
    if (now < next_step_ && !has_purse_) {
      pass_until(now);
      return;
    }
    advance_in_steps(now, happened);
  }
  /// The only door. `heard` is what arrived in one burst and ended at `at`: perhaps a frame, perhaps noise
  /// around it. True when there is an answer; it is appended to `answer` (with FE lead-in). No answer: noise,
  /// another's address, broadcast, no supply.
  bool answer(core::Bytes heard, core::Instant at, dlt645::Wire& answer, MeterHappenings& happened);
  /// The same for a frame that is already decoded.
  bool answer(const dlt645::Frame& heard, core::Instant at, dlt645::Wire& answer, MeterHappenings& happened);
  void set_supply(Supply supply, core::Instant at, MeterHappenings& happened);
  /// The customer's button, held for three seconds: closes the relay if that is allowed.
  void press_button(core::Instant at, MeterHappenings& happened);
  /// The sealed programming key under the cover: allows changing the address for the next four hours.
  void press_programming_key(core::Instant at, MeterHappenings& happened);

  // What is done to it (tampering.hpp; meter_tampering.cpp)
  /// From `at` on; `key` is to be given back by `end_tampering`. Several act in the order of their beginning.
  void begin_tampering(std::uint32_t key, const Tampering& tampering, core::Instant at,
                       MeterHappenings& happened);
  void end_tampering(std::uint32_t key, core::Instant at, MeterHappenings& happened);
  /// The registers go back by so much, not below zero; returns by how much the total really went back.
  core::CentiKilowattHours roll_back(core::CentiKilowattHours by, core::Instant at,
                                     MeterHappenings& happened);
  /// Its cover is opened: the meter keeps a record. / Closed again.
  void open_cover(core::Instant at, MeterHappenings& happened);
  void close_cover(core::Instant at, MeterHappenings& happened);
  /// Somebody sets its clock at the meter itself: it keeps its record of that.
  void put_clock(core::Instant at, std::int64_t civil_ns, MeterHappenings& happened);
  /// Nothing before the first purchase.
  std::optional<CapturedRecharge> captured_recharge() const;
  /// Passed and not counted because of tampering, so far (negative: counted too much). Unit: uJ.
  std::int64_t missed_uJ() const;
  /// The same, without what was counted too much at other times: what was not registered when it passed.
  std::int64_t withheld_uJ() const;
  /// Passed from the customer into the network (a roof), so far; `passed_uJ` is the other way only.
  std::int64_t fed_uJ() const;
  /// The voltage may have changed: keeps its counters of voltage events.
  void watch_voltage();
  /// The load may have changed: asks it anew.
  void look_again() { segment_till_ms_ = at_ms_; }
  /// Energy that will pass till `till` as things are: supply, relay and tampering stay. Range: till >= now().
  struct Draw {
    core::Microjoules energy{0};
    std::int64_t reactive_uvars = 0;
  };
  Draw draw_until(core::Instant till) const;
  const Load& load() const { return load_; }

  MeterId id() const { return id_; }
  core::MeterAddress address() const { return address_; }
  /// The rest is as of the last advance.
  core::Instant now() const { return core::Instant(std::chrono::milliseconds(at_ms_)); }
  std::uint32_t shown_centikWh() const { return registers_.shown_total(pulses_per_kWh_); }
  ShownRegisters shown_registers() const { return registers_.shown(pulses_per_kWh_); }
  std::int64_t passed_uJ() const { return passed_uJ_; }
  std::int64_t money_uYuan() const { return purse_.money.count(); }
  std::uint32_t purchase_count() const { return purse_.purchase_count; }
  const Relay& relay() const { return relay_; }
  bool has_supply() const { return has_supply_; }
  /// True of the customer's sockets: mains are there and the relay is closed.
  bool is_supplied() const { return has_supply_ && !relay_.is_open; }
  const MeterClock& clock() const { return clock_; }
  const LoadRecordRing& load_record() const { return load_record_; }
  /// The next instant at which something happens by the meter's clock or relay; between, only energy and
  /// money flow.
  core::Instant next() const { return next_step_; }
  /// Bytes in all, cold memory and load record included.
  std::size_t memory_bytes() const;

 private:
  friend class Firmware;

  void advance_in_steps(core::Instant now, MeterHappenings& happened);
  void pass_until(core::Instant until);
  void pass_and_charge_until(core::Instant until, MeterHappenings& happened);
  void measure(std::int64_t duration_ms);
  void take_segment();
  SeenSegment seen_segment_at(std::int64_t at_ms) const;  ///< of a meter that is tampered with
  void take_tampered_segment();
  void measure_tampered(std::int64_t duration_ms);
  void pass_unmetered(std::int64_t until_ms);
  core::Millivolts voltage() const;
  bool has_exchanged_phases() const;

  // Money (meter_money.cpp)
  void charge_completed_units();
  std::int64_t milliseconds_until_alert(std::int64_t limit_ms) const;
  core::Price price_of_unit(std::uint64_t used_in_ladder, std::uint64_t& units_at_this_price) const;
  void alert(MeterHappenings& happened);
  void after_recharge(core::Instant at, MeterHappenings& happened);

  // The meter's clock (meter_calendar.cpp)
  void keep_clock();
  void begin_quarter(std::int64_t civil_s);
  void begin_hour(std::int64_t civil_s);
  void settle(std::int64_t civil_s);
  void change_sets(std::int64_t civil_s);
  void refresh_calendar(std::int64_t civil_s);
  void plan_next_step(core::Instant at);
  void make_up_for_outage(std::int64_t civil_s);
  void set_clock(core::Instant at, std::int64_t civil_ns, std::uint32_t operator_code,
                 MeterHappenings& happened);
  std::int32_t billing_month(std::int64_t civil_s) const;
  Freeze photograph(std::int64_t civil_s) const;
  std::uint32_t demand_dW() const;

  // The relay (meter_relay.cpp)
  void open_relay(core::Instant at, RelayCause cause, MeterHappenings& happened);
  void close_relay(core::Instant at, RelayCause cause, MeterHappenings& happened);
  void allow_closing(core::Instant at, RelayCause cause, MeterHappenings& happened);
  void finish_trip_delay(core::Instant at, MeterHappenings& happened);
  void tell_withheld(core::Instant at, MeterHappenings& happened);
  void set_keep_power(bool on, core::Instant at, MeterHappenings& happened);
  void tell(MeterHappenings& happened, core::Instant at, MeterHappening::Kind kind, std::int64_t value = 0,
            RelayCause cause = RelayCause::none, std::uint32_t detail = 0) const;

  // Demand-side management (meter_limit.cpp)
  void set_limit(const LoadLimit& limit, core::Instant at, MeterHappenings& happened);
  void begin_limit(core::Instant at, MeterHappenings& happened);
  void end_limit_reaction(core::Instant at, MeterHappenings& happened);
  void release_limit(core::Instant at, MeterHappenings& happened);
  void take_call(const LoadCall& call, core::Instant at, MeterHappenings& happened);
  void end_call(core::Instant at, MeterHappenings& happened);
  /// Does what is due at `at` and finds out when to look again.
  void keep_control(core::Instant at, MeterHappenings& happened);
  void keep_limit(core::Instant at, MeterHappenings& happened);
  void keep_call(core::Instant at, MeterHappenings& happened);
  void trip_at_limit(core::Instant at, MeterHappenings& happened);
  void withhold(std::int64_t until_ms);

  // Hot: what one quarter hour touches.
  std::int64_t at_ms_;
  core::Instant next_step_{};
  core::Instant control_next_ = core::never;  ///< when a limit or a call is to be looked at
  std::int64_t next_civil_s_ = 0;             ///< the clock's part of next_step_
  std::int64_t sets_changed_s_ = 0;           ///< tariff set changes planned up to here have been made
  std::int64_t calendar_event_s_ = 0;         ///< next change of rate, tariff set or planned freeze
  std::int64_t passed_uJ_ = 0;
  std::int64_t passed_uvars_ = 0;  ///< reactive energy, micro-var-seconds
  std::int64_t segment_till_ms_;
  std::int32_t power_mW_ = 0;
  std::int32_t reactive_mvar_ = 0;
  std::int32_t seen_mW_ = 0;  ///< of power_mW_, what the element sees; negative: the other way round
  Metrology metrology_;
  EnergyRegisters registers_;
  Load load_;
  MeterClock clock_;
  LoadRecordRing load_record_;
  Purse purse_;
  std::uint64_t pulses_at_quarter_ = 0;
  std::uint32_t demand_max_pulses_ = 0;  ///< most pulses in a quarter hour of this month
  std::uint32_t demand_max_minute_ = 0;  ///< when, civil minutes since 1970
  std::int32_t pulses_per_kWh_;
  MeterId id_;
  Relay relay_;
  ActiveSets active_;
  std::uint8_t rate_ = 2;
  bool is_turning_ = false;  ///< load at or above the starting current
  bool has_supply_ = true;
  bool has_purse_;  ///< local prepay: every full 0.01 kWh costs
  bool is_tampered_ = false;
  // Warm: asked by frames.
  core::MeterAddress address_;
  std::shared_ptr<const TypePlate> plate_;
  std::shared_ptr<const TariffTables> tariff_;
  std::unique_ptr<MeterMemory> memory_;
};
}  // namespace model
