/// The scenario's one table: for each struct its keys, what they mean, and what they may be.
///
/// Three visitors read it: the loader (`load.cpp`), the saver (`save.cpp`) and the schema maker
/// (`schema.cpp`); so the file format, its documentation and its checks cannot drift apart. A visitor has
///     template <class T> void field(const char* key, T& member, const char* meaning, Rule rule = {});
/// where T is a value with a `Text`, an enum with `Words`, a described struct, or a vector or optional of
/// these.
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include "scenarios/scenario.hpp"

namespace scenario {
/// What a field may be, in the counts of its own unit (ns, fen, mW ...), both ends included.
struct Rule {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  bool is_required = false;
};

constexpr std::int64_t count_of(std::int64_t value) { return value; }
template <class T>
requires requires(const T& value) { value.count(); }
constexpr std::int64_t count_of(const T& value) {
  if constexpr (std::is_constructible_v<Duration, T>)
    return Duration(value).count();
  else
    return value.count();
}
template <class Low, class High>
constexpr Rule within(Low low, High high) {
  return {count_of(low), count_of(high), false};
}
template <class T>
constexpr Rule at_least(T low) {
  return {count_of(low), std::numeric_limits<std::int64_t>::max(), false};
}
inline constexpr Rule required{.is_required = true};

template <class T, class Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

template <class V, Is<TariffPeriod> T>
void describe(V& v, T& period) {
  v.field("name", period.name,
          "sharp (尖), peak (峰), flat (平) or valley (谷): the meter's register rates 1 to 4", required);
  v.field("slots", period.slots,
          "parts of the local day on quarter hours; all periods together cover it once", required);
  v.field("prices", period.prices, "one for each tier", Rule{0, 99'999'999, true});
}

template <class V, Is<Tariff> T>
void describe(V& v, T& tariff) {
  v.field("name", tariff.name, "what customers refer to", required);
  v.field("source", tariff.source, "where the prices are published");
  v.field("periods", tariff.periods, "one to four; a single-rate tariff has one, flat", required);
  v.field("resets", tariff.resets, "when consumption counts from zero again for the tiers (阶梯)");
  v.field("bounds", tariff.bounds, "upper bounds of all tiers but the last, rising; none without tiers",
          within(core::CentiKilowattHours(1), core::CentiKilowattHours(99'999'999)));
}

template <class V, Is<PayingHabit> T>
void describe(V& v, T& habit) {
  v.field("when", habit.when, "what makes the customer pay");
  v.field("after_min", habit.after_min, "soonest after that", within(0s, 30 * 24h));
  v.field("after_max", habit.after_max, "latest after that; drawn per occasion", within(0s, 30 * 24h));
  v.field("amount", habit.amount, "paid each time", within(core::Fen(1), core::Fen(99'999'999)));
}

template <class V, Is<ReactionSettings> T>
void describe(V& v, T& reacts) {
  v.field("follows", reacts.follows,
          "chance to say yes to a call, and to keep a limit without being tripped");
  v.field("sheds", reacts.sheds, "of the power of what can wait, during a call");
  v.field("recovers", reacts.recovers, "of what was shed, drawn afterwards");
  v.field("rebound", reacts.rebound, "within so long", within(15min, 24h));
}

template <class V, Is<MeterGroup> T>
void describe(V& v, T& group) {
  const auto money = within(core::Fen(0), core::Fen(99'999'999));
  v.field("count", group.count, "customers of this kind, each with a meter", within(1, 1'000'000));
  v.field("name", group.name, "meters are this and a running number over the scenario: M0001");
  v.field("payment", group.payment,
          "who keeps the customer's money: nobody, the head-end (远程费控), the meter (本地费控)");
  v.field("tariff", group.tariff, "name of a tariff", required);
  v.field("load", group.load, "what draws the power");
  v.field("constant_power", group.constant_power, "with load: constant",
          within(core::Milliwatts(0), core::Milliwatts(20'000'000)));
  v.field("load_scale", group.load_scale, "share of the model's mean that these homes draw");
  v.field(
      "rated_power", group.rated_power,
      "of an electric-car, heat-pump, solar-roof, solar-home, studio, cooled-home (its air conditioner) or "
      "charging-home; 0 W = the usual",
      within(core::Milliwatts(0), core::Milliwatts(100'000'000)));
  v.field("current_ratio", group.current_ratio,
          "with load: feeder-head, of its current transformers: 40 for 200/5 A", within(1, 2'000));
  v.field("accuracy_class", group.accuracy_class,
          "1 or 2 (GB/T 17215.321); each meter's error is drawn within it; a feeder-head meter is of 0.5S",
          within(1, 2));
  v.field("pulses_per_kWh", group.pulses_per_kWh, "meter constant, imp/kWh", within(100, 100'000));
  v.field("clock_drift_per_day_max", group.clock_drift_per_day_max,
          "drawn per meter within +- this (JJG 596: 0.5 s)", within(0s, 10min));
  v.field(
      "battery_left", group.battery_left,
      "of the meter's clock, at the start, until it is low: drawn per meter from half of this on; 0 = new",
      within(0s, 3'650 * 24h));
  v.field("load_record_days", group.load_record_days, "quarter hours that the meter keeps", within(1, 62));
  v.field("is_protected", group.is_protected, "keep-power (保电): never cut off");
  v.field("opening_balance", group.opening_balance,
          "prepaid: credited at the start, a payment like any other", money);
  v.field("alarm1", group.alarm1, "first warning at or below this balance (报警金额1)", money);
  v.field("alarm2", group.alarm2, "second warning (报警金额2)", money);
  v.field("overdraft", group.overdraft, "how far below zero supply goes on (透支限额)", money);
  v.field("hoarding_cap", group.hoarding_cap, "most that the balance may reach (囤积限额)", money);
  v.field("pays", group.pays, "the customer's habit");
  v.field("reacts", group.reacts, "how the customer answers campaigns");
}

template <class V, Is<LineSettings> T>
void describe(V& v, T& line) {
  v.field(
      "kind", line.kind,
      "pairs of RS-485; or carrier modules, at each meter (全载波), at each pair (半载波); or both at once");
  v.field("band", line.band, "of carrier modules: 7 relay levels below 150 kHz, or 15 above 2 MHz");
  v.field("baud", line.baud, "600, 1200, 2400, 4800, 9600 or 19200, 8E1: 11 bits a byte");
  v.field("meters_per_line", line.meters_per_line, "unit loads of one RS-485 pair", within(1, 32));
  v.field("bit_error", line.bit_error, "chance that a bit flips, at all times");
  v.field("turnaround_min", line.turnaround_min, "before a meter answers; DL/T 645-2007 allows 20 to 500 ms",
          within(20ms, 500ms));
  v.field("turnaround_max", line.turnaround_max, "drawn per answer, uniform", within(20ms, 500ms));
  v.field("collector_baud", line.collector_baud,
          "a collector (采集器) before each pair, at so many baud; 0 = none", within(0, 115'200));
}

template <class V, Is<ConcentratorSettings> T>
void describe(V& v, T& concentrator) {
  v.field("read_every", concentrator.read_every, "15min: the only period there is", within(15min, 15min));
  v.field("read_after", concentrator.read_after, "pause after the quarter hour before the first poll",
          within(0s, 10min));
  v.field("answer_timeout", concentrator.answer_timeout,
          "longer than the slowest meter's turnaround and answer", within(300ms, 10s));
  v.field("attempts", concentrator.attempts, "per meter and pass", within(1, 10));
  v.field("store_days", concentrator.store_days, "quarter hours and daily freezes that it keeps",
          within(1, 62));
  v.field("clock_drift_per_day_max", concentrator.clock_drift_per_day_max, "drawn within +- this",
          within(0s, 10min));
  v.field("ups", concentrator.ups, "runs on so long without mains", within(0s, 7 * 24h));
  v.field("refresh_every", concentrator.refresh_every,
          "asks each meter for its present state so often; 0s = never", within(0s, 24h));
}

template <class V, Is<UplinkSettings> T>
void describe(V& v, T& uplink) {
  v.field(
      "bearer", uplink.bearer,
      "data sheet that decides latency, throughput, loss, attach, drops and the bill; plain: what follows");
  v.field("latency_min", uplink.latency_min, "GPRS, one way", within(0s, 60s));
  v.field("latency_max", uplink.latency_max, "drawn per write, uniform", within(0s, 60s));
  v.field("throughput_bps", uplink.throughput_bps, "bits a second", within(1'000, 100'000'000));
  v.field("loss", uplink.loss, "chance that a segment is lost and comes after a retransmission");
  v.field("retransmission", uplink.retransmission, "how much later it comes", within(0s, 60s));
  v.field("reconnect_min", uplink.reconnect_min, "after a drop", within(0s, 1h));
  v.field("reconnect_max", uplink.reconnect_max, "drawn, uniform", within(0s, 1h));
  v.field("heartbeat", uplink.heartbeat, "when nothing else is said", within(10s, 1h));
}

template <class V, Is<Area> T>
void describe(V& v, T& area) {
  v.field("name", area.name, "of the transformer area (台区)", required);
  v.field("copies", area.copies, "so many equal areas: NAME, NAME-2, NAME-3 ...", within(1, 65'535));
  v.field("feeder", area.feeder,
          "empty, a file in scenarios/feeders without .yaml or .dss, or ieee-csv (needs data_folder)");
  v.field("grid", area.grid,
          "compute voltages, currents and losses on the feeder; its loads are the area's customers in order");
  v.field("repair", area.repair, "with grid: until a crew has replaced a fuse that melted",
          within(1min, 30 * 24h));
  v.field("voltage_low_V", area.voltage_low_V, "with grid: truth tells voltages below", within(1, 1'000));
  v.field("voltage_high_V", area.voltage_high_V, "with grid: truth tells voltages above", within(1, 1'000));
  v.field("meters", area.meters, "groups of equal customers", required);
  v.field("line", area.line, "RS-485 between the concentrator and its meters");
  v.field("concentrator", area.concentrator, "reads the meters and keeps what they say");
  v.field("uplink", area.uplink, "GPRS between the concentrator and the head-end");
}

template <class V, Is<CollectRules> T>
void describe(V& v, T& collect) {
  v.field("every", collect.every, "15min: the only period there is", within(15min, 15min));
  v.field("after", collect.after, "the concentrator's time to read its meters first", within(0s, 14min));
  v.field("answer_timeout", collect.answer_timeout, "per request", within(1s, 10min));
  v.field("attempts", collect.attempts, "per request", within(1, 10));
  v.field("back_off_max", collect.back_off_max, "between rounds for a meter that stays silent",
          within(15min, 7 * 24h));
  v.field("backfill_horizon", collect.backfill_horizon, "older gaps are given up and named",
          within(1h, 62 * 24h));
  v.field("gap_patience", collect.gap_patience, "a gap older than this is billed by estimate",
          within(1h, 62 * 24h));
}

template <class V, Is<CutOffRules> T>
void describe(V& v, T& cut_off) {
  v.field("grace", cut_off.grace, "between arrears and the trip command", within(0s, 30 * 24h));
  v.field("trip_delay", cut_off.trip_delay,
          "in the meter, whole minutes: warning before the relay opens (04001401)", within(0s, 24h));
  v.field("never_between", cut_off.never_between,
          "quiet hours without a trip, or none; restoring is always allowed");
  v.field("command_timeout", cut_off.command_timeout, "until an answer to a command is given up",
          within(5s, 10min));
  v.field("command_valid_for", cut_off.command_valid_for, "how long a command is good (N3..N8 of its frame)",
          within(1min, 24h));
}

template <class V, Is<NightRules> T>
void describe(V& v, T& night) {
  v.field("watches", night.watches, "judges areas with a meter at the transformer, and registers that fall");
  v.field("check_up_every", night.check_up_every,
          "asks each meter about itself: clock, battery, cover, relay; whole days, 0 = never",
          within(0s, 31 * 24h));
  v.field("orders_a_night", night.orders_a_night, "work orders for one area in one night, at most",
          within(0, 100));
}

template <class V, Is<HeadEndRules> T>
void describe(V& v, T& head_end) {
  v.field("collect", head_end.collect, "collecting readings");
  v.field("cut_off", head_end.cut_off, "cutting off and restoring");
  v.field("night", head_end.night, "the watch over losses and meters");
}

template <class V, Is<FaultSpec> T>
void describe(V& v, T& fault) {
  v.field("name", fault.name, "windows of one name are judged together; a schedule gets one by itself");
  v.field("kind", fault.kind, "what breaks: `metertwin faults` lists them all", required);
  v.field("area", fault.area, "by name; empty = all areas");
  v.field("meter", fault.meter, "by name; empty = the whole area");
  v.field("line", fault.line, "of the area, from 1; 0 = all its lines", within(0, 30));
  v.field("from", fault.from, "begins; the run's start by default");
  v.field("till", fault.till, "is over; the run's end by default; for a crash or a restart: is up again");
  v.field("hours", fault.hours, "only in these parts of the day");
  v.field("weekdays", fault.weekdays, "only on these days: mon, tue, wed, thu, fri, sat, sun");
  v.field("every", fault.every, "begins again so often, each time for `lasts`", within(0s, 3660 * 24h));
  v.field("mean_every", fault.mean_every, "begins by chance, on average so often, each time for `lasts`",
          within(0s, 3660 * 24h));
  v.field("lasts", fault.lasts, "how long each time; 0s = until `till`", within(0s, 3660 * 24h));
  v.field("when", fault.when, "begins when truth tells this event of the meter or the area");
  v.field("wait", fault.wait, "so long after that event", within(0s, 24h));
  v.field("bit_error", fault.bit_error, "chance that a bit flips");
  v.field("chance", fault.chance, "by chance: share of the frames concerned");
  v.field("nth", fault.nth, "on demand: only the n-th frame in the window", within(0, 1'000'000));
  v.field("every_nth", fault.every_nth, "on demand: each n-th frame", within(0, 1'000'000));
  v.field("frame", fault.frame, "of this type only: read, write, control, security or time");
  v.field("delay", fault.delay, "how much later", within(0s, 1h));
  v.field("step", fault.step, "how far a clock jumps, or drifts in a day; negative: back",
          within(-366 * 24h, 366 * 24h));
  v.field("count", fault.count, "how many", within(0, 1'000'000));
  v.field("age", fault.age, "how old the copy is that is left", within(0s, 62 * 24h));
  v.field("other", fault.other, "a second meter, by name");
  v.field("noise_dB", fault.noise_dB, "how much louder the mains are for carrier modules", within(0, 80));
  v.field("share", fault.share, "of the energy, what is not registered, or is given away");
  v.field("power", fault.power, "drawn before the meter, or most that a meter sees",
          within(core::Milliwatts(0), core::Milliwatts(100'000'000)));
  v.field("energy", fault.energy, "by which registers are set back",
          within(core::CentiKilowattHours(0), core::CentiKilowattHours(99'999'999)));
  v.field("attack", fault.attack, "what a manipulated meter reports: m0 to m13, h1 to h6");
  v.field("section", fault.section, "of the area's network, by name: \"line 5-6\", \"tie\"");
  v.field("phases", fault.phases, "of that section: A, BC ...; all of them by default");
}

template <class V, Is<StormSpec> T>
void describe(V& v, T& storm) {
  v.field("name", storm.name, "its faults are called NAME-KIND", required);
  v.field("areas", storm.areas, "by name; none = all");
  v.field("faults", storm.faults, "kinds that an area can suffer as a whole", required);
  v.field("from", storm.from, "begins", required);
  v.field("till", storm.till, "is over", required);
  v.field("spread", storm.spread, "each fault begins so much later at most, and ends so much earlier; drawn",
          within(0s, 24h));
  v.field("bit_error", storm.bit_error, "for its kinds that take one");
}

template <class V, Is<PaymentSpec> T>
void describe(V& v, T& payment) {
  v.field("at", payment.at, "when", required);
  v.field("meter", payment.meter, "whose", required);
  v.field("amount", payment.amount, "how much", Rule{1, 99'999'999, true});
  v.field("times", payment.times, "the same slip handed in so often: must be booked once", within(1, 100));
}

template <class V, Is<InspectorSettings> T>
void describe(V& v, T& inspectors) {
  v.field("crews", inspectors.crews, "who take open work orders from the head-end; 0 = nobody goes",
          within(0, 1000));
  v.field("hours", inspectors.hours, "of work, within one day");
  v.field("weekdays", inspectors.weekdays, "of work: mon, tue, wed, thu, fri, sat, sun");
  v.field("asks_every", inspectors.asks_every, "a crew at rest asks for open orders so often",
          within(1min, 24h));
  v.field("way_min", inspectors.way_min, "from order to visit, at least", within(0s, 30 * 24h));
  v.field("way_max", inspectors.way_max, "and at most; drawn per order, counted in working hours",
          within(0s, 30 * 24h));
  v.field("stays", inspectors.stays, "at each meter", within(1min, 8h));
}

template <class V, Is<CampaignSpec> T>
void describe(V& v, T& campaign) {
  v.field("name", campaign.name, "of its own", required);
  v.field("means", campaign.means,
          "limit: a power that each customer keeps below; rotate: groups without supply in turns; call: "
          "customers are asked");
  v.field("areas", campaign.areas, "by name; none = all");
  v.field("classes", campaign.classes, "residential, commercial, industrial (by load); none = all");
  v.field("tariffs", campaign.tariffs, "by name; none = all");
  v.field("meters", campaign.meters,
          "by name; none = all that fit the rest; protected ones are never chosen");
  v.field("from", campaign.from, "begins, on a quarter hour", required);
  v.field("till", campaign.till, "is over, on a quarter hour", required);
  v.field("ahead", campaign.ahead, "limits and calls go out so long before", within(0s, 24h));
  v.field("power", campaign.power, "limit: of each customer, whole W",
          within(core::Milliwatts(0), core::Milliwatts(99'999'000)));
  v.field("delay", campaign.delay, "limit: above it so long, the relay opens", within(0s, 9999s));
  v.field("pause", campaign.pause, "limit: until it closes again by itself", within(0s, 9999s));
  v.field("trips", campaign.trips, "limit: after so many only the button closes it", within(1, 99));
  v.field("groups", campaign.groups, "rotate: one of so many is off at a time", within(2, 96));
  v.field("turn", campaign.turn, "rotate: for so long", within(15min, 4h));
  v.field("share", campaign.share, "call: what customers are asked to give up");
  v.field("baseline_days", campaign.baseline_days, "like days that say what there would have been without it",
          within(2, 45));
  v.field("baseline_highest", campaign.baseline_highest,
          "of these, the so many with most energy are averaged", within(1, 45));
  v.field("baseline_adjusted", campaign.baseline_adjusted, "scaled by the hours before the campaign");
  v.field("must_keep_rating", campaign.must_keep_rating,
          "audit: transformers of its areas must stay within their rating meanwhile");
}

template <class V, Is<Expectations> T>
void describe(V& v, T& expect) {
  v.field("coverage_min", expect.coverage_min, "share of due readings stored by the end of the run");
  v.field("bills_wrong_max", expect.bills_wrong_max, "bills that may be wrong", at_least(std::int64_t{0}));
  v.field("cut_off_latest", expect.cut_off_latest,
          "from arrears (and grace, trip delay, quiet hours) to an open relay", within(0s, 30 * 24h));
  v.field("restore_latest", expect.restore_latest, "from payment to a closed relay", within(0s, 30 * 24h));
  v.field("protected_cut_max", expect.protected_cut_max, "protected customers that may be cut off",
          at_least(std::int64_t{0}));
  v.field("must_cut", expect.must_cut, "somebody must be cut off, else that check is unknown");
  v.field("must_bill", expect.must_bill, "a bill must be issued, else that check is unknown");
  v.field("fresh_within", expect.fresh_within,
          "no older may a living meter's state be at its concentrator; 0s = not asked", within(0s, 24h));
}

template <class V, Is<ClimateSettings> T>
void describe(V& v, T& climate) {
  v.field("mean_C", climate.mean_C, "temperature over the year", within(-30, 40));
  v.field("season_C", climate.season_C, "summer is so much warmer, winter so much colder", within(0, 40));
  v.field("swing_C", climate.swing_C, "the afternoon is so much warmer, the night so much colder",
          within(0, 20));
  v.field("deviation_C", climate.deviation_C, "standard deviation of a day's mean", within(0, 10));
  v.field("latitude_deg", climate.latitude_deg, "north, for the sun", within(-66, 66));
  v.field("holidays", climate.holidays, "dates (2026-10-01) on which nobody works");
}

template <class V, Is<Scenario> T>
void describe(V& v, T& scenario) {
  v.field("story", scenario.story,
          "short name in kebab-case; names the run's folder; the scenario's folder by default");
  v.field("title", scenario.title, "one line for `metertwin scenarios`");
  v.field("seed", scenario.seed, "of everything that is drawn");
  v.field("zone", scenario.zone, "time zone by name (Asia/Shanghai), or a fixed offset (+08:00)");
  v.field("starts", scenario.starts, "on a quarter hour", required);
  v.field("lasts", scenario.lasts, "whole quarter hours", within(15min, 3660 * 24h));
  v.field("settles", scenario.settles, "afterwards: nothing new is due, what is late may come in",
          within(0s, 60 * 24h));
  v.field("data_folder", scenario.data_folder,
          "of outside data (feeder: ieee-csv, load: ieee-profile), from the file's folder");
  v.field("tariffs", scenario.tariffs, "prices", required);
  v.field("areas", scenario.areas, "transformer areas", required);
  v.field("climate", scenario.climate, "weather and holidays of the load library");
  v.field("head_end", scenario.head_end, "the head-end's rules");
  v.field("faults", scenario.faults, "what is injected, and when");
  v.field("storms", scenario.storms, "faults that come together, from one cause");
  v.field("payments", scenario.payments, "payments that the story dictates");
  v.field("campaigns", scenario.campaigns, "demand-side management: limits, turns, calls");
  v.field("inspectors", scenario.inspectors, "who go out to meters for the head-end's work orders");
  v.field("expect", scenario.expect, "what audit holds the run to");
}
}  // namespace scenario
