// Detectors that ask whose reports the area's loss goes along with.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "head-end/loss/detector.hpp"
#include "head-end/loss/signatures.hpp"

namespace headend::loss {
namespace {
/// A coefficient this small is a meter within its class, whatever its standard error says.
constexpr double coefficient_floor = 0.03;

/// How far a customer stands out from the others of the same area, in their own spread: in an area where the
/// loss is understood a little means much, in one where it is not everybody looks suspicious. The floor keeps
/// an area of equals from finding outliers among rounding errors.
std::vector<double> beside_neighbours(std::vector<double> scores, double floor) {
  const double middle = quantile(scores, 0.5);
  for (auto& score : scores) score -= middle;
  const double spread = std::max(1.4826 * median_magnitude(scores), floor);
  for (auto& score : scores) score /= spread;
  return scores;
}
constexpr double floor_of_z = 0.3, floor_of_share = 0.02, floor_of_correlation = 0.02,
                 floor_of_envelope = 0.05;

double score_of(const LinearFit& fit, std::size_t customer, double sign) {
  const double error = fit.standard_error[customer];
  if (!(error < 1e9)) return 0;
  return sign * fit.coefficient[customer] / std::sqrt(error * error + coefficient_floor * coefficient_floor);
}

/// theta_i > 0: whenever this meter turns, more is missing.
class LossRegression final : public Detector {
 public:
  std::string_view name() const override { return "loss-regression"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = score_of(area.regression(), i, +1);
    return beside_neighbours(std::move(result), floor_of_z);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const auto& fit = area.regression();
    return fmt::format("for each kWh this meter reports, {:.2f} kWh (+-{:.2f}) go missing in the area",
                       fit.coefficient[customer], fit.standard_error[customer]);
  }
};

/// theta_i < 0: what this meter reports was not drawn when it says so. Invented or displaced series do that.
class CounterRegression final : public Detector {
 public:
  std::string_view name() const override { return "counter-regression"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = score_of(area.regression(), i, -1);
    return beside_neighbours(std::move(result), floor_of_z);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const auto& fit = area.regression();
    return fmt::format(
        "of each kWh this meter reports, {:.2f} kWh (+-{:.2f}) did not leave the transformer at that time",
        -fit.coefficient[customer], fit.standard_error[customer]);
  }
};

/// The same question asked of blocks of hours, with nobody giving energy back.
class LossShare final : public Detector {
 public:
  std::string_view name() const override { return "loss-share"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    return beside_neighbours(area.share(), floor_of_share);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const double share = std::max(0.0, area.share()[customer]);
    return fmt::format("the area's loss is best put together with {:.2f} kWh{} for each kWh of this customer",
                       share, share > 1.99 ? " or more" : "");
  }
};

/// And asked of single intervals, whose neighbours tell what was drawn where each is cut anew
/// (area_view.hpp); the mean of both: what is spurious in one is rarely so in the other.
class BothShares final : public Detector {
 public:
  std::string_view name() const override { return "loss-both-shares"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    return beside_neighbours(both(area), floor_of_share);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    return fmt::format("taken by hours and by intervals alike, {:.2f} kWh of loss go with each kWh reported",
                       std::max(0.0, both(area)[customer]));
  }

 private:
  static std::vector<double> both(const AreaView& area) {
    std::vector<double> sum = area.share();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = (sum[i] + area.share_anew()[i]) / 2;
    return sum;
  }
};

/// The classic: do reports and loss move together?
class LossCorrelation final : public Detector {
 public:
  std::string_view name() const override { return "loss-correlation"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = area.correlation_with_loss(area.reported(i));
    return beside_neighbours(std::move(result), floor_of_correlation);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const double r = area.correlation_with_loss(area.reported(customer));
    return fmt::format("reports and the area's loss move together (correlation {:.2f})", r);
  }
};

/// Who reports a part g <= 0.8 of what he draws leaves a loss of at least (1 - g) / g of each report behind;
/// an honest customer's large reports fall on intervals of little loss sooner or later. Compared with the
/// same customer's reports of other days, so that small customers and lossy hours prove nothing.
class LossEnvelope final : public Detector {
 public:
  std::string_view name() const override { return "loss-envelope"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    const auto excess = excess_by_interval(area);
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = score(area, i, excess);
    return beside_neighbours(std::move(result), floor_of_envelope);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const double least = ratio(area, large_reports(area, customer), excess_by_interval(area), 0);
    return fmt::format("at nearly all of its larger reports at least {:.2f} kWh are missing per kWh reported",
                       std::max(0.0, least));
  }

 private:
  static constexpr std::array<int, 6> shifts_days{1, 2, 3, 7, -1, -2};
  struct LargeReport {
    std::size_t interval = 0;
    double energy_kWh = 0;
  };

  /// The loss over its 2 % quantile, in every interval; `not_read` where it is not known.
  static std::vector<double> excess_by_interval(const AreaView& area) {
    const double base = quantile(area.loss_kWh(), 0.02);
    std::vector<double> excess(area.intervals(), not_read);
    for (std::size_t k = 0; k < area.usable().size(); ++k)
      excess[area.usable()[k]] = area.loss_kWh()[k] - base;
    return excess;
  }
  /// The upper quarter of the customer's reports.
  static std::vector<LargeReport> large_reports(const AreaView& area, std::size_t customer) {
    const auto& reported = area.reported(customer);
    const double large = area.levels(customer).large_kWh;
    std::vector<LargeReport> reports;
    if (!(large > 0)) return reports;
    for (std::size_t t = 0; t < reported.size(); ++t)
      if (reported[t] >= large) reports.push_back({t, reported[t]});
    return reports;
  }
  /// 3 % quantile of loss / report, the reports moved `shift` days.
  static double ratio(const AreaView& area, const std::vector<LargeReport>& reports,
                      const std::vector<double>& excess, int shift) {
    const auto length = static_cast<std::ptrdiff_t>(excess.size());
    if (length == 0) return 0;
    const std::ptrdiff_t by = shift * area.readings().intervals_per_day % length;
    std::vector<double> ratios;
    for (const LargeReport& report : reports) {
      std::ptrdiff_t other = static_cast<std::ptrdiff_t>(report.interval) - by;
      if (other < 0) other += length;
      if (other >= length) other -= length;
      const double loss = excess[static_cast<std::size_t>(other)];
      if (is_read(loss)) ratios.push_back(loss / report.energy_kWh);
    }
    return quantile(std::move(ratios), 0.03);
  }
  static double score(const AreaView& area, std::size_t customer, const std::vector<double>& excess) {
    const auto reports = large_reports(area, customer);
    double elsewhere = 0;
    for (const int shift : shifts_days) elsewhere += std::max(0.0, ratio(area, reports, excess, shift));
    elsewhere /= static_cast<double>(shifts_days.size());
    return std::log((std::max(0.0, ratio(area, reports, excess, 0)) + 0.02) / (elsewhere + 0.02));
  }
};

/// Does the loss have the form it would have if this customer's reports were a known distortion of what he
/// drew?
class Timing final : public Detector {
 public:
  explicit Timing(Signature signature)
      : signature_(signature), name_("timing-" + std::string(name_of(signature))) {}
  std::string_view name() const override { return name_; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = fit(area, i);
    return beside_neighbours(std::move(result), floor_of_correlation);
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    return fmt::format("the area's loss has the form left behind by {} (correlation {:.2f})",
                       meaning_of(signature_), fit(area, customer));
  }

 private:
  static constexpr double impossible = -1;
  double fit(const AreaView& area, std::size_t customer) const {
    double best = impossible;
    for (const auto& expected : expected_losses(signature_, area, customer))
      best = std::max(best, area.correlation_with_loss(expected));
    return best;
  }
  Signature signature_;
  std::string name_;
};
}  // namespace

void add_balance_detectors(Detectors& detectors) {
  detectors.push_back(std::make_unique<LossRegression>());
  detectors.push_back(std::make_unique<CounterRegression>());
  detectors.push_back(std::make_unique<LossShare>());
  detectors.push_back(std::make_unique<BothShares>());
  detectors.push_back(std::make_unique<LossCorrelation>());
  detectors.push_back(std::make_unique<LossEnvelope>());
  for (const Signature signature : every_signature())
    detectors.push_back(std::make_unique<Timing>(signature));
}
}  // namespace headend::loss
