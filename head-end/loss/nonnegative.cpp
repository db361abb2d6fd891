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

/// Sums over the usable intervals of each block; blocks with gaps are left out.
Blocks blocks_of(const AreaView& area, std::size_t length) {
  Blocks blocks;
  const std::size_t n = area.customers();
  const bool is_loss_fitted = area.readings().modelled_loss_kWh.empty();
  blocks.x.width = n + (is_loss_fitted ? 1 : 0);
  const auto& usable = area.usable();
  for (std::size_t k = 0; k + length <= usable.size();) {
    const std::size_t first = usable[k];
    if (first % length != 0 || usable[k + length - 1] != first + length - 1) {
      ++k;
      continue;
    }
    std::vector<double> row(blocks.x.width, 0.0);
    double loss = 0;
    for (std::size_t m = k; m < k + length; ++m) {
      const std::size_t t = usable[m];
      for (std::size_t i = 0; i < n; ++i) row[i] += area.reported(i)[t];
      if (is_loss_fitted) row[n] += area.readings().supplied_kWh[t] * area.readings().supplied_kWh[t];
      loss += area.loss_kWh()[m];
    }
    blocks.x.cells.insert(blocks.x.cells.end(), row.begin(), row.end());
    blocks.loss.push_back(loss);
    k += length;
  }
  return blocks;
}

struct Normal {
  std::vector<double> gram, right;  // full symmetric square, X'WX and X'Wy
};
Normal normal_of(const Blocks& blocks, const std::vector<double>& weight) {
  const std::size_t n = blocks.x.width;
  Normal normal{weighted_square(blocks.x, weight), std::vector<double>(n, 0.0)};
  for (std::size_t t = 0; t < blocks.loss.size(); ++t) {
    const double* row = blocks.x.row(t);
    for (std::size_t i = 0; i < n; ++i) normal.right[i] += weight[t] * row[i] * blocks.loss[t];
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
  constexpr int rounds_max = 400;
  constexpr double settled = 1e-5;  // theta is told to hundredths
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
      moved = std::max(moved, std::fabs(step));
    }
    if (moved < settled) break;
  }
  return theta;
}
}  // namespace

std::vector<double> fit_nonnegative(const AreaView& area, std::size_t intervals_of_block) {
  const std::size_t n = area.customers();
  const Blocks blocks = blocks_of(area, std::max<std::size_t>(1, intervals_of_block));
  std::vector<double> result(n, 0.0);
  if (blocks.loss.empty()) return result;
  std::vector<double> weight(blocks.loss.size(), 1.0), theta(blocks.x.width, 0.0);
  Normal normal;
  for (int round = 0; round < 4; ++round) {
    normal = normal_of(blocks, weight);
    theta = descend(normal, std::move(theta));
    std::vector<double> fitted(blocks.loss.size(), 0.0), residual(blocks.loss.size());
    for (std::size_t t = 0; t < fitted.size(); ++t) {
      const double* row = blocks.x.row(t);
      for (std::size_t i = 0; i < theta.size(); ++i) fitted[t] += theta[i] * row[i];
      residual[t] = blocks.loss[t] - fitted[t];
    }
    const double scale = 1.4826 * median_magnitude(residual);
    if (round == 3 || !(scale > 0)) break;
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

std::vector<double> mean_nonnegative(const AreaView& area) {
  constexpr double share_max = 2;  // a customer of nearly nothing explains any loss a hundredfold
  const int per_hour = std::max(1, area.readings().intervals_per_day / 24);
  std::vector<double> mean(area.customers(), 0.0);
  const std::array<double, 6> hours{0.5, 1, 1.5, 2, 3, 4};
  for (const double block_h : hours) {
    const auto length = static_cast<std::size_t>(std::max(1.0, block_h * per_hour));
    const auto theta = fit_nonnegative(area, length);
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += std::clamp(theta[i], -share_max, share_max) / static_cast<double>(hours.size());
  }
  return mean;
}
}  // namespace headend::loss
