/// What inspectors and the head-end write to each other: the work orders of head-end/api/protocol.md, as the
/// client sees them.
///
/// Errors: nothing for a line that is not one of these. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace model {
struct OpenOrder {
  std::int64_t number = 0;
  std::string area;
  std::string meter;  ///< empty: the whole area
  std::string reason;
};
struct OpenOrders {
  std::vector<OpenOrder> orders;  ///< by number
  bool is_whole = true;           ///< false: more follow behind the last
};
/// The head-end has an answer to a report; whatever it is, it is the last word.
struct ReportAnswer {
  std::int64_t number = 0;
  std::string outcome;
};
using InspectionLine = std::variant<OpenOrders, ReportAnswer>;
std::optional<InspectionLine> parse_inspection_line(std::string_view line);

std::string open_orders_line(std::int64_t after);
/// The head-end takes 1 to 500 bytes: a longer finding is cut, at a character.
std::string report_line(std::int64_t number, std::string finding);
}  // namespace model
