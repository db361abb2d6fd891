/// Experts, one for each way of stealing: many detectors' surprise weighed to log odds.
///
///     log odds of kind k:  l_k = b_k + sum_d w_kd s_d,   s_d the surprise of detector d's score
///     (false_alarm.hpp)    mixture = ln( (1/K) sum_k e^(l_k) )
/// One expert per kind of theft, because a sum over all detectors drowns the one that sees; their mean odds
/// are the odds of a mixture of kinds. Weights come from labelled areas by logistic regression with a ridge
/// (Newton's method), thieves and honest weighted alike, and are never negative: no detector's suspicion can
/// clear a customer. Without labels there is one expert whose weights are all equal. Unit: natural logarithm
/// of odds at equal numbers of thieves and honest; larger is more suspicious. Range: finite. Errors: none.
/// Randomness: none. Time: none.
#pragma once
#include <span>
#include <vector>

#include "head-end/loss/detector.hpp"
#include "head-end/loss/false_alarm.hpp"

namespace headend::loss {
inline constexpr int honest = -1;
/// One customer of a labelled area: every detector's score, in the detectors' order, and the way he steals.
struct LabelledScores {
  std::vector<double> score;
  int kind = honest;  ///< from 0 for thieves
  int home = 0;       ///< who he is: the same home may stand for customers of several areas
};

class Experts {
 public:
  /// Learns from at least one honest customer. `use` picks detectors (one flag each); those left out weigh
  /// nothing.
  Experts(std::span<const LabelledScores> learnt_from, std::vector<bool> use);
  std::size_t size() const { return experts_.size(); }
  int kind(std::size_t expert) const { return experts_[expert].kind; }
  bool has_labels() const { return has_labels_; }

  std::vector<double> surprises(std::span<const double> detector_scores) const;
  double log_odds(std::size_t expert, std::span<const double> surprise) const;
  double mixture(std::span<const double> surprise) const;
  std::size_t surest(std::span<const double> surprise) const;
  double weight(std::size_t expert, std::size_t detector) const { return experts_[expert].weight[detector]; }
  double p_value(std::size_t detector, double detector_score) const {
    return scale_[detector].p_value(detector_score);
  }

 private:
  struct Expert {
    int kind = 0;
    std::vector<double> weight;  // by detector
    double bias = 0;
  };
  /// Surprises of some of the honest customers, evenly taken: more of the same homes teach nothing new.
  std::vector<std::vector<double>> ordinary(std::span<const LabelledScores> learnt_from) const;
  Expert learn(std::span<const LabelledScores> learnt_from, int kind,
               const std::vector<std::vector<double>>& honest_rows) const;
  std::vector<ScoreScale> scale_;
  std::vector<bool> use_;
  std::vector<Expert> experts_;
  bool has_labels_ = false;
};
}  // namespace headend::loss
