#include "apps/judge.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/run_campaigns.hpp"
#include "apps/run_gaps.hpp"
#include "apps/run_inspections.hpp"
#include "apps/run_story.hpp"
#include "core/digest.hpp"
#include "core/sqlite/database.hpp"
#include "core/units.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/result_json.hpp"
#include "scenarios/save.hpp"

namespace app {
namespace {
void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// The store as one file, without SQLite's write-ahead log beside it: it may be copied or mailed as it is.
void seal(const std::filesystem::path& store) {
  sqlite::Database database(store, sqlite::Database::Use::keep);
  database.execute("PRAGMA journal_mode=DELETE");
}

report::Verdict translate(audit::Verdict verdict) {
  switch (verdict) {
    case audit::Verdict::pass:
      return report::Verdict::pass;
    case audit::Verdict::fail:
      return report::Verdict::fail;
    case audit::Verdict::unknown:
      return report::Verdict::unknown;
    case audit::Verdict::blocked:
      return report::Verdict::blocked;
  }
  return report::Verdict::blocked;
}

report::Check translate(const audit::Check& check, const core::Zone& zone) {
  report::Check out;
  out.id = check.id;
  out.title = check.title;
  out.verdict = translate(check.verdict);
  out.measured = check.measured;
  out.limit = check.limit;
  out.samples = check.samples;
  for (const auto& finding : check.findings) {
    const auto when =
        finding.instant == core::Instant{} ? std::string() : core::to_civil_text(finding.instant, zone) + " ";
    const auto cause = finding.cause.empty() ? std::string() : " (cause: " + finding.cause + ")";
    out.explanation.push_back(fmt::format("{}{}: {}{}", when, finding.entity, finding.sentence, cause));
  }
  if (out.verdict != report::Verdict::pass)
    out.reason = check.violations > 0 && !out.explanation.empty() ? out.explanation.front()
                 : check.samples == 0                             ? "nothing to look at"
                                                                  : check.measured;
  return out;
}

void fill_header(const Judging& judging, const std::string& effective, report::RunRecord& record) {
  const auto& scenario = judging.scenario;
  record.version = METERTWIN_VERSION;
  record.scenario = scenario.story;
  record.title = scenario.title;
  core::Digest digest;
  digest.add(std::string_view(effective));
  record.scenario_digest = digest.hex();
  record.seed = scenario.seed;
  record.replay = judging.replay;
  record.starts = scenario.starts;
  record.ends = scenario.ends() + scenario.settles;
  record.zone = scenario.zone_rules;
  record.machine =
      fmt::format("{} cores, {} build", std::thread::hardware_concurrency(), METERTWIN_BUILD_TYPE);
  record.options = {
      {"seed", std::to_string(scenario.seed)},
      {"jobs", std::to_string(judging.options.jobs)},
      {"twice", judging.options.is_twice ? "yes" : "no"},
      {"construct", judging.options.order == sim::ConstructionOrder::reversed ? "reversed" : "as-written"}};
  for (const auto& text : judging.options.overrides) record.options.emplace_back("set", text);
}

/// The check of faults names those that never had an effect as "fault N".
void fill_faults(const scenario::Scenario& scenario, const audit::Audited& audited,
                 report::RunRecord& record) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& fault = scenario.faults[i];
    const auto where = fault.kind == "head-end-crash" ? "head-end"
                       : !fault.meter.empty()         ? fault.meter
                       : !fault.area.empty()          ? "area " + fault.area
                                                      : std::string("all areas");
    bool has_fired = true;
    for (const auto& check : audited.checks)
      for (const auto& finding : check.findings)
        if (finding.entity == fmt::format("fault {}", i)) has_fired = false;
    record.faults.push_back({fault.kind, where, fault.from, fault.till, has_fired});
  }
}
/// Where bills leave physical truth, for machines.
std::string blame_json(const Judging& judging, const audit::Audited& audited) {
  const audit::Estate estate(judging.scenario);
  const auto& zone = judging.scenario.zone_rules;
  auto lines = nlohmann::json::array();
  for (const auto& line : audited.blame) {
    const auto& customer = estate.customers[line.difference.position];
    lines.push_back({{"account", customer.account},
                     {"meter", customer.name},
                     {"month", audit::month_text(line.difference.month)},
                     {"step", audit::name_of(line.difference.step)},
                     {"count", line.difference.count},
                     {"energy_kWh", static_cast<double>(line.difference.energy_uJ) /
                                        static_cast<double>(core::microjoules_per_kWh)},
                     {"amount_fen", line.difference.amount_fen},
                     {"first", core::to_iso8601(line.difference.first, zone)},
                     {"last", core::to_iso8601(line.difference.last, zone)},
                     {"sentence", line.sentence},
                     {"causes_by_window", line.causes}});
  }
  return nlohmann::json{{"differences", std::move(lines)}}.dump(1, ' ', false,
                                                                nlohmann::json::error_handler_t::replace) +
         "\n";
}
}  // namespace

Judged judge(const Judging& judging) {
  Judged judged;
  judged.audited = audit::audit_run(judging.scenario, judging.stores.truth_db, judging.stores.books_db,
                                    {.other_run_digest = judging.other_digest});
  const auto effective = scenario::to_yaml(judging.scenario);
  auto& record = judged.record;
  fill_header(judging, effective, record);
  record.digest = judged.audited.digest.total;
  record.verdict = translate(judged.audited.verdict);
  for (const auto& check : judged.audited.checks)
    record.checks.push_back(translate(check, judging.scenario.zone_rules));
  fill_faults(judging.scenario, judged.audited, record);
  fill_charts(judging.scenario, judging.stores, record);
  fill_events(judging.scenario, judging.stores, record);
  fill_tables(judging.scenario, judging.stores, judged.audited, record);
  fill_campaigns(judging.stores, record);
  fill_gaps(judging.scenario, judging.stores, record);
  auto inspections = inspections_of_run(judging.stores.books_db);
  record.nights = std::move(inspections.nights);
  record.work_orders = std::move(inspections.work_orders);
  record.files = {{"result.json", "the verdict for machines"},
                  {"junit.xml", "the verdict for CI"},
                  {"blame.json", "where bills leave physical truth, and who may be to blame"},
                  {"scenario.yaml", "the effective scenario, every default written out"},
                  {"truth.db", "what really happened (SQLite)"},
                  {"books.db", "what the head-end recorded (SQLite)"}};
  seal(judging.stores.books_db);
  write_file(judging.folder / "scenario.yaml", effective);
  write_file(judging.folder / "result.json", report::result_json(record));
  write_file(judging.folder / "blame.json", blame_json(judging, judged.audited));
  write_file(judging.folder / "junit.xml", report::junit(record));
  write_file(judging.folder / "report.html", report::html(record));
  return judged;
}
}  // namespace app
