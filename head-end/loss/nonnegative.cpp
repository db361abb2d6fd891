// Non-negative least squares by coordinate descent.
#include "head-end/loss/nonnegative.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace headend::loss {
namespace {
struct Blocks {
  Table x;
  std::vector<double> loss;
};

/// What would be missing if this customer stole, but for a factor.
std::vector<double> expected_of(const std::vector<double>& reported, Hypothesis hypothesis) {
  if (hypothesis == Hypothesis::same_share) return reported;
  constexpr std::size_t reach = 2;
  const std::size_t length = reported.size();
  std::vector<double> expected(length);
  const auto at_border = [&](std::size_t t) {
    double sum = 0, weight = 0;
    for (std::size_t k = t - std::min(t, reach); k <= std::min(length - 1, t + reach); ++k) {
      const auto near = static_cast<double>(reach + 1 - (k > t ? k - t : t - k));
      sum += near * reported[k];
      weight += near;
    }
    return sum / weight;
  };
  for (std::size_t t = 0; t < length; ++t)
    expected[t] = t < reach || t + reach >= length
                      ? at_border(t)
                      : (reported[t - 2] + 2 * reported[t - 1] + 3 * reported[t] + 2 * reported[t + 1] +
                         reported[t + 2]) /
                            9;
  return expected;
}

/// Sums over the usable intervals of each block; blocks with gaps are left out.
Blocks blocks_of(const AreaView& area, std::size_t length, Hypothesis hypothesis) {
  Blocks blocks;
  const std::size_t n = area.customers();
  const bool is_loss_fitted = area.readings().modelled_loss_kWh.empty();
  blocks.x.width = n + (is_loss_fitted ? 1 : 0);
  const auto& usable = area.usable();
  std::vector<std::size_t> starts;
  for (std::size_t k = 0; k + length <= usable.size();) {
    const std::size_t first = usable[k];
    if (first % length != 0 || usable[k + length - 1] != first + length - 1) {
      ++k;
      continue;
    }
    double loss = 0;
    for (std::size_t m = k; m < k + length; ++m) loss += area.loss_kWh()[m];
    starts.push_back(first);
    blocks.loss.push_back(loss);
    k += length;
  }
  blocks.x.cells.assign(blocks.x.width * starts.size(), 0.0);
  std::vector<std::vector<double>> expected;
  for (std::size_t i = 0; i < n; ++i) expected.push_back(expected_of(area.reported(i), hypothesis));
  for (std::size_t b = 0; b < starts.size(); ++b) {
    double* row = blocks.x.row(b);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t t = starts[b]; t < starts[b] + length; ++t) row[i] += expected[i][t];
  }
  const auto& supplied = area.readings().supplied_kWh;
  for (std::size_t b = 0; is_loss_fitted && b < starts.size(); ++b)
    for (std::size_t t = starts[b]; t < starts[b] + length; ++t)
      blocks.x.row(b)[n] += supplied[t] * supplied[t];
  return blocks;
}

struct Normal {
  std::vector<double> gram, right;  // full symmetric square, X'WX and X'Wy
  double loss_square = 0;           // y'Wy
};
Normal normal_of(const Blocks& blocks, const std::vector<double>& weight) {
  const std::size_t n = blocks.x.width;
  Normal normal{weighted_square(blocks.x, weight), std::vector<double>(n, 0.0), 0};
  for (std::size_t t = 0; t < blocks.loss.size(); ++t) {
    const double* row = blocks.x.row(t);
    const double weighted = weight[t] * blocks.loss[t];
    for (std::size_t i = 0; i < n; ++i) normal.right[i] += weighted * row[i];
    normal.loss_square += weighted * blocks.loss[t];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) normal.gram[j * n + i] = normal.gram[i * n + j];
  return normal;
}

/// right - gram theta: where each coefficient would like to go.
std::vector<double> slopes_at(const Normal& normal, const std::vector<double>& theta) {
  const std::size_t n = theta.size();
  std::vector<double> slope = normal.right;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) slope[i] -= normal.gram[i * n + j] * theta[j];
  return slope;
}

/// One coefficient after the other to its best place. The slopes are kept up to date, so that one which
/// stays costs nothing.
std::vector<double> descend(const Normal& normal, std::vector<double> theta) {
  constexpr int rounds_max = 150;
  constexpr double settled = 1e-4;  // of the loss to be put together
  const std::size_t n = theta.size();
  auto slope = slopes_at(normal, theta);
  for (int round = 0; round < rounds_max; ++round) {
    double moved = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double curve = normal.gram[i * n + i];
      if (!(curve > 1e-18)) continue;
      const double step = std::max(0.0, theta[i] + slope[i] / curve) - theta[i];
      if (step == 0) continue;
      for (std::size_t j = 0; j < n; ++j) slope[j] -= normal.gram[i * n + j] * step;
      theta[i] += step;
      moved = std::max(moved, step * step * curve);
    }
    if (moved <= settled * settled * normal.loss_square) break;
  }
  return theta;
}
}  // namespace

std::vector<double> fit_nonnegative(const AreaView& area, std::size_t intervals_of_block,
                                    Hypothesis hypothesis) {
  const std::size_t n = area.customers();
  const Blocks blocks = blocks_of(area, std::max<std::size_t>(1, intervals_of_block), hypothesis);
  std::vector<double> result(n, 0.0);
  if (blocks.loss.empty()) return result;
  std::vector<double> weight(blocks.loss.size(), 1.0), theta(blocks.x.width, 0.0);
  Normal normal;
  constexpr int rounds = 3;
  for (int round = 1;; ++round) {
    normal = normal_of(blocks, weight);
    theta = descend(normal, std::move(theta));
    std::vector<double> fitted(blocks.loss.size(), 0.0), residual(blocks.loss.size());
    for (std::size_t t = 0; t < fitted.size(); ++t) {
      const double* row = blocks.x.row(t);
      for (std::size_t i = 0; i < theta.size(); ++i) fitted[t] += theta[i] * row[i];
      residual[t] = blocks.loss[t] - fitted[t];
    }
    const double scale = 1.4826 * median_magnitude(residual);
    if (round == rounds || !(scale > 0)) break;
    for (std::size_t t = 0; t < weight.size(); ++t) {
      const double spread = 0.05 * scale * scale + 0.25 * fitted[t] * fitted[t];
      weight[t] = 1 / (spread * (1 + residual[t] * residual[t] / (9 * spread)));
    }
  }
  const auto slope = slopes_at(normal, theta);
  for (std::size_t i = 0; i < n; ++i) {
    const double curve = normal.gram[i * theta.size() + i];
    result[i] = theta[i] > 0 || !(curve > 1e-18) ? theta[i] : std::min(0.0, slope[i] / curve);
  }
  return result;
}

namespace {
void add_clamped(std::vector<double>& sum, const std::vector<double>& theta) {
  constexpr double share_max = 2;  // a customer of nearly nothing explains any loss a hundredfold
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += std::clamp(theta[i], -share_max, share_max);
}
}  // namespace

std::vector<double> mean_nonnegative(const AreaView& area) {
  const double per_hour = area.readings().intervals_per_day / 24.0;
  std::vector<double> mean(area.customers(), 0.0);
  const std::array<double, 3> hours{1, 2, 4};
  for (const double block_h : hours)
    add_clamped(mean, fit_nonnegative(area, static_cast<std::size_t>(std::max(1.0, block_h * per_hour))));
  for (auto& theta : mean) theta /= static_cast<double>(hours.size());
  return mean;
}

std::vector<double> nonnegative_anew(const AreaView& area) {
  std::vector<double> theta(area.customers(), 0.0);
  add_clamped(theta, fit_nonnegative(area, 1, Hypothesis::share_anew));
  return theta;
}
}  // namespace headend::loss
