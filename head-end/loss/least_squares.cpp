// Weighted, robust least squares by Cholesky's method.
#include "head-end/loss/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"

namespace headend::loss {
namespace {
using Matrix = std::vector<double>;  // square, row by row

/// Four neighbours at once; the compiler makes of them what the processor has.
using Lanes = double __attribute__((vector_size(32), aligned(8), may_alias));
constexpr std::size_t lanes = 4, rows_at_once = 8, lines_at_once = 2;
inline Lanes& lanes_at(double* cell) { return *reinterpret_cast<Lanes*>(cell); }

/// Adds w x x' of eight rows to the lower triangle of `sum`; both have lines of `padded` cells, an even
/// number of lines of which the last may be one too many.
[[gnu::always_inline]] inline void add_rows(double* rows, const double* weight, std::size_t n,
                                            std::size_t padded, double* sum) {
  for (std::size_t i = 0; i < n; i += lines_at_once) {
    double upper[rows_at_once], lower[rows_at_once];
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      upper[r] = weight[r] * rows[r * padded + i];
      lower[r] = weight[r] * rows[r * padded + i + 1];
    }
    double* line = sum + i * padded;
    for (std::size_t j = 0; j <= i + 1; j += lanes) {
      Lanes of_upper = lanes_at(line + j), of_lower = lanes_at(line + padded + j);
      for (std::size_t r = 0; r < rows_at_once; ++r) {
        const Lanes cells = lanes_at(rows + r * padded + j);
        of_upper += upper[r] * cells;
        of_lower += lower[r] * cells;
      }
      lanes_at(line + j) = of_upper;
      lanes_at(line + padded + j) = of_lower;
    }
  }
}

using AddRows = void (*)(double*, const double*, std::size_t, std::size_t, double*);
void add_rows_plainly(double* rows, const double* weight, std::size_t n, std::size_t padded, double* sum) {
  add_rows(rows, weight, n, padded, sum);
}
#if defined(__x86_64__)
/// The same additions and multiplications in the same order, four at a time: the same bits.
[[gnu::target("avx2")]] void add_rows_widely(double* rows, const double* weight, std::size_t n,
                                             std::size_t padded, double* sum) {
  add_rows(rows, weight, n, padded, sum);
}
AddRows best_add_rows() { return __builtin_cpu_supports("avx2") ? add_rows_widely : add_rows_plainly; }
#else
AddRows best_add_rows() { return add_rows_plainly; }
#endif

/// In place: the lower triangle becomes L with L L' = A. False when a pivot is not positive.
bool decompose(Matrix& a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = a[j * n + j];
    for (std::size_t k = 0; k < j; ++k) pivot -= a[j * n + k] * a[j * n + k];
    if (!(pivot > 0)) return false;
    a[j * n + j] = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n; ++i) {
      double value = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) value -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = value / a[j * n + j];
    }
  }
  return true;
}

void substitute(const Matrix& lower, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= lower[i * n + k] * b[k];
    b[i] /= lower[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= lower[k * n + i] * b[k];
    b[i] /= lower[i * n + i];
  }
}

/// Columns that never move are held at zero by a unit on the diagonal.
std::vector<bool> steady_up(Matrix& normal, std::size_t n, double ridge) {
  std::vector<bool> is_empty(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    double& diagonal = normal[i * n + i];
    is_empty[i] = !(diagonal > 1e-18);
    diagonal = is_empty[i] ? 1.0 : diagonal * (1 + ridge);
  }
  return is_empty;
}

std::vector<double> residuals(const Table& x, const std::vector<double>& y, const std::vector<double>& b) {
  std::vector<double> left = y;
  for (std::size_t t = 0; t < x.rows(); ++t) {
    const double* row = x.row(t);
    double fitted = 0;
    for (std::size_t i = 0; i < x.width; ++i) fitted += b[i] * row[i];
    left[t] -= fitted;
  }
  return left;
}

/// sqrt of the diagonal of A^-1 (sum w^2 r^2 x x') A^-1.
std::vector<double> white_errors(const Matrix& lower, const Table& x, const std::vector<double>& weight,
                                 const std::vector<double>& residual) {
  const std::size_t n = x.width;
  std::vector<double> spread(weight.size());
  for (std::size_t t = 0; t < spread.size(); ++t)
    spread[t] = weight[t] * weight[t] * residual[t] * residual[t];
  const Matrix middle = weighted_square(x, spread);
  std::vector<double> errors(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> column(n, 0.0);
    column[i] = 1;
    substitute(lower, column);
    double variance = 0;
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        variance += column[a] * column[b] * (a >= b ? middle[a * n + b] : middle[b * n + a]);
    errors[i] = std::sqrt(std::max(variance, 0.0));
  }
  return errors;
}
}  // namespace

double median_magnitude(std::vector<double> values) {
  if (values.empty()) return 0;
  for (auto& value : values) value = std::fabs(value);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> weighted_square(const Table& x, const std::vector<double>& weight) {
  METERTWIN_CHECK(x.rows() == weight.size() || x.width == 0, x.rows(), weight.size());
  const std::size_t n = x.width, padded = (n + lanes) / lanes * lanes;
  const AddRows add_some = best_add_rows();
  std::vector<double> sum((n + 1) * padded, 0.0), rows(rows_at_once * padded, 0.0), some(rows_at_once, 0.0);
  for (std::size_t t = 0; t < x.rows(); t += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, x.rows() - t);
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      some[r] = r < count ? weight[t + r] : 0;
      if (r < count) std::copy_n(x.row(t + r), n, rows.data() + r * padded);
    }
    add_some(rows.data(), some.data(), n, padded, sum.data());
  }
  std::vector<double> square(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) std::copy_n(sum.data() + i * padded, i + 1, square.data() + i * n);
  return square;
}

bool solve_positive_definite(std::vector<double>& a, std::vector<double>& b) {
  METERTWIN_CHECK(a.size() == b.size() * b.size(), a.size(), b.size());
  if (!decompose(a, b.size())) return false;
  substitute(a, b);
  return true;
}

LinearFit fit_least_squares(const Table& x, const std::vector<double>& y,
                            const LeastSquaresSettings& settings) {
  METERTWIN_CHECK(x.rows() == y.size() || x.width == 0, x.rows(), y.size());
  const std::size_t n = x.width;
  LinearFit fit;
  fit.coefficient.assign(n, 0.0);
  fit.standard_error.assign(n, std::numeric_limits<double>::infinity());
  fit.residual = y;
  if (x.rows() <= n) return fit;  // fewer equations than unknowns: nothing can be said
  std::vector<double> weight(y.size(), 1.0);
  for (int round = 0;; ++round) {
    Matrix normal = weighted_square(x, weight);
    const auto is_empty = steady_up(normal, n, settings.ridge);
    std::vector<double> right(n, 0.0);
    for (std::size_t t = 0; t < y.size(); ++t)
      for (std::size_t i = 0; i < n; ++i) right[i] += weight[t] * y[t] * x.row(t)[i];
    if (!decompose(normal, n)) return fit;
    substitute(normal, right);
    fit.coefficient = right;
    fit.residual = residuals(x, y, right);
    fit.scale = 1.4826 * median_magnitude(fit.residual);
    if (round == settings.reweightings || !(fit.scale > 0)) {
      fit.standard_error = white_errors(normal, x, weight, fit.residual);
      for (std::size_t i = 0; i < n; ++i)
        if (is_empty[i]) fit.standard_error[i] = std::numeric_limits<double>::infinity();
      return fit;
    }
    for (std::size_t t = 0; t < y.size(); ++t) {
      const double z = fit.residual[t] / fit.scale;
      weight[t] = 1 / (1 + z * z / settings.student_degrees);
    }
  }
}
}  // namespace headend::loss
