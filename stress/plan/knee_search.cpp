#include "stress/plan/knee_search.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace stress {
KneeSearch::KneeSearch(const KneeRules& rules) : rules_(rules) {
  METERTWIN_CHECK(rules.from > 0 && rules.growth_percent > 100, rules.from, rules.growth_percent);
}

std::optional<std::uint64_t> KneeSearch::next() const {
  if (stages_ >= rules_.stages_max) return std::nullopt;
  if (!failed_) {
    if (held_ == 0) return std::min(rules_.from, rules_.rate_max);
    if (held_ >= rules_.rate_max) return std::nullopt;
    return std::min(rules_.rate_max, std::max(held_ + 1, held_ * rules_.growth_percent / 100));
  }
  if (*failed_ - held_ <= std::max<std::uint64_t>(1, held_ * rules_.narrow_percent / 100))
    return std::nullopt;
  return held_ + (*failed_ - held_) / 2;
}

void KneeSearch::tell(std::uint64_t readings_per_s, bool held) {
  ++stages_;
  if (held)
    held_ = std::max(held_, readings_per_s);
  else
    failed_ = failed_ ? std::min(*failed_, readings_per_s) : readings_per_s;
}
}  // namespace stress
