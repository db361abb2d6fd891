// Student's t in closed form.
#include "head-end/loss/student.hpp"

#include <algorithm>
#include <cmath>

namespace headend::loss {
double student_upper_tail(double t, int degrees) {
  const int even = degrees - degrees % 2;
  if (even < 2) return 1;
  if (t < 0) return 1 - student_upper_tail(-t, degrees);
  const double nu = even, cosine_square = nu / (nu + t * t), sine = t / std::sqrt(nu + t * t);
  double term = 1, sum = 1;
  for (int k = 2; k <= even - 2; k += 2) {
    term *= cosine_square * (k - 1) / k;
    sum += term;
  }
  return std::max((1 - sine * sum) / 2, 1e-15);
}
}  // namespace headend::loss
