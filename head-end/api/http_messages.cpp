#include "head-end/api/http_messages.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

namespace headend {
namespace json = boost::json;

std::optional<std::string_view> HttpRequest::query_value(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& q) { return q.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

HttpReply json_reply(int status, const json::object& object) {
  HttpReply reply;
  reply.status = status;
  reply.body = json::serialize(object) + "\n";
  return reply;
}

HttpReply problem_reply(int status, std::string_view name, std::string_view detail,
                        const json::object& more) {
  json::object problem;
  problem["type"] = "urn:metertwin:problem:" + std::string(name);
  problem["title"] = title_of(status);
  problem["status"] = status;
  problem["detail"] = detail;
  for (const auto& [key, value] : more) problem[key] = value;
  HttpReply reply = json_reply(status, problem);
  reply.content_type = "application/problem+json";
  return reply;
}

std::string_view title_of(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 14> titles = {
      {{200, "OK"},
       {201, "Created"},
       {202, "Accepted"},
       {400, "Bad Request"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {408, "Request Timeout"},
       {413, "Content Too Large"},
       {415, "Unsupported Media Type"},
       {422, "Unprocessable Content"},
       {431, "Request Header Fields Too Large"},
       {503, "Service Unavailable"},
       {504, "Gateway Timeout"},
       {505, "HTTP Version Not Supported"}}};
  for (const auto& [number, title] : titles)
    if (number == status) return title;
  return "Unknown";
}
}  // namespace headend
