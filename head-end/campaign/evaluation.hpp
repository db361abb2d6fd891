/// How much a campaign has saved, from readings alone, and how sure that is.
///
/// What there would have been without it (the baseline, CBL) is taken from like days: workdays for a workday,
/// days of rest for a day of rest, without days of other campaigns.
///     baseline(q) = f x mean over the `highest` like days of E(day, q)        q: quarter hours of the window
///     f = A(today) / mean of the same days' A(day), within 0.5 .. 2;  1 where not adjusted
///     A: energy of the two hours that end an hour before the window (nobody prepares for it so early)
///     reduction = sum over q of baseline(q) - E(today, q)
/// "Mean of 10, adjusted" is the usual rule (NAESB Business Practice for measurement and verification of
/// demand response, 2010; California ISO, 10-in-10 with a same-day adjustment); "high 5 of 10" is highest 5
/// of 10, which is biased upwards on purpose.
/// Uncertainty (95 %): each like day is foretold by the same method from the other ones; the root mean square
/// of these errors holds scatter and bias alike,
///     U = sqrt( (t(0.975, n - 1) x rms)^2 + (2 x resolution)^2 + (class x reduction)^2 )
/// with a resolution of 0.01 kWh per register difference (rectangular: 10 Wh / sqrt(6) each, N meters, today
/// and the baseline's mean) and the meters' class as a bound common to all. The peak is that of the mean
/// power of a quarter hour. Unit: Wh, W. Range: n >= 2 like days. Errors: nothing with fewer, or without a
/// customer. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace headend {
/// One day's energies of all counted customers together.
struct CampaignDay {
  std::vector<double> window_Wh;  ///< by quarter hour
  double before_Wh = 0;           ///< A
};

struct CampaignMethod {
  int highest = 10;
  bool is_adjusted = true;
  double accuracy_class = 2;  ///< per cent
  std::size_t customers = 0;
};

struct CampaignResult {
  std::int64_t baseline_Wh = 0, drawn_Wh = 0, reduction_Wh = 0;
  std::int64_t uncertainty_Wh = 0;  ///< of the reduction, 95 %
  std::int64_t baseline_peak_W = 0, drawn_peak_W = 0;
  std::int64_t like_days = 0;
  std::int64_t customers = 0;  ///< whose readings were all there
  std::int64_t left_out = 0;   ///< the others
};

/// What the like days foretell for a day with that A, by quarter hour. Range: at least one like day, all of
/// one length.
std::vector<double> foretold_Wh(const std::vector<CampaignDay>& like_days, double before_Wh,
                                const CampaignMethod& method);
/// The quantile of Student's t for a two-sided 95 % (table; above 30 degrees of freedom 2.042, a bound).
double student_95(std::size_t degrees);
std::optional<CampaignResult> evaluate(const CampaignDay& today, const std::vector<CampaignDay>& like_days,
                                       const CampaignMethod& method);
}  // namespace headend
