// Surprise weighed by experts; weights by logistic regression.
#include "head-end/loss/experts.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "head-end/loss/least_squares.hpp"

namespace headend::loss {
namespace {
constexpr double ridge = 2e-2;  // of the mean weight: strong, since few homes stand behind many areas
constexpr int newton_steps = 25;
constexpr std::ptrdiff_t honest_enough = 3000;  // for one expert; more of the same homes teach nothing new

double chance_of(double score) { return 1 / (1 + core::portable_math::exp(-std::clamp(score, -30.0, 30.0))); }

/// One Newton step of weighted logistic regression with a ridge; the last weight is the bias and bears none.
bool newton_step(const Table& x, const std::vector<double>& label, const std::vector<double>& weight,
                 const std::vector<bool>& is_held, std::vector<double>& beta) {
  const std::size_t n = x.width;
  std::vector<double> gradient(n, 0.0), curve(x.rows());
  double total = 0;
  for (std::size_t t = 0; t < x.rows(); ++t) {
    const double* row = x.row(t);
    double score = 0;
    for (std::size_t i = 0; i < n; ++i) score += beta[i] * row[i];
    const double chance = chance_of(score);
    curve[t] = weight[t] * chance * (1 - chance);
    const double slope = weight[t] * (label[t] - chance);
    total += weight[t];
    for (std::size_t i = 0; i < n; ++i) gradient[i] += slope * row[i];
  }
  std::vector<double> hessian = weighted_square(x, curve);
  for (std::size_t i = 0; i < n; ++i) {
    const double pull = i + 1 < n ? ridge * total : 1e-9 * total;
    gradient[i] -= pull * beta[i];
    hessian[i * n + i] += pull;
    if (!is_held[i]) continue;
    for (std::size_t j = 0; j < n; ++j) hessian[std::max(i, j) * n + std::min(i, j)] = i == j ? 1.0 : 0.0;
    gradient[i] = 0;
  }
  if (!solve_positive_definite(hessian, gradient)) return false;
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double step = std::clamp(gradient[i], -2.0, 2.0);
    beta[i] += step;
    largest = std::max(largest, std::fabs(step));
  }
  return largest > 1e-4;
}
}  // namespace

Experts::Experts(std::span<const LabelledScores> learnt_from, std::vector<bool> use) : use_(std::move(use)) {
  METERTWIN_CHECK(!learnt_from.empty() && learnt_from.front().score.size() == use_.size(), use_.size());
  for (std::size_t d = 0; d < use_.size(); ++d) {
    std::vector<double> reference;
    for (const auto& customer : learnt_from)
      if (customer.kind == honest) reference.push_back(customer.score[d]);
    scale_.emplace_back(std::move(reference));
  }
  int last_kind = honest;
  for (const auto& customer : learnt_from) last_kind = std::max(last_kind, customer.kind);
  const auto honest_rows = last_kind == honest ? std::vector<std::vector<double>>() : ordinary(learnt_from);
  for (int kind = 0; kind <= last_kind; ++kind)
    if (std::any_of(learnt_from.begin(), learnt_from.end(), [&](const auto& c) { return c.kind == kind; }))
      experts_.push_back(learn(learnt_from, kind, honest_rows));
  has_labels_ = !experts_.empty();
  if (has_labels_) return;
  Expert equal;
  for (const bool used : use_) equal.weight.push_back(used ? 1.0 : 0.0);
  experts_.push_back(equal);
}

std::vector<double> Experts::surprises(std::span<const double> detector_scores) const {
  std::vector<double> surprise(use_.size(), 0.0);
  for (std::size_t d = 0; d < use_.size(); ++d)
    if (use_[d]) surprise[d] = scale_[d].surprise(detector_scores[d]);
  return surprise;
}

std::vector<std::vector<double>> Experts::ordinary(std::span<const LabelledScores> learnt_from) const {
  const auto honest_count =
      std::count_if(learnt_from.begin(), learnt_from.end(),
                    [](const LabelledScores& customer) { return customer.kind == honest; });
  const std::ptrdiff_t stride = 1 + honest_count / honest_enough;
  std::ptrdiff_t passed = 0;
  std::vector<std::vector<double>> rows;
  for (const auto& customer : learnt_from)
    if (customer.kind == honest && passed++ % stride == 0) rows.push_back(surprises(customer.score));
  return rows;
}

Experts::Expert Experts::learn(std::span<const LabelledScores> learnt_from, int kind,
                               const std::vector<std::vector<double>>& honest_rows) const {
  Table x;
  x.width = use_.size() + 1;
  std::vector<double> label, weight;
  const auto add = [&](const std::vector<double>& row, double is_thief) {
    x.cells.insert(x.cells.end(), row.begin(), row.end());
    x.cells.push_back(1.0);
    label.push_back(is_thief);
  };
  for (const auto& row : honest_rows) add(row, 0);
  for (const auto& customer : learnt_from)
    if (customer.kind == kind) add(surprises(customer.score), 1);
  const auto thieves = static_cast<double>(label.size() - honest_rows.size());
  const double others = static_cast<double>(label.size()) - thieves;
  for (const double is_thief : label) weight.push_back(is_thief > 0 ? 0.5 / thieves : 0.5 / others);
  std::vector<bool> is_held(x.width, false);
  std::vector<double> beta(x.width, 0.0);
  for (bool is_settled = false; !is_settled;) {  // each round holds at least one more weight at zero
    for (int step = 0; step < newton_steps && newton_step(x, label, weight, is_held, beta); ++step) continue;
    is_settled = true;
    for (std::size_t i = 0; i + 1 < x.width; ++i)
      if (beta[i] < 0) beta[i] = 0, is_held[i] = true, is_settled = false;
  }
  return {kind, {beta.begin(), beta.end() - 1}, beta.back()};
}

double Experts::log_odds(std::size_t expert, std::span<const double> surprise) const {
  double sum = experts_[expert].bias;
  for (std::size_t d = 0; d < surprise.size(); ++d) sum += experts_[expert].weight[d] * surprise[d];
  return sum;
}

std::size_t Experts::surest(std::span<const double> surprise) const {
  std::size_t best = 0;
  for (std::size_t k = 1; k < experts_.size(); ++k)
    if (log_odds(k, surprise) > log_odds(best, surprise)) best = k;
  return best;
}

double Experts::mixture(std::span<const double> surprise) const {
  const double most = log_odds(surest(surprise), surprise);
  double sum = 0;
  for (std::size_t k = 0; k < experts_.size(); ++k)
    sum += core::portable_math::exp(std::max(log_odds(k, surprise) - most, -600.0));
  return most + core::portable_math::log(sum / static_cast<double>(experts_.size()));
}
}  // namespace headend::loss
