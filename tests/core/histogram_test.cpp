/// A histogram's quantile is at most 1/64 above the value that sorting would give, and never below.
#include "core/histogram.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/random.hpp"

namespace {
using core::Histogram;

/// Values over many powers of two: the exponent is drawn first, then the digits.
std::vector<std::int64_t> values_over_decades(std::uint64_t seed, std::size_t count) {
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto shift = draws.below(62, 2 * i);
    values.push_back(
        static_cast<std::int64_t>(draws.word(2 * i + 1) & ((std::uint64_t{2} << shift) - 1) & ~(3ull << 62)));
  }
  return values;
}

/// The order statistic that `quantile` promises: the least value that at least `share` of all do not exceed.
std::int64_t exact_quantile(std::vector<std::int64_t> values, double share) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

bool is_within_the_bound(std::int64_t told, std::int64_t exact) {
  return told >= exact &&
         static_cast<double>(told - exact) <= static_cast<double>(exact) / (1 << Histogram::bits_per_octave);
}

std::vector<std::pair<std::int64_t, std::uint64_t>> buckets_of(const Histogram& histogram) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> buckets;
  histogram.each_bucket([&](std::int64_t bound, std::uint64_t count) { buckets.emplace_back(bound, count); });
  return buckets;
}
}  // namespace

TEST_CASE("an empty histogram answers zero to everything") {
  const Histogram empty;
  CHECK(empty.empty());
  CHECK(empty.quantile(0.99) == 0);
  CHECK(empty.mean() == 0);
  CHECK(empty.min() == 0);
  CHECK(empty.max() == 0);
  CHECK(empty.count_up_to(1'000) == 0);
  CHECK(buckets_of(empty).empty());
}

TEST_CASE("up to 127 a histogram is exact") {
  Histogram histogram;
  for (std::int64_t value = 0; value < 128; ++value) histogram.add(value);
  for (std::int64_t value = 0; value < 128; ++value) {
    CHECK(histogram.quantile(static_cast<double>(value + 1) / 128) == value);
    CHECK(histogram.count_up_to(value) == static_cast<std::uint64_t>(value + 1));
  }
  CHECK(histogram.mean() == 63.5);
}

TEST_CASE("by hand: two buckets of 128 to 131") {
  Histogram histogram;  // from 128 on a bucket holds two whole numbers: {128, 129}, {130, 131}
  histogram.add(128, 3);
  histogram.add(130);
  histogram.add(131);
  const std::vector<std::pair<std::int64_t, std::uint64_t>> expected{{129, 3}, {131, 2}};
  CHECK(buckets_of(histogram) == expected);
  CHECK(histogram.quantile(0.6) == 129);
  CHECK(histogram.quantile(0.61) == 131);
  CHECK(histogram.count_up_to(128) == 3);
  CHECK(histogram.count_up_to(127) == 0);
}

TEST_CASE("extremes: negative values count as zero, the greatest value fits") {
  Histogram histogram;
  histogram.add(-5);
  histogram.add(std::int64_t{1} << 62);
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == std::int64_t{1} << 62);
  CHECK(histogram.quantile(0) == 0);
  CHECK(histogram.quantile(1) == std::int64_t{1} << 62);
  CHECK(histogram.quantile(7) == histogram.max());
  CHECK(histogram.quantile(-1) == 0);
}

TEST_CASE("a quantile is at most 1/64 above the order statistic and never below") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const auto values = values_over_decades(seed, 1 + seed * 37);
    Histogram histogram;
    for (const auto value : values) histogram.add(value);
    for (const double share : {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      INFO("share " << share);
      CHECK(is_within_the_bound(histogram.quantile(share), exact_quantile(values, share)));
    }
    CHECK(histogram.max() == *std::max_element(values.begin(), values.end()));
    CHECK(histogram.min() == *std::min_element(values.begin(), values.end()));
  }
}

TEST_CASE("merging is exact: the parts together are the whole, in any order") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const auto values = values_over_decades(seed, 500);
    Histogram whole, left, right;
    for (std::size_t i = 0; i < values.size(); ++i) {
      whole.add(values[i]);
      (i % 3 == 0 ? left : right).add(values[i]);
    }
    auto one_way = left, other_way = right;
    one_way.merge(right);
    other_way.merge(left);
    for (const auto& merged : {one_way, other_way}) {
      CHECK(buckets_of(merged) == buckets_of(whole));
      CHECK(merged.count() == whole.count());
      CHECK(merged.min() == whole.min());
      CHECK(merged.max() == whole.max());
    }
    one_way.merge(Histogram());
    CHECK(one_way.min() == whole.min());
  }
}

TEST_CASE("a histogram restored from its buckets is the same to the bit") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    Histogram histogram;
    for (const auto value : values_over_decades(seed, 300)) histogram.add(value);
    const auto again =
        Histogram::restored(buckets_of(histogram), histogram.sum(), histogram.min(), histogram.max());
    CHECK(buckets_of(again) == buckets_of(histogram));
    CHECK(again.sum() == histogram.sum());
    CHECK(again.min() == histogram.min());
    CHECK(again.max() == histogram.max());
    for (const double share : {0.0, 0.5, 0.99, 1.0})
      CHECK(again.quantile(share) == histogram.quantile(share));
  }
  CHECK(Histogram::restored({}, 5, 1, 2).empty());
}
