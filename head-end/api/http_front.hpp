/// Where programs come in: the HTTP listener of the head-end with all its connections.
///
/// Serves the routes of docs/wire/http-api.md. One coroutine per connection; requests of a connection are
/// answered in order. Bounded on every side: so many connections, so large a request, so long to send it, so
/// long to take the reply. A client can hurt nobody but himself. What a reply says of the books is durable
/// before it leaves. Randomness: none. Time: the clock's.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "head-end/api/http_codec.hpp"
#include "head-end/api/metrics.hpp"
#include "head-end/collect/desk.hpp"

namespace headend {
enum class HttpCondition { up, draining, overloaded };

struct HttpOptions {
  std::string version = "0";  ///< told by /health
  HttpLimits limits;
  std::size_t connections_max = 512;         ///< one more is told 503 and closed
  Duration idle_limit = 60s;                 ///< between requests
  Duration request_limit = 10s;              ///< from a request's first byte to its last
  Duration reply_limit = 30s;                ///< for the client to take a reply
  std::function<HttpCondition()> condition;  ///< empty: always up
  /// Figures of others for /metrics: ingest, process. Called at each request for it.
  std::vector<std::function<void(MetricSink&)>> metric_sources;
};

class HttpFront {
 public:
  /// `desk` must outlive it. Its coroutines refer to it: destroy it only after the world's executor.
  HttpFront(Desk& desk, HttpOptions options);
  ~HttpFront();
  HttpFront(const HttpFront&) = delete;
  HttpFront& operator=(const HttpFront&) = delete;

  /// Serves whoever comes until the listener is closed. Spawns a coroutine for each connection.
  seam::asio::awaitable<void> receive(seam::Listener& listener);
  /// Closes connections that do not take their replies. Spawn once, beside `receive`.
  seam::asio::awaitable<void> watch_writes();
  /// From now on /health says draining, every reply is the last of its connection, and idle connections
  /// close.
  void drain();
  std::size_t connection_count() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
}  // namespace headend
