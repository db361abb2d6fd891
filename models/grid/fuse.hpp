/// A low-voltage fuse-link of class gG, and how near to melting it is.
///
/// The time-current curve runs through the middle of what the standard allows, at four currents:
///     never          at the conventional non-fusing current Inf and below      (1.25 In from 16 A on)
///     t_c            at sqrt(Inf If), If the conventional fusing current       (1.6 In from 16 A on)
///     sqrt(50) s     at sqrt(I_min(10 s) I_max(5 s)),   0.1 s  at sqrt(I_min(0.1 s) I_max(0.1 s))
/// with straight lines between them on logarithmic paper, I2t constant beyond the last, and below the second
///     t = t_c (Inf If - Inf^2) / (I^2 - Inf^2).
/// Conventional times and currents: IEC 60269-1:2006, table 2 (1 h up to 63 A, 2 h to 160 A, 3 h to 400 A,
/// 4 h above); gates: table 3, which begins at 16 A. A rated current between two of the table's has the
/// multiples of the lower one, one below 16 A those of 16 A.
/// Under a changing current it uses up its life by the share dt / t(I), and gets it back evenly in t_c where
/// the current stays at or below Inf: a rule of proportion, not of the standard.
/// Unit: A, s. Range: rated 2 .. 1250 A. Errors: none. Randomness: none. Time: as told.
#pragma once

namespace model::grid {
inline constexpr double fuse_least_A = 2, fuse_most_A = 1250;

struct FuseCurve {
  double rated_A = 0, non_fusing_A = 0;
  double conventional_A = 0, conventional_s = 0;
  double slow_A = 0;  ///< melts it in sqrt(50) s
  double fast_A = 0;  ///< melts it in 0.1 s
};
FuseCurve fuse_curve(double rated_A);
/// From cold, at a constant current; infinite at and below the non-fusing current.
double melting_time_s(const FuseCurve& curve, double current_A);

/// One fuse-link on one phase.
class FuseLink {
 public:
  explicit FuseLink(const FuseCurve& curve) : curve_(curve) {}
  /// How long it still holds at this current; infinite if for ever.
  double holds_s(double current_A) const;
  /// The current has flowed for `span_s`. True: it has melted.
  bool carry(double current_A, double span_s);
  void replace() { used_ = 0; }
  double used() const { return used_; }

 private:
  FuseCurve curve_;
  double used_ = 0;  ///< share of its life, 0 .. 1
};
}  // namespace model::grid
