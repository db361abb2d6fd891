/// How good a ranking of suspects is, once it is known who stole.
///
/// AUC is the chance that a thief ranks above an honest customer (Mann-Whitney U / (thieves x honest), ties
/// count half); average precision is the mean, over the thieves, of the precision at the rank where each is
/// found (ties are taken together: precision at the end of the tied group). Precision and recall are at a
/// threshold: accused are those above. Unit: none. Range: 0..1; `unknown` (a quiet NaN) where a side is
/// empty. Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstddef>
#include <limits>
#include <vector>

namespace app::theft {
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Judged {
  double score = 0;
  bool is_thief = false;
};

double area_under_curve(std::vector<Judged> customers);
double average_precision(std::vector<Judged> customers);

struct AtThreshold {
  std::size_t thieves_found = 0, thieves_missed = 0, falsely_accused = 0, honest_left_alone = 0;
  double precision() const;
  double recall() const;
  double false_alarm_rate() const;
};
AtThreshold at_threshold(const std::vector<Judged>& customers, double threshold);

/// Standard error of an AUC (Hanley and McNeil, Radiology 143, 1982).
double standard_error_of_auc(double auc, std::size_t thieves, std::size_t honest);
}  // namespace app::theft
