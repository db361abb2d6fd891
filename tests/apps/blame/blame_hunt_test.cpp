// A hundred random faulty months: is each difference given exactly its causes, and is none left unexplained?
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "scenarios/load.hpp"
#include "tests/apps/blame/faulty_month.hpp"

TEST_CASE("in a hundred random faulty months at least 95 % of the differences get exactly their causes") {
  const auto* asked = std::getenv("METERTWIN_BLAME_MONTHS");
  const std::size_t months = asked == nullptr ? 100 : std::strtoull(asked, nullptr, 10);
  std::size_t by_step[audit::all_steps.size()] = {};
  std::size_t differences = 0, exact = 0, natural = 0, unexplained = 0, with_faults = 0, runs = 0;
  for (std::uint64_t seed = 1; seed <= months; ++seed) {
    const auto judged =
        blame_test::judge_month(scenario::load_text(blame_test::faulty_month_text(seed), "month.yaml"), 2);
    with_faults += judged.attributed.empty() ? 0 : 1;
    runs += judged.runs;
    const audit::Estate estate(judged.scenario);
    for (std::size_t i = 0; i < judged.attributed.size(); ++i) {
      const auto& attributed = judged.attributed[i];
      const bool is_exact = blame_test::named_by(attributed) == judged.right[i] &&
                            attributed.is_natural == judged.is_natural[i];
      ++differences;
      ++by_step[static_cast<std::size_t>(attributed.difference.step)];
      exact += is_exact ? 1 : 0;
      natural += attributed.is_natural ? 1 : 0;
      unexplained += attributed.is_explained ? 0 : 1;
      if (is_exact) continue;
      std::string right;
      for (const auto cause : judged.right[i]) right += "\n  right: " + judged.causes[cause].words;
      for (const auto cause : blame_test::named_by(attributed))
        right += "\n  named: " + judged.causes[cause].words;
      const auto& difference = attributed.difference;
      fmt::print("seed {}: {} {} {}: {} of count {}{}\n", seed, estate.customers[difference.position].name,
                 difference.month, audit::name_of(difference.step),
                 attributed.is_natural ? "natural" : "blamed", difference.count, right);
    }
    fmt::print("seed {}: {} differences so far, {} exact\n", seed, differences, exact);
    std::fflush(stdout);
  }
  fmt::print(
      "{} months, {} of them with differences: {} differences, {} exactly right, {} natural, {} "
      "unexplained; {} runs\n",
      months, with_faults, differences, exact, natural, unexplained, runs);
  for (const auto step : audit::all_steps)
    fmt::print("{}: {}\n", audit::name_of(step), by_step[static_cast<std::size_t>(step)]);
  CHECK(unexplained == 0);
  CHECK(differences >= months);
  CHECK(exact * 100 >= differences * 95);
}
