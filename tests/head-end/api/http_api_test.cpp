// Every route of the HTTP API: what it answers, and what it says when it cannot.
#include <catch2/catch.hpp>

#include <regex>
#include <set>

#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;
using talk_test::at;

namespace {
struct Started {
  explicit Started(headend::Configuration configuration = ApiScene::default_configuration())
      : scene(std::move(configuration)) {
    scene.start();
    scene.run_for(5s);
  }
  HeardReply ask(const std::string& request) { return client.ask(scene, request); }
  HeardReply sell(const std::string& key, const std::string& account, std::int64_t fen) {
    return ask(
        post("/sales", key, R"({"account":")" + account + R"(","amount_fen":)" + std::to_string(fen) + "}"));
  }
  HeardReply order(const std::string& key, const std::string& account, const std::string& to,
                   const std::string& wait = "") {
    return ask(post("/switches" + wait, key, R"({"account":")" + account + R"(","to":")" + to + "\"}"));
  }
  ApiScene scene;
  HttpClient client;
};

void check_problem(const HeardReply& reply, int status, const std::string& name) {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.headers.at("content-type") == "application/problem+json");
  const auto problem = reply.parsed();
  CHECK(problem["type"] == "urn:metertwin:problem:" + name);
  CHECK(problem["status"] == status);
  CHECK(problem["title"].get<std::string>().size() > 3);
  CHECK(problem["detail"].get<std::string>().size() > 3);
}

/// The grammar of the text format: families in one piece with HELP and TYPE, proper names and values, buckets
/// that never fall and end in the count.
void check_exposition(const std::string& text) {
  static const std::regex help(R"(# HELP ([a-z_][a-z0-9_]*) .+)");
  static const std::regex type(R"(# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram))");
  static const std::regex sample(
      R"re(([a-z_][a-z0-9_]*)(\{[a-z_]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\]|\\["\\n])*")*\})? ([-+0-9.eInfNa]+))re");
  REQUIRE(text.ends_with("\n"));
  std::set<std::string> families, samples;
  std::string family, kind, awaited_type;
  double last_bucket = 0;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    INFO(line);
    std::smatch parts;
    if (std::regex_match(line, parts, help)) {
      family = awaited_type = parts[1];
      REQUIRE(families.insert(family).second);
    } else if (std::regex_match(line, parts, type)) {
      REQUIRE(awaited_type == parts[1]);
      awaited_type.clear();
      kind = parts[2];
    } else {
      REQUIRE(std::regex_match(line, parts, sample));
      const std::string name = parts[1], value = parts[3];
      REQUIRE(awaited_type.empty());
      REQUIRE(samples.insert(name + parts[2].str()).second);
      const double number = std::stod(value);
      if (kind != "histogram") {
        CHECK(name == family);
      } else if (name == family + "_bucket") {
        if (line.find("le=\"0.0005\"") != std::string::npos) last_bucket = 0;
        CHECK(number >= last_bucket);
        last_bucket = number;
      } else if (name == family + "_count") {
        CHECK(number == last_bucket);
      } else {
        CHECK(name == family + "_sum");
      }
    }
  }
  CHECK(families.size() > 20);
}
}  // namespace

TEST_CASE("health says who is there and what time it is") {
  Started it;
  const auto reply = it.ask(get("/health"));
  CHECK(reply.status == 200);
  CHECK(reply.headers.at("content-type") == "application/json");
  CHECK(reply.parsed() == json({{"status", "up"},
                                {"version", "1.2.3"},
                                {"now", "2026-07-01T00:00:05+08:00"},
                                {"concentrators", 1},
                                {"online", 1}}));
}

TEST_CASE("metrics keep the grammar and tell what happened") {
  Started it;
  it.scene.run_until(at(0, 29));  // two rounds of three meters
  CHECK(it.sell("k", "A0001", 5000).status == 201);
  CHECK(it.ask(get("/nowhere")).status == 404);
  HttpClient noise;
  noise.dial(it.scene);
  noise.say("noise\r\n\r\n");
  it.scene.run_for(3s);
  const auto reply = it.ask(get("/metrics"));
  CHECK(reply.status == 200);
  CHECK(reply.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  check_exposition(reply.body);
  for (const std::string line :
       {"metertwin_logins_total 1", "metertwin_concentrators_online 1", "metertwin_readings_polled_total 6",
        R"(metertwin_http_requests_total{route="/sales",status="201"} 1)",
        R"(metertwin_http_requests_total{route="none",status="404"} 1)",
        R"(metertwin_http_refusals_total{status="400"} 1)",
        R"(metertwin_http_request_seconds_count{route="/sales"} 1)", "metertwin_http_connections_open 1"}) {
    INFO(line << " in\n" << reply.body);
    CHECK(reply.body.find(line + "\n") != std::string::npos);
  }
}

TEST_CASE("the readings of a meter are told with both forms of the register and where they came from") {
  Started it;
  it.scene.run_until(at(1, 10));
  const auto reply = it.ask(get("/readings?meter=M002&from=2026-07-01T00:00:00+08:00&till=2026-07-01T00:30"));
  CHECK(reply.status == 200);
  // 2000 + 3 for each quarter hour: talk_test::register_of
  CHECK(reply.body ==
        R"({"meter":"M002","from":"2026-07-01T00:00:00+08:00","till":"2026-07-01T00:30:00+08:00","count":3,)"
        R"("readings":[{"due":"2026-07-01T00:00:00+08:00","kWh":"20.00","centikWh":2000,"source":"opening"},)"
        R"({"due":"2026-07-01T00:15:00+08:00","kWh":"20.03","centikWh":2003,"source":"curve"},)"
        R"({"due":"2026-07-01T00:30:00+08:00","kWh":"20.06","centikWh":2006,"source":"curve"}]})"
        "\n");
  const auto none = it.ask(get("/readings?meter=M002&from=2026-07-02&till=2026-07-03"));
  CHECK(none.status == 200);
  CHECK(none.parsed()["readings"].empty());
}

TEST_CASE("the readings of an instant come in pages by meter") {
  Started it;
  it.scene.run_until(at(1, 10));
  const auto all = it.ask(get("/readings?at=2026-07-01T00:45")).parsed();
  CHECK(all["total"] == 3);
  CHECK(all["count"] == 3);
  CHECK_FALSE(all.contains("next_offset"));
  CHECK(all["readings"][2] ==
        json({{"meter", "M003"}, {"kWh", "30.12"}, {"centikWh", 3012}, {"source", "curve"}}));
  const auto first = it.ask(get("/readings?at=2026-07-01T00:45&limit=2")).parsed();
  CHECK(first["count"] == 2);
  CHECK(first["next_offset"] == 2);
  const auto second = it.ask(get("/readings?at=2026-07-01T00:45&limit=2&offset=2")).parsed();
  CHECK(second["count"] == 1);
  CHECK(second["readings"][0] == all["readings"][2]);
  CHECK(it.ask(get("/readings?at=2026-07-01T00:45&offset=99")).parsed()["readings"].empty());
}

TEST_CASE("questions for readings that cannot be answered say why") {
  const auto [query, status, name] = GENERATE(table<std::string, int, std::string>({
      {"", 400, "bad-parameter"},
      {"?meter=M001", 400, "bad-parameter"},
      {"?meter=M001&at=2026-07-01", 400, "bad-parameter"},
      {"?meter=M001&from=2026-07-01&till=2026-06-30", 400, "bad-parameter"},
      {"?meter=M001&from=2026-07-01&till=2026-08-03", 400, "bad-parameter"},
      {"?meter=M001&from=2026-02-30&till=2026-07-01", 400, "bad-parameter"},
      {"?meter=M001&from=0001-01-01&till=0001-01-02", 400, "bad-parameter"},
      {"?meter=M001&from=9999-01-01&till=9999-01-02", 400, "bad-parameter"},
      {"?meter=M001&from=&till=", 400, "bad-parameter"},
      {"?meter=M009&from=2026-07-01&till=2026-07-02", 404, "unknown-meter"},
      {"?meter=%00%ff%22&from=2026-07-01&till=2026-07-02", 404, "unknown-meter"},
      {"?at=2026-07-01T00:10", 400, "bad-parameter"},
      {"?at=yesterday", 400, "bad-parameter"},
      {"?at=2026-07-01&limit=0", 400, "bad-parameter"},
      {"?at=2026-07-01&limit=10001", 400, "bad-parameter"},
      {"?at=2026-07-01&offset=-1", 400, "bad-parameter"},
      {"?at=2026-07-01&offset=99999999999999999999", 400, "bad-parameter"},
  }));
  INFO(query);
  Started it;
  check_problem(it.ask(get("/readings" + query)), status, name);
}

TEST_CASE("accounts and balances are told, and unknown ones are not found") {
  Started it;
  CHECK(it.sell("k", "A0002", 1234).status == 201);
  CHECK(it.ask(get("/accounts/A0002/balance")).parsed() ==
        json({{"account", "A0002"}, {"balance_fen", 1234}}));
  CHECK(it.ask(get("/accounts/A0002")).parsed() == json({{"account", "A0002"},
                                                         {"payment", "prepaid-head-end"},
                                                         {"meter", "M002"},
                                                         {"is_protected", false},
                                                         {"balance_fen", 1234}}));
  check_problem(it.ask(get("/accounts/%3Cscript%3E/balance")), 404, "unknown-account");
  check_problem(it.ask(get("/accounts/nobody")), 404, "unknown-account");
  check_problem(it.ask(get("/accounts/A0002/balance/")), 404, "no-such-path");
}

TEST_CASE("a sale is created once and told again as long as anybody asks") {
  Started it;
  const auto first = it.sell("K-1", "A0001", 5000);
  CHECK(first.status == 201);
  CHECK(first.parsed() == json({{"outcome", "booked"},
                                {"sale", 1},
                                {"account", "A0001"},
                                {"amount_fen", 5000},
                                {"balance_fen", 5000}}));
  const auto again = it.sell("K-1", "A0001", 5000);
  CHECK(again.status == 200);
  CHECK(again.parsed()["outcome"] == "repeated");
  CHECK(again.parsed()["sale"] == 1);
  CHECK(it.sell("\"K-1\"", "A0001", 5000).status == 200);  // as a structured field writes it
  CHECK(it.scene.committed("SELECT count(*) FROM sale") == 1);
}

TEST_CASE("a key that was used for another order is refused, and nothing is booked") {
  Started it;
  CHECK(it.sell("K-1", "A0001", 5000).status == 201);
  check_problem(it.sell("K-1", "A0001", 5001), 422, "idempotency-key-reused");
  check_problem(it.sell("K-1", "A0002", 5000), 422, "idempotency-key-reused");
  check_problem(it.sell("K-1", "nobody", 5000), 422, "idempotency-key-reused");
  CHECK(it.order("O-1", "A0001", "keep-power").status == 202);
  check_problem(it.order("O-1", "A0001", "trip"), 422, "idempotency-key-reused");
  check_problem(it.order("O-1", "A0002", "keep-power"), 422, "idempotency-key-reused");
  CHECK(it.scene.committed("SELECT count(*) FROM sale") == 1);
  CHECK(it.scene.committed("SELECT count(*) FROM command WHERE idempotency_key IS NOT NULL") == 1);
}

TEST_CASE("sales that are not booked say why") {
  Started it;
  check_problem(it.sell("a", "nobody", 5000), 404, "unknown-account");
  check_problem(it.sell("b", "A0001", 0), 422, "bad-amount");
  check_problem(it.sell("c", "A0001", -5), 422, "bad-amount");
  const auto cap = it.sell("d", "A0001", 10'000'001);
  check_problem(cap, 422, "over-hoarding-cap");
  CHECK(cap.parsed()["outcome"] == "over-hoarding-cap");
  CHECK(it.scene.committed("SELECT count(*) FROM sale") == 0);
}

TEST_CASE("orders that are not what they should be say why") {
  const auto [request, status, name] = GENERATE(table<std::string, int, std::string>({
      {post("/sales", "k", "{"), 400, "not-json"},
      {post("/sales", "k", "[]"), 400, "not-json"},
      {post("/sales", "k", "\xFF\xFE"), 400, "not-json"},
      {post("/sales", "k", std::string(300, '[')), 400, "not-json"},
      {post("/sales", "k", "{}"), 422, "bad-field"},
      {post("/sales", "k", R"({"account":"A0001","amount_fen":1.5})"), 422, "bad-field"},
      {post("/sales", "k", R"({"account":"A0001","amount_fen":99999999999999999999})"), 422, "bad-field"},
      {post("/sales", "k", R"({"account":7,"amount_fen":1})"), 422, "bad-field"},
      {post("/switches", "k", R"({"account":"A0001","to":"dance"})"), 422, "bad-field"},
      {post("/switches?wait_ms=5001", "k", "{}"), 400, "bad-parameter"},
      {post("/switches?wait_ms=-1", "k", "{}"), 400, "bad-parameter"},
      {post("/switches?wait_ms=x", "k", "{}"), 400, "bad-parameter"},
      {post("/switches", "k", R"({"account":"nobody","to":"trip"})"), 404, "unknown-account"},
      {post("/sales", "", "{}"), 400, "idempotency-key"},
      {post("/sales", "a b", "{}"), 400, "idempotency-key"},
      {post("/sales", std::string(65, 'k'), "{}"), 400, "idempotency-key"},
      {post("/sales", "a\r\nIdempotency-Key: b", "{}"), 400, "idempotency-key"},
      {"POST /sales HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", 400, "idempotency-key"},
      {"POST /sales HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k\r\nContent-Type: text/plain\r\n"
       "Content-Length: 2\r\n\r\n{}",
       415, "not-json"},
  }));
  INFO(request);
  Started it;
  check_problem(it.ask(request), status, name);
  CHECK(it.client.is_connected());
}

TEST_CASE("a switch is ordered at once, and its command tells what became of it") {
  Started it;
  const auto ordered = it.order("O-1", "A0001", "trip");
  CHECK(ordered.status == 202);
  const auto told = ordered.parsed();
  CHECK(told["to"] == "trip");
  CHECK(told["meter"] == "M001");
  CHECK(told["account"] == "A0001");
  const std::string href = told["href"];
  CHECK(ordered.headers.at("location") == href);
  CHECK(href == "/commands/" + std::to_string(told["command"].get<int>()));
  it.scene.run_for(30s);
  const auto done = it.ask(get(href)).parsed();
  CHECK(done["state"] == "done");
  CHECK(done["attempts"] == 1);
  CHECK(done["wanted_at"] == "2026-07-01T00:00:05+08:00");
  CHECK(done["finished_at"].is_string());
  CHECK(it.scene.concentrators[0]->meter(1).trips == 1);
  // The same order again: the same command, as it is now.
  const auto again = it.order("O-1", "A0001", "trip");
  CHECK(again.status == 200);
  CHECK(again.parsed()["command"] == told["command"]);
  CHECK(it.scene.concentrators[0]->meter(1).trips == 1);
  for (const std::string path : {"/commands/999", "/commands/x", "/commands/-1", "/commands/1x",
                                 "/commands/99999999999999999999", "/commands/"})
    check_problem(it.ask(get(path)), 404, "unknown-command");
}

TEST_CASE("who waits for a switch is told its outcome as soon as it is known") {
  Started it;
  it.scene.run_for(1min);
  const Instant asked = it.scene.now();
  const auto reply = it.order("O-1", "A0001", "trip", "?wait_ms=5000");
  CHECK(reply.status == 200);
  CHECK(reply.parsed()["state"] == "done");
  // The order's exchange and the look at the relay take a second each.
  CHECK(reply.at >= asked + 2s);
  CHECK(reply.at <= asked + 2s + 100ms);
}

TEST_CASE("who waits in vain is told so when his time is over, to the millisecond") {
  ApiScene scene;
  scene.start(ApiScene::Field::is_silent);
  HttpClient client;
  const Instant asked = scene.now();
  const auto reply =
      client.ask(scene, post("/switches?wait_ms=1500", "k", R"({"account":"A0001","to":"trip"})"));
  CHECK(reply.status == 202);
  CHECK(reply.parsed()["state"] == "wanted");
  CHECK(reply.parsed()["sent_at"].is_null());
  CHECK(reply.at >= asked + 1500ms);
  CHECK(reply.at <= asked + 1500ms + scene.configuration.ingest.confirm_within);
}

TEST_CASE("a switch that must not be is refused") {
  Started it;
  CHECK(it.order("O-1", "A0001", "keep-power").status == 202);
  const auto refused = it.order("O-2", "A0001", "trip");
  check_problem(refused, 422, "refused");
  CHECK(refused.parsed()["outcome"] == "refused");
}
