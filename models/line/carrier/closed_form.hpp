/// Bit-error probabilities that have a formula: the yardsticks of the physical layer, and the fast frame
/// model.
///
/// `g` is Eb/N0 per information bit as a ratio, not dB. Sources: Proakis, Digital Communications, 4th ed.,
/// sections 5.2 and 12.1; Middleton's sum for antipodal signals. Errors: none. Randomness: none. Time: none.
#pragma once
#include "models/line/carrier/noise_process.hpp"

namespace model::carrier {
double ratio_from_dB(double dB);
double dB_from_ratio(double ratio);

/// Upper tail of the standard normal distribution.
double gaussian_tail(double x);
/// Coherent BPSK, and QPSK with gray labels: Q(sqrt(2 g)).
double bpsk_error(double g);
/// e^-g / 2
double dbpsk_error(double g);
/// Four phases, differentially detected, gray labels: Marcum's Q1(a, b) - I0(ab) e^-(a^2+b^2)/2 / 2 with
/// a^2, b^2 = 2 g (1 -+ 1/sqrt 2).
double dqpsk_error(double g);
/// Two orthogonal tones, and on-off keying, coherent: Q(sqrt g).
double coherent_fsk_error(double g);
/// e^-g/2 / 2
double noncoherent_fsk_error(double g);
/// `copies` differentially detected BPSK symbols added before deciding, g over all of them (Proakis 12.1-13):
///     2^(1-2L) e^-g sum_n g^n / n! sum_{k <= L-1-n} C(2L-1, k)
double combined_dbpsk_error(double g, int copies);
/// BPSK in Middleton class A noise: sum_m e^-A A^m / m! Q(sqrt(2 g) / (sigma_m / sigma)).
double class_a_bpsk_error(double g, const NoiseSetup& noise);
/// Majority of `copies` (odd) decisions that are each wrong with probability p.
double majority_error(double p, int copies);
}  // namespace model::carrier
