/// The audit: the only room that sees truth and books, and says whether every reading, fen and relay is
/// right.
///
/// It reads two finished SQLite stores and the scenario; it shares no logic with the head-end or the models,
/// so that a mistake there cannot excuse itself here. Cost: one pass over samples and readings in due order,
/// flat arrays by meter. Errors: a store that cannot be opened or lacks a table makes the run blocked, with
/// the reason. Randomness: none.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "audit/blame/differences.hpp"
#include "audit/digest.hpp"
#include "audit/verdict.hpp"
#include "scenarios/scenario.hpp"

namespace audit {
struct Options {
  std::size_t findings_max = 20;  ///< findings kept in detail per check and sort; the counts are always full
  std::string other_run_digest;   ///< digest of a second run of the same scenario and seed (`--twice`); empty
                                  ///< = one run
};

/// Figures for the report and the terminal. Counts over the whole run.
struct Summary {
  std::int64_t meters = 0;
  std::int64_t readings_due = 0;
  std::int64_t readings_stored = 0;
  std::int64_t bills = 0;
  std::int64_t bills_estimated = 0;
  std::int64_t cut_offs = 0;      ///< relays that opened
  std::int64_t restorations = 0;  ///< relays that closed again
  std::int64_t payments = 0;
  std::int64_t paid_fen = 0;
  std::int64_t billed_fen = 0;
  double energy_true_kWh = 0;   ///< what physically passed in the run
  double energy_books_kWh = 0;  ///< last stored minus first stored register
};

/// One step of one bill that leaves physical truth (audit/blame/differences.hpp), with who may be to blame.
struct BlameLine {
  Difference difference;
  std::string sentence;
  std::vector<std::string> causes;  ///< likeliest first, by their windows; empty = unexplained
};

struct Audited {
  Verdict verdict = Verdict::unknown;
  std::vector<Check> checks;  ///< in a fixed order
  RunDigest digest;
  Summary summary;
  std::vector<BlameLine> blame;  ///< by (customer, month, step); empty above `blamed_meters_max` customers
};

/// Audits one finished run.
Audited audit_run(const scenario::Scenario& scenario, const std::filesystem::path& truth_db,
                  const std::filesystem::path& books_db, const Options& options = {});
}  // namespace audit
