/// What the HTTP side of the head-end counts about itself. Never part of a decision.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "core/histogram.hpp"

namespace headend {
struct HttpStatistics {
  struct Route {
    std::map<int, std::uint64_t> by_status;
    core::Histogram seconds_ns;  ///< from the request known to its reply handed to the line
  };
  std::map<std::string, Route> routes;    ///< by the route's name; "none" for paths that lead nowhere
  std::map<int, std::uint64_t> refusals;  ///< bytes that were no request, by status
  std::uint64_t connections = 0;          ///< accepted
  std::uint64_t connections_open = 0;     ///< now
  std::uint64_t connections_turned_away = 0;
  std::uint64_t idle_closes = 0;   ///< nothing asked for too long
  std::uint64_t stuck_closes = 0;  ///< the client did not take his reply
};
}  // namespace headend
