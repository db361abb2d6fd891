// Requests of business systems byte for byte, and replies in pieces and in ruins.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "stress/fleet/api_messages.hpp"

using namespace stress;

namespace {
core::Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
EstatePlan estate() {
  EstatePlan plan;
  plan.seed = 5;
  plan.opens = core::instant_from_seconds(1'767'225'600);
  return plan;
}
}  // namespace

TEST_CASE("requests by hand") {
  ApiOrder order;
  order.meter = 42;
  order.event = 9;
  order.quarter = 100;
  CHECK(write_request(estate(), order) ==
        "GET /readings?meter=M000042&from=2026-01-01T01:15:00Z&till=2026-01-02T01:00:00Z HTTP/1.1\r\n"
        "Host: head-end\r\n\r\n");
  order.kind = ApiKind::sale;
  order.amount_fen = 5000;
  CHECK(write_request(estate(), order) ==
        "POST /sales HTTP/1.1\r\nHost: head-end\r\nContent-Type: application/json\r\nIdempotency-Key: "
        "flood-5-9\r\n"
        "Content-Length: 39\r\n\r\n{\"account\":\"A000042\",\"amount_fen\":5000}");
  order.kind = ApiKind::switch_order;
  const auto text = write_request(estate(), order);
  CHECK(text.starts_with("POST /switches?wait_ms=1000 HTTP/1.1\r\n"));
  CHECK(text.ends_with(R"({"account":"A000042","to":"trip"})"));
}

TEST_CASE("replies are read whole, in whatever pieces they come") {
  const std::string two =
      "HTTP/1.1 201 Created\r\ncontent-length:  14 \r\n\r\n{\"state\":done}"
      "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  for (std::size_t piece = 1; piece < two.size(); ++piece) {
    ApiReplyReader reader;
    std::vector<ApiReply> replies;
    for (std::size_t at = 0; at < two.size(); at += piece) {
      reader.feed(bytes_of(two.substr(at, piece)));
      for (auto reply = reader.take(); reply; reply = reader.take()) replies.push_back(*reply);
    }
    REQUIRE(replies.size() == 2);
    CHECK(replies[0].status == 201);
    CHECK(replies[0].body == "{\"state\":done}");
    CHECK_FALSE(replies[0].must_close);
    CHECK(replies[1].status == 503);
    CHECK(replies[1].must_close);
    CHECK_FALSE(reader.is_broken());
  }
}

TEST_CASE("what a body says") {
  ApiReply reply;
  reply.body = R"({"state": "sent", "was":"done", "n":123, "list":[7,81]})";
  CHECK(reply.says("state", "\"sent\""));
  CHECK_FALSE(reply.says("state", "\"done\""));
  CHECK(reply.says("n", "123"));
  CHECK_FALSE(reply.says("n", "12"));
  CHECK(reply.holds_number(81));
  CHECK_FALSE(reply.holds_number(8));
  CHECK_FALSE(reply.holds_number(23));
}

TEST_CASE("garbage breaks the stream or waits, and never more") {
  constexpr std::uint64_t seed = 77;
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    INFO("seed " << seed << ", case " << i);
    std::string text = good;
    for (std::uint64_t change = 0; change < 3; ++change)
      text[draws.below(text.size(), 8 * i + change)] =
          static_cast<char>(draws.below(256, 8 * i + change + 4));
    ApiReplyReader reader;
    reader.feed(bytes_of(text));
    for (auto reply = reader.take(); reply; reply = reader.take()) CHECK(reply->body.size() <= text.size());
  }
  ApiReplyReader reader;
  reader.feed(bytes_of("SSH-2.0"));
  CHECK_FALSE(reader.take());
  CHECK(reader.is_broken());
}
