/// What programs ask over HTTP and what they are told, as plain values (docs/wire/http-api.md).
///
/// No library of HTTP and no bytes here: `http_codec.hpp` makes these from bytes and bytes from these. All
/// texts of a request are untrusted; none of them is ever repeated in a reply.
#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headend {
enum class HttpMethod { get, head, post, other };

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::vector<std::string> segments;                       ///< of the path, percent-decoded
  std::vector<std::pair<std::string, std::string>> query;  ///< percent-decoded; a plus sign is a plus sign
  std::optional<std::string> idempotency_key;              ///< the header as it came
  std::string content_type;
  std::string body;
  bool keeps_alive = true;  ///< the client would ask more on this connection
  bool is_http_1_0 = false;

  /// The first value of this name.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

struct HttpReply {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string body;
  std::string allow;            ///< header Allow, with 405
  std::string location;         ///< header Location, with 202
  int retry_after_s = 0;        ///< header Retry-After, when above 0
  bool tells_of_books = false;  ///< what it says must be durable before it leaves
};

/// An object, serialised.
HttpReply json_reply(int status, const boost::json::object& object);

/// What went wrong, after RFC 9457: `type` is "urn:metertwin:problem:" + `name`. `name` and `detail` are our
/// own words, never the client's. `more` adds members.
HttpReply problem_reply(int status, std::string_view name, std::string_view detail,
                        const boost::json::object& more = {});

/// "Not Found"; "Unknown" for a number that the replies here do not use.
std::string_view title_of(int status);
}  // namespace headend
