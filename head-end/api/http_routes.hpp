/// Which path leads to what: a small table, searched in the order of adding.
///
/// A path is fixed words and places in braces, which take any one segment: "/accounts/{number}/balance". GET
/// also serves HEAD. Time and randomness: none.
#pragma once
#include <functional>

#include "head-end/api/http_messages.hpp"
#include "platform/clock.hpp"

namespace headend {
struct HttpRoute {
  HttpMethod method = HttpMethod::get;
  std::string name;  ///< its path with the places, as reports show it
  /// Serves at once ...
  std::function<HttpReply(const HttpRequest&)> serve;
  /// ... or waits for something first. Exactly one of both is there.
  std::function<seam::asio::awaitable<HttpReply>(const HttpRequest&)> serve_waiting;
  bool is_costly = false;  ///< may take milliseconds: others get their turn before the next request

  std::vector<std::string> segments{};  ///< made from `name` by `HttpRoutes::add`
};

class HttpRoutes {
 public:
  void add(HttpRoute route);

  struct Found {
    const HttpRoute* route = nullptr;
    std::string allow;  ///< methods of the routes with this path; empty when there is no such path
  };
  Found find(const HttpRequest& request) const;
  const std::vector<HttpRoute>& all() const { return routes_; }

 private:
  std::vector<HttpRoute> routes_;
};
}  // namespace headend
