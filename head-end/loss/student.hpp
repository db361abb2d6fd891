/// The upper tail of Student's t: how often chance alone goes so far.
///
///     P(T > t) = (1 - A) / 2,  A = s (1 + c/2 + 1 3/(2 4) c^2 + ... ),  s = t / sqrt(nu + t^2),  c = nu /
///     (nu + t^2)
/// with nu / 2 terms: the closed form for an even number of degrees of freedom (M. Abramowitz, I. Stegun,
/// "Handbook of Mathematical Functions", 26.7.4). An odd number is taken as the even one below it, which says
/// a little more than the truth and never less. Unit: none. Range: degrees >= 2, else 1; any t. Errors: none;
/// below 1e-15 it says 1e-15. Randomness: none. Time: none.
#pragma once

namespace headend::loss {
double student_upper_tail(double t, int degrees);
}  // namespace headend::loss
