/// Measures of a customer's series: what invented, cut or displaced reports look like beside lived ones.
///
/// Each takes a customer of an area, gaps filled, and gives one finite number; which side is suspicious is
/// told with it. Sources: low variation and shape outliers catch the attacks that loss correlation cannot (K.
/// Zheng et al., IEEE Trans. Industrial Informatics 15(3) 2019); cumulative sums for a change point: E. Page,
/// Biometrika 41, 1954. Unit: as told. Range: any series; an empty one gives a harmless value. Errors: none.
/// Randomness: none. Time: none.
#pragma once
#include "head-end/loss/area_view.hpp"

namespace headend::loss::shape {
/// Median over days of standard deviation / mean within the day. Small: means told instead of readings.
double variation_within_days(const AreaView& area, std::size_t customer);
/// ln(99.5 % quantile / median). Small: nobody cooks. Zero or less without a median: 10.
double peak_to_median(const AreaView& area, std::size_t customer);
/// Correlation of neighbouring intervals, over the whole series. Small: each interval invented or cut by
/// itself.
double memory(const AreaView& area, std::size_t customer);
/// 2 % quantile, over all windows of six intervals, of standard deviation / mean. Every home has hours in
/// which nothing happens; large: there are none, because each interval was cut or invented by itself.
double restlessness(const AreaView& area, std::size_t customer);
/// (1 - memory) x 0.5 % quantile / median. Large: random numbers between two bounds.
double floor_to_median(const AreaView& area, std::size_t customer);
/// Share of intervals in runs of at least 3.5 h without any energy, on days that have some. Large: stopped
/// for hours.
double standstill_share(const AreaView& area, std::size_t customer);
/// Share of intervals without energy.
double zero_share(const AreaView& area, std::size_t customer);
/// Share of intervals within 1e-6 of the highest value. Large: capped, or constant.
double ceiling_share(const AreaView& area, std::size_t customer);
/// The largest fall of the daily share of the area's energy: max over days d of (mean before d - mean from d
/// on), over its standard error. Large: the meter began to slow down.
double fall(const AreaView& area, std::size_t customer);
/// The day at which that fall is largest, and the reports' share of what they were before.
struct ChangePoint {
  std::size_t day = 0;
  double score = 0;
  double share_left = 1;
};
ChangePoint change_point(const AreaView& area, std::size_t customer);
/// Correlation of the customer's mean day with the mean day of all others.
double likeness_to_area(const AreaView& area, std::size_t customer);
/// Skewness of the differences between neighbouring intervals: appliances start at once and fade.
double steepness(const AreaView& area, std::size_t customer);
/// ln(mean / mean of the area's customers), at least -7.
double level(const AreaView& area, std::size_t customer);
}  // namespace headend::loss::shape
