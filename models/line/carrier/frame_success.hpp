/// How likely a frame survives, from its signal-to-noise ratio: the bit-level chain condensed to a table.
///
/// A frame of n information bits survives with probability e^(-h n); the hazard h per bit depends on Es/N0
/// alone. Where there is a formula it is used: uncoded h = -ln(1 - p), block codes h = -ln P(at most t errors
/// in a word) / k, with p of closed_form.hpp. For convolutional codes, whose decoder errs in bursts, h is the
/// rate of bursts, calibrated by error_curve.hpp with frames of 32 bytes (tests/models/line/carrier runs it
/// again and compares).
/// Two averages keep a frame's cost at a look-up: over the mains cycle (a frame lasts many half waves) and,
/// by the caller, over the part of a frame that a burst covers (hazards add). Unit: dB, per bit. Range:
/// -20..60 dB, held at the ends. Errors: none. Randomness: none. Time: none.
#pragma once
#include <vector>

#include "models/line/carrier/code.hpp"
#include "models/line/carrier/modem.hpp"

namespace model::carrier {
/// Chance that a coded bit is decided wrongly by itself, at `es_n0` (ratio) a symbol.
double channel_bit_error(Modulation modulation, double es_n0);
/// h at `es_n0_dB` in steady noise. Codes: none, rep3, rep5, the block codes, conv-k7 (hard; soft only on
/// ofdm-robust).
double frame_hazard(Modulation modulation, CodeName code, Decision decision, double es_n0_dB);

/// Strength of noise over one mains half wave, mean 1: Katayama, Yamazato, Okada, "A mathematical model of
/// noise in narrowband power line communication systems", IEEE J. Sel. Areas Commun. 24(7), 2006:
///     sigma^2(t) = sum_l A_l |sin(2 pi t / T + theta_l)|^n_l,
/// A = 0.230, 1.38, 7.17; n = 0, 1.91, 157000; theta = -, -6, -35 degrees; here divided by its mean.
/// `phase` in mains periods. The third term is an impulse of some 10 us per half wave.
double mains_noise_power(double phase);

class FrameSuccess {
 public:
  /// `symbol_s` is how long a symbol lasts and so averages over the mains cycle; 0 = noise that is steady.
  FrameSuccess(Modulation modulation, CodeName code, Decision decision, double symbol_s);

  /// Hazard per information bit.
  double hazard(double es_n0_dB) const;
  /// e^(-h n)
  double chance(double es_n0_dB, double bits) const;

 private:
  std::vector<double> hazards_;
};
}  // namespace model::carrier
