// The HTTP door: order, limits, deadlines, and what it does with those who behave badly.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "platform/spawn.hpp"
#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;

namespace {
struct Started {
  Started() {
    scene.start(ApiScene::Field::is_silent);
    client.dial(scene);
  }
  ApiScene scene;
  HttpClient client;
};

/// A client that asks and never takes the reply: the head-end's write does not come back until it is closed.
class StuckLink final : public seam::Link {
 public:
  StuckLink(seam::Clock& clock, std::string request, bool& is_closed)
      : request_(std::move(request)), is_closed_(is_closed), bell_(clock.make_alarm()) {}
  ~StuckLink() override { is_closed_ = true; }
  seam::asio::awaitable<core::Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                             Instant deadline) override {
    if (is_closed_) co_return core::Fault::link_closed;
    if (request_.empty()) {
      co_await bell_->wait_until(deadline);
      co_return core::Fault::timeout;
    }
    const auto count = std::min(buffer.size(), request_.size());
    std::copy_n(request_.begin(), count, buffer.begin());
    request_.erase(0, count);
    co_return count;
  }
  seam::asio::awaitable<core::Result<void>> write(core::Bytes) override {
    if (!is_closed_) co_await bell_->wait_until(core::never);
    co_return core::Fault::link_closed;
  }
  void close() override {
    is_closed_ = true;
    bell_->ring();
  }
  std::string peer() const override { return "stuck"; }

 private:
  std::string request_;
  bool& is_closed_;
  std::unique_ptr<seam::Alarm> bell_;
};
}  // namespace

TEST_CASE("a connection is kept, and requests that come together are answered in order") {
  Started it;
  it.client.say(get("/health") + get("/nowhere") + get("/accounts/A0001/balance") + get("/health"));
  it.scene.run_for(1s);
  REQUIRE(it.client.replies.size() == 4);
  CHECK(it.client.replies[0].status == 200);
  CHECK(it.client.replies[1].status == 404);
  CHECK(it.client.replies[2].parsed()["account"] == "A0001");
  CHECK(it.client.replies[3].status == 200);
  CHECK(it.client.is_connected());
  CHECK(it.client.ask(it.scene, get("/health")).status == 200);
}

TEST_CASE("a client that wants no more is closed after his reply") {
  Started it;
  const auto reply = it.client.ask(it.scene, get("/health", "Connection: close\r\n"));
  CHECK(reply.status == 200);
  CHECK(reply.headers.at("connection") == "close");
  CHECK(it.client.closed_at == it.scene.now());
}

TEST_CASE("a wrong method is told which ones serve, and HEAD gives the headers of GET") {
  Started it;
  const auto wrong = it.client.ask(it.scene, "DELETE /sales HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.at("allow") == "POST");
  CHECK(it.client.ask(it.scene, post("/health", "k", "{}")).headers.at("allow") == "GET, HEAD");
  const auto full = it.client.ask(it.scene, get("/accounts/A0001/balance"));
  it.client.hears_heads = true;
  const auto head = it.client.ask(it.scene, "HEAD /accounts/A0001/balance HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(head.status == 200);
  CHECK(head.headers.at("content-length") == std::to_string(full.body.size()));
  it.client.hears_heads = false;
  CHECK(it.client.ask(it.scene, get("/health")).status == 200);
}

TEST_CASE("a request that comes byte by byte is ended ten seconds after its first byte, to the nanosecond") {
  Started it;
  it.scene.run_for(7s);
  const Instant began = it.scene.now();
  const std::string slow = get("/health", "X-Slow: " + std::string(60, 'x') + "\r\n");
  for (std::size_t i = 0; i < slow.size() && it.client.is_connected(); ++i) {
    it.client.say(slow.substr(i, 1));
    it.scene.run_for(500ms);
  }
  REQUIRE(it.client.replies.size() == 1);
  CHECK(it.client.replies[0].status == 408);
  CHECK(it.client.replies[0].at == began + 10s);
  CHECK(it.client.closed_at == began + 10s);
}

TEST_CASE("a request whose last byte comes exactly at the deadline is served") {
  Started it;
  const std::string request = get("/health");
  it.client.say(request.substr(0, request.size() - 1));
  it.scene.run_for(10s - 1ns);
  it.client.say(request.substr(request.size() - 1));
  it.scene.run_for(1s);
  REQUIRE(it.client.replies.size() == 1);
  CHECK(it.client.replies[0].status == 200);
}

TEST_CASE("a connection that asks nothing is closed without a word after a minute, empty lines or not") {
  Started it;
  const Instant began = it.scene.now();
  for (int i = 0; i < 50; ++i) {
    it.client.say("\r\n");
    it.scene.run_for(1s);
  }
  CHECK(it.client.is_connected());
  it.scene.run_for(20s);
  CHECK(it.client.replies.empty());
  CHECK(it.client.closed_at == began + 60s);
}

TEST_CASE("what is no HTTP, or too large, is told so and closed") {
  const auto [text, status] = GENERATE(table<std::string, int>(
      {{"\x68\x32\x16\x68 garbage\r\n\r\n", 400},
       {"GET /" + std::string(10'000, 'a'), 431},
       {"POST /sales HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, ' '),
        413}}));
  Started it;
  it.client.say(text);
  it.scene.run_for(5s);
  REQUIRE(it.client.replies.size() == 1);
  CHECK(it.client.replies[0].status == status);
  CHECK(it.client.replies[0].headers.at("content-type") == "application/problem+json");
  CHECK_FALSE(it.client.is_connected());
}

TEST_CASE("a client that asks whether to send its body is told to go on") {
  Started it;
  const std::string body = R"({"account":"A0001","amount_fen":5000})";
  it.client.say(
      "POST /sales HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nIdempotency-Key: k\r\n"
      "Content-Type: application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  it.scene.run_for(1s);
  CHECK(it.client.continues == 1);
  CHECK(it.client.ask(it.scene, body).status == 201);
  CHECK(it.client.continues == 1);
}

TEST_CASE("more connections than are allowed are told to come again") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 513; ++i) {
    clients.push_back(std::make_unique<HttpClient>());
    clients.back()->dial(scene, "program " + std::to_string(10'000 + i));
  }
  scene.run_for(1s);
  for (int i = 0; i < 512; ++i) REQUIRE(clients[static_cast<std::size_t>(i)]->is_connected());
  REQUIRE(clients.back()->replies.size() == 1);
  CHECK(clients.back()->replies[0].status == 503);
  CHECK(clients.back()->replies[0].headers.at("retry-after") == "1");
  CHECK_FALSE(clients.back()->is_connected());
  clients.front()->hang_up();
  scene.run_for(1s);
  HttpClient late;
  CHECK(late.ask(scene, get("/health")).status == 200);
}

TEST_CASE("a client that does not take its reply is closed after thirty seconds, and hurts nobody") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  bool is_closed = false;
  scene.door().offer(std::make_unique<StuckLink>(scene.clock(), get("/health"), is_closed));
  scene.run_for(1s);
  HttpClient other;
  CHECK(other.ask(scene, get("/health")).status == 200);
  scene.run_until(scene.configuration.opens + 30s - 1ns);
  CHECK_FALSE(is_closed);
  scene.run_until(scene.configuration.opens + 30s);
  CHECK(is_closed);
  CHECK(other.ask(scene, get("/metrics")).body.find("metertwin_http_stuck_closes_total 1\n") !=
        std::string::npos);
}

TEST_CASE("going down: health says draining, idle connections close, and every reply is the last") {
  Started it;
  HttpClient busy;
  busy.dial(it.scene, "busy");
  busy.say("GET /health HTTP/1.1\r\n");
  it.scene.run_for(1s);
  seam::spawn(it.scene.clock(), it.scene.head_end().drain(it.scene.now() + 5s));
  it.scene.run_for(1s);
  CHECK_FALSE(it.client.is_connected());
  REQUIRE(busy.is_connected());
  const auto reply = busy.ask(it.scene, "Host: h\r\n\r\n");
  CHECK(reply.status == 503);
  CHECK(reply.parsed()["status"] == "draining");
  CHECK_FALSE(busy.is_connected());
}

TEST_CASE("noise on many connections leaves the head-end serving") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  const std::string good = post("/sales", "k", R"({"account":"A0001","amount_fen":1})") + get("/metrics");
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 1, core::Purpose::test);
    std::uint64_t index = 0;
    std::string text = good;
    for (auto bends = draws.below(5, index++); bends > 0; --bends) {
      const auto place = draws.below(text.size(), index++);
      text[place] = static_cast<char>(draws.below(256, index++));
    }
    HttpClient client;
    client.dial(scene);
    client.say(text.substr(0, draws.below(text.size() + 1, index++)));
    scene.run_for(std::chrono::milliseconds(draws.below(100, index++)));
    client.hang_up();
    scene.run_for(1ms);
  }
  scene.run_for(2min);
  HttpClient client;
  CHECK(client.ask(scene, get("/health")).status == 200);
  CHECK(client.ask(scene, get("/metrics")).body.find("metertwin_http_connections_open 1\n") !=
        std::string::npos);
}
