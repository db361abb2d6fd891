#include "head-end/api/http_api.hpp"

#include <algorithm>

#include "head-end/api/counter_messages.hpp"
#include "head-end/api/http_metrics.hpp"
#include "head-end/api/http_parameters.hpp"

namespace headend {
namespace {
template <class Id>
const Id* find_by_text(const std::vector<std::pair<std::string_view, Id>>& sorted, std::string_view text) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), text,
                                      [](const auto& entry, auto wanted) { return entry.first < wanted; });
  return found == sorted.end() || found->first != text ? nullptr : &found->second;
}

std::string_view word_of(HttpCondition condition) {
  switch (condition) {
    case HttpCondition::up:
      return "up";
    case HttpCondition::draining:
      return "draining";
    case HttpCondition::overloaded:
      return "overloaded";
  }
  return "up";
}

std::string_view word_of(CommandState state) {
  switch (state) {
    case CommandState::wanted:
      return "wanted";
    case CommandState::sent:
      return "sent";
    case CommandState::done:
      return "done";
    case CommandState::failed:
      return "failed";
    case CommandState::given_up:
      return "given-up";
  }
  return "wanted";
}

std::string_view word_of(PaymentMode payment) {
  switch (payment) {
    case PaymentMode::postpaid:
      return "postpaid";
    case PaymentMode::prepaid_head_end:
      return "prepaid-head-end";
    case PaymentMode::prepaid_meter:
      return "prepaid-meter";
  }
  return "postpaid";
}

HttpReply unknown_account() { return problem_reply(404, "unknown-account", "no account has this number"); }
}  // namespace

HttpApi::HttpApi(Desk& desk, const HttpOptions& options, const HttpStatistics& statistics)
    : desk_(desk), options_(options), statistics_(statistics), watch_(desk) {
  for (const auto& meter : desk.configuration().meters) meters_by_name_.emplace_back(meter.name, meter.id);
  for (const auto& account : desk.configuration().accounts)
    accounts_by_number_.emplace_back(account.number, account.id);
  std::sort(meters_by_name_.begin(), meters_by_name_.end());
  std::sort(accounts_by_number_.begin(), accounts_by_number_.end());

  const auto get = [this](std::string_view name, auto serve, bool is_costly = false) {
    routes_.add({.method = HttpMethod::get,
                 .name = std::string(name),
                 .serve = serve,
                 .serve_waiting = {},
                 .is_costly = is_costly});
  };
  get("/health", [this](const HttpRequest&) { return tell_health(); });
  get("/metrics", [this](const HttpRequest&) { return tell_metrics(); });
  get(
      "/readings", [this](const HttpRequest& r) { return find_readings(r); }, /*is_costly=*/true);
  get(
      "/lost", [this](const HttpRequest& r) { return tell_lost(r); }, /*is_costly=*/true);
  get(
      "/gaps", [this](const HttpRequest& r) { return tell_gaps(r); }, /*is_costly=*/true);
  get("/lines", [this](const HttpRequest& r) { return tell_lines(r); });
  routes_.add({.method = HttpMethod::get,
               .name = "/meters/{meter}/register",
               .serve = {},
               .serve_waiting = [this](const HttpRequest& r) { return read_register(r); }});
  get("/accounts/{number}", [this](const HttpRequest& r) { return tell_account(r); });
  get("/accounts/{number}/balance", [this](const HttpRequest& r) { return tell_balance(r); });
  get("/commands/{id}", [this](const HttpRequest& r) { return tell_command(r); });
  get(
      "/suspicions", [this](const HttpRequest& r) { return tell_suspicions(r); }, /*is_costly=*/true);
  get("/work-orders", [this](const HttpRequest& r) { return tell_work_orders(r); });
  get("/work-orders/{id}", [this](const HttpRequest& r) { return tell_work_order(r); });
  routes_.add({.method = HttpMethod::post,
               .name = "/work-orders/{id}/close",
               .serve = [this](const HttpRequest& r) { return close_work_order(r); },
               .serve_waiting = {}});
  get("/campaigns", [this](const HttpRequest& r) { return tell_campaigns(r); });
  get("/campaigns/{id}", [this](const HttpRequest& r) { return tell_campaign(r); });
  routes_.add({.method = HttpMethod::post,
               .name = "/campaigns",
               .serve = [this](const HttpRequest& r) { return plan_campaign(r); },
               .serve_waiting = {}});
  routes_.add({.method = HttpMethod::post,
               .name = "/campaigns/{id}/cancel",
               .serve = [this](const HttpRequest& r) { return cancel_campaign(r); },
               .serve_waiting = {}});
  routes_.add({.method = HttpMethod::post,
               .name = "/sales",
               .serve = [this](const HttpRequest& r) { return sell(r); },
               .serve_waiting = {}});
  routes_.add({.method = HttpMethod::post,
               .name = "/switches",
               .serve = {},
               .serve_waiting = [this](const HttpRequest& r) { return order_switch(r); }});
}

const MeterFile* HttpApi::find_meter(std::string_view name) const {
  const auto* id = find_by_text(meters_by_name_, name);
  return id == nullptr ? nullptr : &desk_.estate.meter(*id);
}

const AccountFile* HttpApi::find_account(std::string_view number) const {
  const auto* id = find_by_text(accounts_by_number_, number);
  return id == nullptr ? nullptr : &desk_.estate.account(*id);
}

json::value HttpApi::iso_or_null(const std::optional<Instant>& at) const {
  if (!at) return nullptr;
  return json::value(iso(*at));
}

HttpReply HttpApi::tell_health() const {
  const auto condition = options_.condition ? options_.condition() : HttpCondition::up;
  json::object health;
  health["status"] = word_of(condition);
  health["version"] = options_.version;
  health["now"] = iso(desk_.now());
  health["concentrators"] = desk_.estate.concentrator_count();
  health["online"] = desk_.online_count();
  HttpReply reply = json_reply(condition == HttpCondition::up ? 200 : 503, health);
  if (condition != HttpCondition::up) reply.retry_after_s = 1;
  return reply;
}

HttpReply HttpApi::tell_metrics() const {
  MetricSink sink;
  sink.gauge("metertwin_concentrators", "Collectors in the customer file.")
      .add(desk_.estate.concentrator_count());
  sink.gauge("metertwin_concentrators_online", "Collectors that are logged in.").add(desk_.online_count());
  headend::tell_metrics(desk_.statistics, sink);
  headend::tell_metrics(statistics_, sink);
  for (const auto& source : options_.metric_sources) source(sink);
  HttpReply reply;
  reply.content_type = metrics_content_type;
  reply.body = sink.text();
  return reply;
}

HttpReply HttpApi::tell_account(const HttpRequest& request) const {
  const auto* file = find_account(request.segments[1]);
  if (file == nullptr) return unknown_account();
  const auto balance = desk_.books.balance_of(file->number);
  if (!balance) return unknown_account();
  json::object account;
  account["account"] = file->number;
  account["payment"] = word_of(file->payment);
  account["meter"] =
      file->meter == 0 ? json::value(nullptr) : json::value(desk_.estate.meter(file->meter).name);
  account["is_protected"] = file->is_protected;
  account["balance_fen"] = balance->count();
  HttpReply reply = json_reply(200, account);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::tell_balance(const HttpRequest& request) const {
  const auto balance = desk_.books.balance_of(request.segments[1]);
  const auto* file = find_account(request.segments[1]);
  if (!balance || file == nullptr) return unknown_account();
  json::object told;
  told["account"] = file->number;
  told["balance_fen"] = balance->count();
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::command_reply(int status, const CommandFacts& facts) const {
  const Command& command = facts.command;
  const MeterFile& meter = desk_.estate.meter(command.meter);
  json::object told;
  told["command"] = command.id;
  told["href"] = "/commands/" + std::to_string(command.id);
  told["meter"] = meter.name;
  told["account"] =
      meter.account == 0 ? json::value(nullptr) : json::value(desk_.estate.account(meter.account).number);
  told["to"] = headend::word_of(command.kind);
  told["state"] = word_of(command.state);
  told["attempts"] = command.attempts;
  told["wanted_at"] = iso(command.wanted_at);
  told["sent_at"] = iso_or_null(facts.sent_at);
  told["finished_at"] = iso_or_null(facts.finished_at);
  told["detail"] = facts.detail;
  if (command.kind == CommandKind::recharge) told["amount_fen"] = command.amount.count();
  HttpReply reply = json_reply(status, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::tell_command(const HttpRequest& request) const {
  if (const auto id = number_in(request.segments[1]))
    if (const auto facts = desk_.books.command(*id)) return command_reply(200, *facts);
  return problem_reply(404, "unknown-command", "no command has this number");
}
}  // namespace headend
