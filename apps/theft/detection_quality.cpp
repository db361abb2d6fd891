// AUC, average precision, precision and recall.
#include "apps/theft/detection_quality.hpp"

#include <algorithm>
#include <cmath>

namespace app::theft {
namespace {
double share(std::size_t part, std::size_t rest) {
  return part + rest == 0 ? unknown : static_cast<double>(part) / static_cast<double>(part + rest);
}

struct Tie {
  double thieves = 0, honest = 0;
};
/// Groups of equal score, the highest first.
std::vector<Tie> ties_of(std::vector<Judged>& customers) {
  std::sort(customers.begin(), customers.end(),
            [](const Judged& a, const Judged& b) { return a.score > b.score; });
  std::vector<Tie> ties;
  for (std::size_t k = 0; k < customers.size(); ++k) {
    if (k == 0 || customers[k].score != customers[k - 1].score) ties.push_back({});
    (customers[k].is_thief ? ties.back().thieves : ties.back().honest) += 1;
  }
  return ties;
}
}  // namespace

double area_under_curve(std::vector<Judged> customers) {
  double thieves = 0, honest = 0, won = 0;
  for (const Tie& tie : ties_of(customers)) {
    won += tie.honest * (thieves + tie.thieves / 2);
    thieves += tie.thieves;
    honest += tie.honest;
  }
  return thieves > 0 && honest > 0 ? won / (thieves * honest) : unknown;
}

double average_precision(std::vector<Judged> customers) {
  double thieves = 0, honest = 0, sum = 0;
  for (const Tie& tie : ties_of(customers)) {
    thieves += tie.thieves;
    honest += tie.honest;
    sum += tie.thieves * thieves / (thieves + honest);
  }
  return thieves > 0 ? sum / thieves : unknown;
}

double AtThreshold::precision() const { return share(thieves_found, falsely_accused); }
double AtThreshold::recall() const { return share(thieves_found, thieves_missed); }
double AtThreshold::false_alarm_rate() const { return share(falsely_accused, honest_left_alone); }

AtThreshold at_threshold(const std::vector<Judged>& customers, double threshold) {
  AtThreshold counts;
  for (const auto& customer : customers) {
    const bool is_accused = customer.score > threshold;
    if (customer.is_thief)
      ++(is_accused ? counts.thieves_found : counts.thieves_missed);
    else
      ++(is_accused ? counts.falsely_accused : counts.honest_left_alone);
  }
  return counts;
}

double standard_error_of_auc(double auc, std::size_t thieves, std::size_t honest) {
  if (thieves == 0 || honest == 0) return unknown;
  const double q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);
  const double m = static_cast<double>(thieves), n = static_cast<double>(honest);
  const double variance =
      (auc * (1 - auc) + (m - 1) * (q1 - auc * auc) + (n - 1) * (q2 - auc * auc)) / (m * n);
  return std::sqrt(std::max(variance, 0.0));
}
}  // namespace app::theft
