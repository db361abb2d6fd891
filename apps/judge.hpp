/// After the run: audit, and the run's folder with everything a reader needs to believe it.
#pragma once
#include <string>

#include "apps/simulate.hpp"
#include "audit/audit.hpp"
#include "reports/run_record.hpp"

namespace app {
struct Judging {
  const scenario::Scenario& scenario;
  const RunOptions& options;
  const SimulatedRun& stores;
  std::filesystem::path folder;
  std::string replay;
  std::string other_digest;  ///< of the rehearsal, "" for one run
};

struct Judged {
  audit::Audited audited;
  report::RunRecord record;
};

/// Writes report.html, junit.xml, result.json and the effective scenario into the folder beside the two
/// stores.
Judged judge(const Judging& judging);
}  // namespace app
