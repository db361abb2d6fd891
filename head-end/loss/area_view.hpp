/// An area made ready for detectors: what was not read is filled in or left out, and the loss is worked out
/// once.
///
///     loss(t) = supplied(t) - sum_i reported_i(t) - modelled technical loss(t)
/// A customer's missing interval is filled with his mean at that time of day; an interval where more than a
/// tenth of the customers or the transformer's meter are missing takes no part in the balance. "Centred"
/// series have their mean at each time of day taken off, so that habits which everybody shares (an evening
/// peak) explain nothing. Without a network model the technical loss goes along with the supply squared
/// (I2R); the square is then a column of the regression. Unit: kWh. Range: at least one customer. Errors:
/// std::invalid_argument when the lengths of series differ. Randomness: none. Time: intervals only.
#pragma once
#include <vector>

#include "head-end/loss/area_readings.hpp"
#include "head-end/loss/least_squares.hpp"

namespace headend::loss {
/// Quantiles of one customer's reports.
struct Levels {
  double lowest_kWh = 0, median_kWh = 0, large_kWh = 0, peak_kWh = 0;  ///< 0.5, 50, 75, 99.5 %
};

class AreaView {
 public:
  explicit AreaView(const AreaReadings& readings);

  const AreaReadings& readings() const { return readings_; }
  std::size_t customers() const { return reported_.size(); }
  std::size_t intervals() const { return readings_.supplied_kWh.size(); }
  std::size_t slot_of(std::size_t interval) const {
    return interval % static_cast<std::size_t>(readings_.intervals_per_day);
  }
  /// Reported by a customer in every interval, gaps filled.
  const std::vector<double>& reported(std::size_t customer) const { return reported_[customer]; }
  double mean_kWh(std::size_t customer) const { return mean_[customer]; }
  /// Reported on each whole day, by one customer and by all.
  const std::vector<double>& daily_kWh(std::size_t customer) const { return daily_[customer]; }
  const std::vector<double>& daily_total_kWh() const { return daily_total_; }
  /// Sum over days at each time of day in units of the customer's mean; all zero without a mean.
  const std::vector<double>& usual_day(std::size_t customer) const { return usual_day_[customer]; }
  const std::vector<double>& usual_day_of_all() const { return usual_day_of_all_; }
  double missing_share(std::size_t customer) const { return missing_[customer]; }

  const Levels& levels(std::size_t customer) const { return levels_[customer]; }

  /// The intervals that take part in the balance, and the loss in each of them.
  const std::vector<std::size_t>& usable() const { return usable_; }
  const std::vector<double>& loss_kWh() const { return loss_; }
  const std::vector<double>& centred_loss() const { return centred_loss_; }
  /// Any series of all intervals, cut down to the usable ones and centred.
  std::vector<double> centred(const std::vector<double>& series) const;
  /// Pearson's correlation of a series of all intervals, centred, with the centred loss: `correlation` of
  /// both in one pass, because a centred loss adds up to nothing at each time of day.
  double correlation_with_loss(const std::vector<double>& series) const;
  /// Without the mean of each time of day, over usable intervals.
  void centre(std::vector<double>& usable_series) const;

  /// Centred loss against all customers' centred reports at once: coefficient i is unmetered / reported
  /// energy.
  const LinearFit& regression() const { return regression_; }
  /// The same question with nobody giving energy back (nonnegative.hpp), under its two hypotheses.
  const std::vector<double>& share() const { return share_; }
  const std::vector<double>& share_anew() const { return share_anew_; }

 private:
  void fill();
  void sum_days();
  void balance();
  void regress();
  AreaReadings readings_;
  std::vector<std::vector<double>> reported_, daily_, usual_day_;
  std::vector<Levels> levels_;
  std::vector<double> share_, share_anew_;
  std::vector<double> mean_, missing_, daily_total_, usual_day_of_all_;
  std::vector<std::size_t> usable_, usable_slot_, slot_count_;
  double centred_loss_square_ = 0;
  std::vector<double> loss_, centred_loss_;
  LinearFit regression_;
};

/// Pearson's correlation of two series of one length; 0 where one of them does not move.
double correlation(const std::vector<double>& x, const std::vector<double>& y);
/// The q-quantile, 0 <= q <= 1, of the values (the lower of two neighbours); 0 of nothing.
double quantile(std::vector<double> values, double q);
}  // namespace headend::loss
