/// HTTP/1.1 between bytes and messages (RFC 9110, RFC 9112), by Boost.Beast; no lines, no waiting, no clock.
///
/// Takes bytes in pieces of any size and finds the same requests in them, whatever the pieces. Whatever the
/// bytes are, what comes out is requests or one refusal, never an exception; memory stays below the limits
/// and a little. After a refusal nothing more comes: where the next request begins is not known. Randomness:
/// none.
#pragma once
#include <memory>
#include <variant>

#include "core/bytes.hpp"
#include "core/instant.hpp"
#include "head-end/api/http_messages.hpp"

namespace headend {
struct HttpLimits {
  std::uint32_t head_bytes_max = 8 * 1024;
  std::uint64_t body_bytes_max = 64 * 1024;
};

/// Bytes that are no request we can serve: the reply says why; the connection ends with it.
struct HttpRefusal {
  HttpReply reply;
};

class HttpFramer {
 public:
  explicit HttpFramer(HttpLimits limits);
  ~HttpFramer();
  HttpFramer(HttpFramer&&) noexcept;
  HttpFramer& operator=(HttpFramer&&) noexcept;

  void add(core::Bytes bytes);
  /// The next whole request, in order; `monostate` when more bytes are needed.
  std::variant<std::monostate, HttpRequest, HttpRefusal> next();
  /// A request has begun and is not whole.
  bool is_within_request() const;
  /// The client asked whether it may send its body, and waits for it: true once per request.
  bool takes_continue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How a reply goes out.
struct HttpReplyFrame {
  bool is_head_only = false;  ///< the answer to HEAD: all headers, no body
  bool is_last = false;       ///< the connection ends with it
  bool is_http_1_0 = false;
  core::Instant now;  ///< header Date
};

/// Appends the reply's bytes to `out`.
void append_reply(const HttpReply& reply, const HttpReplyFrame& frame, std::string& out);

/// "Wed, 01 Jul 2026 00:15:00 GMT" (RFC 9110, 5.6.7), rounded down to the second.
std::string http_date(core::Instant at);

/// Reads a request target in origin form, "/readings?meter=M0042": path segments and query, percent-decoded.
/// False, and nothing changed, for anything else.
bool read_target(std::string_view target, HttpRequest& request);
}  // namespace headend
