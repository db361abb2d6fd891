/// One program on the line: requests in, replies out, in order.
///
/// Keeps the connection while the client wants it. Requests that came together share one wait for durability
/// and one write. A request that does not arrive in `request_limit` is told 408, a connection without a
/// request for `idle_limit` is closed without a word; what is no HTTP is told so and closed.
#pragma once
#include "head-end/api/http_api.hpp"

namespace headend {
class HttpConnection {
 public:
  struct Surroundings {
    Desk& desk;
    const HttpOptions& options;
    const HttpRoutes& routes;
    HttpStatistics& statistics;
    const bool& is_draining;
    std::function<void(Instant deadline)> write_begun;  ///< somebody shall call `close` when this has come
  };
  HttpConnection(const Surroundings& surroundings, std::unique_ptr<seam::Link> link);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Until the connection ends.
  seam::asio::awaitable<void> serve();
  /// Ends it, whatever it is doing.
  void close();
  /// Until when the client has to take what is being written; `core::never` when nothing is.
  Instant write_deadline() const { return write_deadline_; }
  /// Waits for the first byte of a request.
  bool is_idle() const { return is_idle_; }

 private:
  seam::asio::awaitable<void> reply_to(HttpRequest request);
  seam::asio::awaitable<void> refuse(HttpReply reply);
  seam::asio::awaitable<void> read_more();
  seam::asio::awaitable<void> flush();
  seam::asio::awaitable<void> linger();

  /// A reply that is in `leaving_` and not yet written.
  struct Pending {
    HttpStatistics::Route* route;
    Instant began;
  };

  const Surroundings around_;
  std::unique_ptr<seam::Link> link_;
  HttpFramer framer_;
  std::string leaving_, written_;
  std::vector<Pending> pending_;
  bool owes_durability_ = false;
  bool is_open_ = true;
  bool is_idle_ = false;
  Instant quiet_since_;                   ///< when the last reply was written
  std::optional<Instant> request_began_;  ///< of a request that is not whole
  Instant write_deadline_ = core::never;
};
}  // namespace headend
