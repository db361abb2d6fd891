/// The text that a server shows at /metrics, read back: samples by name and labels.
///
/// Prometheus text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): one sample
/// a line, `name{label="value",...} number [timestamp]`; comments and whatever is not a sample are skipped.
/// Pure; garbage gives no samples, never an error. Randomness and time: none.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stress {
struct Metric {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

/// Every sample of the text, in its order. Numbers as strtod reads them, and "+Inf", "-Inf", "NaN".
std::vector<Metric> parse_metrics(std::string_view text);

/// The sum over all samples of that name (whatever their labels); nothing if there is none.
std::optional<double> metric_total(const std::vector<Metric>& metrics, std::string_view name);

/// Cumulative counts by upper bound of the histogram `name`, from its `name_bucket{le="..."}` samples,
/// rising, summed over other labels. The last bound is infinite.
std::vector<std::pair<double, double>> metric_buckets(const std::vector<Metric>& metrics,
                                                      std::string_view name);

/// The quantile of cumulative buckets, linear inside of the bucket (as histogram_quantile() of Prometheus);
/// in the infinite bucket its lower bound. Range: 0 <= share <= 1. NaN if nothing was counted.
double bucket_quantile(const std::vector<std::pair<double, double>>& cumulative, double share);
}  // namespace stress
