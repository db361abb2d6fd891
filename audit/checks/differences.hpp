/// BLAME.bills: every difference between a bill and what physically passed has a cause.
///
/// The differences of `blame/differences.hpp`, with the injected faults that reach the customer, began before
/// the difference was over, and are the likeliest by their windows (`blame/attribution.hpp` tells for certain
/// which, by running again: `metertwin explain`). A difference that no fault can have made fails the check.
#pragma once
#include <string>
#include <vector>

#include "audit/blame/attribution.hpp"
#include "audit/checks/checking.hpp"

namespace audit {
/// More customers than this are not followed bill by bill.
inline constexpr std::size_t blamed_meters_max = 5'000;

/// Is it worth following bills: does a month end in the run, and are there not too many customers?
bool has_bills_to_blame(const Estate& estate);

/// Also fills in `lines`. Left out when no month of anybody ended.
std::vector<Check> check_differences(const Estate& estate, const Blame& blame,
                                     const std::vector<AccountMonth>& months, const Options& options,
                                     std::vector<BlameLine>& lines);
}  // namespace audit
