/// Finds the knee: the highest rate that is still held.
///
/// Rates rise geometrically until one fails, then the interval between the last that held and the first that
/// failed is halved until it is narrow. A rate that failed is never exceeded again. Pure: the caller runs the
/// stages and says what became of them.
///
///     KneeSearch search({.from = 200'000});
///     while (const auto rate = search.next()) search.tell(*rate, holds(run(steady(..., *rate, ...))));
#pragma once
#include <cstdint>
#include <optional>

namespace stress {
struct KneeRules {
  std::uint64_t from = 100'000;
  std::uint64_t rate_max = 20'000'000;
  std::uint32_t growth_percent = 150;  ///< each step of the rise; above 100
  std::uint32_t narrow_percent = 5;    ///< stops when the interval is narrower than this share of the knee
  int stages_max = 24;
};

class KneeSearch {
 public:
  explicit KneeSearch(const KneeRules& rules);
  /// The next rate to try; nothing when the search is over.
  std::optional<std::uint64_t> next() const;
  void tell(std::uint64_t readings_per_s, bool held);
  std::uint64_t held() const { return held_; }                     ///< 0: none was held
  std::optional<std::uint64_t> failed() const { return failed_; }  ///< nothing: not even the highest failed

 private:
  KneeRules rules_;
  std::uint64_t held_ = 0;
  std::optional<std::uint64_t> failed_;
  int stages_ = 0;
};
}  // namespace stress
