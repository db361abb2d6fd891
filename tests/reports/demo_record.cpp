#include "tests/reports/demo_record.hpp"

#include <cmath>
#include <limits>

#include "core/random.hpp"

namespace report_test {
namespace {
using report::Event;
using report::Fen;
using report::Verdict;
using namespace std::chrono_literals;

core::Instant at(const core::Zone& zone, const char* text) { return *core::parse_iso8601(text, zone); }

const core::RandomStream noise(645, 1, core::Purpose::test);
double wobble(std::uint64_t index) { return static_cast<double>(noise.below(1000, index)) / 1000; }

report::Series load_of(const report::RunRecord& record, const std::string& name, double scale) {
  report::Series series{name, {}};
  std::uint64_t k = name.size() * 100'000;
  for (auto t = record.starts; t <= record.ends; t += 15min, ++k) {
    const auto hour = static_cast<double>(record.zone.second_of_day(t)) / 3600;
    const auto shape = 0.35 + 0.25 * std::exp(-std::pow((hour - 8) / 1.4, 2)) +
                       0.8 * std::exp(-std::pow((hour - 19.5) / 2.2, 2));
    series.points.emplace_back(t, scale * shape * (0.85 + 0.3 * wobble(k)));
  }
  return series;
}

report::Series balance_of(const report::RunRecord& record, const std::string& name, double start,
                          double per_hour, double paid) {
  report::Series series{name, {}};
  double balance = start;
  for (auto t = record.starts; t <= record.ends; t += 15min) {
    series.points.emplace_back(t, balance);
    balance -= balance > -0.2 ? per_hour / 4 : 0;
    if (balance <= -0.2 && wobble(series.points.size() + name.size()) > 0.9) balance += paid;
  }
  return series;
}

void add_meters(report::RunRecord& record, const std::string& area, int count, int per_line) {
  record.areas.push_back({area, "european-lv", "3301-0000" + std::to_string(record.areas.size() + 1), {}});
  for (int i = 0; i < count; ++i) {
    if (i % per_line == 0)
      record.areas.back().lines.push_back({"RS-485 line " + std::to_string(i / per_line + 1), {}});
    record.areas.back().lines.back().meters.push_back(record.meters.size());
    const auto number = record.meters.size() + 1;
    report::MeterRow row;
    row.name = "M" + std::string(number < 10 ? "000" : "00") + std::to_string(number);
    row.account = "A" + row.name.substr(1);
    row.address = "33010000" + row.name.substr(1);
    row.phase = std::string(1, "ABC"[number % 3]);
    row.payment = number % 5 == 0 ? "prepaid in the head-end" : "postpaid";
    row.tariff = "zhejiang-residential-tou";
    row.energy_kWh = 5 + 7 * wobble(number);
    row.readings_due = (record.ends - record.starts) / 15min + 1;
    row.readings_stored = row.readings_due - (number == 17 ? 14 : 0);
    row.has_balance = number % 5 == 0;
    row.balance = Fen(number == 40 ? -20 : 1234);
    row.times_cut = number == 25 || number == 40 || number == 45 ? 1 : 0;
    row.is_open = number == 40;
    row.is_protected = number == 55;
    row.remark = number == 17 ? "silent for 3.5 h" : "";
    record.meters.push_back(row);
  }
}

void add_figures(report::RunRecord& record) {
  record.figures = {
      {"Ledger", {{"customers", "\u2212812.40 CNY"}, {"revenue", "512.40 CNY"}, {"cash", "300.00 CNY"}}},
      {"On the wires", {{"frames", "11,264"}, {"asked again", "87"}, {"bad sums", "61"}}}};
  record.files = {{"result.json", "the verdict for machines"}, {"truth.db", "what really happened (SQLite)"}};
}

report::RunRecord header(const char* starts, const char* ends) {
  report::RunRecord record;
  record.zone = core::Zone(8h);
  record.version = "0.1.0";
  record.scenario = "first-day";
  record.title = "A day on a real feeder that ends a month; bills come, some balances run out";
  record.scenario_digest = "77aa01c4d2e9b318";
  record.seed = 42;
  record.options = {{"seed", "42"}, {"jobs", "1"}};
  record.digest = "0123456789abcdef";
  record.replay = "./dev metertwin run scenarios/first-day --seed 42";
  record.starts = at(record.zone, starts);
  record.ends = at(record.zone, ends);
  record.wall_s = 0.84;
  record.machine = "2 cores, Release build";
  return record;
}
}  // namespace

report::RunRecord demo_record() {
  auto record = header("2026-06-30", "2026-07-01T02:00");
  record.verdict = Verdict::fail;
  record.checks = {
      {"I-READ.coverage",
       "due readings are in the books",
       Verdict::pass,
       "99.74 % of 5335",
       ">= 99.5 %",
       "",
       {},
       5335},
      {"I-ENERGY.registers",
       "what the books hold is what the meters showed",
       Verdict::pass,
       "0 wrong of 5321",
       "0",
       "",
       {},
       5321},
      {"I-MONEY.bills",
       "every fen of every bill is right",
       Verdict::fail,
       "1 wrong of 55",
       "0",
       "A0017: billed 4.84 CNY, the tariff's text says 4.82 CNY",
       {"A0017: billed 4.84 CNY, oracle 4.82 CNY; valley interval 22:00 charged at peak",
        "A0017: <b>0.37 kWh</b> at 22:00 & later"},
       55},
      {"I-CUT.latest",
       "who is in arrears is cut off in time",
       Verdict::pass,
       "31 min at most, 7 cases",
       "<= 45min",
       "",
       {"M0040: 31 min (cause: uplink-outage 12:50)"},
       7},
      {"I-CUT.protected", "nobody protected is cut off", Verdict::pass, "0 of 1", "0", "", {}, 1},
      {"I-DET.twice",
       "the same seed gives the same run",
       Verdict::unknown,
       "one run only",
       "equal digests",
       "nothing to compare with",
       {},
       0}};
  const auto& z = record.zone;
  record.faults = {
      {"line-noise", "area north", at(z, "2026-06-30T08:00"), at(z, "2026-06-30T11:00"), true},
      {"uplink-outage", "area north", at(z, "2026-06-30T12:50"), at(z, "2026-06-30T13:25"), true},
      {"head-end-crash", "head-end", at(z, "2026-06-30T20:00"), at(z, "2026-06-30T20:01"), false}};
  record.events = {
      {at(z, "2026-06-30T09:10"), Event::Kind::notice, "A0040", "balance 1.18 CNY: first warning"},
      {at(z, "2026-06-30T10:20"), Event::Kind::sale, "A0037", "paid 30.00 CNY, receipt 1"},
      {at(z, "2026-06-30T12:40"), Event::Kind::notice, "A0040", "balance 0.55 CNY: second warning"},
      {at(z, "2026-06-30T14:31"), Event::Kind::cut_off, "M0040", "relay opened: command"},
      {at(z, "2026-06-30T15:40"), Event::Kind::sale, "A0045", "paid 50.00 CNY, receipt 2"},
      {at(z, "2026-06-30T15:41"), Event::Kind::restored, "M0045", "relay closed: command"},
      {at(z, "2026-06-30T20:00"), Event::Kind::crash, "head-end", "head-end crashed"},
      {at(z, "2026-07-01T00:06"), Event::Kind::bill, "A0001", "June: 4.12 CNY"}};
  record.load_kW = {load_of(record, "north", 34)};
  record.balance_CNY = {balance_of(record, "A0040", 1.6, 0.13, 20),
                        balance_of(record, "A0045", 2.4, 0.19, 15),
                        balance_of(record, "A0052 (in the meter)", 6, 0.21, 10)};
  record.energy_kWh = {{"peak", "valley"}, {{record.starts, {312.42, 96.11}}}};
  add_meters(record, "north", 55, 32);
  for (const auto& meter : record.meters)
    record.bills.push_back({meter.account, "2026-06", meter.energy_kWh,
                            Fen(static_cast<std::int64_t>(meter.energy_kWh * 52)),
                            "peak tier 1 at 0.5680; valley tier 1 at 0.2880", meter.name == "M0017",
                            meter.name == "M0017" ? Verdict::fail : Verdict::pass});
  record.nights = {{"north", "2026-06-30", "usual", "", 312.4, 301.2, 1.8, 10.9, 0.4, true},
                   {"north", "2026-07-01", "suspected", "", 340.1, 298.0, 1.9, 12.1, 0.0002, true},
                   {"<south>", "2026-07-01", "not judged", "M0055 was not read"}};
  record.work_orders = {{.id = 1,
                         .area = "north",
                         .meter = "M0017",
                         .kind = "loss",
                         .reason = "area north lost 42.10 kWh of 340.10 kWh & M0017 is short",
                         .opened_at = at(record.zone, "2026-06-30T03:00"),
                         .is_closed = true,
                         .closed_at = at(record.zone, "2026-06-30T15:00"),
                         .finding = "a bypass <behind> the cover",
                         .evidence = {"look: measure the current before and after the meter"}},
                        {.id = 2,
                         .area = "north",
                         .meter = "",
                         .kind = "loss",
                         .reason = "no customer stands out",
                         .opened_at = at(record.zone, "2026-06-30T03:00"),
                         .is_closed = false,
                         .closed_at = {},
                         .finding = "",
                         .evidence = {}}};
  add_figures(record);
  return record;
}

report::RunRecord long_record() {
  auto record = header("2026-05-31", "2026-08-01T04:00");
  record.scenario = "two-months";
  record.title = "Two months with everything that goes wrong";
  record.verdict = Verdict::pass;
  record.checks = {
      {"I-MONEY.bills", "every fen of every bill is right", Verdict::pass, "0 wrong of 42", "0", "", {}, 42}};
  const auto& z = record.zone;
  record.faults = {
      {"uplink-outage", "area harbour", at(z, "2026-06-04T22:40"), at(z, "2026-06-05T03:10"), true},
      {"head-end-crash", "head-end", at(z, "2026-07-01T00:05"), at(z, "2026-07-01T01:00"), true},
      {"line-noise", "area harbour", at(z, "2026-07-14T18:00"), at(z, "2026-07-15T06:00"), true}};
  for (int day = 0; day < 60; ++day) {
    const auto when =
        record.starts + day * 24h + std::chrono::minutes(noise.below(1440, static_cast<std::uint64_t>(day)));
    const auto kind = static_cast<Event::Kind>(day % 5);
    record.events.push_back({when, kind, "A0009", "something on day " + std::to_string(day)});
  }
  record.load_kW = {load_of(record, "mill-lane", 6), load_of(record, "harbour", 9)};
  for (auto& [when, value] : record.load_kW[0].points)
    if (when >= at(z, "2026-06-15T14:00") && when < at(z, "2026-06-17"))
      value = std::numeric_limits<double>::quiet_NaN();
  record.balance_CNY = {balance_of(record, "A0009", 15, 0.2, 25),
                        balance_of(record, "A0012 (in the meter)", 40, 0.12, 60)};
  record.energy_kWh.part_names = {"sharp", "peak", "flat", "valley"};
  for (int day = 0; day < 62; ++day) {
    const auto k = static_cast<std::uint64_t>(day) * 4;
    record.energy_kWh.bars.push_back(
        {record.starts + day * 24h,
         {12 + 8 * wobble(k), 40 + 20 * wobble(k + 1), 30 + 9 * wobble(k + 2), 25}});
  }
  add_meters(record, "mill-lane", 6, 6);
  add_meters(record, "harbour", 8, 4);
  record.bills = {{"A0001", "2026-06", 212.5, Fen(11593), "flat tier 1, tier 2", false, Verdict::pass}};
  add_figures(record);
  return record;
}
}  // namespace report_test
