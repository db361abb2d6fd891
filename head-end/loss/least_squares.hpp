/// Weighted, robust least squares on a tall table: which customers does a loss go along with?
///
/// Minimises sum w(t) (y(t) - sum_j b_j x_j(t))^2 + ridge sum_j b_j^2 |x_j|^2 by Cholesky's method on the
/// normal equations, and repeats it with weights w = 1 / (1 + (r/s)^2 / nu) of Student's t (s from the median
/// of |r|), so that a few wild intervals do not decide (Lange, Little, Taylor, "Robust statistical modeling
/// using the t distribution", JASA 84, 1989). Standard errors are White's (HC0), honest when the noise grows
/// with the load. Unit: the caller's. Range: more rows than columns; columns that are all zero get
/// coefficient 0 and an infinite error. Errors: none. Randomness: none. Time: none. Sums go row by row in one
/// order: the same bits everywhere.
#pragma once
#include <cstddef>
#include <vector>

namespace headend::loss {
/// Rows of equal width, one after the other.
struct Table {
  std::size_t width = 0;
  std::vector<double> cells;
  std::size_t rows() const { return width == 0 ? 0 : cells.size() / width; }
  const double* row(std::size_t index) const { return cells.data() + index * width; }
  double* row(std::size_t index) { return cells.data() + index * width; }
};

struct LeastSquaresSettings {
  double ridge = 1e-9;         ///< relative to each column's own square
  int reweightings = 3;        ///< 0: plain least squares
  double student_degrees = 4;  ///< nu
};

struct LinearFit {
  std::vector<double> coefficient, standard_error;
  std::vector<double> residual;  ///< by row
  double scale = 0;              ///< s of the last round
};

LinearFit fit_least_squares(const Table& x, const std::vector<double>& y,
                            const LeastSquaresSettings& settings = {});

/// Sum over rows of w x x', lower triangle only, row by row: where nearly all of the time goes. Eight rows
/// and four columns at a time; each element is still summed in the order of the rows.
std::vector<double> weighted_square(const Table& x, const std::vector<double>& weight);
/// Solves A z = b in place for a symmetric positive definite A (row by row, `size` squared); false when it is
/// not.
bool solve_positive_definite(std::vector<double>& a, std::vector<double>& b);
/// Median of |value|; 0 of nothing.
double median_magnitude(std::vector<double> values);
}  // namespace headend::loss
