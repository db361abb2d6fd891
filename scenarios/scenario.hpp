/// A scenario: everything that decides a run, as one struct with a default and a meaning for each field.
///
/// YAML is this struct (see `fields.hpp`: the same table loads it, saves the effective scenario and makes the
/// JSON Schema). Units are written ("15min", "47 V", "0.5588 CNY/kWh", "3 %"); unknown keys are errors with
/// file:line:column.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/civil.hpp"
#include "core/instant.hpp"
#include "core/money.hpp"
#include "core/ratio.hpp"
#include "core/units.hpp"

namespace scenario {
using core::Duration;
using core::Instant;
using namespace std::chrono_literals;

/// A place in a file, for messages: "scenarios/first-day/scenario.yaml:12:7".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// Part of a local day, in seconds since its midnight; `till` may be 86400. Slots never wrap here:
/// "22:00-06:00" is split.
struct DaySlot {
  int from_s = 0;
  int till_s = 86'400;
};

struct TariffPeriod {
  std::string name;  ///< "sharp" 尖, "peak" 峰, "flat" 平, "valley" 谷: register rates 1..4 in that order
  std::vector<DaySlot> slots;       ///< all periods together cover 24 h once: no hole, no overlap
  std::vector<core::Price> prices;  ///< one per tier
};

/// When a customer's consumption counts from zero again for the ladder.
enum class TierReset { never_tiered, monthly, yearly };

/// 电价: time-of-use periods and ladder (阶梯) tiers.
///
/// Text of the rule, which the head-end implements and audit's oracle implements again, from this text only:
/// 1. Readings are registers (0.01 kWh) at quarter hours of local time. The energy of an interval is the
/// difference of its
///    two readings and belongs to the period that holds the interval's start.
/// 2. In order of time each interval's energy fills the tiers: tier k holds consumption (since the last
/// reset, on the first
///    of the month or of the year at 00:00 local) above bounds[k-1] and up to and including bounds[k]. An
///    interval that crosses a bound is split exactly there.
/// 3. Each part costs energy x price of (period, tier), exactly, in micro-yuan.
/// 4. A month's bill is the sum of its parts, rounded once, half up, to fen. Charges posted within the month
/// are
///    differences of that rounded running sum, so that they add up to the bill.
/// 5. An interval whose inner readings are missing for good is divided evenly over its quarter hours, the odd
/// hundredths
///    to the earliest, and the bill line is marked estimated.
struct Tariff {
  std::string name;
  std::string source;                 ///< where the prices are published
  std::vector<TariffPeriod> periods;  ///< at least one; one period "flat" for a single-rate tariff
  TierReset resets = TierReset::never_tiered;
  std::vector<core::CentiKilowattHours> bounds;  ///< n-1 rising bounds for n tiers; empty when never tiered
  Place place;
};

/// Who keeps a customer's money.
enum class PaymentMode {
  postpaid,          ///< monthly bill, never cut off by balance
  prepaid_head_end,  ///< 远程费控: balance in the head-end, which commands the relay
  prepaid_meter,     ///< 本地费控: balance in the meter, which cuts by itself; the head-end sells into it
};

/// What a customer does about money: pays `amount` some time after a reason to. Drawn per customer and
/// occasion.
struct PayingHabit {
  enum class When { never, warned, in_arrears, cut_off } when = When::never;
  Duration after_min = 1h;
  Duration after_max = 12h;
  core::Fen amount{5000};
};

/// What draws behind a meter. From `dwelling` on: the load library (models/load/demand.hpp), minute by
/// minute; `solar_home` is a dwelling under a roof of its own. `feeder_head` is no customer: the meter at the
/// transformer (台区总表), class 0.5S behind current transformers, sees what the area's network supplies.
enum class LoadKind {
  household,
  ieee_profile,
  constant,
  dwelling,
  electric_car,
  heat_pump,
  solar_roof,
  solar_home,
  shop,
  workshop,
  studio,
  feeder_head,
  cooled_home,   ///< a dwelling with an air conditioner and a boiler (models/load/cooling.hpp)
  charging_home  ///< a dwelling with a car that charges
};

/// How customers answer campaigns: with what can wait in their homes (models/load/responsive_load.hpp).
struct ReactionSettings {
  core::Ratio follows{4, 5};
  core::Ratio sheds{1, 1};
  core::Ratio recovers{1, 1};
  Duration rebound = 2h;
};

/// A group of equal customers with a meter each.
struct MeterGroup {
  int count = 1;           ///< 1..1,000,000
  std::string name = "M";  ///< meters are NAME + running number over the scenario, four digits or more: M0001
  PaymentMode payment = PaymentMode::postpaid;
  std::string tariff;  ///< name of a tariff
  LoadKind load = LoadKind::household;
  core::Milliwatts constant_power{500'000};  ///< for load: constant
  core::Ratio load_scale{1, 1};              ///< households smaller than the model's mean; <= 1
  core::Milliwatts rated_power{0};           ///< of a car's charger, a pump, a roof, a studio; 0: the usual
  int current_ratio = 1;                     ///< for load: feeder-head, primary / secondary current
  int accuracy_class = 2;     ///< 1 or 2 (GB/T 17215.321): the meter's error is drawn within it
  int pulses_per_kWh = 1200;  ///< meter constant, imp/kWh
  core::Duration clock_drift_per_day_max = 500ms;  ///< +-0.5 s a day (JJG 596): drawn per meter, uniform
  Duration battery_left{
      0};  ///< of its clock, at the start, until it is low; drawn from half of it on; 0 = new
  int load_record_days = 8;            ///< quarter-hour records the meter keeps
  bool is_protected = false;           ///< 保电: keep-power, never cut off
  core::Fen opening_balance{0};        ///< prepaid modes: credited at the start, a payment like any other
  core::Fen alarm1{2000};              ///< 报警金额1
  core::Fen alarm2{500};               ///< 报警金额2
  core::Fen overdraft{0};              ///< 透支限额: how far below zero supply goes on
  core::Fen hoarding_cap{100'000'00};  ///< 囤积限额: most that the balance may reach
  PayingHabit pays;
  ReactionSettings reacts;
  Place place;
};

/// How a concentrator reaches its meters: pairs of RS-485, or the mains by carrier modules, one at each meter
/// (full carrier, 全载波) or one at each pair (half carrier, 半载波); or a pair and modules at the same time
/// (双通道).
enum class LineKind { rs485, carrier, half_carrier, both };
enum class CarrierBand { narrowband, high_speed };

struct LineSettings {
  LineKind kind = LineKind::rs485;
  CarrierBand band = CarrierBand::narrowband;  ///< of carrier modules
  int baud = 2400;                             ///< RS-485, 8E1: 11 bits a byte
  int meters_per_line = 32;                    ///< 1..32 unit loads
  core::Ratio bit_error{0, 1};                 ///< chance that a bit flips, at all times
  Duration turnaround_min = 20ms;              ///< DL/T 645-2007: 20..500 ms, drawn per answer
  Duration turnaround_max = 100ms;
  int collector_baud = 0;  ///< of the link to a collector (采集器) before each pair; 0 = pairs by themselves
};

struct ConcentratorSettings {
  Duration read_every = 15min;
  Duration read_after = 20s;  ///< pause after the quarter hour before the first poll
  Duration answer_timeout = 1200ms;
  int attempts = 2;     ///< per meter and pass
  int store_days = 10;  ///< quarter hours and daily freezes it keeps
  Duration clock_drift_per_day_max = 1s;
  Duration ups{0};            ///< runs on so long without mains
  Duration refresh_every{0};  ///< asks each meter for its present state so often; 0 = never
};

/// What carries the uplink: `plain` has the figures of the settings alone; the others those of their data
/// sheet, with attach, channel set-up, address translation, drops and a bill (models/line/bearers).
enum class Bearer { plain, gprs, lte, nb_iot, lora, fibre, telephone, ethernet };

struct UplinkSettings {
  Bearer bearer = Bearer::plain;
  Duration latency_min = 300ms;  ///< GPRS: one way, drawn per write
  Duration latency_max = 900ms;
  int throughput_bps = 30'000;
  core::Ratio loss{1, 100};  ///< chance that a segment is lost and comes after a retransmission
  Duration retransmission = 3s;
  Duration reconnect_min = 5s;  ///< after a drop, drawn
  Duration reconnect_max = 60s;
  Duration heartbeat = 5min;
};

/// 台区: one transformer area with its concentrator.
struct Area {
  std::string name;
  int copies = 1;            ///< so many equal areas, NAME, NAME-2 ...; the loader expands them, then 1
  std::string feeder;        ///< "" or the name of a feeder file in scenarios/feeders, or "ieee-csv"
  bool grid = false;         ///< voltages, currents and losses are computed on that feeder, minute by minute
  Duration repair = 2h;      ///< with grid: until a crew has replaced a fuse that melted
  int voltage_low_V = 207;   ///< with grid: truth is told of a voltage below ...
  int voltage_high_V = 253;  ///< ... or above (EN 50160: 230 V +- 10 %)
  std::vector<MeterGroup> meters;
  LineSettings line;
  ConcentratorSettings concentrator;
  UplinkSettings uplink;
  Place place;
};

struct CollectRules {
  Duration every = 15min;
  Duration after = 4min;  ///< the concentrator's time to read its meters
  Duration answer_timeout = 20s;
  int attempts = 3;
  Duration back_off_max = 2h;           ///< between rounds for a meter that stays silent
  Duration backfill_horizon = 8 * 24h;  ///< older gaps are given up and named
  Duration gap_patience = 36h;          ///< a gap older than this is billed by estimate (tariff rule 5)
};

struct CutOffRules {
  Duration grace = 0s;       ///< between arrears and the trip command
  Duration trip_delay = 0s;  ///< in the meter: warning before the relay opens (04001401), whole minutes
  /// Quiet hours without a trip; restoring is always allowed. The one slot that may wrap midnight:
  /// "22:00-06:00" is from_s = 79200, till_s = 21600 (from_s > till_s).
  std::optional<DaySlot> never_between;
  Duration command_timeout = 30s;
  Duration command_valid_for = 15min;  ///< N3..N8 of the remote control frame
};

/// The watch over losses and meters, once a night.
struct NightRules {
  bool watches = true;         ///< areas with a meter at the transformer; registers that fall
  Duration check_up_every{0};  ///< each meter is asked about itself so often, in whole days; 0 = never
  int orders_a_night = 2;      ///< work orders for one area in one night, at most
};

struct HeadEndRules {
  CollectRules collect;
  CutOffRules cut_off;
  NightRules night;
};

/// One injected fault: what breaks, whose, when, and how badly. Which fields a kind takes is in the registry
/// (models/fault/registry.hpp, `metertwin faults`).
///
/// A schedule (`hours`, `weekdays`, `every`, `mean_every`, `lasts`) becomes plain windows when the file is
/// loaded (fault_schedule.hpp); afterwards each fault is one window [from, till), or one that waits for an
/// event within it (`when`).
struct FaultSpec {
  std::string name;            ///< windows of one name are judged together; those of a schedule get one
  std::string kind;            ///< a name of the registry
  std::string area;            ///< by name; empty = all areas
  std::string meter;           ///< by name; empty = the whole area
  int line = 0;                ///< of the area, from 1; 0 = all its lines
  Instant from;                ///< not given: from the run's start
  Instant till;                ///< not given: to the run's end. For a crash or a restart: is up again
  std::vector<DaySlot> hours;  ///< only in these parts of the day
  std::vector<std::string> weekdays;  ///< only on these days: mon, tue, wed, thu, fri, sat, sun
  Duration every{0};                  ///< begins again so often, for `lasts`
  Duration mean_every{0};             ///< begins by chance, on average so often (Poisson), for `lasts`
  Duration lasts{0};                  ///< how long each time
  std::string when;                   ///< begins when truth tells this event of the meter or the area
  Duration wait{0};                   ///< so long after that event
  core::Ratio bit_error{0, 1};
  core::Ratio chance{1, 1};  ///< by chance: share of the frames concerned
  int nth = 0;               ///< on demand: only the n-th frame in the window
  int every_nth = 0;         ///< on demand: each n-th
  std::string frame;         ///< of this type only: read, write, control, security, time
  Duration delay{0};
  Duration step{0};
  int count = 0;
  Duration age{0};
  std::string other;        ///< a second meter
  int noise_dB = 0;         ///< how much louder
  core::Ratio share{1, 1};  ///< of the energy, what is not registered
  core::Milliwatts power{0};
  core::CentiKilowattHours energy{0};
  std::string section;  ///< of the area's network, by name
  std::string phases;   ///< of that section: "A", "BC"; empty = all
  std::string attack;   ///< a function of models/theft/attack.hpp: m0..m13, h1..h6
  Place place;
};

/// A storm takes areas: several faults at once, with one cause.
struct StormSpec {
  std::string name;                 ///< its faults are called NAME-KIND
  std::vector<std::string> areas;   ///< by name; none = all
  std::vector<std::string> faults;  ///< kinds that an area can suffer as a whole
  Instant from;
  Instant till;
  Duration spread{0};  ///< each begins so much later at most, and ends so much earlier, drawn
  core::Ratio bit_error{0, 1};
  Place place;
};

/// A payment at the counter that the scenario dictates.
struct PaymentSpec {
  Instant at;
  std::string meter;
  core::Fen amount{0};
  int times = 1;  ///< the same slip handed in so often (same idempotency key): must be booked once
  Place place;
};

enum class CampaignMeans { limit, rotate, call };

/// A demand-side campaign (有序用电) that the head-end plans from the start (head-end/campaign/plan.hpp).
struct CampaignSpec {
  std::string name;
  CampaignMeans means = CampaignMeans::limit;
  std::vector<std::string> areas;    ///< by name; none = the whole estate
  std::vector<std::string> classes;  ///< residential, commercial, industrial; none = all
  std::vector<std::string> tariffs;  ///< by name; none = all
  std::vector<std::string> meters;   ///< by name; none = all that fit the rest
  Instant from, till;                ///< on quarter hours
  Duration ahead = 30min;            ///< limits and calls go out so long before
  core::Milliwatts power{0};         ///< limit: what each customer may draw
  Duration delay = 1min;             ///< limit: above it so long, the meter's relay opens
  Duration pause = 3min;             ///< limit: and closes again by itself
  int trips = 3;                     ///< limit: after so many only the button closes it
  int groups = 4;                    ///< rotate: one of so many is off at a time
  Duration turn = 30min;             ///< rotate: for so long
  core::Ratio share{1, 2};           ///< call: what is asked for
  int baseline_days = 10, baseline_highest = 10;
  bool baseline_adjusted = true;
  bool must_keep_rating = false;  ///< audit: the transformers of its areas stay within their rating meanwhile
  Place place;
};

struct Expectations {
  core::Ratio coverage_min{995, 1000};  ///< share of due readings stored by the end of the run
  std::int64_t bills_wrong_max = 0;
  Duration cut_off_latest = 45min;  ///< from arrears (plus grace, trip delay, quiet hours) to an open relay
  Duration restore_latest = 10min;  ///< from payment to a closed relay
  std::int64_t protected_cut_max = 0;
  bool must_cut = false;     ///< somebody must be cut off: otherwise the cut-off check is unknown
  bool must_bill = false;    ///< a bill must be issued: otherwise the bill check is unknown
  Duration fresh_within{0};  ///< no older may a living meter's state be at its concentrator; 0 = not asked
};

/// Of the load library: what moves heating, cooling and the sun (models/load/weather.hpp).
struct ClimateSettings {
  int mean_C = 17;
  int season_C = 12;    ///< summer is so much warmer than the mean, winter so much colder
  int swing_C = 4;      ///< afternoon and night, likewise
  int deviation_C = 3;  ///< standard deviation of a day
  int latitude_deg = 30;
  std::vector<std::string> holidays;  ///< "2026-10-01": workdays on which nobody works
};

/// Inspectors (用电检查) of the utility: they take open work orders from the head-end, go there, and report
/// what they found.
struct InspectorSettings {
  int crews = 0;  ///< 0: nobody goes
  DaySlot hours{8 * 3600, 17 * 3600};
  std::vector<std::string> weekdays{"mon", "tue", "wed", "thu", "fri"};
  Duration asks_every = 30min;  ///< a crew at rest looks for open orders
  Duration way_min = 30min;     ///< from order to visit, drawn per order; always within working hours
  Duration way_max = 5h;
  Duration stays = 20min;
};

struct Scenario {
  std::string story;  ///< short name, kebab-case; names the run's folder
  std::string title;  ///< one line for `metertwin scenarios`
  std::uint64_t seed = 42;
  std::string zone = "Asia/Shanghai";
  Instant starts;
  Duration lasts = 24h;
  std::string
      data_folder;        ///< of outside data (feeder: ieee-csv, load: ieee-profile), from the file's folder
  Duration settles = 2h;  ///< after `lasts`: no more faults, no new readings due; what is late may come in
  std::vector<Tariff> tariffs;
  std::vector<Area> areas;
  ClimateSettings climate;
  HeadEndRules head_end;
  std::vector<FaultSpec> faults;
  std::vector<StormSpec> storms;  ///< none after loading: they are faults then
  std::vector<PaymentSpec> payments;
  std::vector<CampaignSpec> campaigns;
  InspectorSettings inspectors;
  Expectations expect;

  core::Zone zone_rules{8h};  ///< `zone` resolved for the run's span; not a YAML field
  std::string folder;         ///< where the file lies; not a YAML field

  Instant ends() const { return starts + lasts; }
};
}  // namespace scenario
