/// Months in which things go wrong: small scenarios made from a seed, and what is to be blamed, found by
/// brute force.
///
/// One area of 3 to 6 households in July 2026, 2 to 5 faults of the registry with random meters, windows and
/// figures: half of the months on RS-485 with bills, a quarter over carrier, a quarter with prepaid customers
/// among them, of the head-end and of the meter. The brute force runs the month with every subset of its
/// faults: it knows of each difference which faults matter to it in any company at all.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "apps/blame_runs.hpp"
#include "audit/blame/attribution.hpp"

namespace blame_test {
struct MonthSize {
  int days = 31;  ///< the last ones of July
  int meters_max = 6;
  int faults_max = 5;
};
/// A scenario's text. Randomness: Purpose::test of the seed.
std::string faulty_month_text(std::uint64_t seed, MonthSize size = {});

/// One month, run and judged both ways.
struct JudgedMonth {
  scenario::Scenario scenario;
  std::vector<audit::Cause> causes;
  std::vector<audit::AccountMonth> months;
  std::vector<audit::Attributed> attributed;  ///< by audit::Attribution
  std::vector<std::set<std::size_t>> right;   ///< by brute force, one for each of `attributed`
  std::vector<bool> is_natural;               ///< by brute force
  std::size_t runs = 0;                       ///< that the attribution took, of 2^causes
};
JudgedMonth judge_month(const scenario::Scenario& scenario, int at_once);

/// The causes an attribution names, all together.
std::set<std::size_t> named_by(const audit::Attributed& attributed);

/// What a run of some faults of this month shows, with everything about it.
std::vector<audit::AccountMonth> months_of(const scenario::Scenario& scenario);
}  // namespace blame_test
