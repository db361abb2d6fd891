#include "head-end/api/counter_messages.hpp"

#include <array>
#include <boost/json/src.hpp>
#include <optional>
#include <utility>

#include "head-end/api/json_fields.hpp"

namespace headend {
namespace {
constexpr std::array<std::pair<std::string_view, CommandKind>, 4> switch_words = {
    {{"trip", CommandKind::trip},
     {"close", CommandKind::close},
     {"keep-power", CommandKind::keep_power},
     {"release-keep-power", CommandKind::release_keep_power}}};

constexpr std::array<std::pair<std::string_view, CounterRequest::Kind>, 7> request_words = {
    {{"sale", CounterRequest::Kind::sale},
     {"balance", CounterRequest::Kind::balance},
     {"switch", CounterRequest::Kind::order_switch},
     {"status", CounterRequest::Kind::status},
     {"notice-received", CounterRequest::Kind::notice_received},
     {"work-orders", CounterRequest::Kind::work_orders},
     {"close-work-order", CounterRequest::Kind::close_work_order}}};

template <class Words>
auto value_of(const Words& words, std::string_view word) {
  using Value = typename Words::value_type::second_type;
  for (const auto& [text, value] : words)
    if (text == word) return std::optional<Value>(value);
  return std::optional<Value>();
}

std::string_view word_of(Notice::Level level) {
  switch (level) {
    case Notice::Level::alarm1:
      return "alarm1";
    case Notice::Level::alarm2:
      return "alarm2";
    case Notice::Level::arrears:
      return "arrears";
    case Notice::Level::cut_off:
      return "cut-off";
    case Notice::Level::restored:
      return "restored";
    case Notice::Level::bill:
      return "bill";
  }
  return "bill";
}

json::object answer_to(const CounterRequest& request, std::string_view doing, std::string_view outcome) {
  json::object answer;
  if (!request.key.empty()) answer["key"] = request.key;
  answer["do"] = doing;
  answer["outcome"] = outcome;
  return answer;
}

std::string line_from(const json::object& object) { return json::serialize(object) + "\n"; }
}  // namespace

std::string_view word_of(SaleOutcome outcome) {
  switch (outcome) {
    case SaleOutcome::booked:
      return "booked";
    case SaleOutcome::repeated:
      return "repeated";
    case SaleOutcome::unknown_account:
      return "unknown-account";
    case SaleOutcome::bad_amount:
      return "bad-amount";
    case SaleOutcome::over_hoarding_cap:
      return "over-hoarding-cap";
  }
  return "bad-amount";
}

std::string_view word_of(CommandKind kind) {
  for (const auto& [text, value] : switch_words)
    if (value == kind) return text;
  return "recharge";
}

std::optional<CommandKind> switch_of(std::string_view word) { return value_of(switch_words, word); }

std::variant<CounterRequest, CounterError> parse_counter_line(std::string_view line) {
  json::error_code problem;
  const json::value parsed = json::parse(line, problem);
  if (problem.failed()) return CounterError{{}, "not-json", problem.message()};
  const json::object* object = parsed.if_object();
  if (object == nullptr) return CounterError{{}, "not-json", "one object a line is needed"};

  JsonFields fields(*object);
  CounterRequest request;
  if (fields.has("key")) request.key = fields.text("key", counter_key_bytes_max);
  const std::string doing = fields.text("do", counter_key_bytes_max);
  if (!fields.complaint().empty()) return CounterError{request.key, "bad-field", fields.complaint()};
  const auto kind = value_of(request_words, doing);
  if (!kind) return CounterError{request.key, "unknown-request", "do: \"" + doing + "\" is not a request"};
  request.kind = *kind;

  const bool moves_something =
      request.kind == CounterRequest::Kind::sale || request.kind == CounterRequest::Kind::order_switch;
  if (moves_something && request.key.empty()) fields.complain("key", "missing");
  if (moves_something || request.kind == CounterRequest::Kind::balance)
    request.account = fields.text("account", counter_key_bytes_max);
  if (request.kind == CounterRequest::Kind::sale) request.amount = Fen(fields.integer("amount_fen"));
  if (request.kind == CounterRequest::Kind::notice_received) request.notice = fields.integer("notice");
  if (request.kind == CounterRequest::Kind::order_switch) {
    const auto to = switch_of(fields.text("to", counter_key_bytes_max));
    if (!to) fields.complain("to", "trip, close, keep-power or release-keep-power is needed");
    request.to = to.value_or(CommandKind::keep_power);
  }
  if (request.kind == CounterRequest::Kind::work_orders && fields.has("after"))
    request.work_order = fields.integer("after");
  if (request.kind == CounterRequest::Kind::close_work_order) {
    request.work_order = fields.integer("work_order");
    request.finding = fields.text("finding", finding_bytes_max);
  }
  if (!fields.complaint().empty()) return CounterError{request.key, "bad-field", fields.complaint()};
  return request;
}

std::string line_of(const CounterError& error) {
  json::object answer;
  if (!error.key.empty()) answer["key"] = error.key;
  answer["error"] = error.error;
  answer["detail"] = error.detail;
  return line_from(answer);
}

std::string sale_line(const CounterRequest& request, const SaleReceipt& receipt) {
  json::object answer = answer_to(request, "sale", word_of(receipt.outcome));
  const bool is_booked = receipt.outcome == SaleOutcome::booked || receipt.outcome == SaleOutcome::repeated;
  if (is_booked) answer["sale"] = receipt.sale;
  answer["account"] = request.account;
  answer["amount_fen"] = is_booked ? receipt.amount.count() : request.amount.count();
  if (is_booked) answer["balance_fen"] = receipt.balance.count();
  return line_from(answer);
}

std::string balance_line(const CounterRequest& request, const core::Result<Fen>& balance) {
  json::object answer = answer_to(request, "balance", balance ? "known" : "unknown-account");
  answer["account"] = request.account;
  if (balance) answer["balance_fen"] = balance->count();
  return line_from(answer);
}

std::string switch_line(const CounterRequest& request, const core::Result<std::int64_t>& command) {
  const bool is_unknown = !command && command.error() == core::Fault::no_data;
  json::object answer = answer_to(request, "switch",
                                  command      ? "ordered"
                                  : is_unknown ? "unknown-account"
                                               : "refused");
  answer["account"] = request.account;
  if (command) answer["command"] = *command;
  if (!command && !is_unknown) answer["reason"] = core::name_of(command.error());
  return line_from(answer);
}

std::string status_line(const CounterRequest& request, const CounterStatus& status) {
  json::object answer = answer_to(request, "status", "up");
  answer["now"] = status.now;
  answer["concentrators"] = status.concentrators;
  answer["online"] = status.online;
  answer["notices_pending"] = status.notices_pending;
  return line_from(answer);
}

std::string work_orders_line(const CounterRequest& request, const std::vector<CounterWorkOrder>& open,
                             bool is_whole) {
  json::object answer = answer_to(request, "work-orders", "known");
  json::array& rows = answer["open"].emplace_array();
  for (const auto& order : open) {
    json::object row;
    row["work_order"] = order.id;
    row["area"] = order.area;
    row["meter"] = order.meter.empty() ? json::value(nullptr) : json::value(order.meter);
    row["kind"] = order.kind;
    row["reason"] = order.reason;
    row["opened_at"] = order.opened_at;
    rows.push_back(std::move(row));
  }
  answer["is_whole"] = is_whole;
  return line_from(answer);
}

std::string close_line(const CounterRequest& request, const core::Result<WorkOrder>& closed) {
  const bool is_unknown = !closed && closed.error() == core::Fault::no_data;
  json::object answer = answer_to(request, "close-work-order",
                                  closed       ? "closed"
                                  : is_unknown ? "unknown-work-order"
                                               : "refused");
  answer["work_order"] = request.work_order;
  return line_from(answer);
}

std::string notice_line(const Notice& notice, std::string_view account_number) {
  json::object line;
  line["notice"] = notice.id;
  line["account"] = account_number;
  line["level"] = word_of(notice.level);
  line["amount_fen"] = notice.amount.count();
  line["text"] = notice.text;
  return line_from(line);
}
}  // namespace headend
