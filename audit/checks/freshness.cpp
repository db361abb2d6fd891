#include "audit/checks/freshness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace audit {
std::vector<Check> check_freshness(const Estate& estate, const Truth& truth, const Options& options) {
  const auto limit = estate.scenario.expect.fresh_within;
  if (limit == Duration(0)) return {};
  Checking check("I-READ.fresh", "a living meter's state is no older than expected",
                 "<= " + duration_text(limit), options);
  std::int64_t worst_ms = 0;
  for (const auto& symptom : truth.symptoms) {
    if (symptom.kind != "state-age-worst") continue;
    check.looked();
    worst_ms = std::max(worst_ms, symptom.value);
    if (std::chrono::milliseconds(symptom.value) <= limit) continue;
    check.violation(symptom.text, symptom.at, [&] {
      return fmt::format("its state was {:.1f} s old in the quarter hour before",
                         static_cast<double>(symptom.value) / 1000);
    });
  }
  std::vector<Check> checks;
  checks.push_back(check.finish(fmt::format("{:.1f} s", static_cast<double>(worst_ms) / 1000)));
  return checks;
}
}  // namespace audit
