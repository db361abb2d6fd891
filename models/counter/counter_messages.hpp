/// The counter's lines, read and written: head-end/api/protocol.md as the client sees it.
///
/// Errors: nothing for a line that is not one of these. Randomness: none. Time: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/money.hpp"

namespace model {
struct SaleAnswer {
  std::string key;
  std::string outcome;  ///< "booked", "repeated", or why not
};
struct NoticeLine {
  std::int64_t notice = 0;
  std::string account;
  std::string level;  ///< "alarm1", "arrears", ...
};
/// A request that the head-end could not read; `key` may be empty.
struct ErrorLine {
  std::string key;
  std::string error;
};
using CounterLine = std::variant<SaleAnswer, NoticeLine, ErrorLine>;
std::optional<CounterLine> parse_counter_line(std::string_view line);

std::string sale_line(const std::string& key, const std::string& account, core::Fen amount);
std::string notice_received_line(std::int64_t notice);
}  // namespace model
