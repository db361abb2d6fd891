// How far two error counts may lie apart by chance: the z-tests of the physical layer.
#pragma once
#include "models/line/carrier/error_curve.hpp"

namespace carrier_test {
/// (errors - bits p) over its standard deviation; bursts widen it by the curve's own clustering.
double z_against(const model::carrier::CurvePoint& point, double probability);
/// Two-sample z of error ratios, `errors` of `bits` being somebody else's with the same clustering.
double z_between(const model::carrier::CurvePoint& point, double errors, double bits);
}  // namespace carrier_test
