// GET /readings: one meter over time, or all meters at one instant.
#include <boost/json/serialize.hpp>

#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"

namespace headend {
namespace {
constexpr PageRule page_rule{1'000, 10'000};
constexpr std::size_t row_bytes = 100;  // about; to take memory once

std::string_view word_of(ReadingSource source) {
  switch (source) {
    case ReadingSource::curve:
      return "curve";
    case ReadingSource::backfill:
      return "backfill";
    case ReadingSource::opening:
      return "opening";
  }
  return "curve";
}

/// `,"kWh":"123.45","centikWh":12345,"source":"curve"}`: a text for people and decimals, an integer for sums.
void put_register(std::string& out, const StoredReading& reading) {
  const auto shown = reading.shown.count();
  out += R"(,"kWh":")";
  out += std::to_string(shown / 100);
  out += '.';
  out += static_cast<char>('0' + shown / 10 % 10);
  out += static_cast<char>('0' + shown % 10);
  out += R"(","centikWh":)";
  out += std::to_string(shown);
  out += R"(,"source":")";
  out += word_of(reading.source);
  out += "\"}";
}

std::string json_text(std::string_view text) {
  return json::serialize(json::string_view(text.data(), text.size()));
}

HttpReply rows_reply(std::string body) {
  HttpReply reply;
  reply.body = std::move(body);
  reply.tells_of_books = true;
  return reply;
}
}  // namespace

HttpReply HttpApi::find_readings(const HttpRequest& request) const {
  const auto meter = request.query_value("meter");
  const auto at = request.query_value("at");
  if (meter && at) return bad_parameter("either meter, from and till, or at");
  if (meter) return readings_of_meter(request, *meter);
  if (at) return readings_at(request, *at);
  return bad_parameter("meter, from and till are needed, or at");
}

HttpReply HttpApi::readings_of_meter(const HttpRequest& request, std::string_view name) const {
  const auto span = span_of(request, desk_.configuration().zone);
  if (const auto* refusal = std::get_if<HttpReply>(&span)) return *refusal;
  const auto [from, till] = std::get<Span>(span);
  const auto* meter = find_meter(name);
  if (meter == nullptr) return problem_reply(404, "unknown-meter", "no meter has this name");

  const auto readings = desk_.books.readings_of(meter->id, from, till);
  std::string body;
  body.reserve((readings.size() + 2) * row_bytes);
  body += R"({"meter":)" + json_text(meter->name) + R"(,"from":")" + iso(from) + R"(","till":")" + iso(till) +
          R"(","count":)" + std::to_string(readings.size()) + R"(,"readings":[)";
  for (const auto& reading : readings) {
    if (&reading != &readings.front()) body += ',';
    body += R"({"due":")";
    body += iso(reading.due);
    body += '"';
    put_register(body, reading);
  }
  body += "]}\n";
  return rows_reply(std::move(body));
}

HttpReply HttpApi::readings_at(const HttpRequest& request, std::string_view at) const {
  const auto due = instant_parameter(at, desk_.configuration().zone);
  if (!due || due->time_since_epoch() % 15min != Duration(0))
    return bad_parameter("at: a quarter hour in ISO 8601 is needed");
  const auto page = page_of(request, page_rule);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;

  const auto readings = desk_.books.readings_at(*due);
  const auto [first, last] = std::get<Page>(page).within(readings.size());
  std::string body;
  body.reserve((last - first + 2) * row_bytes);
  body += R"({"due":")" + iso(*due) + R"(","total":)" + std::to_string(readings.size()) + R"(,"offset":)" +
          std::to_string(first) + R"(,"count":)" + std::to_string(last - first);
  if (last < readings.size()) body += R"(,"next_offset":)" + std::to_string(last);
  body += R"(,"readings":[)";
  for (std::size_t i = first; i < last; ++i) {
    if (i > first) body += ',';
    body += R"({"meter":)";
    body += json_text(desk_.estate.meter(readings[i].meter).name);
    put_register(body, readings[i]);
  }
  body += "]}\n";
  return rows_reply(std::move(body));
}
}  // namespace headend
