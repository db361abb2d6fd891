#include "models/line/statistics/gilbert_elliott.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "models/line/rs485/bit_errors.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;

namespace {
/// Parameters with the figures that follow from them by the closed forms in the header.
struct Row {
  model::GilbertElliott law;
  double bad_share, mean_loss, burst, quiet, correlation;
};
const Row rows[] = {
    {{{1, 100}, {25, 100}, {0, 1}, {1, 1}}, 0.038461538, 0.038461538, 4, 100, 0.74},
    {{{2, 100}, {10, 100}, {1, 1000}, {6, 10}}, 0.16666667, 0.10083333, 10, 50, 0.88},
    {{{5, 100}, {50, 100}, {0, 1}, {1, 1}}, 0.090909091, 0.090909091, 2, 20, 0.45},
    {{{5, 1000}, {5, 100}, {2, 1000}, {8, 10}}, 0.090909091, 0.074545455, 20, 200, 0.945},
    {{{10, 100}, {40, 100}, {1, 100}, {5, 10}}, 0.2, 0.108, 2.5, 10, 0.5},
};

/// Variance of one slot's loss as it counts in a long sum: its own and twice its covariances with all later
/// slots.
double variance_of_sum(const Row& row) {
  const double good = model::as_number(row.law.loss_good), bad = model::as_number(row.law.loss_bad);
  const double spread = (bad - good) * (bad - good) * row.bad_share * (1 - row.bad_share);
  return row.mean_loss * (1 - row.mean_loss) + 2 * spread * row.correlation / (1 - row.correlation);
}
model::BurstChannel channel(const Row& row, std::uint64_t seed) {
  return {row.law, core::RandomStream(seed, 1, core::Purpose::test)};
}
}  // namespace

TEST_CASE("the closed forms of Gilbert and Elliott give the textbook's figures") {
  for (const auto& row : rows) {
    CHECK(row.law.bad_share() == Approx(row.bad_share).epsilon(1e-7));
    CHECK(row.law.mean_loss() == Approx(row.mean_loss).epsilon(1e-7));
    CHECK(row.law.mean_burst() == Approx(row.burst));
    CHECK(row.law.mean_quiet() == Approx(row.quiet));
    CHECK(row.law.correlation(1) == Approx(row.correlation));
    CHECK(row.law.correlation(7) == Approx(std::pow(row.correlation, 7)));
  }
}

TEST_CASE("losses of a burst channel are as many as its law says, their correlation counted in") {
  constexpr int slots = 400'000;
  for (const auto& row : rows) {
    auto line = channel(row, 20260701);
    double lost = 0;
    for (int i = 0; i < slots; ++i) lost += line.loses() ? 1 : 0;
    INFO("seed 20260701, lost " << lost << " of " << slots);
    CHECK(std::fabs(z_of_mean(lost / slots, slots, row.mean_loss, variance_of_sum(row))) < z_max);
  }
}

TEST_CASE("bursts end with one chance at every slot: mean, shape and memory of the state") {
  constexpr int slots = 400'000;
  for (const auto& row : rows) {
    auto line = channel(row, 7);
    line.loses();
    double stays_bad = 0, bad = 0, turns_bad = 0, good = 0;
    std::vector<double> lengths(6, 0);  // of bursts: 1, 2, 3, 4, 5, longer
    double bursts = 0;
    int length = 0;
    for (int i = 0; i < slots; ++i) {
      const bool was_bad = line.is_bad();
      line.loses();
      (was_bad ? bad : good) += 1;
      if (line.is_bad()) (was_bad ? stays_bad : turns_bad) += 1;
      if (line.is_bad() && (was_bad ? length > 0 : true)) ++length;
      if (was_bad && !line.is_bad() && length > 0) {
        ++bursts;
        ++lengths[static_cast<std::size_t>(std::min(length, 6) - 1)];
        length = 0;
      }
    }
    const double r = model::as_number(row.law.to_good), p = model::as_number(row.law.to_bad);
    INFO("seed 7, p = " << p << ", r = " << r << ", bursts " << bursts);
    CHECK(std::fabs(z_of_binomial(stays_bad, bad, 1 - r)) < z_max);
    CHECK(std::fabs(z_of_binomial(turns_bad, good, p)) < z_max);
    // Correlation one slot apart = P(bad after bad) - P(bad after good).
    const double variance = r * (1 - r) / bad + p * (1 - p) / good;
    CHECK(std::fabs(stays_bad / bad - turns_bad / good - row.correlation) < z_max * std::sqrt(variance));
    double chi_square = 0, left = 1;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const double share = i + 1 < lengths.size() ? left * r : left;
      left -= share;
      chi_square += (lengths[i] - bursts * share) * (lengths[i] - bursts * share) / (bursts * share);
    }
    CHECK(chi_square < chi_square_max(5));
  }
}

TEST_CASE("slots that nobody watches pass in one draw, with the chain's power") {
  for (const auto& row : rows)
    for (const int gap : {1, 5, 50}) {
      auto line = channel(row, 99);
      double bad = 0, bad_again = 0, good = 0, turned = 0;
      for (int i = 0; i < 100'000; ++i) {
        const bool was_bad = line.is_bad();
        line.pass(static_cast<std::uint64_t>(gap));
        (was_bad ? bad : good) += 1;
        if (line.is_bad()) (was_bad ? bad_again : turned) += 1;
      }
      const double memory = std::pow(row.correlation, gap), share = row.law.bad_share();
      INFO("seed 99, gap " << gap << ", memory " << memory);
      CHECK(std::fabs(z_of_binomial(bad_again, bad, share + memory * (1 - share))) < z_max);
      CHECK(std::fabs(z_of_binomial(turned, good, share * (1 - memory))) < z_max);
    }
}

TEST_CASE("a chain that never moves stays good, one that always moves alternates") {
  model::BurstChannel still({{0, 1}, {0, 1}, {0, 1}, {1, 1}}, core::RandomStream(1, 1, core::Purpose::test));
  for (int i = 0; i < 100; ++i) CHECK_FALSE(still.loses());
  still.pass(UINT64_MAX);
  CHECK_FALSE(still.is_bad());
  model::BurstChannel restless({{1, 1}, {1, 1}, {0, 1}, {1, 1}},
                               core::RandomStream(1, 1, core::Purpose::test));
  for (int i = 0; i < 100; ++i) {
    const bool was_bad = restless.is_bad();
    CHECK(restless.loses() == !was_bad);
    restless.pass(2);
    CHECK(restless.is_bad() != was_bad);
  }
}

TEST_CASE("frame errors and unseen character errors follow from the bit error chance") {
  // Frames of 20 and 24 characters of 11 bits: 1 - (1 - p)^220 and ^264; unseen in nine bits: two, four, six
  // or eight flips.
  struct Rates {
    std::uint32_t per_million;
    double frame20, frame24, unseen;
  };
  const auto given = GENERATE(Rates{1, 0.00021997591, 0.00026396529, 3.5999748e-11},
                              Rates{10, 0.0021975927, 0.0026365314, 3.599748e-09},
                              Rates{100, 0.021760841, 0.026055852, 3.5974809e-07},
                              Rates{1'000, 0.19756953, 0.23212789, 3.574888e-05},
                              Rates{3'000, 0.48366112, 0.54760084, 0.00031726698},
                              Rates{10'000, 0.89041709, 0.92958075, 0.0033566336});
  const double p = given.per_million * 1e-6;
  CHECK(1 - std::pow(1 - p, 220) == Approx(given.frame20).epsilon(1e-6));
  constexpr int frames = 100'000;
  for (const bool is_long : {false, true}) {
    model::BitErrors errors(5, is_long ? 1 : 0, {given.per_million, 1'000'000});
    const std::vector<std::uint8_t> sent(is_long ? 24 : 20, 0x55);
    std::vector<std::uint8_t> arrived(24);
    double hit = 0, unseen = 0;
    for (int i = 0; i < frames; ++i) {
      if (errors.pass_clean(sent.size())) continue;
      ++hit;
      const auto count = errors.spoil(sent, arrived);
      for (std::size_t k = 0; k < count; ++k) unseen += arrived[k] != 0x55 ? 1 : 0;
    }
    INFO("seed 5, " << given.per_million << " ppm, " << sent.size() << " characters, hit " << hit);
    CHECK(std::fabs(z_of_binomial(hit, frames, is_long ? given.frame24 : given.frame20)) < z_max);
    // Start and stop bit must hold as well. The byte itself differs unless only parity and one more bit...
    // flipped twice: an even number of flips among nine bits always touches a data bit.
    const double characters = static_cast<double>(frames) * static_cast<double>(sent.size());
    const double expected = characters * given.unseen * (1 - p) * (1 - p);
    if (expected > 20)
      CHECK(std::fabs(z_of_binomial(unseen, characters, given.unseen * (1 - p) * (1 - p))) < z_max);
    if (expected < 0.001) CHECK(unseen == 0);
  }
}
