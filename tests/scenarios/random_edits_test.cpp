// Whatever is typed into a scenario file: it loads, or it is refused in one line. Nothing else may happen.
#include "core/random.hpp"
#include "scenarios/save.hpp"
#include "tests/scenarios/full_scenario.hpp"
#include "tests/scenarios/small_scenario.hpp"

namespace {
const std::string alphabet = "\n\n  ::--{}[],#\"'&*!|>%@`0123456789.eE+-abkWhCNYmins\\\t\xE5\x8C\xBA\xFF";

std::string edited(std::string text, const core::RandomStream& draw, std::uint64_t round) {
  const auto edits = 1 + draw.below(3, round * 100);
  for (std::uint64_t e = 0; e < edits; ++e) {
    const auto index = round * 100 + 1 + e * 5;
    const auto at = static_cast<std::size_t>(draw.below(text.size(), index));
    const auto length = static_cast<std::size_t>(draw.below(12, index + 1));
    const char c = alphabet[static_cast<std::size_t>(draw.below(alphabet.size(), index + 2))];
    switch (draw.below(5, index + 3)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, 1, c);
        break;
      case 2:
        text[at] = c;
        break;
      case 3:
        text.insert(at, text.substr(static_cast<std::size_t>(draw.below(text.size(), index + 4)), length));
        break;
      default:
        text.resize(at == 0 ? 1 : at);
        break;
    }
    if (text.empty()) text = "a";
  }
  return text;
}
}  // namespace

TEST_CASE("random edits of good scenarios load or are refused in one line with a place") {
  constexpr std::uint64_t seed = 645;
  const core::RandomStream draw(seed, 7, core::Purpose::test);
  int loaded = 0, refused = 0;
  for (std::uint64_t round = 0; round < 4'000; ++round) {
    const auto text =
        edited(round % 2 ? scenario_test::full_scenario : scenario_test::small_scenario, draw, round);
    INFO("seed " << seed << ", round " << round << "\n" << text);
    const auto refusal = scenario_test::refusal(text);
    if (refusal.empty()) {
      ++loaded;
      const auto saved = scenario::to_yaml(scenario::load_text(text, "s.yaml"));
      CHECK(scenario::to_yaml(scenario::load_text(saved, "s.yaml")) == saved);
    } else {
      ++refused;
      CHECK(refusal.starts_with("s.yaml:"));
      CHECK(refusal.find('\n') == std::string::npos);
    }
  }
  // Both ways were walked.
  CHECK(loaded > 0);
  CHECK(refused > 0);
}
