/// The experts' opinions as one score per customer, on a scale that honest customers have set.
///
///     score = log10( 3/4 10^(S) + 1/4 (1/K) sum_k 10^(S_k) )
/// S_k is the surprise of expert k's log odds among honest customers, at most 4, S that of the mixture of all
/// (experts.hpp, false_alarm.hpp): their weighted harmonic mean p-value (D. Wilson, PNAS 116(4), 2019), which
/// stands up to experts that agree or contradict each other. An expert whose odds never grow large, because
/// one trace alone gives his thieves away, counts by how rarely an honest customer gets as far as they do.
/// The honest customers that set the scales are judged by experts that did not learn from them: homes of even
/// and of odd numbers teach for each other, where both have honest customers and thieves. Without labels the
/// score is the log odds of one expert whose weights are all equal. Unit: decades of p-value; larger is more
/// suspicious. Range: finite. Errors: none. Randomness: none. Time: none.
#pragma once
#include <span>
#include <vector>

#include "head-end/loss/experts.hpp"

namespace headend::loss {
class Ensemble {
 public:
  /// Learns from at least one honest customer. `use` picks detectors (one flag each).
  Ensemble(std::span<const LabelledScores> learnt_from, std::vector<bool> use);
  double score(std::span<const double> detector_scores) const;
  /// Above it is at most the stated share of honest customers like those learnt from; infinite while they are
  /// too few for the rate, or without labels.
  double threshold(double false_alarm_rate) const { return honest_scores_.threshold(false_alarm_rate); }
  /// The kind whose expert is surest, by its number; 0 without labels.
  int likeliest_kind(std::span<const double> detector_scores) const;
  /// What one detector adds to the surest expert's log odds, for the evidence sheet.
  std::vector<double> contributions(std::span<const double> detector_scores) const;
  double p_value(std::size_t detector, double detector_score) const {
    return experts_.p_value(detector, detector_score);
  }

 private:
  /// The mixture's log odds and each kind's: as many as this ensemble has experts, NaN where `by` has none.
  struct Opinion {
    double mixture = 0;
    std::vector<double> log_odds;
  };
  Opinion opinion(const Experts& by, std::span<const double> detector_scores) const;
  /// Of honest customers, by experts that did not learn from them.
  std::vector<Opinion> of_honest(std::span<const LabelledScores> learnt_from,
                                 const std::vector<bool>& use) const;
  double combined(const Opinion& opinion) const;
  std::size_t surest(std::span<const double> surprise) const;

  Experts experts_;
  ScoreScale mixture_scale_, honest_scores_;
  std::vector<ScoreScale> expert_scales_;
};

/// Every detector's scores of one area, row by customer.
std::vector<std::vector<double>> scores_of(const Detectors& detectors, const AreaView& area);
/// The detectors of one family.
std::vector<bool> only_family(const Detectors& detectors, Family family);
}  // namespace headend::loss
