// GET /readings: one meter over time, or all meters at one instant.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "head-end/api/http_api.hpp"

namespace headend {
namespace {
constexpr Duration span_max = 32 * 24h;  // a month and the day it ends on
constexpr std::size_t page_default = 1'000, page_max = 10'000;
constexpr std::size_t row_bytes = 100;  // about; to take memory once

HttpReply bad_parameter(std::string_view detail) { return problem_reply(400, "bad-parameter", detail); }

/// Nothing for what is no instant of the years that a scenario can have.
std::optional<Instant> instant_of(std::string_view text, const core::Zone& zone) {
  int year = 0;
  const auto year_text = text.substr(0, 4);
  const auto end = std::from_chars(year_text.data(), year_text.data() + year_text.size(), year).ptr;
  if (end != year_text.data() + 4 || year < 1970 || year > 2200) return std::nullopt;
  return core::parse_iso8601(text, zone);
}

/// `text` as a whole number up to `max`; `otherwise` when it is absent; nothing when it is anything else.
std::optional<std::size_t> count_of(std::optional<std::string_view> text, std::size_t max,
                                    std::size_t otherwise) {
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size() || value > max) return std::nullopt;
  return value;
}

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
  const auto& zone = desk_.configuration().zone;
  const auto from = instant_of(request.query_value("from").value_or(""), zone);
  const auto till = instant_of(request.query_value("till").value_or(""), zone);
  if (!from || !till) return bad_parameter("from and till: ISO 8601 instants are needed");
  if (*till < *from) return bad_parameter("till is before from");
  if (*till - *from > span_max) return bad_parameter("till is more than 32 days after from");
  const auto* meter = find_meter(name);
  if (meter == nullptr) return problem_reply(404, "unknown-meter", "no meter has this name");

  const auto readings = desk_.books.readings_of(meter->id, *from, *till);
  std::string body;
  body.reserve((readings.size() + 2) * row_bytes);
  body += R"({"meter":)" + json_text(meter->name) + R"(,"from":")" + iso(*from) + R"(","till":")" +
          iso(*till) + R"(","count":)" + std::to_string(readings.size()) + R"(,"readings":[)";
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
  const auto due = instant_of(at, desk_.configuration().zone);
  if (!due || due->time_since_epoch() % 15min != Duration(0))
    return bad_parameter("at: a quarter hour in ISO 8601 is needed");
  const auto offset = count_of(request.query_value("offset"), std::numeric_limits<std::size_t>::max(), 0);
  const auto limit = count_of(request.query_value("limit"), page_max, page_default);
  if (!offset) return bad_parameter("offset: a whole number is needed");
  if (!limit || *limit == 0) return bad_parameter("limit: 1 to 10000 is needed");

  const auto readings = desk_.books.readings_at(*due);
  const std::size_t first = std::min(*offset, readings.size());
  const std::size_t last = first + std::min(*limit, readings.size() - first);
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
