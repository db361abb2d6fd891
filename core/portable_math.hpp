/// exp, log, sine and the normal quantile from + - * / and sqrt alone.
///
/// IEEE 754 fixes those five operations, so these give the same bits on every machine and library, which libm
/// does not promise. Compiled with -ffp-contract=off. Relative error below 1e-13 over the stated ranges
/// (tests compare with libm).
#pragma once

namespace core::portable_math {
double exp(double x);        ///< |x| <= 700
double log(double x);        ///< x > 0, normal
double sin(double radians);  ///< |radians| <= 1e6
double cos(double radians);  ///< |radians| <= 1e6
/// Standard normal quantile (Wichura 1988, algorithm AS 241, PPND16), 0 < p < 1.
double normal_quantile(double p);
}  // namespace core::portable_math
