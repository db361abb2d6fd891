// The counter's line protocol: what is said, what is answered, and what is durable by then.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "head-end/api/counter_messages.hpp"
#include "head-end/store/inspection_book.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;
using nlohmann::json;

namespace {
Scene& started(Scene& scene) {
  scene.start();
  scene.run_for(5s);
  return scene;
}
json heard(const Scene& scene, std::size_t i) { return json::parse(scene.counter.lines.at(i)); }
Configuration prepaid() { return make_configuration({.payment = headend::PaymentMode::prepaid_head_end}); }
}  // namespace

TEST_CASE("a sale is answered with its receipt, and only after it is in the committed books") {
  Scene scene(prepaid());
  started(scene);
  std::int64_t committed_when_answered = 0;
  scene.counter.on_line = [&](const std::string&) {
    committed_when_answered = scene.committed("SELECT count(*) FROM sale");
  };
  scene.counter.say(R"({"do":"sale","key":"K-1","account":"A0001","amount_fen":5000})");
  scene.run_for(1s);
  REQUIRE_FALSE(scene.counter.lines.empty());
  CHECK(committed_when_answered == 1);
  CHECK(heard(scene, 0) == json({{"key", "K-1"},
                                 {"do", "sale"},
                                 {"outcome", "booked"},
                                 {"sale", 1},
                                 {"account", "A0001"},
                                 {"amount_fen", 5000},
                                 {"balance_fen", 5000}}));
}

TEST_CASE(
    "the same key again is answered with the first receipt, also on another connection and after a restart") {
  Scene scene(prepaid());
  started(scene);
  const std::string line = R"({"do":"sale","key":"K-1","account":"A0001","amount_fen":5000})";
  scene.counter.say(line);
  scene.counter.say(line);
  scene.run_for(1s);
  scene.counter.dial(scene.world());
  scene.counter.say(line);
  scene.run_for(1s);
  scene.crash();
  scene.restart_after(5s);
  scene.counter.say(R"({"do":"sale","key":"K-1","account":"A0001","amount_fen":9999})");
  scene.run_for(1s);
  std::vector<json> receipts;
  for (const auto& text : scene.counter.lines)
    if (const auto parsed = json::parse(text); parsed.contains("outcome")) receipts.push_back(parsed);
  REQUIRE(receipts.size() == 4);
  CHECK(receipts[0]["outcome"] == "booked");
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(receipts[i]["outcome"] == "repeated");
    CHECK(receipts[i]["sale"] == receipts[0]["sale"]);
    CHECK(receipts[i]["amount_fen"] == 5000);
  }
  CHECK(scene.committed("SELECT count(*) FROM sale") == 1);
}

TEST_CASE("sales that are not booked say why") {
  Scene scene(prepaid());
  started(scene);
  scene.counter.say(R"({"do":"sale","key":"a","account":"Z9","amount_fen":5000})");
  scene.counter.say(R"({"do":"sale","key":"b","account":"A0001","amount_fen":0})");
  scene.counter.say(R"({"do":"sale","key":"c","account":"A0001","amount_fen":-5})");
  scene.counter.say(R"({"do":"sale","key":"d","account":"A0001","amount_fen":10000001})");
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 4);
  CHECK(heard(scene, 0)["outcome"] == "unknown-account");
  CHECK(heard(scene, 1)["outcome"] == "bad-amount");
  CHECK(heard(scene, 2)["outcome"] == "bad-amount");
  CHECK(heard(scene, 3)["outcome"] == "over-hoarding-cap");
  CHECK_FALSE(heard(scene, 3).contains("sale"));
  CHECK(scene.committed("SELECT count(*) FROM sale") == 0);
}

TEST_CASE("balance, status and switch are answered") {
  Scene scene(prepaid());
  started(scene);
  scene.counter.say(R"({"do":"sale","key":"K","account":"A0001","amount_fen":5000})");
  scene.counter.say(R"({"do":"balance","account":"A0001"})");
  scene.counter.say(R"({"do":"balance","key":"q","account":"nobody"})");
  scene.counter.say(R"({"do":"status","key":"s"})");
  scene.counter.say(R"({"do":"switch","key":"o","account":"A0001","to":"keep-power"})");
  scene.counter.say(R"({"do":"switch","key":"p","account":"nobody","to":"trip"})");
  scene.run_for(500ms);
  REQUIRE(scene.counter.lines.size() == 6);
  CHECK(heard(scene, 1) ==
        json({{"do", "balance"}, {"outcome", "known"}, {"account", "A0001"}, {"balance_fen", 5000}}));
  CHECK(heard(scene, 2)["outcome"] == "unknown-account");
  CHECK(heard(scene, 3)["now"] == "2026-07-01T00:00:05+08:00");
  CHECK(heard(scene, 3)["online"] == 1);
  CHECK(heard(scene, 3)["concentrators"] == 1);
  CHECK(heard(scene, 4)["outcome"] == "ordered");
  CHECK(heard(scene, 5)["outcome"] == "unknown-account");
}

TEST_CASE("bad lines get one error line each and the connection stays") {
  const auto [line, error] = GENERATE(table<std::string, std::string>({
      {"{", "not-json"},
      {"[]", "not-json"},
      {"\"sale\"", "not-json"},
      {"{} {}", "not-json"},
      {std::string(300, '['), "not-json"},
      {std::string("\xFF\xFE", 2), "not-json"},
      {"{}", "bad-field"},
      {R"({"do":5})", "bad-field"},
      {R"({"do":"dance"})", "unknown-request"},
      {R"({"do":"sale","account":"A0001","amount_fen":1})", "bad-field"},
      {R"({"do":"sale","key":"","account":"A0001","amount_fen":1})", "bad-field"},
      {R"({"do":"sale","key":"k","amount_fen":1})", "bad-field"},
      {R"({"do":"sale","key":"k","account":"A0001"})", "bad-field"},
      {R"({"do":"sale","key":"k","account":"A0001","amount_fen":1.5})", "bad-field"},
      {R"({"do":"sale","key":"k","account":"A0001","amount_fen":"1"})", "bad-field"},
      {R"({"do":"sale","key":"k","account":"A0001","amount_fen":1e30})", "bad-field"},
      {R"({"do":"sale","key":"k","account":"A0001","amount_fen":99999999999999999999})", "bad-field"},
      {R"({"do":"switch","key":"k","account":"A0001","to":"explode"})", "bad-field"},
      {R"({"do":"notice-received","notice":5})", "bad-field"},
  }));
  INFO(line);
  Scene scene(prepaid());
  started(scene);
  scene.counter.say(line);
  scene.counter.say("");
  scene.counter.say_raw("{\"do\":\"status\"}\r\n");
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 2);
  CHECK(heard(scene, 0)["error"] == error);
  CHECK(heard(scene, 1)["outcome"] == "up");
  CHECK(scene.counter.is_connected());
}

TEST_CASE("a line that is too long, finished or not, is answered once and ends the connection") {
  const bool is_finished = GENERATE(true, false);
  Scene scene(prepaid());
  started(scene);
  scene.counter.say_raw(R"({"do":"status"})"
                        "\n");
  scene.counter.say_raw(std::string(5000, 'x') + (is_finished ? "\n{\"do\":\"status\"}\n" : ""));
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 2);
  CHECK(heard(scene, 1)["error"] == "line-too-long");
  CHECK_FALSE(scene.counter.is_connected());
}

TEST_CASE("a line of exactly the longest length is read, one byte more is not") {
  const int extra = GENERATE(0, 1);
  Scene scene(prepaid());
  started(scene);
  const std::string head = R"({"do":"status","padding":")", tail = R"("})";
  const auto padding =
      headend::counter_line_bytes_max - 1 - head.size() - tail.size() + static_cast<std::size_t>(extra);
  scene.counter.say(head + std::string(padding, 'p') + tail);
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 1);
  CHECK(heard(scene, 0).contains("error") == (extra == 1));
}

TEST_CASE("a line that comes byte by byte is one line, and many lines in one burst are many") {
  Scene scene(prepaid());
  started(scene);
  for (const char c : std::string("{\"do\":\"status\",\"key\":\"slow\"}\n")) {
    scene.counter.say_raw(std::string(1, c));
    scene.run_for(10ms);
  }
  std::string burst;
  for (int i = 0; i < 500; ++i) burst += R"({"do":"status","key":"b)" + std::to_string(i) + "\"}\n";
  scene.counter.say_raw(burst);
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 501);
  CHECK(heard(scene, 0)["key"] == "slow");
  CHECK(heard(scene, 500)["key"] == "b499");
}

TEST_CASE("random bytes at the counter never end anything but their own connection") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 31));
  INFO("seed " << seed);
  Scene scene(prepaid());
  started(scene);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  const std::string alphabet = "{}[]\":,\\n0123456789.eE+-truefalsnudokyacm \n\n\n\t\xC3\xA9\xF0";
  std::string text;
  for (std::uint64_t i = 0; i < 4000; ++i) text += alphabet[draws.below(alphabet.size(), i)];
  scene.counter.say_raw(text + "\n");
  scene.run_for(1s);
  scene.counter.dial(scene.world());
  scene.counter.say(R"({"do":"status","key":"still here"})");
  scene.run_for(1s);
  REQUIRE_FALSE(scene.counter.lines.empty());
  CHECK(json::parse(scene.counter.lines.back())["key"] == "still here");
  CHECK(scene.committed("SELECT count(*) FROM sale") == 0);
}

TEST_CASE("notices are pushed, repeated on a new connection until acknowledged, and then never again") {
  Scene scene(prepaid());
  started(scene);
  // 25 CNY: alarm 1 is at 20 CNY; meter 1 uses 2 centikWh = 1 fen a quarter hour, so pay less to get there
  // soon.
  scene.counter.say(R"({"do":"sale","key":"K1","account":"A0001","amount_fen":2003})");
  scene.run_until(at(2));
  const auto notices = [&] {
    std::vector<json> found;
    for (const auto& line : scene.counter.lines)
      if (const auto parsed = json::parse(line);
          parsed.contains("notice") && parsed["account"] == "A0001" && parsed["level"] == "alarm1")
        found.push_back(parsed);
    return found;
  };
  REQUIRE(notices().size() == 1);
  const std::int64_t number = notices()[0]["notice"];
  CHECK(scene.committed("SELECT count(*) FROM notice WHERE id = " + std::to_string(number)) == 1);
  scene.counter.dial(scene.world());
  scene.run_for(1s);
  CHECK(notices().size() == 2);
  scene.crash();
  scene.restart_after(30s);
  scene.run_for(1s);
  REQUIRE(notices().size() == 3);
  CHECK(notices()[2]["notice"] == number);
  scene.counter.say(R"({"do":"notice-received","notice":)" + std::to_string(number) + "}");
  scene.run_for(2min);
  scene.counter.dial(scene.world());
  scene.run_for(1s);
  scene.crash();
  scene.restart_after(30s);
  scene.run_for(1s);
  CHECK(notices().size() == 3);
}

TEST_CASE("an inspector lists open work orders a page at a time, and closes them durably") {
  Scene scene(make_configuration({.meters_per_concentrator = {20}}));
  started(scene);
  auto& book = scene.head_end().books().inspections();
  for (headend::MeterId meter = 1; meter <= 18; ++meter)
    book.open({1, meter, headend::WorkOrderKind::event, "its cover was opened", "{}"}, scene.now());
  scene.counter.say(R"({"do":"work-orders","key":"w1"})");
  scene.counter.say(R"({"do":"work-orders","key":"w2","after":16})");
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 2);
  CHECK(scene.committed("SELECT count(*) FROM work_order") == 18);
  const auto first = heard(scene, 0), second = heard(scene, 1);
  CHECK(first["open"].size() == headend::work_orders_a_line);
  CHECK(first["is_whole"] == false);
  CHECK(first["open"][0]["meter"] == "M001");
  CHECK(first["open"][0]["kind"] == "event");
  CHECK(second["open"].size() == 2);
  CHECK(second["is_whole"] == true);
  CHECK(second["open"][0]["work_order"] == 17);

  std::int64_t closed_when_answered = 0;
  scene.counter.on_line = [&](const std::string&) {
    closed_when_answered = scene.committed("SELECT count(*) FROM work_order WHERE finding = 'nothing'");
  };
  scene.counter.say(R"({"do":"close-work-order","key":"w3","work_order":1,"finding":"nothing"})");
  scene.run_for(1s);
  CHECK(closed_when_answered == 1);
  CHECK(heard(scene, 2)["outcome"] == "closed");
  scene.counter.say(R"({"do":"close-work-order","work_order":1,"finding":"nothing"})");
  scene.counter.say(R"({"do":"close-work-order","work_order":1,"finding":"a magnet"})");
  scene.counter.say(R"({"do":"close-work-order","work_order":99,"finding":"a magnet"})");
  scene.counter.say(R"({"do":"close-work-order","work_order":2})");
  scene.counter.say(R"({"do":"work-orders","after":"x"})");
  scene.run_for(1s);
  REQUIRE(scene.counter.lines.size() == 8);
  CHECK(heard(scene, 3)["outcome"] == "closed");
  CHECK(heard(scene, 4)["outcome"] == "refused");
  CHECK(heard(scene, 5)["outcome"] == "unknown-work-order");
  CHECK(heard(scene, 6)["error"] == "bad-field");
  CHECK(heard(scene, 7)["error"] == "bad-field");
}
