// GET /lost, /gaps, /lines and /meters/{meter}/register: what a head-end can know of its field.
#include <catch2/catch.hpp>

#include "head-end/collect/present_reads.hpp"
#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;
using headend::MeterId;
using talk_test::at;
using talk_test::Deed;

namespace {
struct Field {
  explicit Field(const std::vector<int>& meters = {3})
      : scene(talk_test::make_configuration({.meters_per_concentrator = meters})) {}
  json ask(const std::string& target) {
    const auto reply = client.ask(scene, get(target));
    INFO(target << " -> " << reply.status << " " << reply.body);
    REQUIRE(reply.status == 200);
    return reply.parsed();
  }
  json gaps_of(const std::string& meter) {
    return ask("/gaps?meter=" + meter + "&from=2026-07-01T00:00&till=2026-07-03T00:00")["gaps"];
  }
  talk_test::ScriptedConcentrator& north() { return *scene.concentrators[0]; }
  ApiScene scene;
  HttpClient client;
};

std::string problem_of(const HeardReply& reply) {
  return reply.parsed()["type"].get<std::string>().substr(std::string("urn:metertwin:problem:").size());
}
}  // namespace

TEST_CASE("nothing is lost and nothing is missing where everybody answers") {
  Field field;
  field.scene.start();
  field.scene.run_until(at(6));
  const auto lost = field.ask("/lost");
  CHECK(lost["total"] == 0);
  CHECK(lost["lost"].empty());
  CHECK(field.ask("/gaps")["total"] == 0);
  CHECK(field.gaps_of("M001").empty());
}

TEST_CASE(
    "a meter that the collector has nothing of is lost after an hour, with why, since when and what next") {
  Field field;
  field.north().is_missing = [](MeterId id, Instant due, Instant) { return id == 2 && due > at(3); };
  field.scene.start();
  field.scene.run_until(at(3, 58));
  CHECK(field.ask("/lost")["total"] == 0);
  field.scene.run_until(at(6, 10));
  const auto lost = field.ask("/lost");
  REQUIRE(lost["total"] == 1);
  CHECK(lost["collectors"] == 0);
  const auto& meter = lost["lost"][0];
  CHECK(meter["kind"] == "meter");
  CHECK(meter["meter"] == "M002");
  CHECK(meter["collector"] == "concentrator 1");
  CHECK(meter["why"] == "no-value");
  CHECK(meter["reading_last"] == "2026-07-01T03:00:00+08:00");
  CHECK(meter["missing"] == 12);
  CHECK(meter["asked"] >= 12);
  CHECK(meter["next_attempt"].get<std::string>() > "2026-07-01T06:15");
  CHECK(meter["next_attempt"].get<std::string>() < "2026-07-01T06:25");

  const auto gaps = field.ask("/gaps");
  REQUIRE(gaps["total"] == 1);
  CHECK(gaps["meters"][0]["meter"] == "M002");
  CHECK(gaps["meters"][0]["missing"] == 12);
  const auto& gap = gaps["meters"][0]["gaps"][0];
  CHECK(gap["first"] == "2026-07-01T03:15:00+08:00");
  CHECK(gap["last"] == "2026-07-01T06:00:00+08:00");
  CHECK(gap["cause"] == "no-value");
  CHECK(gap["state"] == "open");
  CHECK(gap["next_attempt"].is_string());
}

TEST_CASE("a meter that never gave a reading, and one whose values are refused, are lost as such") {
  Field field;
  field.north().is_missing = [](MeterId id, Instant, Instant) { return id == 1; };
  // More than 20 kWh in a quarter hour is not plausible here.
  field.north().false_centikWh = [](MeterId id, Instant due) { return id == 3 && due >= at(1) ? 90'000 : 0; };
  field.scene.start();
  field.scene.run_until(at(2, 10));
  const auto lost = field.ask("/lost");
  REQUIRE(lost["total"] == 2);
  CHECK(lost["lost"][0]["meter"] == "M001");
  CHECK(lost["lost"][0]["reading_last"].is_null());
  CHECK(lost["lost"][0]["missing"] == 9);
  CHECK(lost["lost"][1]["meter"] == "M003");
  CHECK(lost["lost"][1]["why"] == "rejected");
  CHECK(lost["lost"][1]["reading_last"] == "2026-07-01T00:45:00+08:00");
}

TEST_CASE("a collector that goes is lost after a quarter of an hour, its meters are counted and not listed") {
  Field field({3, 4});
  field.scene.start();
  field.scene.run_until(at(2));
  field.north().hang_up();
  field.scene.run_until(at(2, 14));
  CHECK(field.ask("/lost")["total"] == 0);
  field.scene.run_until(at(4));
  const auto lost = field.ask("/lost");
  REQUIRE(lost["total"] == 1);
  CHECK(lost["meters_behind_lost_collectors"] == 3);
  const auto& collector = lost["lost"][0];
  CHECK(collector["kind"] == "collector");
  CHECK(collector["collector"] == "concentrator 1");
  CHECK(collector["why"] == "gone");
  CHECK(collector["since"] == "2026-07-01T02:00:00+08:00");
  CHECK(collector["heard_last"].get<std::string>() <= "2026-07-01T02:00:00+08:00");
  CHECK(collector["peer"].get<std::string>().size() > 1);
  CHECK(collector["meters"] == 3);
  const auto gaps = field.ask("/gaps");
  CHECK(gaps["total"] == 3);
  CHECK(gaps["meters"][0]["gaps"][0]["cause"] == "collector-gone");
  CHECK(gaps["meters"][0]["gaps"][0]["next_attempt"].is_null());
}

TEST_CASE(
    "a collector that never came is told apart from one that left, also by a head-end that starts anew") {
  Field field({1, 1});
  field.scene.start(ApiScene::Field::is_silent);
  field.scene.run_until(at(0, 20));
  auto lost = field.ask("/lost");
  REQUIRE(lost["collectors"] == 2);
  CHECK(lost["lost"][0]["why"] == "never-came");
  CHECK(lost["lost"][0]["heard_last"].is_null());
  CHECK(lost["lost"][0]["peer"].is_null());
  field.scene.crash();
  field.scene.start();
  field.scene.run_until(at(2));
  CHECK(field.ask("/lost")["total"] == 0);
  field.scene.crash();
  field.scene.start(ApiScene::Field::is_silent);
  field.scene.run_until(at(3));
  lost = field.ask("/lost");
  REQUIRE(lost["collectors"] == 2);
  CHECK(lost["lost"][1]["why"] == "gone");
  CHECK(lost["lost"][1]["since"] == "2026-07-01T02:00:00+08:00");
}

TEST_CASE("a gap says how it was healed and why it was there") {
  Field field;
  // M002 is silent downstream from 02:00 to 02:45 until 05:00.
  field.north().is_missing = [](MeterId id, Instant due, Instant now) {
    return id == 2 && due >= at(2) && due < at(2, 45) && now < at(5);
  };
  field.scene.start();
  field.scene.run_until(at(4, 50));
  auto gaps = field.gaps_of("M002");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["quarters"] == 3);
  CHECK(gaps[0]["state"] == "open");
  field.scene.run_until(at(9));
  gaps = field.gaps_of("M002");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["first"] == "2026-07-01T02:00:00+08:00");
  CHECK(gaps[0]["quarters"] == 3);
  CHECK(gaps[0]["cause"] == "no-value");
  CHECK(gaps[0]["state"] == "healed");
  CHECK(field.ask("/gaps")["total"] == 0);
}

TEST_CASE("what was missed while the collector was gone is healed by backfill and keeps its cause") {
  Field field;
  field.scene.start();
  field.scene.run_until(at(2));
  field.north().hang_up();
  field.scene.run_until(at(5));
  field.north().dial(field.scene.world());
  field.scene.run_until(at(6));
  const auto gaps = field.gaps_of("M003");
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0]["first"] == "2026-07-01T02:00:00+08:00");
  CHECK(gaps[0]["cause"] == "collector-gone");
  CHECK(gaps[0]["state"] == "healed");
}

TEST_CASE("a gap that was given up is estimated, one beyond the horizon is no longer asked for") {
  auto configuration = talk_test::make_configuration();
  configuration.collect.gap_patience = 2h;
  configuration.collect.back_off_max = 30min;
  configuration.collect.backfill_horizon = 4h;
  Field field;
  field.scene.configuration.collect = configuration.collect;
  field.north().is_missing = [](MeterId id, Instant due, Instant) {
    return (id == 2 && due >= at(2) && due < at(3)) || (id == 3 && due >= at(4));
  };
  field.scene.start();
  field.scene.run_until(at(12, 14));
  const auto estimated = field.gaps_of("M002");
  REQUIRE(estimated.size() == 1);
  CHECK(estimated[0]["state"] == "estimated");
  CHECK(estimated[0]["cause"] == "no-value");
  CHECK(estimated[0]["quarters"] == 4);
  CHECK(estimated[0]["settled_at"].is_string());
  const auto old = field.gaps_of("M003");
  REQUIRE(old.size() == 2);
  CHECK(old[0]["state"] == "beyond-horizon");
  CHECK(old[0]["first"] == "2026-07-01T04:00:00+08:00");
  CHECK(old[1]["state"] == "open");
  CHECK(old[1]["first"] == "2026-07-01T08:00:00+08:00");
}

TEST_CASE("lists come in pages, and bad parameters are refused") {
  Field field({30});
  field.north().is_missing = [](MeterId, Instant, Instant) { return true; };
  field.scene.start();
  field.scene.run_until(at(3));
  auto page = field.ask("/lost?offset=0&limit=20");
  CHECK(page["total"] == 30);
  CHECK(page["count"] == 20);
  CHECK(page["next_offset"] == 20);
  page = field.ask("/lost?offset=20&limit=20");
  CHECK(page["count"] == 10);
  CHECK_FALSE(page.contains("next_offset"));
  CHECK(page["lost"][0]["meter"] == "M021");
  CHECK(field.ask("/gaps?offset=29&limit=1")["meters"][0]["meter"] == "M030");
  CHECK(field.ask("/gaps?offset=99999999999999&limit=1")["count"] == 0);
  for (const auto* bad :
       {"/lost?limit=0", "/lost?limit=10001", "/lost?offset=-1", "/gaps?limit=x", "/gaps?meter=M001",
        "/gaps?meter=M001&from=2026-07-02T00:00&till=2026-07-01T00:00", "/lines?limit=1001",
        "/gaps?meter=M001&from=2026-01-01T00:00&till=2026-07-01T00:00", "/meters/M001/register?wait_ms=0",
        "/meters/M001/register?wait_ms=60001", "/meters/M001/register?wait_ms=soon"}) {
    INFO(bad);
    CHECK(field.client.ask(field.scene, get(bad)).status == 400);
  }
  CHECK(field.client.ask(field.scene, get("/gaps?meter=X&from=2026-07-01T00:00&till=2026-07-01T00:00"))
            .status == 404);
  CHECK(field.client.ask(field.scene, get("/meters/X/register")).status == 404);
  CHECK(field.client.ask(field.scene, post("/lost", "k", "{}")).status == 405);
}

TEST_CASE("lines tell how questions ended, by kind") {
  Field field;
  field.north().script = [](int n, const gdw3761::FrameView& frame) {
    const bool is_curve = frame.afn == gdw3761::Afn::history_data;
    Deed deed;
    if (is_curve && n % 6 == 1) deed.is_heard = false;
    if (is_curve && n % 6 == 3) deed.late = 25s;
    if (is_curve && n % 6 == 5) deed.foreign_terminal = 77;
    return deed;
  };
  field.north().is_missing = [](MeterId id, Instant, Instant) { return id == 3; };
  field.scene.start();
  field.scene.run_until(at(6));
  const auto lines = field.ask("/lines");
  REQUIRE(lines["total"] == 1);
  const auto& collector = lines["collectors"][0];
  CHECK(collector["is_online"] == true);
  const auto& uplink = collector["uplink"];
  INFO(collector.dump());
  CHECK(uplink["timed_out"] > 0);
  CHECK(uplink["late"] > 0);
  CHECK(uplink["foreign"] > 0);
  CHECK(uplink["asked"] ==
        uplink["answered"].get<int>() + uplink["timed_out"].get<int>() + uplink["denied"].get<int>());
  CHECK(collector["round_trip"]["smoothed_ms"] > 900);
  CHECK(collector["round_trip"]["timeout_ms"] >= 20'000);
  const auto& values = collector["lines"][0]["values"];
  CHECK(collector["lines"][0]["port"] == 2);
  CHECK(values["asked"] ==
        values["come"].get<int>() + values["missing"].get<int>() + values["unanswered"].get<int>());
  CHECK(values["missing"] > 0);
  const auto metrics = field.client.ask(field.scene, get("/metrics")).body;
  CHECK(metrics.find("metertwin_meters_lost 1\n") != std::string::npos);
  CHECK(metrics.find("metertwin_collectors_lost{why=\"gone\"} 0\n") != std::string::npos);
  CHECK(metrics.find("metertwin_line_values_total{outcome=\"missing\"} ") != std::string::npos);
}

TEST_CASE("a register is read when somebody asks, through the collector, and not booked") {
  Field field;
  field.scene.start();
  field.scene.run_until(at(1, 1));
  const auto reply = field.client.ask(field.scene, get("/meters/M002/register"));
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  const auto told = reply.parsed();
  CHECK(told["meter"] == "M002");
  CHECK(told["centikWh"] == talk_test::register_of(field.scene.configuration, 2, at(1)).count());
  CHECK(told["answered_at"].get<std::string>() > told["asked_at"].get<std::string>());
  CHECK(field.scene.head_end().statistics().present_reads == 1);
  CHECK_FALSE(field.scene.head_end().books().has_reading(2, at(1)));
}

TEST_CASE(
    "a register is not to be had from a silent meter, a mute or missing collector, or in too long a queue") {
  Field field;
  field.scene.start();
  field.scene.run_until(at(1, 1));
  enum { meter_silent, answer_lost, fine } mood = meter_silent;
  field.north().script = [&](int, const gdw3761::FrameView& frame) {
    if (frame.afn != gdw3761::Afn::forward) return Deed{};
    return Deed{.is_answered = mood != answer_lost, .meter_is_silent = mood == meter_silent};
  };
  auto reply = field.client.ask(field.scene, get("/meters/M001/register?wait_ms=9000"));
  CHECK(reply.status == 504);
  CHECK(problem_of(reply) == "no-answer");
  mood = answer_lost;
  const auto began = field.scene.now();
  reply = field.client.ask(field.scene, get("/meters/M001/register?wait_ms=7000"));
  CHECK(reply.status == 504);
  CHECK(reply.at - began >= 7s);
  CHECK(reply.at - began < 8s);
  // The line is still waiting for that one: sixteen may stand in the queue, no more.
  std::vector<std::unique_ptr<HttpClient>> crowd;
  for (std::size_t i = 0; i <= headend::PresentReads::waiting_max; ++i) {
    crowd.push_back(std::make_unique<HttpClient>());
    crowd.back()->dial(field.scene);
    crowd.back()->say(get("/meters/M002/register?wait_ms=60000"));
  }
  field.scene.run_for(1s);
  REQUIRE(crowd.back()->replies.size() == 1);
  CHECK(crowd.back()->replies[0].status == 503);
  CHECK(problem_of(crowd.back()->replies[0]) == "too-many-reads");
  CHECK(crowd.back()->replies[0].headers.at("retry-after") == "5");
  mood = fine;
  field.scene.run_for(70s);
  std::map<int, int> statuses;
  for (const auto& client : crowd)
    for (const auto& each : client->replies) ++statuses[each.status];
  CHECK(statuses[200] + statuses[504] == static_cast<int>(headend::PresentReads::waiting_max));
  field.north().hang_up();
  field.scene.run_for(1s);
  reply = field.client.ask(field.scene, get("/meters/M001/register"));
  CHECK(reply.status == 503);
  CHECK(problem_of(reply) == "collector-gone");
  const auto frames = field.ask("/lines")["collectors"][0]["lines"][0]["frames"];
  INFO(frames.dump());
  CHECK(frames["silent"] == 2);
  CHECK(frames["unreached"] >= 1);
  CHECK(frames["asked"] ==
        frames["answered"].get<int>() + frames["silent"].get<int>() + frames["unreached"].get<int>());
}

TEST_CASE("programs that never stop asking for registers do not keep rounds from being collected") {
  Field field;
  field.scene.start();
  std::vector<std::unique_ptr<HttpClient>> crowd;
  for (int i = 0; i < 8; ++i) {
    crowd.push_back(std::make_unique<HttpClient>());
    crowd.back()->on_reply = [client = crowd.back().get()](const HeardReply&) {
      client->say(get("/meters/M003/register"));
    };
    crowd.back()->dial(field.scene);
    crowd.back()->say(get("/meters/M003/register"));
  }
  field.scene.run_until(at(3, 14));
  CHECK(field.scene.head_end().statistics().present_reads > 1'000);
  for (int quarter = 0; quarter <= 12; ++quarter)
    CHECK(field.scene.head_end().books().has_reading(1, at(0) + quarter * 15min));
}
