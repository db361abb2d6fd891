// What the HTTP API has said stays true: over broken connections and over power cuts at any instant.
#include <catch2/catch.hpp>

#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;
using talk_test::at;

namespace {
const std::string sale = post("/sales", "K-1", R"({"account":"A0001","amount_fen":5000})");
const std::string order = post("/switches", "O-1", R"({"account":"A0002","to":"keep-power"})");
}  // namespace

TEST_CASE("a sale and an order are in the committed books when their replies come") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  HttpClient client;
  std::vector<std::int64_t> sales, orders;
  client.on_reply = [&](const HeardReply&) {
    sales.push_back(scene.committed("SELECT count(*) FROM sale"));
    orders.push_back(scene.committed("SELECT count(*) FROM command WHERE idempotency_key = 'O-1'"));
  };
  CHECK(client.ask(scene, sale).status == 201);
  CHECK(client.ask(scene, order).status == 202);
  CHECK(sales == std::vector<std::int64_t>{1, 1});
  CHECK(orders == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("requests that came together share one commit") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  scene.run_for(1s);
  HttpClient client;
  client.dial(scene);
  const auto before = scene.head_end().ingest_statistics().commits;
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += post("/sales", "K-" + std::to_string(i), R"({"account":"A0001","amount_fen":100})");
  client.say(all);
  scene.run_for(1s);
  CHECK(client.replies.size() == 10);
  CHECK(scene.head_end().ingest_statistics().commits == before + 1);
  CHECK(scene.committed("SELECT count(*) FROM sale") == 10);
}

TEST_CASE("a sale repeated over a broken connection is booked once") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  for (int cut_ms = 0; cut_ms < 30; ++cut_ms) {
    HttpClient client;
    client.dial(scene);
    client.say(sale);
    scene.run_for(std::chrono::milliseconds(cut_ms));
    client.hang_up();
    scene.run_for(1ms);
  }
  HttpClient client;
  const auto reply = client.ask(scene, sale);
  CHECK(reply.status == 200);
  CHECK(reply.parsed()["sale"] == 1);
  CHECK(scene.committed("SELECT count(*) FROM sale") == 1);
  CHECK(scene.committed("SELECT sum(amount_fen) FROM posting WHERE ledger = 'cash'") == 5000);
}

TEST_CASE(
    "a power cut at any millisecond around a sale and an order loses nothing acknowledged, doubles nothing") {
  for (int cut_ms = 0; cut_ms <= 45; ++cut_ms) {
    INFO("cut " << cut_ms << " ms after the requests");
    ApiScene scene;
    scene.start(ApiScene::Field::is_silent);
    HttpClient client;
    client.dial(scene);
    client.say(sale + order);
    scene.run_for(std::chrono::milliseconds(cut_ms));
    const auto told = client.replies;
    scene.crash();
    scene.start(ApiScene::Field::is_silent);
    HttpClient later;
    const auto sale_again = later.ask(scene, sale);
    const auto order_again = later.ask(scene, order);
    REQUIRE(sale_again.status == (told.empty() ? sale_again.status : 200));
    CHECK((sale_again.status == 200 || sale_again.status == 201));
    CHECK(order_again.status == 202);
    if (!told.empty()) CHECK(told[0].parsed()["sale"] == sale_again.parsed()["sale"]);
    if (told.size() > 1) CHECK(told[1].parsed()["command"] == order_again.parsed()["command"]);
    CHECK(scene.committed("SELECT count(*) FROM sale") == 1);
    CHECK(scene.committed("SELECT sum(amount_fen) FROM posting WHERE ledger = 'cash'") == 5000);
    CHECK(scene.committed("SELECT count(*) FROM command WHERE idempotency_key = 'O-1'") == 1);
  }
}

TEST_CASE("a reading or a balance that the API has told is there after a power cut at that instant") {
  // Every second while a round's readings come in: some are accepted and not yet committed.
  for (int second = 0; second < 120; second += 4) {
    INFO("asked " << second << " s after 00:18");
    ApiScene scene;
    scene.start();
    scene.run_until(at(0, 18) + std::chrono::seconds(second));
    HttpClient client;
    const std::string readings = get("/readings?at=2026-07-01T00:15");
    const auto told = client.ask(scene, readings);
    REQUIRE(told.status == 200);
    const auto balance = client.ask(scene, get("/accounts/A0001/balance"));
    scene.crash();
    scene.start(ApiScene::Field::is_silent);
    HttpClient later;
    CHECK(later.ask(scene, readings).body == told.body);
    CHECK(later.ask(scene, get("/accounts/A0001/balance")).body == balance.body);
  }
}
