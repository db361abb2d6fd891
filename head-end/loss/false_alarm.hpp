/// How often an honest customer would look like this: scores made comparable, and thresholds with a stated
/// rate.
///
/// A reference of honest customers' scores turns a score s into p = (1 + #{reference >= s}) / (1 + n), the
/// conformal p-value: if the new customer is exchangeable with the reference, P(p <= a) <= a whatever the
/// distribution (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005). The
/// threshold for a rate a is the smallest reference score that at most a x (1 + n) - 1 reference scores
/// exceed; with n < 1/a - 1 nobody is accused. Unit: none. Range: 0 < p <= 1. Errors: none. Randomness: none.
/// Time: none.
#pragma once
#include <vector>

namespace headend::loss {
class ScoreScale {
 public:
  ScoreScale() = default;
  /// Any order.
  explicit ScoreScale(std::vector<double> honest_scores);
  std::size_t size() const { return reference_.size(); }
  double p_value(double score) const;
  /// -log10 of the p-value: 0 for the most ordinary, 2 for one in a hundred. Beyond that the reference is
  /// thin and its tail is drawn on as an exponential: one more for each step as wide as from the tenth to the
  /// hundredth, up to `surprise_max`. For ranking, not for stating rates.
  static constexpr double surprise_max = 8;
  double surprise(double score) const;
  /// A customer is suspected when his score is greater than this. Infinite while the reference is too small
  /// for the rate.
  double threshold(double false_alarm_rate) const;
  const std::vector<double>& reference() const { return reference_; }

 private:
  double at_rank(double share) const;
  std::vector<double> reference_;  // rising
};

/// Benjamini and Hochberg (J. Royal Statistical Society B 57, 1995): which of these may be accused so that on
/// average at most `rate` of the accused are honest, for independent or positively dependent p-values. One
/// flag per p-value.
std::vector<bool> accused_at_false_discovery_rate(const std::vector<double>& p_values, double rate);
}  // namespace headend::loss
