/// Least squares with errors that forgive noise which leans on its neighbours, and the slope of a curve
/// through stages.
#include <algorithm>
#include <cmath>
#include <limits>

#include "stress/verdict/statistics.hpp"

namespace stress {
namespace {
using Matrix = std::vector<std::vector<double>>;

Matrix square(std::size_t size) { return Matrix(size, std::vector<double>(size, 0)); }

/// The inverse of a symmetric positive definite matrix by Gauss and Jordan; nothing if it is (nearly)
/// singular. Range: diagonal of about 1.
std::optional<Matrix> inverse(Matrix a) {
  constexpr double pivot_least = 1e-9;
  const auto size = a.size();
  auto out = square(size);
  for (std::size_t i = 0; i < size; ++i) out[i][i] = 1;
  for (std::size_t column = 0; column < size; ++column) {
    const double pivot =
        a[column][column];  // stays positive for such matrices: no exchange of rows is needed
    if (!(pivot > pivot_least)) return std::nullopt;
    for (std::size_t k = 0; k < size; ++k) {
      a[column][k] /= pivot;
      out[column][k] /= pivot;
    }
    for (std::size_t row = 0; row < size; ++row) {
      const double share = a[row][column];
      if (row == column || share == 0) continue;
      for (std::size_t k = 0; k < size; ++k) {
        a[row][k] -= share * a[column][k];
        out[row][k] -= share * out[column][k];
      }
    }
  }
  return out;
}

Matrix product(const Matrix& a, const Matrix& b) {
  auto out = square(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < a.size(); ++k)
      for (std::size_t j = 0; j < a.size(); ++j) out[i][j] += a[i][k] * b[k][j];
  return out;
}

/// G_0 and its neighbours with falling weight: see LinearFit.
Matrix long_run_variance(const Matrix& columns, const std::vector<double>& residuals, std::size_t lag) {
  const auto size = columns.size();
  auto sum = square(size);
  for (std::size_t apart = 0; apart <= lag && apart < residuals.size(); ++apart) {
    const double weight = 1 - static_cast<double>(apart) / static_cast<double>(lag + 1);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) {
        double together = 0;
        for (std::size_t t = apart; t < residuals.size(); ++t)
          together += columns[i][t] * residuals[t] * columns[j][t - apart] * residuals[t - apart];
        sum[i][j] += weight * together;
        if (apart > 0) sum[j][i] += weight * together;
      }
  }
  return sum;
}

/// Columns of length 1, so that no unit spoils the arithmetic; their old lengths.
std::optional<std::vector<double>> normalise(Matrix& columns) {
  std::vector<double> lengths;
  for (auto& column : columns) {
    double square_sum = 0;
    for (const double x : column) square_sum += x * x;
    if (!(square_sum > 0) || !std::isfinite(square_sum)) return std::nullopt;
    lengths.push_back(std::sqrt(square_sum));
    for (double& x : column) x /= lengths.back();
  }
  return lengths;
}

/// Levels for groups, then time, then the covariate if it moves.
Matrix design_of(const std::vector<Observation>& rows, bool has_covariate) {
  std::vector<std::size_t> groups;
  for (const auto& row : rows)
    if (std::find(groups.begin(), groups.end(), row.group) == groups.end()) groups.push_back(row.group);
  Matrix columns;
  for (const auto group : groups) {
    columns.emplace_back();
    for (const auto& row : rows) columns.back().push_back(row.group == group ? 1 : 0);
  }
  // Time and covariate from the middle of their group: the same slope, and far from the levels' columns.
  const auto add_centred = [&](double Observation::*figure) {
    std::vector<double> centred(rows.size());
    for (const auto group : groups) {
      double sum = 0, count = 0;
      for (const auto& row : rows)
        if (row.group == group) {
          sum += row.*figure;
          ++count;
        }
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].group == group) centred[i] = rows[i].*figure - sum / count;
    }
    columns.push_back(std::move(centred));
  };
  add_centred(&Observation::time);
  if (has_covariate) add_centred(&Observation::covariate);
  return columns;
}
std::vector<double> residuals_of(std::vector<double> values, const Matrix& columns,
                                 const std::vector<double>& coefficients) {
  for (std::size_t t = 0; t < values.size(); ++t)
    for (std::size_t i = 0; i < columns.size(); ++i) values[t] -= coefficients[i] * columns[i][t];
  return values;
}

/// How much a row's residual leans on the one before in its group: their correlation r, without the shortfall
/// (1 + 3 r)/m that a group of m rows shows because its own level was taken out (Kendall, Biometrika 41,
/// 1954). Range: 0 .. 0.95.
double neighbour_lean(const std::vector<Observation>& rows, const std::vector<double>& residuals) {
  double together = 0, alone = 0, groups = 1;
  for (std::size_t t = 0; t < rows.size(); ++t) {
    alone += residuals[t] * residuals[t];
    if (t == 0) continue;
    if (rows[t].group == rows[t - 1].group)
      together += residuals[t] * residuals[t - 1];
    else
      ++groups;
  }
  const double length = static_cast<double>(rows.size()) / groups;
  if (!(alone > 0) || length <= 3) return 0;
  const double seen = together / alone * length / (length - 1);
  return std::clamp((seen + 1 / length) / (1 - 3 / length), 0.0, 0.95);
}
}  // namespace

std::optional<LinearFit> fit_linear(const std::vector<double>& values, const Matrix& given, std::size_t lag) {
  const auto rows = values.size(), size = given.size();
  if (size == 0 || rows <= size) return std::nullopt;
  auto columns = given;
  const auto lengths = normalise(columns);
  if (!lengths) return std::nullopt;
  auto crossed = square(size);
  std::vector<double> with_values(size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t t = 0; t < rows; ++t) with_values[i] += columns[i][t] * values[t];
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t t = 0; t < rows; ++t) crossed[i][j] += columns[i][t] * columns[j][t];
  }
  const auto inverted = inverse(crossed);
  if (!inverted) return std::nullopt;
  std::vector<double> coefficients(size, 0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) coefficients[i] += (*inverted)[i][j] * with_values[j];
  const auto residuals = residuals_of(values, columns, coefficients);
  double square_sum = 0;
  for (const double residual : residuals) square_sum += residual * residual;
  const double spare = static_cast<double>(rows - size);
  const auto robust = product(product(*inverted, long_run_variance(columns, residuals, lag)), *inverted);
  LinearFit fit;
  fit.lag = lag;
  for (std::size_t i = 0; i < size; ++i) {
    fit.coefficients.push_back(coefficients[i] / (*lengths)[i]);
    fit.standard_errors.push_back(std::sqrt(square_sum / spare * (*inverted)[i][i]) / (*lengths)[i]);
    const double variance = robust[i][i] * static_cast<double>(rows) / spare;
    fit.robust_standard_errors.push_back(std::sqrt(std::max(0.0, variance)) / (*lengths)[i]);
  }
  return fit;
}

std::optional<Slope> slope_within_groups(std::vector<Observation> rows) {
  constexpr std::size_t rows_most = 1200, rows_least = 12;
  const auto stride = (rows.size() + rows_most - 1) / rows_most;
  if (stride > 1) {
    std::vector<Observation> kept;
    for (std::size_t i = 0; i < rows.size(); i += stride) kept.push_back(rows[i]);
    rows = std::move(kept);
  }
  if (rows.size() < rows_least) return std::nullopt;
  const auto count = static_cast<double>(rows.size());
  const auto lag = static_cast<std::size_t>(std::ceil(1.3 * std::sqrt(count)));
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(row.value);
  auto columns = design_of(rows, true);
  auto fit = fit_linear(values, columns, lag);
  auto time_column = columns.size() - 2;
  double weight = fit ? fit->coefficients.back() : 0;
  if (!fit) {  // a covariate that does not move, or moves as time does
    columns = design_of(rows, false);
    fit = fit_linear(values, columns, lag);
    if (!fit) return std::nullopt;
    time_column = columns.size() - 1;
  }
  for (auto& row : rows) row.value -= weight * row.covariate;
  const double lean = neighbour_lean(rows, residuals_of(values, columns, fit->coefficients));
  Slope slope;
  slope.least_squares = fit->coefficients[time_column];
  slope.theil_sen = theil_sen(rows);
  // A trend's error under noise with correlation r from row to row: the classical one times this root.
  const double inflation = (1 + lean) / (1 - lean);
  slope.standard_error = std::max(fit->standard_errors[time_column] * std::sqrt(inflation),
                                  fit->robust_standard_errors[time_column]);
  slope.degrees_of_freedom = std::max(2.0, (count - static_cast<double>(columns.size())) / inflation);
  return slope;
}
}  // namespace stress
