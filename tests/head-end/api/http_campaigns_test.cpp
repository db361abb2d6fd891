// /campaigns: planning, telling, cancelling, and everything that is no plan.
#include <catch2/catch.hpp>

#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;

namespace {
struct Office {
  Office() {
    scene.start();
    scene.run_for(5s);
  }
  HeardReply ask(const std::string& target) { return client.ask(scene, get(target)); }
  HeardReply plan(json body) { return client.ask(scene, post("/campaigns", "", body.dump())); }
  HeardReply cancel(const std::string& id) {
    return client.ask(scene, post("/campaigns/" + id + "/cancel", "", "{}"));
  }
  /// A limit from 2:00 to 3:00 of the scene's first day.
  static json limit() {
    return {{"name", "evening"},
            {"means", "limit"},
            {"power_W", 2000},
            {"from", "2026-07-01T02:00:00+08:00"},
            {"till", "2026-07-01T03:00:00+08:00"}};
  }
  ApiScene scene;
  HttpClient client;
};
void check_problem(const HeardReply& reply, int status, const std::string& name,
                   const std::string& begins = "") {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.parsed()["type"] == "urn:metertwin:problem:" + name);
  if (!begins.empty()) CHECK(reply.parsed()["detail"].get<std::string>().find(begins) == 0);
}
}  // namespace

TEST_CASE("a campaign is planned durably and once, carried out, and told with its customers") {
  Office office;
  const auto planned = office.plan(Office::limit());
  INFO(planned.body);
  REQUIRE(planned.status == 201);
  CHECK(planned.headers.at("location") == "/campaigns/1");
  CHECK(office.scene.committed("SELECT count(*) FROM campaign") == 1);
  CHECK(office.plan(Office::limit()).status == 200);
  auto other = Office::limit();
  other["power_W"] = 1;
  check_problem(office.plan(other), 422, "name-reused");
  office.scene.run_until(talk_test::at(2, 15));
  for (const auto& meter : office.scene.concentrators[0]->meters) CHECK(meter.limits_set == 1);
  const auto running = office.ask("/campaigns/1").parsed();
  CHECK(running["state"] == "running");
  CHECK(running["outcomes"]["confirmed"] == 3);
  CHECK(running["rows"].size() == 3);
  CHECK(running["plan"]["power_W"] == 2000);
  CHECK(office.ask("/campaigns").parsed()["total"] == 1);
}

TEST_CASE("a cancelled campaign gives power back at once") {
  Office office;
  REQUIRE(office.plan(Office::limit()).status == 201);
  office.scene.run_until(talk_test::at(2, 15));
  const auto cancelled = office.cancel("1");
  CHECK(cancelled.status == 200);
  CHECK(cancelled.parsed()["state"] == "cancelled");
  CHECK(office.cancel("1").status == 200);
  office.scene.run_for(2min);
  for (const auto& meter : office.scene.concentrators[0]->meters) CHECK(meter.load_limit.empty());
  check_problem(office.cancel("2"), 404, "unknown-campaign");
  check_problem(office.ask("/campaigns/x"), 404, "unknown-campaign");
}

TEST_CASE("what is no plan is refused with the field's name, and nothing is planned") {
  Office office;
  const auto with = [](const char* field, json value) {
    auto body = Office::limit();
    body[field] = std::move(value);
    return body;
  };
  check_problem(office.plan(with("till", "2026-07-01T01:00:00+08:00")), 422, "bad-field", "till");
  check_problem(office.plan(with("from", "soon")), 422, "bad-field", "from");
  check_problem(office.plan(with("power_W", 0)), 422, "bad-field", "power");
  check_problem(office.plan(with("power_W", 1e300)), 422, "bad-field", "power_W");
  check_problem(office.plan(with("means", "beg")), 422, "bad-field", "means");
  check_problem(office.plan(with("classes", json::array({"noble"}))), 422, "bad-field", "classes");
  check_problem(office.plan(with("areas", json::array({"nowhere"}))), 422, "bad-field", "areas");
  check_problem(office.plan(with("meters", "M001")), 422, "bad-field", "meters");
  check_problem(office.plan(with("meters", json::array({"M001,M002"}))), 422, "bad-field", "meters");
  check_problem(office.plan(with("colour", "red")), 422, "bad-field", "colour");
  check_problem(office.plan(json::object()), 422, "bad-field", "name");
  auto past = with("from", "2026-06-30T02:00:00+08:00");
  past["till"] = "2026-06-30T03:00:00+08:00";
  check_problem(office.plan(past), 422, "bad-field", "till");
  check_problem(office.client.ask(office.scene, post("/campaigns", "", "[")), 400, "not-json");
  CHECK(office.ask("/campaigns").parsed()["total"] == 0);
}
