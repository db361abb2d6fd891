#include "head-end/api/http_parameters.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <limits>

namespace headend {
namespace json = boost::json;

namespace {
bool is_json(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (!content_type.empty() && content_type.back() == ' ') content_type.remove_suffix(1);
  return json::string_view(content_type.data(), content_type.size()).size() == 16 &&
         std::equal(content_type.begin(), content_type.end(), std::string_view("application/json").begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}
}  // namespace

HttpReply bad_parameter(std::string_view detail) { return problem_reply(400, "bad-parameter", detail); }

std::optional<core::Instant> instant_parameter(std::string_view text, const core::Zone& zone) {
  int year = 0;
  const auto year_text = text.substr(0, 4);
  const auto end = std::from_chars(year_text.data(), year_text.data() + year_text.size(), year).ptr;
  if (end != year_text.data() + 4 || year < 1970 || year > 2200) return std::nullopt;
  return core::parse_iso8601(text, zone);
}

std::variant<Span, HttpReply> span_of(const HttpRequest& request, const core::Zone& zone) {
  const auto from = instant_parameter(request.query_value("from").value_or(""), zone);
  const auto till = instant_parameter(request.query_value("till").value_or(""), zone);
  if (!from || !till) return bad_parameter("from and till: ISO 8601 instants are needed");
  if (*till < *from) return bad_parameter("till is before from");
  if (*till - *from > span_max) return bad_parameter("till is more than 32 days after from");
  return Span{*from, *till};
}

std::optional<std::size_t> count_parameter(std::optional<std::string_view> text, std::size_t max,
                                           std::size_t otherwise) {
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size() || value > max) return std::nullopt;
  return value;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::variant<json::object, HttpReply> object_of(const HttpRequest& request) {
  if (!is_json(request.content_type))
    return problem_reply(415, "not-json", "Content-Type: application/json is needed");
  json::error_code problem;
  auto parsed = json::parse(request.body, problem);
  if (problem.failed() || !parsed.is_object())
    return problem_reply(400, "not-json", "the body is not one JSON object");
  return std::move(parsed.get_object());
}

std::pair<std::size_t, std::size_t> Page::within(std::size_t total) const {
  const std::size_t first = std::min(offset, total);
  return {first, first + std::min(limit, total - first)};
}

std::variant<Page, HttpReply> page_of(const HttpRequest& request, const PageRule& rule) {
  const auto offset =
      count_parameter(request.query_value("offset"), std::numeric_limits<std::size_t>::max(), 0);
  const auto limit = count_parameter(request.query_value("limit"), rule.limit_max, rule.limit_default);
  if (!offset) return bad_parameter("offset: a whole number is needed");
  if (!limit || *limit == 0)
    return bad_parameter("limit: 1 to " + std::to_string(rule.limit_max) + " is needed");
  return Page{*offset, *limit};
}
}  // namespace headend
