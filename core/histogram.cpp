#include "core/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace core {
void Histogram::merge(const Histogram& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t bucket = 0; bucket < other.counts_.size(); ++bucket)
    counts_[bucket] += other.counts_[bucket];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
  min_ = std::min(min_, other.min_);
}

Histogram Histogram::restored(const std::vector<std::pair<std::int64_t, std::uint64_t>>& buckets, double sum,
                              std::int64_t least, std::int64_t greatest) {
  Histogram histogram;
  for (const auto& [bound, times] : buckets)
    if (times > 0) histogram.add(bound, times);
  if (histogram.empty()) return histogram;
  histogram.sum_ = sum;
  histogram.min_ = static_cast<std::uint64_t>(least);
  histogram.max_ = static_cast<std::uint64_t>(greatest);
  return histogram;
}

std::int64_t Histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return static_cast<std::int64_t>(std::min(upper_bound_of(bucket), max_));
  }
  return max();
}

std::uint64_t Histogram::count_up_to(std::int64_t value) const {
  if (value < 0) return 0;
  const std::size_t last = bucket_of(static_cast<std::uint64_t>(value));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size() && bucket <= last; ++bucket) seen += counts_[bucket];
  return seen;
}
}  // namespace core
