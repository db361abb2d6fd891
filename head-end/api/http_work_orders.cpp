// GET /suspicions, GET /work-orders, GET /work-orders/{id} and POST /work-orders/{id}/close: what does not
// fit in the field, and who has looked.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"
#include "head-end/store/inspection_book.hpp"

namespace headend {
namespace {
constexpr PageRule orders_page{100, 1'000};
constexpr PageRule suspicions_page{20, 100};  // each with its evidence sheets

HttpReply unknown_order() {
  return problem_reply(404, "unknown-work-order", "no work order has this number");
}

/// Our own text; null should the store hold anything else.
json::value parsed(const std::string& text) {
  json::error_code problem;
  auto value = json::parse(text, problem);
  if (problem.failed()) return nullptr;
  return value;
}

/// Which orders are asked for: nothing for a word that is neither.
std::optional<std::pair<bool, bool>> states_of(const HttpRequest& request) {
  const auto word = request.query_value("state").value_or("all");
  if (word == "open") return std::pair(true, false);
  if (word == "closed") return std::pair(false, true);
  if (word == "all") return std::pair(true, true);
  return std::nullopt;
}
}  // namespace

json::object HttpApi::work_order_row(const WorkOrder& order) const {
  json::object row;
  row["work_order"] = order.id;
  row["href"] = "/work-orders/" + std::to_string(order.id);
  row["area"] = desk_.estate.concentrator(order.area).name;
  row["meter"] = order.meter == 0 ? json::value(nullptr) : json::value(desk_.estate.meter(order.meter).name);
  const auto kind = word_of(order.kind);
  row["kind"] = json::string_view(kind.data(), kind.size());
  row["reason"] = order.reason;
  row["opened_at"] = iso(order.opened_at);
  row["closed_at"] = iso_or_null(order.closed_at);
  row["finding"] = order.closed_at ? json::value(order.finding) : json::value(nullptr);
  return row;
}

HttpReply HttpApi::tell_work_orders(const HttpRequest& request) const {
  const auto states = states_of(request);
  if (!states) return bad_parameter("state: open, closed or all is needed");
  const auto page = page_of(request, orders_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  std::vector<const WorkOrder*> asked;
  for (const auto& [id, order] : std::as_const(desk_.books).inspections().orders())
    if (order.closed_at ? states->second : states->first) asked.push_back(&order);
  const auto [first, last] = std::get<Page>(page).within(asked.size());
  json::object told;
  told["now"] = iso(desk_.now());
  told["total"] = asked.size();
  told["offset"] = first;
  told["count"] = last - first;
  if (last < asked.size()) told["next_offset"] = last;
  json::array rows;
  for (std::size_t i = first; i < last; ++i) rows.push_back(work_order_row(*asked[i]));
  told["work_orders"] = std::move(rows);
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::tell_work_order(const HttpRequest& request) const {
  const auto id = number_in(request.segments[1]);
  const auto* order = id ? std::as_const(desk_.books).inspections().find(*id) : nullptr;
  if (order == nullptr) return unknown_order();
  json::object told = work_order_row(*order);
  told["evidence"] = parsed(order->evidence);
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::close_work_order(const HttpRequest& request) {
  const auto id = number_in(request.segments[1]);
  if (!id || desk_.books.inspections().find(*id) == nullptr) return unknown_order();
  auto object = object_of(request);
  if (auto* refusal = std::get_if<HttpReply>(&object)) return std::move(*refusal);
  JsonFields fields(std::get<json::object>(object));
  const std::string finding = fields.text("finding", finding_bytes_max);
  if (!fields.complaint().empty()) return problem_reply(422, "bad-field", fields.complaint());
  const auto closed = desk_.books.inspections().close(*id, finding, desk_.now());
  if (!closed)
    return problem_reply(422, "already-closed", "this order was closed before, with another finding");
  HttpReply reply = json_reply(200, work_order_row(*closed));
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::tell_suspicions(const HttpRequest& request) const {
  const auto page = page_of(request, suspicions_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const auto nights = std::as_const(desk_.books).inspections().suspicions();
  const auto [first, last] = std::get<Page>(page).within(nights.size());
  json::object told;
  told["now"] = iso(desk_.now());
  told["total"] = nights.size();
  told["offset"] = first;
  told["count"] = last - first;
  if (last < nights.size()) told["next_offset"] = last;
  json::array rows;
  for (std::size_t i = first; i < last; ++i) rows.push_back(parsed(nights[i].suspicion));
  told["suspicions"] = std::move(rows);
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}
}  // namespace headend
