/// Many detectors' surprise weighed to one score per customer, by what is known of each way of stealing.
///
///     log odds of kind k:  l_k = b_k + sum_d w_kd s_d,   s_d the surprise of detector d's score
///     (false_alarm.hpp) score = ln( (1/K) sum_k e^(l_k) )
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
};

class Ensemble {
 public:
  /// Learns from at least one honest customer. `use` picks detectors (one flag each); those left out weigh
  /// nothing.
  Ensemble(std::span<const LabelledScores> learnt_from, std::vector<bool> use);
  double score(std::span<const double> detector_scores) const;
  /// The kind whose expert is surest, by its number; 0 without labels.
  int likeliest_kind(std::span<const double> detector_scores) const;
  /// What one detector adds to the surest expert's log odds, for the evidence sheet.
  std::vector<double> contributions(std::span<const double> detector_scores) const;
  double p_value(std::size_t detector, double detector_score) const {
    return scale_[detector].p_value(detector_score);
  }

 private:
  struct Expert {
    int kind = 0;
    std::vector<double> weight;  // by detector
    double bias = 0;
  };
  std::vector<double> surprises(std::span<const double> detector_scores) const;
  Expert learn(std::span<const LabelledScores> learnt_from, int kind) const;
  double log_odds(const Expert& expert, const std::vector<double>& surprise) const;
  std::size_t surest(const std::vector<double>& surprise) const;
  std::vector<ScoreScale> scale_;
  std::vector<bool> use_;
  std::vector<Expert> experts_;
};

/// Every detector's scores of one area, row by customer.
std::vector<std::vector<double>> scores_of(const Detectors& detectors, const AreaView& area);
/// The detectors of one family.
std::vector<bool> only_family(const Detectors& detectors, Family family);
}  // namespace headend::loss
