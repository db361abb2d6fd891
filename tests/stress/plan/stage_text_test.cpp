// A stage written down and read back, and what is said of texts that are no stage.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "stress/plan/stage_text.hpp"

using namespace stress;
using namespace std::chrono_literals;

namespace {
std::string complaint(const std::string& text) {
  try {
    stage_from_yaml(text, "stage.yaml");
  } catch (const BadStage& bad) {
    return bad.what();
  }
  return "";
}
}  // namespace

TEST_CASE("a stage survives being written and read") {
  StageScript script;
  script.estate.meters = 4321;
  script.estate.seed = 0xFFFF'FFFF'FFFF'FFFFull;
  script.estate.opens = core::instant_from_seconds(1'700'000'100);
  script.fleet.readings_per_frame = 16;
  script.stage = spike(10'000, 7, 2s, 1500us);
  script.stage.name = "odd \"name\": # 1";
  script.stage.abnormal_permille = 100;
  script.stage.api_per_s = 200;
  script.stage.first_event = std::uint64_t{3} << 40;
  const std::string text = to_yaml(script);
  const StageScript again = stage_from_yaml(text, "stage.yaml");
  CHECK(again.stage == script.stage);
  CHECK(again.estate.seed == script.estate.seed);
  CHECK(again.estate.opens == script.estate.opens);
  CHECK(to_yaml(again) == text);
}

TEST_CASE("a bad stage is told with file, line and column") {
  CHECK(complaint("stage: {rates: [{lasts: 10s, readings_per_s: many}]}") ==
        "stage.yaml:1:46: \"many\" is no whole number from 0 to 1000000000");
  CHECK(complaint("stage:\n  rates:\n    - {lasts: 10, readings_per_s: 1}\n")
            .starts_with("stage.yaml:3:15: \"10\" is no duration"));
  CHECK(complaint("stage:\n  speed: 3\n") == "stage.yaml:2:3: unknown key \"speed\"");
  CHECK(complaint("stage: {kind: flood}") == "stage.yaml:1:15: unknown kind of stage \"flood\"");
  CHECK(complaint("stage: {abnormal: {lies: 1}}") == "stage.yaml:1:20: unknown kind \"lies\"");
  CHECK(complaint("estate: {meters: 0}").starts_with("stage.yaml:1:18:"));
  CHECK(complaint("estate: {meters: 100000, meters_per_concentrator: 1}").find("65535") != std::string::npos);
  CHECK(complaint("stage: [").starts_with("stage.yaml:"));
  CHECK(complaint("").starts_with("stage.yaml:"));
  CHECK(complaint("fleet: {}").find("no stage") != std::string::npos);
}

TEST_CASE("random damage to a stage's text is told or read, never worse") {
  StageScript script;
  script.stage = steady("x", StageKind::soak, 1000, 10s);
  const std::string whole = to_yaml(script);
  constexpr std::uint64_t seed = 20260901;
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    std::string text = whole;
    for (unsigned change = 0; change < 3; ++change) {
      const auto at = draws.below(text.size(), 10 * i + change);
      text[at] = static_cast<char>(draws.below(256, 10 * i + change + 5));
    }
    INFO("seed " << seed << ", case " << i);
    CHECK_NOTHROW(complaint(text));
  }
}
