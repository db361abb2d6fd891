// /suspicions and /work-orders: listing, the sheet, closing, and everything that is not a proper question.
#include <catch2/catch.hpp>

#include "head-end/store/inspection_book.hpp"
#include "tests/head-end/api/api_scene.hpp"

using namespace api_test;

namespace {
struct Office {
  Office() {
    scene.start();
    scene.run_for(5s);
    auto& book = scene.head_end().books().inspections();
    book.open({1, 2, headend::WorkOrderKind::loss, "short of \"much\"", R"({"sheet":{"rank":1}})"},
              scene.now());
    book.open({1, 0, headend::WorkOrderKind::loss, "the area", "{}"}, scene.now());
    book.keep({1, 20'636, "suspected", "{}", R"({"area":"north","customers":[]})"});
  }
  HeardReply ask(const std::string& target) { return client.ask(scene, get(target)); }
  HeardReply close(const std::string& id, const std::string& body) {
    return client.ask(scene, post("/work-orders/" + id + "/close", "", body));
  }
  ApiScene scene;
  HttpClient client;
};
void check_problem(const HeardReply& reply, int status, const std::string& name) {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.parsed()["type"] == "urn:metertwin:problem:" + name);
}
}  // namespace

TEST_CASE("work orders are listed by state and page, and told with their sheet") {
  Office office;
  const auto all = office.ask("/work-orders").parsed();
  REQUIRE(all["total"] == 2);
  const auto& first = all["work_orders"][0];
  CHECK(first["work_order"] == 1);
  CHECK(first["href"] == "/work-orders/1");
  CHECK(first["meter"] == "M002");
  CHECK(first["kind"] == "loss");
  CHECK(first["reason"] == "short of \"much\"");
  CHECK(first["closed_at"].is_null());
  CHECK(first["finding"].is_null());
  CHECK(all["work_orders"][1]["meter"].is_null());
  const auto page = office.ask("/work-orders?limit=1&offset=0").parsed();
  CHECK(page["count"] == 1);
  CHECK(page["next_offset"] == 1);
  CHECK(office.ask("/work-orders?state=closed").parsed()["total"] == 0);
  CHECK(office.ask("/work-orders/1").parsed()["evidence"]["sheet"]["rank"] == 1);
  check_problem(office.ask("/work-orders?state=lost"), 400, "bad-parameter");
  check_problem(office.ask("/work-orders?limit=0"), 400, "bad-parameter");
  for (const auto* id : {"3", "0", "-1", "x", "1x", "99999999999999999999"})
    check_problem(office.ask(std::string("/work-orders/") + id), 404, "unknown-work-order");
}

TEST_CASE("a finding closes an order durably and once") {
  Office office;
  check_problem(office.close("7", R"({"finding":"nothing"})"), 404, "unknown-work-order");
  check_problem(office.close("1", "{"), 400, "not-json");
  check_problem(office.close("1", "{}"), 422, "bad-field");
  check_problem(office.close("1", R"({"finding":""})"), 422, "bad-field");
  check_problem(office.close("1", R"({"finding":7})"), 422, "bad-field");
  check_problem(office.close("1", R"({"finding":")" + std::string(501, 'x') + "\"}"), 422, "bad-field");
  CHECK(office.ask("/work-orders?state=open").parsed()["total"] == 2);

  const auto closed = office.close("1", R"({"finding":"a bypass, removed"})");
  CHECK(closed.status == 200);
  CHECK(closed.parsed()["finding"] == "a bypass, removed");
  CHECK(office.scene.committed("SELECT count(*) FROM work_order WHERE closed_at_ns IS NOT NULL") == 1);
  CHECK(office.close("1", R"({"finding":"a bypass, removed"})").status == 200);
  check_problem(office.close("1", R"({"finding":"nothing"})"), 422, "already-closed");
  office.scene.crash();
  office.scene.start(ApiScene::Field::is_silent);
  office.scene.run_for(1s);
  HttpClient again;
  const auto open = again.ask(office.scene, get("/work-orders?state=open")).parsed();
  REQUIRE(open["total"] == 1);
  CHECK(open["work_orders"][0]["work_order"] == 2);
}

TEST_CASE("suspicions are told as the night wrote them, and figures count the orders") {
  Office office;
  const auto told = office.ask("/suspicions").parsed();
  REQUIRE(told["total"] == 1);
  CHECK(told["suspicions"][0]["area"] == "north");
  check_problem(office.ask("/suspicions?offset=x"), 400, "bad-parameter");
  const auto metrics = office.ask("/metrics").body;
  CHECK(metrics.find("metertwin_work_orders_open{kind=\"loss\"} 2") != std::string::npos);
  CHECK(metrics.find("metertwin_work_orders_closed_total{kind=\"event\"} 0") != std::string::npos);
}
