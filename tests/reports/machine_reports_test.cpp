// result.json and junit.xml say to machines what the page says to people.
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reports/junit.hpp"
#include "reports/result_json.hpp"
#include "tests/reports/demo_record.hpp"

namespace {
boost::property_tree::ptree parsed(const std::string& xml) {
  std::istringstream in(xml);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(in, tree);
  return tree;
}
}  // namespace

TEST_CASE("result.json carries digest, verdict and checks with id, verdict, measured and limit") {
  const auto record = report_test::demo_record();
  const auto json = nlohmann::json::parse(report::result_json(record));
  CHECK(json["digest"] == "0123456789abcdef");
  CHECK(json["verdict"] == "fail");
  CHECK(json["exit_code"] == 1);
  CHECK(json["seed"] == 42);
  CHECK(json["starts"] == "2026-06-30T00:00:00+08:00");
  CHECK(json["replay"] == record.replay);
  REQUIRE(json["checks"].size() == record.checks.size());
  const auto& bills = json["checks"][2];
  CHECK(bills["id"] == "I-MONEY.bills");
  CHECK(bills["verdict"] == "fail");
  CHECK(bills["measured"] == "1 wrong of 55");
  CHECK(bills["limit"] == "0");
  CHECK(bills["samples"] == 55);
  CHECK(bills["explanation"].size() == 2);
  CHECK(json["faults"][2]["has_fired"] == false);
  CHECK(json["reason"].get<std::string>().find("I-MONEY.bills") != std::string::npos);
}

TEST_CASE("result.json tells nights and work orders") {
  const auto json = nlohmann::json::parse(report::result_json(report_test::demo_record()));
  REQUIRE(json["nights"].size() == 3);
  CHECK(json["nights"][1]["loss_kWh"].get<double>() == Approx(42.1));
  CHECK(json["nights"][2]["reason"] == "M0055 was not read");
  REQUIRE(json["work_orders"].size() == 2);
  CHECK(json["work_orders"][0]["finding"] == "a bypass <behind> the cover");
  CHECK(json["work_orders"][1]["meter"].is_null());
  CHECK(json["work_orders"][1]["closed_at"].is_null());
}

TEST_CASE("what differs between machines is under machine only") {
  auto record = report_test::demo_record();
  auto first = nlohmann::json::parse(report::result_json(record));
  record.wall_s = 99;
  record.machine = "another";
  auto second = nlohmann::json::parse(report::result_json(record));
  CHECK(first != second);
  first.erase("machine");
  second.erase("machine");
  CHECK(first == second);
}

TEST_CASE("the largest seed survives JSON") {
  auto record = report_test::demo_record();
  record.seed = 18'446'744'073'709'551'615ull;
  CHECK(nlohmann::json::parse(report::result_json(record))["seed"].get<std::uint64_t>() == record.seed);
}

TEST_CASE("junit.xml is well formed, flat, and has unique names") {
  const auto record = report_test::demo_record();
  const auto tree = parsed(report::junit(record));
  const auto& suite = tree.get_child("testsuites.testsuite");
  CHECK(suite.get<std::string>("<xmlattr>.name") == "first-day");
  CHECK(suite.get<std::string>("<xmlattr>.tests") == "6");
  CHECK(suite.get<std::string>("<xmlattr>.failures") == "1");
  CHECK(suite.get<std::string>("<xmlattr>.errors") == "1");
  std::set<std::string> names;
  int failures = 0, errors = 0;
  for (const auto& [tag, node] : suite) {
    if (tag != "testcase") continue;
    CHECK(names.insert(node.get<std::string>("<xmlattr>.name")).second);
    CHECK(node.get<std::string>("<xmlattr>.classname") == "metertwin.first-day");
    CHECK(node.count("system-out") == 1);
    failures += static_cast<int>(node.count("failure"));
    errors += static_cast<int>(node.count("error"));
  }
  CHECK(names.size() == 6);
  CHECK(failures == 1);
  CHECK(errors == 1);
}

TEST_CASE("a failure's message is attribute and text, with the findings and the command that replays it") {
  const auto xml = report::junit(report_test::demo_record());
  const auto tree = parsed(xml);
  for (const auto& [tag, node] : tree.get_child("testsuites.testsuite")) {
    if (tag != "testcase" || node.count("failure") == 0) continue;
    const auto& failure = node.get_child("failure");
    const auto message = failure.get<std::string>("<xmlattr>.message");
    CHECK(message == "A0017: billed 4.84 CNY, the tariff's text says 4.82 CNY");
    const auto text = failure.data();
    CHECK(text.starts_with(message));
    CHECK(text.find("<b>0.37 kWh</b> at 22:00 & later") != std::string::npos);
    CHECK(text.find("run again: ./dev metertwin run scenarios/first-day --seed 42") != std::string::npos);
  }
}

TEST_CASE("hostile text leaves both well formed") {
  auto record = report_test::demo_record();
  record.scenario = "x\"><![CDATA[]]>\x01\xFF";
  record.checks[0].title = "]]></testcase>";
  record.checks[2].reason = "\"/><failure>\x02";
  CHECK_NOTHROW(parsed(report::junit(record)));
  CHECK_NOTHROW(nlohmann::json::parse(report::result_json(record)));
}

TEST_CASE("exit codes and the worst of two verdicts follow the laws") {
  using report::Verdict;
  CHECK(report::exit_code(Verdict::pass) == 0);
  CHECK(report::exit_code(Verdict::fail) == 1);
  CHECK(report::exit_code(Verdict::unknown) == 2);
  CHECK(report::exit_code(Verdict::blocked) == 2);
  CHECK(report::worst(Verdict::pass, Verdict::unknown) == Verdict::unknown);
  CHECK(report::worst(Verdict::fail, Verdict::blocked) == Verdict::fail);
  CHECK(report::reason_of(report::RunRecord{}) == "nothing was checked");
}
