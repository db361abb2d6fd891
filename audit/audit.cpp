#include "audit/audit.hpp"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <stdexcept>

#include "audit/checks/bills.hpp"
#include "audit/checks/campaigns.hpp"
#include "audit/checks/charges.hpp"
#include "audit/checks/cut_off.hpp"
#include "audit/checks/differences.hpp"
#include "audit/checks/energy.hpp"
#include "audit/checks/faults_fired.hpp"
#include "audit/checks/freshness.hpp"
#include "audit/checks/ledger.hpp"
#include "audit/checks/meter_money.hpp"
#include "audit/checks/network.hpp"
#include "audit/checks/order.hpp"
#include "audit/checks/readings.hpp"
#include "audit/checks/sales.hpp"
#include "audit/digester.hpp"

namespace audit {
namespace {
Check check_repeats(const RunDigest& digest, const Options& options) {
  Checking check("I-DET", "the same scenario and seed give the same run", "equal digests", options);
  check.looked();
  if (digest.total != options.other_run_digest)
    check.violation("run", Instant{},
                    [&] { return fmt::format("{} and {}", digest.total, options.other_run_digest); });
  return check.finish(digest.total == options.other_run_digest ? "equal" : "different");
}

void append(std::vector<Check>& checks, std::vector<Check> more) {
  checks.insert(checks.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Audited audit_open_stores(const Estate& estate, sqlite::Database& truth_db, sqlite::Database& books_db,
                          const Options& options) {
  Audited audited;
  audited.summary.meters = static_cast<std::int64_t>(estate.size());
  const Truth truth(truth_db, estate);
  if (!truth.is_complete) throw std::runtime_error("truth is of a run that did not come to its end");
  const Books books(books_db, estate);
  const Blame blame(estate, dark_times(estate, truth));

  RegisterBounds bounds(estate, truth);
  Rater truth_rater(estate, Rater::Follows::truth, nullptr);
  Rater books_rater(estate, Rater::Follows::books, &books);
  ReadingChecks readings(estate, books, blame, bounds, options);
  EnergyChecks energy(estate, truth, bounds, options);
  MeterMoneyChecks meter_money(estate, truth, books, truth_rater, bounds, options);
  CutOffChecks cut_off(estate, truth, books, {truth_rater, books_rater}, blame, options);
  Digester digester(estate.size());
  std::vector<DueVisitor*> visitors{&bounds, &truth_rater, &books_rater, &readings,
                                    &energy, &meter_money, &cut_off,     &digester};
  std::optional<DifferenceFinder> differences;
  if (has_bills_to_blame(estate)) visitors.push_back(&differences.emplace(estate, truth, bounds));
  scan({estate.size(), estate.scenario.zone_rules}, truth_db, books_db, visitors);

  append(audited.checks, readings.finish(audited.summary));
  append(audited.checks, check_freshness(estate, truth, options));
  append(audited.checks, energy.finish(audited.summary));
  append(audited.checks, check_network(estate, truth, options));
  append(audited.checks, check_bills(estate, books_db, books_rater, options, audited.summary));
  auto ledger = check_ledger(estate, books_db, books, options);
  if (ledger.samples != 0 || ledger.violations != 0) audited.checks.push_back(std::move(ledger));
  append(audited.checks, check_charges(estate, books, books_rater, options));
  append(audited.checks, check_sales(estate, truth, books, blame, options, audited.summary));
  append(audited.checks, meter_money.finish());
  append(audited.checks, cut_off.finish(audited.summary));
  append(audited.checks, check_order(estate, truth, books, options));
  append(audited.checks, check_campaigns(estate, truth, books, books_db, blame, options));
  if (differences)
    append(audited.checks, check_differences(estate, blame, differences->finish(books_rater, books_db),
                                             options, audited.blame));
  append(audited.checks, check_faults_fired(estate, truth, blame, options));
  audited.digest = digester.finish(truth_db, books_db);
  if (!options.other_run_digest.empty()) audited.checks.push_back(check_repeats(audited.digest, options));
  return audited;
}
}  // namespace

Audited audit_run(const scenario::Scenario& scenario, const std::filesystem::path& truth_db,
                  const std::filesystem::path& books_db, const Options& options) {
  Audited audited;
  try {
    const Estate estate(scenario);
    sqlite::Database truth(truth_db, sqlite::Database::Use::read);
    sqlite::Database books(books_db, sqlite::Database::Use::read);
    audited = audit_open_stores(estate, truth, books, options);
  } catch (const std::runtime_error& broken) {
    Check check;
    check.id = "STORES.readable";
    check.title = "truth and books can be read";
    check.verdict = Verdict::blocked;
    check.measured = broken.what();
    check.violations = 1;
    check.findings.push_back({"stores", Instant{}, broken.what(), ""});
    audited.checks.push_back(std::move(check));
  }
  audited.verdict = combined(audited.checks);
  return audited;
}
}  // namespace audit
