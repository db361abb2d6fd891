#include "head-end/api/http_codec.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

namespace headend {
namespace http = boost::beast::http;
namespace asio = boost::asio;
namespace {
using Parser = http::request_parser<http::string_body>;

HttpRefusal refusal_of(boost::beast::error_code problem) {
  if (problem == http::error::header_limit)
    return {problem_reply(431, "header-too-large", "request line and headers are larger than is allowed")};
  if (problem == http::error::body_limit)
    return {problem_reply(413, "body-too-large", "the body is larger than is allowed")};
  if (problem == http::error::bad_version)
    return {problem_reply(505, "http-version", "HTTP/1.0 and HTTP/1.1 are spoken here")};
  return {problem_reply(400, "not-http", "this is no well-formed HTTP request")};
}

HttpMethod method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return HttpMethod::get;
    case http::verb::head:
      return HttpMethod::head;
    case http::verb::post:
      return HttpMethod::post;
    default:
      return HttpMethod::other;
  }
}

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Empty where the header is absent; an empty text, which no route accepts, where it comes twice.
std::optional<std::string> only_one(const http::fields& fields, std::string_view name) {
  const auto [first, last] = fields.equal_range(boost::beast::string_view(name.data(), name.size()));
  if (first == last) return std::nullopt;
  if (std::next(first) != last) return std::string();
  return text_of(first->value());
}

std::variant<std::monostate, HttpRequest, HttpRefusal> request_from(Parser& parser) {
  auto message = parser.release();
  HttpRequest request;
  request.is_http_1_0 = message.version() < 11;
  // RFC 9112, 3.2: exactly one Host in HTTP/1.1, and none or one before.
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && !request.is_http_1_0))
    return HttpRefusal{problem_reply(400, "host", "one Host header is needed")};
  if (!read_target({message.target().data(), message.target().size()}, request))
    return HttpRefusal{problem_reply(400, "bad-target", "the request target is no path")};
  request.method = method_of(message.method());
  request.idempotency_key = only_one(message, "Idempotency-Key");
  request.content_type = text_of(message[http::field::content_type]);
  request.keeps_alive = message.keep_alive();
  request.body = std::move(message.body());
  return request;
}
}  // namespace

struct HttpFramer::State {
  explicit State(HttpLimits its_limits) : limits(its_limits) { start(); }
  void start() {
    parser.emplace();
    parser->header_limit(limits.head_bytes_max);
    parser->body_limit(limits.body_bytes_max);
    parser->eager(true);
    was_continue_told = false;
  }
  bool has_unread() const { return parsed < bytes.size(); }
  void forget_parsed() {
    bytes.erase(0, parsed);
    parsed = 0;
  }

  HttpLimits limits;
  std::optional<Parser> parser;
  std::string bytes;
  std::size_t parsed = 0;  ///< of `bytes`
  bool was_continue_told = false;
  bool is_refused = false;
};

HttpFramer::HttpFramer(HttpLimits limits) : state_(std::make_unique<State>(limits)) {}
HttpFramer::~HttpFramer() = default;
HttpFramer::HttpFramer(HttpFramer&&) noexcept = default;
HttpFramer& HttpFramer::operator=(HttpFramer&&) noexcept = default;

void HttpFramer::add(core::Bytes bytes) {
  if (state_->is_refused) return;
  state_->forget_parsed();
  state_->bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::variant<std::monostate, HttpRequest, HttpRefusal> HttpFramer::next() {
  State& state = *state_;
  // RFC 9112, 2.2: empty lines before a request line are ignored.
  while (!state.parser->got_some() && state.has_unread() &&
         (state.bytes[state.parsed] == '\r' || state.bytes[state.parsed] == '\n'))
    ++state.parsed;
  while (!state.is_refused && state.has_unread()) {
    boost::beast::error_code problem;
    state.parsed += state.parser->put(
        asio::buffer(state.bytes.data() + state.parsed, state.bytes.size() - state.parsed), problem);
    if (problem == http::error::need_more) {
      if (state.bytes.size() - state.parsed <= state.limits.head_bytes_max) return {};
      problem = http::error::bad_chunk;  // a line between chunks that does not end
    }
    if (problem) {
      state.is_refused = true;
      return refusal_of(problem);
    }
    if (!state.parser->is_done()) continue;
    auto found = request_from(*state.parser);
    state.is_refused = std::holds_alternative<HttpRefusal>(found);
    state.start();
    return found;
  }
  return {};
}

bool HttpFramer::is_within_request() const {
  return !state_->is_refused && (state_->has_unread() || state_->parser->got_some());
}

bool HttpFramer::takes_continue() {
  State& state = *state_;
  if (state.was_continue_told || state.is_refused || !state.parser->is_header_done()) return false;
  const auto& message = state.parser->get();
  state.was_continue_told =
      message.version() >= 11 && boost::beast::iequals(message[http::field::expect], "100-continue");
  return state.was_continue_told;
}

void append_reply(const HttpReply& reply, const HttpReplyFrame& frame, std::string& out) {
  http::response<http::string_body> response;
  response.version(frame.is_http_1_0 ? 10 : 11);
  response.result(static_cast<unsigned>(reply.status));
  const auto title = title_of(reply.status);
  response.reason({title.data(), title.size()});
  response.keep_alive(!frame.is_last);
  response.set(http::field::date, http_date(frame.now));
  response.set(http::field::content_type,
               boost::beast::string_view(reply.content_type.data(), reply.content_type.size()));
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  if (!reply.allow.empty()) response.set(http::field::allow, reply.allow);
  if (!reply.location.empty()) response.set(http::field::location, reply.location);
  if (reply.retry_after_s > 0) response.set(http::field::retry_after, std::to_string(reply.retry_after_s));
  response.content_length(reply.body.size());
  // The body goes after the head by itself: it need not be copied into the message first.
  http::response_serializer<http::string_body> serializer(response);
  serializer.split(true);
  boost::beast::error_code problem;
  while (!serializer.is_header_done()) {
    serializer.next(problem, [&](boost::beast::error_code&, const auto& buffers) {
      for (const auto& buffer : boost::beast::buffers_range_ref(buffers))
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
      serializer.consume(boost::beast::buffer_bytes(buffers));
    });
  }
  if (!frame.is_head_only) out += reply.body;
}
}  // namespace headend
