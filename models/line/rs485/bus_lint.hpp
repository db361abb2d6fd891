/// The rules of the trade for an RS-485 pair, applied to a plan before anybody pulls a cable.
///
/// Each finding names its rule, says what is wrong with which number against which limit, what will happen
/// and what to do. An error is outside of the standard or cannot work; a warning works today. Sources:
/// TIA-485-A (loads, levels, thresholds), TIA TSB-89 (topology), DL/T 645-2007 (addresses, baud), the limits
/// of this installation's makers (32 units, 1.2 km, 10.8 km with repeaters). Errors: none. Randomness: none.
/// Time: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/line/rs485/bus_plan.hpp"

namespace model {
enum class Severity : unsigned char { warning, error };

struct BusFinding {
  Severity severity = Severity::warning;
  std::string rule;         ///< "unit-loads"
  std::string source;       ///< the clause or document it comes from
  std::string what;         ///< what is wrong, with numbers
  std::string consequence;  ///< what will be seen when it is ignored
  std::string place;        ///< "file:line:column" of what is to be changed; empty: the plan has no file
};

/// All findings, gravest rules first, then in the plan's order.
std::vector<BusFinding> lint(const BusPlan& plan);
/// True if a run must not start: any error, or in strict mode anything at all.
enum class Strictness : unsigned char { usual, strict };
bool forbids(const std::vector<BusFinding>& findings, Strictness strictness);
/// One line: "plan.yaml:6:5: error unit-loads: 33 unit loads ...; ... [TIA-485-A 3.1]".
std::string to_line(const BusFinding& finding);
}  // namespace model
