/// One bill explained: what it stands on, what physical truth says beside it, and who is to blame for the
/// difference.
///
/// Read from a finished run's folder (scenario.yaml, truth.db, books.db); blame runs the customer's area
/// again with fewer faults (apps/blame_runs.hpp). Errors: BadArguments for a bill that cannot be meant.
/// Randomness: none of its own.
#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "audit/blame/attribution.hpp"
#include "audit/blame/bill_trace.hpp"

namespace app {
/// "A0003@2026-07".
struct BillName {
  std::string account;
  int month = 0;  ///< yyyymm
};
/// Throws BadArguments.
BillName parse_bill_name(const std::string& text);

/// A finished run on disk.
struct FinishedRun {
  std::filesystem::path folder;
  scenario::Scenario scenario;
  std::filesystem::path truth_db() const { return folder / "truth.db"; }
  std::filesystem::path books_db() const { return folder / "books.db"; }
};
/// An empty path means the youngest run under `out`. Throws BadArguments or BadScenario.
FinishedRun open_run(const std::filesystem::path& folder);

struct BlameOptions {
  std::size_t runs_max = 200;
  int at_once = 1;
};

/// All differences of some months of one area, each with its causes.
struct AreaBlame {
  std::size_t area = 0;
  std::vector<audit::Cause> causes;
  std::vector<audit::Attributed> attributed;
  std::size_t runs = 0;
  bool repeats = true;  ///< false: the area run again was not what the folder holds; nothing was attributed
};

/// `months` are of one area; `wanted` says which of their differences to attribute.
AreaBlame blame_area(const FinishedRun& run, std::size_t area, const std::vector<audit::AccountMonth>& months,
                     const std::vector<audit::Difference>& wanted, const BlameOptions& options);

/// Money and orders of the month, as lines with their instants.
struct Booking {
  core::Instant at;
  std::string what;
};

struct BillExplanation {
  std::size_t position = 0;
  audit::AccountMonth month;
  audit::BillTrace trace;
  std::vector<Booking> bookings;  ///< sales, ledger, commands; in order of time
  std::int64_t error_ppm = 0;     ///< of the meter
  AreaBlame blame;
};

/// Throws BadArguments for an account that the run does not have, or a month that did not end in it.
BillExplanation explain_bill(const FinishedRun& run, const BillName& name, const BlameOptions& options);

std::string explanation_text(const FinishedRun& run, const BillExplanation& bill, bool with_intervals);
nlohmann::json explanation_json(const FinishedRun& run, const BillExplanation& bill);
/// One difference for machines.
nlohmann::json difference_json(const audit::Estate& estate, const audit::AccountMonth& month,
                               const audit::Attributed& attributed, const std::vector<audit::Cause>& causes);
}  // namespace app
