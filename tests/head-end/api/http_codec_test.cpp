// Bytes and HTTP messages: the same requests whatever the pieces, and one refusal for what is no request.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/api/http_codec.hpp"

using namespace headend;

namespace {
core::Bytes bytes_of(std::string_view text) {
  return core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

struct Found {
  std::vector<HttpRequest> requests;
  int refused = 0;  ///< status
  bool is_within = false;
};

void take_all(HttpFramer& framer, Found& found) {
  while (true) {
    auto next = framer.next();
    if (auto* request = std::get_if<HttpRequest>(&next)) {
      found.requests.push_back(std::move(*request));
    } else if (auto* refusal = std::get_if<HttpRefusal>(&next)) {
      REQUIRE(found.refused == 0);
      found.refused = refusal->reply.status;
    } else {
      break;
    }
  }
  found.is_within = framer.is_within_request();
}

/// Fed in pieces that end where `ends` says; the last piece is the rest.
Found read_in_pieces(std::string_view text, std::vector<std::size_t> ends) {
  HttpFramer framer(HttpLimits{});
  Found found;
  ends.push_back(text.size());
  std::size_t from = 0;
  for (const auto end : ends) {
    framer.add(bytes_of(text.substr(from, end - from)));
    take_all(framer, found);
    from = end;
  }
  return found;
}
Found read_at_once(std::string_view text) { return read_in_pieces(text, {}); }

const std::string sale =
    "POST /sales HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k-1\r\nContent-Type: application/json\r\n"
    "Content-Length: 11\r\n\r\n{\"a\":\"b c\"}";
const std::string chunked =
    "POST /switches?wait_ms=10 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n";
const std::string query =
    "GET /readings?meter=M%2042&from=2026-07-01T00:00:00+08:00&till=%32 HTTP/1.1\r\nHost: h\r\n\r\n";

void check_the_three(const Found& found) {
  REQUIRE(found.refused == 0);
  REQUIRE(found.requests.size() == 3);
  CHECK_FALSE(found.is_within);
  const auto& [first, second, third] = std::tie(found.requests[0], found.requests[1], found.requests[2]);
  CHECK(first.method == HttpMethod::post);
  CHECK(first.segments == std::vector<std::string>{"sales"});
  CHECK(first.idempotency_key == "k-1");
  CHECK(first.content_type == "application/json");
  CHECK(first.body == "{\"a\":\"b c\"}");
  CHECK(first.keeps_alive);
  CHECK(second.body == "abcdefgh");
  CHECK(second.query_value("wait_ms") == "10");
  CHECK_FALSE(second.idempotency_key.has_value());
  CHECK(third.method == HttpMethod::get);
  CHECK(third.query_value("meter") == "M 42");
  CHECK(third.query_value("from") == "2026-07-01T00:00:00+08:00");
  CHECK(third.query_value("till") == "2");
  CHECK_FALSE(third.query_value("at").has_value());
}
}  // namespace

TEST_CASE("requests that came together are found in order, and the same wherever the bytes were cut") {
  const std::string all = sale + chunked + query;
  check_the_three(read_at_once(all));
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    INFO("cut at " << cut);
    check_the_three(read_in_pieces(all, {cut}));
  }
  std::vector<std::size_t> every;
  for (std::size_t at = 1; at < all.size(); ++at) every.push_back(at);
  check_the_three(read_in_pieces(all, every));
}

TEST_CASE("a beginning of a request is known as one, and empty lines are not") {
  CHECK(read_at_once("GET /he").is_within);
  CHECK(read_at_once(sale.substr(0, sale.size() - 1)).is_within);
  CHECK_FALSE(read_at_once("").is_within);
  CHECK_FALSE(read_at_once("\r\n\r\n").is_within);
  CHECK(read_at_once("\r\n" + sale).requests.size() == 1);
}

TEST_CASE("what is no request is refused with the status that says why") {
  const std::string big(9'000, 'x');
  const auto [text, status] = GENERATE_COPY(table<std::string, int>({
      {"\x16\x03\x01\x02", 400},  // somebody speaks TLS
      {"hello\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost a\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"GET /" + big + " HTTP/1.1\r\n", 431},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + big + "\r\n", 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + big, 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", 413},
  }));
  INFO(text.substr(0, 80));
  const auto found = read_at_once(text);
  CHECK(found.requests.empty());
  CHECK(found.refused == status);
  CHECK_FALSE(found.is_within);
}

TEST_CASE("a length and chunks together are never read two ways") {
  const auto found = read_at_once(
      "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(found.requests.empty());
  CHECK(found.refused == 400);
}

TEST_CASE("after a refusal nothing more is read") {
  HttpFramer framer(HttpLimits{});
  framer.add(bytes_of("nonsense\r\n\r\n" + sale));
  Found found;
  take_all(framer, found);
  framer.add(bytes_of(sale));
  take_all(framer, found);
  CHECK(found.requests.empty());
  CHECK(found.refused == 400);
}

TEST_CASE("a client that asks whether to send its body is heard once") {
  HttpFramer framer(HttpLimits{});
  framer.add(
      bytes_of("POST /sales HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  CHECK(std::holds_alternative<std::monostate>(framer.next()));
  CHECK(framer.takes_continue());
  CHECK_FALSE(framer.takes_continue());
  framer.add(bytes_of("{}"));
  CHECK(std::holds_alternative<HttpRequest>(framer.next()));
}

TEST_CASE("keeping a connection follows the version and the header") {
  CHECK(read_at_once("GET / HTTP/1.1\r\nHost: h\r\n\r\n").requests.at(0).keeps_alive);
  CHECK_FALSE(
      read_at_once("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").requests.at(0).keeps_alive);
  CHECK_FALSE(read_at_once("GET / HTTP/1.0\r\n\r\n").requests.at(0).keeps_alive);
  CHECK(read_at_once("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").requests.at(0).keeps_alive);
}

TEST_CASE("random bytes and bent requests end in requests, a refusal or a wait, never in a failure") {
  const std::string all = sale + chunked + query;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 1, core::Purpose::test);
    std::string text = all;
    std::uint64_t index = 0;
    if (seed % 4 == 0) {
      text.resize(draws.below(2'000, index++));
      for (auto& c : text) c = static_cast<char>(draws.below(256, index++));
    } else {
      for (auto bends = 1 + draws.below(6, index++); bends > 0; --bends) {
        const auto at = draws.below(text.size(), index++);
        const auto kind = draws.below(3, index++);
        if (kind == 0) text[at] = static_cast<char>(draws.below(256, index++));
        if (kind == 1) text.erase(at, draws.below(8, index++));
        if (kind == 2) text.insert(at, text.substr(draws.below(text.size(), index++), 9));
        if (text.empty()) text = "x";
      }
    }
    const auto found = read_in_pieces(text, {text.size() / 3, text.size() / 2});
    const auto again = read_at_once(text);
    CHECK(found.requests.size() == again.requests.size());
    CHECK(found.refused == again.refused);
  }
}

TEST_CASE("a reply has its length, its date and no body for HEAD") {
  const auto reply = problem_reply(404, "no-such-path", "nothing is at this path");
  std::string out;
  append_reply(reply, {.now = core::instant_from_seconds(784'111'777)}, out);
  const std::string body = R"({"type":"urn:metertwin:problem:no-such-path","title":"Not Found","status":404,)"
                           R"("detail":"nothing is at this path"})"
                           "\n";
  const std::string head =
      "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"  // RFC 9110, 5.6.7
      "Content-Type: application/problem+json\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n";
  CHECK(out == head + body);
  out.clear();
  append_reply(reply, {.is_head_only = true, .now = core::instant_from_seconds(784'111'777)}, out);
  CHECK(out == head);
  out.clear();
  append_reply(reply, {.is_last = true, .now = {}}, out);
  CHECK(out.find("Connection: close\r\n") != std::string::npos);
}
