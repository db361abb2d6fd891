/// False alarms as rare as stated, and real trouble found: by simulation, with binomial bounds.
///
/// Each bound is such that a sound statistic breaks it with probability below 1e-6; the seeds are fixed, so a
/// test that passes once passes always.
#include <catch2/catch.hpp>
#include <vector>

#include "stress/verdict/statistics.hpp"
#include "tests/stress/verdict/noise.hpp"

namespace {
using namespace stress;
using stress_test::Noise;
using stress_test::too_often;
constexpr double surprise = 1e-6;

/// A heap in per cent of its level: stages of `seconds` rows, a leak, noise of 1 % that leans on its past.
std::vector<Observation> heap(std::uint64_t seed, std::size_t stages, int seconds, double leak_per_minute,
                              double noise_share, double lean) {
  Noise noise(seed);
  std::vector<Observation> rows;
  for (std::size_t stage = 0; stage < stages; ++stage)
    for (int second = 0; second < seconds; ++second) {
      const double minutes = (static_cast<double>(stage) * seconds + second) / 60;
      const double level = 1 + 0.2 * static_cast<double>(stage);  // more in flight at a higher rate
      rows.push_back(
          {stage, minutes, level + leak_per_minute * minutes + noise_share * noise.leaning(lean), 0});
    }
  return rows;
}

double p_of(const Slope& slope) {
  return student_t_tail(slope.least_squares / slope.standard_error, slope.degrees_of_freedom);
}
}  // namespace

TEST_CASE("the binomial bound, by hand") {
  // n = 3, p = 1/2: P(at least 3) = 1/8, P(at least 2) = 1/2.
  CHECK(too_often(3, 0.5, 0.2) == 3);
  CHECK(too_often(3, 0.5, 0.6) == 2);
}

TEST_CASE(
    "a heap without a leak is accused at most as often as stated, whether noise leans on its past or not") {
  constexpr unsigned runs = 800;
  for (const double lean : {0.0, 0.5, 0.8})
    for (const auto& [stages, seconds] : {std::pair<std::size_t, int>{1, 180}, {10, 10}}) {
      INFO("lean " << lean << ", stages " << stages);
      unsigned accused = 0, often = 0;
      for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        const auto slope = slope_within_groups(heap(seed, stages, seconds, 0, 0.01, lean));
        if (p_of(*slope) < 1e-3 && std::min(slope->least_squares, slope->theil_sen) > 0.005) ++accused;
        if (p_of(*slope) < 0.05) ++often;
      }
      CHECK(accused < too_often(runs, 1e-3, surprise));
      // Strongly leaning noise within ten short stages is the hardest: the errors are a guide there, no
      // bound.
      if (lean < 0.6) CHECK(often < too_often(runs, 0.05, surprise));
    }
}

TEST_CASE("a leak of 1 % a minute under 1 % of noise is found in a soak of three minutes") {
  constexpr unsigned runs = 500;
  unsigned missed = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const auto slope = slope_within_groups(heap(seed, 1, 180, 0.01, 0.01, 0));
    if (!(p_of(*slope) < 1e-3 && std::min(slope->least_squares, slope->theil_sen) > 0.005)) ++missed;
  }
  CHECK(missed < too_often(runs, 0.01, surprise));
}

TEST_CASE(
    "a leak of 1 % a minute under 0.1 % of noise is found in four of five ladders of ten times ten seconds") {
  constexpr unsigned runs = 500;
  unsigned missed = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const auto slope = slope_within_groups(heap(seed, 10, 10, 0.01, 0.001, 0));
    if (!(p_of(*slope) < 1e-3 && std::min(slope->least_squares, slope->theil_sen) > 0.005)) ++missed;
  }
  CHECK(missed < too_often(runs, 0.2, surprise));
}

TEST_CASE("one step within a long stage is no leak") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    auto rows = heap(seed, 1, 180, 0, 0.001, 0);
    for (std::size_t i = 30; i < rows.size(); ++i) rows[i].value += 0.2;  // a table that doubled once
    CHECK(slope_within_groups(rows)->theil_sen < 0.005);
  }
}

TEST_CASE("an interval for a change misses the truth at most as often as stated") {
  constexpr unsigned runs = 2'000;
  for (const int length : {10, 20, 60}) {
    INFO("length " << length);
    unsigned missed = 0;
    for (std::uint64_t seed = 1; seed <= runs / 4; ++seed) {
      Noise noise(seed);
      std::vector<StageFigures> stages(4);
      for (auto& stage : stages)
        for (int i = 0; i < length; ++i)
          stage.values.push_back((i < length / 2 ? 100 : 110) + 4 * noise.normal());
      for (const auto& change : changes_within(stages, 0.05))
        if (change->low > 0.1 || change->high < 0.1) ++missed;
    }
    CHECK(missed < too_often(runs, 0.05, surprise));
  }
}

TEST_CASE("an interval for a change keeps its word when some stages are twice as noisy as others") {
  constexpr unsigned runs = 300;
  unsigned missed = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    Noise noise(seed);
    std::vector<StageFigures> stages(12);
    for (std::size_t k = 0; k < stages.size(); ++k)
      for (int i = 0; i < 10; ++i)
        stages[k].values.push_back((i < 5 ? 100 : 110) + (k % 3 == 0 ? 8 : 4) * noise.normal());
    for (const auto& change : changes_within(stages, 0.05))
      if (change->low > 0.1 || change->high < 0.1) ++missed;
  }
  CHECK(missed < too_often(12 * runs, 0.05, surprise));
}

TEST_CASE("a stage whose figure rises by 40 % is told from one within 15 %") {
  constexpr unsigned runs = 1'000;
  unsigned missed = 0, passed_wrongly = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    Noise noise(seed);
    std::vector<double> values;
    for (int i = 0; i < 10; ++i) values.push_back((i < 5 ? 100 : 140) + 5 * noise.normal());
    const auto change = changes_within({{values, {}}}, 0.05).at(0);
    if (change->low <= 0.15) ++missed;
    if (change->high <= 0.15) ++passed_wrongly;
  }
  CHECK(missed < too_often(runs, 0.01, surprise));
  CHECK(passed_wrongly == 0);
}

TEST_CASE(
    "a smooth curve is accused of jumps at most as often as stated, a jump of 20 times its noise is found in "
    "99 of 100") {
  constexpr unsigned runs = 3'000;
  unsigned accused = 0, found = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    Noise noise(seed);
    std::vector<std::vector<double>> stages(10);
    for (std::size_t stage = 0; stage < stages.size(); ++stage)
      for (int second = 0; second < 10; ++second)
        stages[stage].push_back(100 + 40.0 * static_cast<double>(stage) + noise.normal());
    if (!find_jumps(stages, 1e-2).jumps.empty()) ++accused;
    for (int second = 6; second < 10; ++second) stages[4][static_cast<std::size_t>(second)] += 20;
    for (const auto& jump : find_jumps(stages, 1e-3).jumps)
      if (jump.group == 4 && jump.index == 6) ++found;
  }
  CHECK(accused < too_often(runs, 1e-2, surprise));
  CHECK(runs - found < too_often(runs, 1e-2, surprise));
}
