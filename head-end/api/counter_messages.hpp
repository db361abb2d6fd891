/// What cashiers, phones and operators say, and what they are told: the lines of head-end/api/protocol.md as
/// values.
///
/// Pure functions between one line of text and one struct; no books, no waiting. A line is untrusted:
/// whatever it holds ends in a request or in a CounterError, never in an exception. Lines made here end with
/// "\n".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "head-end/books.hpp"
#include "head-end/loss/work_order.hpp"

namespace headend {
inline constexpr std::size_t counter_line_bytes_max = 4096;  ///< with its end
inline constexpr std::size_t counter_key_bytes_max = 64;

struct CounterRequest {
  enum class Kind {
    sale,
    balance,
    order_switch,
    status,
    notice_received,
    work_orders,
    close_work_order
  } kind = Kind::status;
  std::string key;  ///< empty where the request had none
  std::string account;
  Fen amount{0};                       ///< sale
  CommandKind to = CommandKind::trip;  ///< order_switch
  std::int64_t notice = 0;             ///< notice_received
  std::int64_t work_order = 0;         ///< close_work_order; work_orders: those after this number
  std::string finding;                 ///< close_work_order
};

struct CounterError {
  std::string key;
  std::string_view error;  ///< "not-json", "bad-field", "unknown-request", "line-too-long"
  std::string detail;
};

/// What `status` tells.
struct CounterStatus {
  std::string now;
  std::size_t concentrators = 0, online = 0, notices_pending = 0;
};

/// "booked", "over-hoarding-cap" and so on; "trip", "keep-power", "recharge" and so on.
std::string_view word_of(SaleOutcome outcome);
std::string_view word_of(CommandKind kind);
/// The relay command that an operator may order by this word; nothing for any other word.
std::optional<CommandKind> switch_of(std::string_view word);

/// Range: `line` without its end, at most `counter_line_bytes_max` bytes.
std::variant<CounterRequest, CounterError> parse_counter_line(std::string_view line);

std::string line_of(const CounterError& error);
std::string sale_line(const CounterRequest& request, const SaleReceipt& receipt);
std::string balance_line(const CounterRequest& request, const core::Result<Fen>& balance);
std::string switch_line(const CounterRequest& request, const core::Result<std::int64_t>& command);
std::string status_line(const CounterRequest& request, const CounterStatus& status);
/// An open work order in words: names instead of numbers.
struct CounterWorkOrder {
  std::int64_t id = 0;
  std::string_view area, meter, kind, reason;  ///< meter: empty for a whole area
  std::string opened_at;
};
inline constexpr std::size_t work_orders_a_line = 16;
/// `is_whole`: no open order comes after these.
std::string work_orders_line(const CounterRequest& request, const std::vector<CounterWorkOrder>& open,
                             bool is_whole);
std::string close_line(const CounterRequest& request, const core::Result<WorkOrder>& closed);
std::string notice_line(const Notice& notice, std::string_view account_number);
}  // namespace headend
