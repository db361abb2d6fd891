/// What a report tells of one finished run, as plain values: no database, no scenario, no models behind it.
///
/// The app fills it from truth, books and audit; the writers (`result_json.hpp`, `junit.hpp`, `html.hpp`,
/// `verdict_table.hpp`) only render. Every part but the header may be empty: what is empty is left out of the
/// page. Texts are plain text in UTF-8; the writers escape them.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/civil.hpp"
#include "core/instant.hpp"
#include "core/money.hpp"

namespace report {
using core::Fen;
using core::Instant;

/// `unknown`: the question was never put (no samples, a fault that never fired). `blocked`: it could not be
/// put.
enum class Verdict { pass, fail, unknown, blocked };
/// "pass", "fail", "unknown", "blocked".
const char* name_of(Verdict verdict);
/// Exit codes of a run: 0 all pass, 1 a check failed, 2 unknown or blocked.
int exit_code(Verdict verdict);
/// The worst of two: fail > blocked > unknown > pass.
Verdict worst(Verdict a, Verdict b);

/// One line of audit's result.
struct Check {
  std::string id;     ///< "I-MONEY"
  std::string title;  ///< "every fen of every bill is right"
  Verdict verdict = Verdict::unknown;
  std::string measured;                  ///< "0 of 55 bills wrong"
  std::string limit;                     ///< "0"
  std::string reason;                    ///< one line: why this verdict; empty for a plain pass
  std::vector<std::string> explanation;  ///< violations and their causes, one each, worst first
  std::int64_t samples = 0;              ///< how many things were looked at
};

/// An injected fault, drawn as a band behind the charts.
struct FaultBand {
  std::string kind;   ///< "uplink-outage"
  std::string where;  ///< "area north", "M0017", "head-end"
  Instant from;
  Instant till;
  bool has_fired = true;
};

/// Something worth a mark on the timeline.
struct Event {
  enum class Kind { notice, sale, cut_off, restored, bill, outage, restart, crash, alarm, other };
  Instant at;
  Kind kind = Kind::other;
  std::string entity;  ///< "M0017", "head-end"
  std::string text;    ///< "balance 4.83 CNY: second warning"
};
const char* name_of(Event::Kind kind);

/// A line of a chart: a value per instant, instants rising. A gap in the line: a NaN.
struct Series {
  std::string name;  ///< "north", "A0017"
  std::vector<std::pair<Instant, double>> points;
};

/// One bar of stacked parts, e.g. a day's energy by tariff period.
struct Bar {
  Instant at;                 ///< start of the day
  std::vector<double> parts;  ///< as `BarChart::part_names`
};
struct BarChart {
  std::vector<std::string> part_names;  ///< "peak", "valley": the page adds the Chinese words it knows
  std::vector<Bar> bars;
};

struct MeterRow {
  std::string name;     ///< "M0017"
  std::string account;  ///< "A0017"
  std::string address;  ///< twelve digits
  std::string phase;    ///< "A", "B", "C" or empty
  std::string payment;  ///< "postpaid", "prepaid in the head-end", "prepaid in the meter"
  std::string tariff;
  bool is_protected = false;
  double energy_kWh = 0;  ///< in the run, as billed
  std::int64_t readings_due = 0;
  std::int64_t readings_stored = 0;
  bool has_balance = false;
  Fen balance{0};  ///< at the end, when `has_balance`
  int times_cut = 0;
  bool is_open = false;  ///< relay at the end
  std::string remark;    ///< "never answered", ""
};

/// The topology: areas, their lines, their meters.
struct Line {
  std::string name;                 ///< "RS-485 line 1"
  std::vector<std::size_t> meters;  ///< positions in RunRecord::meters
};
struct AreaTree {
  std::string name;
  std::string feeder;        ///< may be empty
  std::string concentrator;  ///< "3301-00001"
  std::vector<Line> lines;
};

struct BillRow {
  std::string account;
  std::string month;  ///< "2026-06"
  double energy_kWh = 0;
  Fen amount{0};
  std::string detail;  ///< "peak 103.20 kWh, valley 44.10 kWh; tier 1"
  bool is_estimated = false;
  Verdict verdict = Verdict::unknown;  ///< audit's word on it
};

/// One area's day as the night watch over losses judged it.
struct NightRow {
  std::string area;
  std::string day;      ///< "2026-07-09"
  std::string verdict;  ///< "usual", "suspected", "learning", "not judged"
  std::string reason;   ///< why it was not judged; then there are no figures
  double supplied_kWh = 0, sold_kWh = 0, uncertainty_kWh = 0;  ///< expanded (k = 2)
  double usual_kWh = 0;                                        ///< expected loss; 0 while learning
  double p_value = 1;  ///< how often chance alone makes a day like this
  bool is_judged = false;
};

/// A work order with its evidence sheet and what was found.
struct WorkOrderRow {
  std::int64_t id = 0;
  std::string area, meter;  ///< meter: empty for a whole area
  std::string kind;         ///< "loss", "event", "failing-meter"
  std::string reason;
  Instant opened_at;
  bool is_closed = false;
  Instant closed_at;
  std::string finding;
  std::vector<std::string> evidence;  ///< the sheet, line by line
};

/// A table of words and figures that has no form of its own (ledger totals, counters of faults, speed).
struct Figures {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;
};

struct RunRecord {
  // -- provenance
  std::string version;   ///< of metertwin
  std::string scenario;  ///< its story's name
  std::string title;
  std::string scenario_digest;  ///< of the effective scenario's text
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> options;  ///< every option of the command, with its value
  std::string digest;                                        ///< of the run, sixteen hexadecimal digits
  std::string replay;                                        ///< the one command that runs it again
  Instant starts;
  Instant ends;
  core::Zone zone = core::Zone();
  double wall_s = 0;    ///< for people only: in result.json under "machine", outside of every digest
  std::string machine;  ///< "2 cores, release build"

  // -- the verdict
  Verdict verdict = Verdict::unknown;
  std::string reason;  ///< one sentence; empty = made from the checks
  std::vector<Check> checks;

  // -- what happened
  std::vector<FaultBand> faults;
  std::vector<Event> events;
  std::vector<Series> load_kW;      ///< one per area, a point per quarter hour
  BarChart energy_kWh;              ///< per local day, parts by tariff period
  std::vector<Series> balance_CNY;  ///< one per prepaid account that is worth showing
  std::vector<AreaTree> areas;
  std::vector<MeterRow> meters;
  std::vector<BillRow> bills;
  std::vector<NightRow> nights;           ///< by day, then area
  std::vector<WorkOrderRow> work_orders;  ///< by number
  std::vector<Figures> figures;
  std::vector<std::pair<std::string, std::string>> files;  ///< file beside the report, what it is
};

/// The verdict's reason in one sentence: the record's own, or one made from its checks.
std::string reason_of(const RunRecord& record);
}  // namespace report
