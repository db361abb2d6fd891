/// Which few customers' reports, each times something not negative, add up to the area's loss?
///
/// Minimises sum over blocks of w (L - k S2 - sum_i theta_i R_i)^2 with theta, k >= 0, where L, S2, R_i are
/// the sums of loss, supply squared and reports over blocks of some hours: theft that is shared out anew in
/// each interval averages out within a block, while habits do not. Not centred: how the day's hours differ is
/// evidence too. Weights fall with the loss fitted, as the spread of such theft does. Solved by coordinate
/// descent on the normal equations (J. Friedman, T. Hastie, R. Tibshirani, J. Statistical Software 33(1),
/// 2010); the constraint itself picks few customers (Lawson, Hanson, "Solving Least Squares Problems", 1974).
/// Unit: theta is unmetered / reported energy. Range: any area. Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstdint>

#include "head-end/loss/area_view.hpp"

namespace headend::loss {
/// What a thief's reports r(t) tell about what he drew, e(t).
enum class Hypothesis : std::uint8_t {
  same_share,  ///< e - r goes with r: a fixed share, or one whose mean over a block is steady
  /// r = g(t) e with g drawn anew in each interval: e - r goes with the reports around t, weighted 1 2 3 2 1,
  /// because e changes slowly and g does not; one report by itself is large when g is, where little is
  /// missing.
  share_anew,
};

/// Theta by customer. Where it is zero, the (negative) step that the constraint forbade is given instead, so
/// that no two customers tie.
std::vector<double> fit_nonnegative(const AreaView& area, std::size_t intervals_of_block,
                                    Hypothesis hypothesis = Hypothesis::same_share);
/// Mean over blocks of one to four hours: what is spurious changes with the length of the blocks.
std::vector<double> mean_nonnegative(const AreaView& area);
/// Single intervals under the other hypothesis.
std::vector<double> nonnegative_anew(const AreaView& area);
}  // namespace headend::loss
