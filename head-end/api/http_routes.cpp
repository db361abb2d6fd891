#include "head-end/api/http_routes.hpp"

#include <utility>

#include "core/check.hpp"

namespace headend {
namespace {
std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  METERTWIN_CHECK(path.starts_with('/'), path);
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool fits(const HttpRoute& route, const HttpRequest& request) {
  if (route.segments.size() != request.segments.size()) return false;
  for (std::size_t i = 0; i < route.segments.size(); ++i)
    if (!route.segments[i].starts_with('{') && route.segments[i] != request.segments[i]) return false;
  return true;
}

bool serves(HttpMethod offered, HttpMethod asked) {
  return offered == asked || (offered == HttpMethod::get && asked == HttpMethod::head);
}
}  // namespace

void HttpRoutes::add(HttpRoute route) {
  METERTWIN_CHECK(bool(route.serve) != bool(route.serve_waiting), route.name);
  route.segments = segments_of(route.name);
  routes_.push_back(std::move(route));
}

HttpRoutes::Found HttpRoutes::find(const HttpRequest& request) const {
  Found found;
  for (const auto& route : routes_) {
    if (!fits(route, request)) continue;
    if (serves(route.method, request.method)) return {&route, {}};
    if (!found.allow.empty()) found.allow += ", ";
    found.allow += route.method == HttpMethod::post ? "POST" : "GET, HEAD";
  }
  return found;
}
}  // namespace headend
