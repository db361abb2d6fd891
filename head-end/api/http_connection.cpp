#include "head-end/api/http_connection.hpp"

#include <array>
#include <utility>

namespace headend {
namespace {
constexpr std::size_t read_bytes_at_once = 4 * 1024;
constexpr std::size_t replies_bytes_at_once = 64 * 1024;
// A client that is still sending when he is refused would lose the reply if the connection were cut at once.
constexpr Duration linger_limit = 2s;
constexpr std::size_t linger_bytes_max = 256 * 1024;
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

core::Bytes bytes_of(const std::string& text) {
  return core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

HttpReply no_route(const std::string& allow) {
  if (allow.empty()) return problem_reply(404, "no-such-path", "nothing is at this path");
  HttpReply reply = problem_reply(405, "method-not-allowed", "this path does not serve this method");
  reply.allow = allow;
  return reply;
}
}  // namespace

HttpConnection::HttpConnection(const Surroundings& surroundings, std::unique_ptr<seam::Link> link)
    : around_(surroundings),
      link_(std::move(link)),
      framer_(around_.options.limits),
      quiet_since_(around_.desk.now()) {}

seam::asio::awaitable<void> HttpConnection::serve() {
  while (is_open_) {
    auto found = framer_.next();
    if (auto* request = std::get_if<HttpRequest>(&found))
      co_await reply_to(std::move(*request));
    else if (auto* refusal = std::get_if<HttpRefusal>(&found))
      co_await refuse(std::move(refusal->reply));
    else if (!leaving_.empty())
      co_await flush();
    else
      co_await read_more();
  }
  link_->close();
}

void HttpConnection::close() {
  is_open_ = false;
  link_->close();
}

seam::asio::awaitable<void> HttpConnection::reply_to(HttpRequest request) {
  const Instant began = around_.desk.now();
  request_began_.reset();
  const auto found = around_.routes.find(request);
  HttpReply reply;
  if (found.route == nullptr) {
    reply = no_route(found.allow);
  } else if (found.route->serve) {
    reply = found.route->serve(request);
  } else {
    co_await flush();
    reply = co_await found.route->serve_waiting(request);
  }
  const bool is_last = !request.keeps_alive || around_.is_draining;
  append_reply(reply,
               {.is_head_only = request.method == HttpMethod::head,
                .is_last = is_last,
                .is_http_1_0 = request.is_http_1_0,
                .now = around_.desk.now()},
               leaving_);
  owes_durability_ = owes_durability_ || reply.tells_of_books;
  auto& route = around_.statistics.routes[found.route == nullptr ? "none" : found.route->name];
  ++route.by_status[reply.status];
  pending_.push_back({&route, began});
  const bool is_costly = found.route != nullptr && found.route->is_costly;
  if (is_last || is_costly || leaving_.size() >= replies_bytes_at_once) co_await flush();
  if (is_last) is_open_ = false;
}

seam::asio::awaitable<void> HttpConnection::refuse(HttpReply reply) {
  ++around_.statistics.refusals[reply.status];
  append_reply(reply, {.is_last = true, .now = around_.desk.now()}, leaving_);
  co_await flush();
  if (reply.status != 408) co_await linger();
  is_open_ = false;
}

seam::asio::awaitable<void> HttpConnection::read_more() {
  const Instant now = around_.desk.now();
  if (framer_.takes_continue()) {
    leaving_ = continue_line;
    co_await flush();
  }
  const bool is_within = framer_.is_within_request();
  if (is_within && !request_began_) request_began_ = now;
  if (!is_within && around_.is_draining) is_open_ = false;
  if (!is_open_) co_return;
  const Instant deadline =
      is_within ? *request_began_ + around_.options.request_limit : quiet_since_ + around_.options.idle_limit;
  std::array<std::uint8_t, read_bytes_at_once> buffer;
  is_idle_ = !is_within;
  const auto got = co_await link_->read_some(buffer, deadline);
  is_idle_ = false;
  if (got) {
    framer_.add(core::Bytes(buffer).first(*got));
  } else if (got.error() == core::Fault::timeout && is_within) {
    auto reply = problem_reply(408, "too-slow", "the request did not arrive in time");
    co_await refuse(std::move(reply));
  } else {
    if (got.error() == core::Fault::timeout) ++around_.statistics.idle_closes;
    is_open_ = false;
  }
}

seam::asio::awaitable<void> HttpConnection::flush() {
  if (leaving_.empty()) co_return;
  if (std::exchange(owes_durability_, false)) co_await around_.desk.durable();
  std::swap(leaving_, written_);
  write_deadline_ = around_.desk.now() + around_.options.reply_limit;
  around_.write_begun(write_deadline_);
  const auto written = co_await link_->write(bytes_of(written_));
  write_deadline_ = core::never;
  written_.clear();
  if (!written) is_open_ = false;
  quiet_since_ = around_.desk.now();
  for (const auto& pending : pending_) pending.route->seconds_ns.add((quiet_since_ - pending.began).count());
  pending_.clear();
}

seam::asio::awaitable<void> HttpConnection::linger() {
  const Instant deadline = around_.desk.now() + linger_limit;
  std::array<std::uint8_t, read_bytes_at_once> buffer;
  std::size_t swallowed = 0;
  while (is_open_ && swallowed < linger_bytes_max) {
    const auto got = co_await link_->read_some(buffer, deadline);
    if (!got) break;
    swallowed += *got;
  }
}
}  // namespace headend
