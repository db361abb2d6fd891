/// A stress run written down and read back is the same run, and garbage is refused in one line.
#include "stress/report/record_json.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "stress/verdict/judge.hpp"
#include "tests/stress/report/flood_record.hpp"

namespace {
using namespace stress;
}

TEST_CASE("a record read back gives the same text and the same verdicts") {
  auto record = stress_test::flood_record();
  record.samples[0].rows[3].second[1] = std::nan("");
  record.loss.first_cases = {"M000001 at 00:15: never stored"};
  const auto checks = judge(record);
  const auto text = record_json(record, checks);
  const auto again = read_record_json(text, "run.json");
  CHECK(record_json(again.record, again.checks) == text);
  CHECK(record_json(again.record, judge(again.record)) == text);
  CHECK(std::isnan(again.record.samples[0].rows[3].second[1]));
  CHECK(again.record.stages[4].acknowledge_ns.quantile(0.99) ==
        record.stages[4].acknowledge_ns.quantile(0.99));
}

TEST_CASE("the keys that others read are there") {
  const auto record = stress_test::flood_record();
  const auto json = nlohmann::json::parse(record_json(record, judge(record)));
  CHECK(json.at("format") == 1);
  CHECK(json.at("verdict") == "pass");
  CHECK(json.at("exit_code") == 0);
  CHECK(json.at("checks").at(0).at("id") == "S-LOSS");
  CHECK(json.at("stages").at(1).at("kind") == "ladder");
  CHECK(json.at("stages").at(1).at("readings").at("acknowledged") == 100'000);
  CHECK(json.at("knee").at("readings_per_s") == 1.6e6);
}

TEST_CASE("an empty record is written and read") {
  const auto text = record_json({}, {});
  CHECK(record_json(read_record_json(text, "x").record, {}) == text);
}

TEST_CASE("what is not the JSON of a stress run is refused with the file's name") {
  const auto text = record_json({}, {});
  auto other = nlohmann::json::parse(text);
  other["format"] = 2;
  auto without = nlohmann::json::parse(text);
  without.erase("knee");
  for (const auto& bad : {std::string(), std::string("{"), std::string("[]"), std::string("{}"), other.dump(),
                          without.dump(), text.substr(0, text.size() / 2)}) {
    INFO(bad.substr(0, 60));
    CHECK_THROWS_WITH(read_record_json(bad, "old.json"), Catch::Matchers::StartsWith("old.json: "));
  }
}

TEST_CASE("a damaged record never crashes the reader") {
  auto small = stress_test::flood_record();
  small.stages.resize(2);
  small.samples.clear();
  const auto text = record_json(small, judge(small));
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 0, core::Purpose::test);
    auto damaged = text;
    for (std::uint64_t k = 0; k < 3; ++k)
      damaged[draws.below(damaged.size(), 2 * k)] = static_cast<char>(' ' + draws.below(95, 2 * k + 1));
    try {
      judge(read_record_json(damaged, "x").record);
    } catch (const std::runtime_error&) {
      SUCCEED("refused");
    }
  }
}
