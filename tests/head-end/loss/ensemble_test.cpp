// Many experts, one score: who is given away by one trace alone is found, and the honest are left alone at
// the stated rate.
#include "head-end/loss/ensemble.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

namespace {
using namespace headend::loss;

constexpr std::size_t detectors = 6;
constexpr int loud = 0, faint = 1;  // kinds: one trace beyond doubt; a little of everything

/// An honest customer's scores are standard normal; a loud thief stands six deviations out in the first
/// detector and nowhere else, a faint one by one deviation in all others.
LabelledScores customer(const core::RandomStream& draws, int home, int kind) {
  LabelledScores made{{}, kind, home};
  for (std::size_t d = 0; d < detectors; ++d) {
    const auto words = draws.block(static_cast<std::uint64_t>(home) * detectors + d);
    double score = core::normal_q16(words[0]) / 65'536.0;
    if (kind == loud && d == 0) score = 6;
    if (kind == faint && d > 0) score += 1;
    made.score.push_back(score);
  }
  return made;
}

struct Population {
  std::vector<LabelledScores> honest_ones, loud_ones, faint_ones;
  Population(std::uint32_t seed, int homes) {
    const core::RandomStream draws(seed, 1, core::Purpose::test);
    for (int home = 0; home < homes; ++home) {
      honest_ones.push_back(customer(draws, home, honest));
      if (home % 10 < 2) loud_ones.push_back(customer(draws, homes + home, loud));
      if (home % 10 < 2) faint_ones.push_back(customer(draws, 2 * homes + home, faint));
    }
  }
  std::vector<LabelledScores> all() const {
    auto together = honest_ones;
    together.insert(together.end(), loud_ones.begin(), loud_ones.end());
    together.insert(together.end(), faint_ones.begin(), faint_ones.end());
    return together;
  }
};
double share_above(const Ensemble& ensemble, const std::vector<LabelledScores>& customers, double threshold) {
  double above = 0;
  for (const auto& one : customers) above += ensemble.score(one.score) > threshold ? 1 : 0;
  return above / static_cast<double>(customers.size());
}
}  // namespace

TEST_CASE("one trace alone is enough at the threshold, and the stated rate of the honest is accused") {
  const Ensemble ensemble(Population(1, 2000).all(), std::vector<bool>(detectors, true));
  const Population others(2, 2000);
  const double threshold = ensemble.threshold(0.01);
  CHECK(share_above(ensemble, others.loud_ones, threshold) == 1);
  CHECK(share_above(ensemble, others.faint_ones, threshold) > 0.1);
  // Of 2000 new honest customers 1 % +- 0.22 %, as many again for the 2000 that set the threshold: four
  // standard errors are 1.3 %.
  CHECK(share_above(ensemble, others.honest_ones, threshold) < 0.023);
  CHECK(share_above(ensemble, others.honest_ones, ensemble.threshold(0.1)) == Approx(0.1).margin(0.04));
}

TEST_CASE("the likeliest kind and what speaks for it follow the trace") {
  const Ensemble ensemble(Population(3, 600).all(), std::vector<bool>(detectors, true));
  const Population others(4, 100);
  for (const auto& one : others.loud_ones) {
    CHECK(ensemble.likeliest_kind(one.score) == loud);
    const auto parts = ensemble.contributions(one.score);
    for (std::size_t d = 1; d < parts.size(); ++d) CHECK(parts[0] > parts[d]);
  }
}

TEST_CASE(
    "homes that are all one, or too few, still give finite scores and never accuse by a rate too fine") {
  auto all = Population(5, 20).all();
  for (auto& one : all) one.home = 7;  // nobody to teach the others
  const Ensemble ensemble(all, std::vector<bool>(detectors, true));
  for (const auto& one : all) CHECK(std::isfinite(ensemble.score(one.score)));
  CHECK(std::isinf(ensemble.threshold(0.001)));
  const Ensemble unlabelled(std::vector<LabelledScores>(all.begin(), all.begin() + 20),
                            std::vector<bool>(detectors, true));
  CHECK(unlabelled.likeliest_kind(all.back().score) == 0);
  CHECK(std::isinf(unlabelled.threshold(0.01)));
}
