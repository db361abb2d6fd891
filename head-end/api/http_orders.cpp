// POST /sales and POST /switches: what moves money or relays, at most once for each Idempotency-Key.
#include <charconv>
#include <variant>

#include "head-end/api/counter_messages.hpp"
#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"

namespace headend {
namespace {
constexpr Duration wait_max = 5s;

/// The key between its quotes if it has any (a structured-field string has). Nothing unless it is 1 to 64
/// visible ASCII characters without quotes or backslashes.
std::optional<std::string> key_of(const HttpRequest& request) {
  if (!request.idempotency_key) return std::nullopt;
  std::string_view key = *request.idempotency_key;
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  if (key.empty() || key.size() > counter_key_bytes_max) return std::nullopt;
  for (const char c : key)
    if (c <= ' ' || c > '~' || c == '"' || c == '\\') return std::nullopt;
  return std::string(key);
}

struct KeyedOrder {
  std::string key;
  json::object fields;
};

std::variant<KeyedOrder, HttpReply> order_from(const HttpRequest& request) {
  auto key = key_of(request);
  if (!key)
    return problem_reply(400, "idempotency-key",
                         "one Idempotency-Key of 1 to 64 visible characters is needed");
  auto fields = object_of(request);
  if (auto* refusal = std::get_if<HttpReply>(&fields)) return std::move(*refusal);
  return KeyedOrder{std::move(*key), std::move(std::get<json::object>(fields))};
}

HttpReply key_reused() {
  return problem_reply(422, "idempotency-key-reused", "this key was used for another order");
}

HttpReply unknown_account() {
  return problem_reply(404, "unknown-account", "no account has this number",
                       {{"outcome", "unknown-account"}});
}

HttpReply sale_refusal(SaleOutcome outcome) {
  const bool is_cap = outcome == SaleOutcome::over_hoarding_cap;
  const auto word = word_of(outcome);
  return problem_reply(422, word,
                       is_cap ? "the balance would exceed what the customer may hoard; nothing was booked"
                              : "not a positive amount, or more than a sale may be; nothing was booked",
                       {{"outcome", json::string_view(word.data(), word.size())}});
}

/// Of `wait_ms`; nothing when it is no number up to `wait_max`.
std::optional<Duration> wait_of(const HttpRequest& request) {
  const auto text = request.query_value("wait_ms");
  if (!text) return Duration(0);
  int value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  const Duration wait = std::chrono::milliseconds(value);
  if (problem != std::errc() || end != text->data() + text->size() || value < 0 || wait > wait_max)
    return std::nullopt;
  return wait;
}
}  // namespace

void HttpApi::touch(const AccountFile& account) {
  if (account.meter != 0) desk_.touch(desk_.estate.meter(account.meter).concentrator);
}

HttpReply HttpApi::sell(const HttpRequest& request) {
  auto order = order_from(request);
  if (auto* refusal = std::get_if<HttpReply>(&order)) return std::move(*refusal);
  const auto& [key, object] = std::get<KeyedOrder>(order);
  JsonFields fields(object);
  const std::string number = fields.text("account", counter_key_bytes_max);
  const Fen amount(fields.integer("amount_fen"));
  if (!fields.complaint().empty()) return problem_reply(422, "bad-field", fields.complaint());
  const auto* account = find_account(number);
  const auto known = desk_.books.sale_of_key(key);
  if (known && (account == nullptr || known->account != account->id || known->amount != amount))
    return key_reused();
  if (account == nullptr) return unknown_account();

  const auto receipt = desk_.books.sell(key, account->number, amount, desk_.now());
  const bool is_new = receipt.outcome == SaleOutcome::booked;
  if (!is_new && receipt.outcome != SaleOutcome::repeated) return sale_refusal(receipt.outcome);
  touch(*account);
  const auto word = word_of(receipt.outcome);
  json::object told;
  told["outcome"] = json::string_view(word.data(), word.size());
  told["sale"] = receipt.sale;
  told["account"] = account->number;
  told["amount_fen"] = receipt.amount.count();
  told["balance_fen"] = receipt.balance.count();
  HttpReply reply = json_reply(is_new ? 201 : 200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::switch_refusal(core::Fault fault) const {
  if (fault == core::Fault::no_data) return unknown_account();
  const auto reason = core::name_of(fault);
  return problem_reply(422, "refused",
                       "the customer keeps power, or his money keeps him cut off; nothing was ordered",
                       {{"outcome", "refused"}, {"reason", json::string_view(reason.data(), reason.size())}});
}

seam::asio::awaitable<HttpReply> HttpApi::order_switch(const HttpRequest& request) {
  const auto wait = wait_of(request);
  if (!wait) co_return problem_reply(400, "bad-parameter", "wait_ms: 0 to 5000 is needed");
  auto order = order_from(request);
  if (auto* refusal = std::get_if<HttpReply>(&order)) co_return std::move(*refusal);
  const auto& [key, object] = std::get<KeyedOrder>(order);
  JsonFields fields(object);
  const std::string number = fields.text("account", counter_key_bytes_max);
  const auto to = switch_of(fields.text("to", counter_key_bytes_max));
  if (!to) fields.complain("to", "trip, close, keep-power or release-keep-power is needed");
  if (!fields.complaint().empty()) co_return problem_reply(422, "bad-field", fields.complaint());
  const auto* account = find_account(number);
  const auto known = desk_.books.command_of_key(key);
  if (known && (account == nullptr || known->command.meter != account->meter || known->command.kind != *to))
    co_return key_reused();
  if (account == nullptr) co_return unknown_account();

  const auto command = desk_.books.order_switch(key, account->number, *to, desk_.now());
  if (!command) co_return switch_refusal(command.error());
  touch(*account);
  if (*wait > Duration(0)) {
    // The field hears of an order only when it is durable.
    const Instant deadline = desk_.now() + *wait;
    co_await desk_.durable();
    co_await watch_.until_closed(*command, deadline);
  }
  const auto facts = desk_.books.command(*command);
  METERTWIN_CHECK(facts.has_value(), *command);
  HttpReply reply = command_reply(facts->finished_at ? 200 : 202, *facts);
  reply.location = "/commands/" + std::to_string(*command);
  co_return reply;
}
}  // namespace headend
