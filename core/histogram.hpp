/// A histogram of durations or sizes with a bounded relative error: log-linear buckets, as HdrHistogram has
/// them.
///
/// Values 0 .. 2^62 in whole units (usually nanoseconds; the name of the variable says). Each power of two is
/// cut into 64 equal buckets, so a quantile is at most 1/64 = 1.6 % above the truth and never below. Adding
/// is two shifts and an increment; memory is taken as the largest value demands (at most 29 kB). Merging adds
/// counts: exact. Randomness: none.
#pragma once
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace core {
class Histogram {
 public:
  static constexpr int bits_per_octave = 6;

  /// Negative values count as zero.
  void add(std::int64_t value, std::uint64_t times = 1) {
    const std::uint64_t v = value < 0 ? 0 : static_cast<std::uint64_t>(value);
    const std::size_t bucket = bucket_of(v);
    if (bucket >= counts_.size()) [[unlikely]]
      counts_.resize(bucket + 1);
    counts_[bucket] += times;
    count_ += times;
    sum_ += static_cast<double>(v) * static_cast<double>(times);
    if (v > max_) max_ = v;
    if (v < min_) min_ = v;
  }
  void merge(const Histogram& other);
  /// The histogram that `each_bucket` told of: the same to the bit, if sum, least and greatest are as they
  /// were. Range: bounds not negative, 0 <= least <= greatest; no buckets: an empty one, whatever the rest.
  static Histogram restored(const std::vector<std::pair<std::int64_t, std::uint64_t>>& buckets, double sum,
                            std::int64_t least, std::int64_t greatest);
  void clear() { *this = Histogram(); }

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  double sum() const { return sum_; }
  std::int64_t max() const { return static_cast<std::int64_t>(max_); }
  std::int64_t min() const { return count_ == 0 ? 0 : static_cast<std::int64_t>(min_); }
  /// The least recorded bound that at least `share` of all values do not exceed. Range: 0 <= share <= 1; 0 if
  /// empty.
  std::int64_t quantile(double share) const;
  /// How many values are at most `value`, to the resolution of its bucket (values of the same bucket count
  /// in).
  std::uint64_t count_up_to(std::int64_t value) const;

  /// `visit(upper_bound, count)` for each bucket that holds anything, rising.
  template <class Visit>
  void each_bucket(Visit&& visit) const {
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket)
      if (counts_[bucket] > 0) visit(static_cast<std::int64_t>(upper_bound_of(bucket)), counts_[bucket]);
  }

 private:
  static constexpr std::uint64_t sub_buckets = 1u << bits_per_octave;
  static constexpr std::size_t bucket_of(std::uint64_t v) {
    if (v < sub_buckets) return static_cast<std::size_t>(v);
    const int shift = std::bit_width(v) - 1 - bits_per_octave;
    return static_cast<std::size_t>((static_cast<std::uint64_t>(shift) << bits_per_octave) + (v >> shift));
  }
  static constexpr std::uint64_t upper_bound_of(std::size_t bucket) {
    if (bucket < 2 * sub_buckets) return bucket;
    const std::uint64_t shift = (bucket >> bits_per_octave) - 1;
    return (((bucket & (sub_buckets - 1)) + sub_buckets + 1) << shift) - 1;
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t max_ = 0;
  std::uint64_t min_ = std::numeric_limits<std::uint64_t>::max();
};
}  // namespace core
