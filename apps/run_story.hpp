/// The parts of a report that are read out of the two stores of a finished run.
///
/// Reports are for people; what is right is audit's business. Reading both stores here is allowed because it
/// is after the run and only copies. Cost: one pass over the samples; charts are left out above
/// `charted_meters_max` meters.
#pragma once
#include "apps/simulate.hpp"
#include "audit/audit.hpp"
#include "reports/run_record.hpp"

namespace app {
inline constexpr std::int64_t charted_meters_max = 5'000;
inline constexpr std::size_t balance_charts_max = 12;
inline constexpr std::size_t events_shown_max = 2'000;

/// Load per area, energy per day and period, balances of prepaid accounts.
void fill_charts(const scenario::Scenario& scenario, const SimulatedRun& stores, report::RunRecord& record);
/// Notices, sales, relays, bills, crashes on one timeline, in order of their instants.
void fill_events(const scenario::Scenario& scenario, const SimulatedRun& stores, report::RunRecord& record);
/// Areas, lines, meters, bills, ledger.
void fill_tables(const scenario::Scenario& scenario, const SimulatedRun& stores,
                 const audit::Audited& audited, report::RunRecord& record);
}  // namespace app
