#include "stress/measure/metrics_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace stress {
namespace {
bool is_name_character(char c, bool is_first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         (!is_first && c >= '0' && c <= '9');
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string take_name(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_name_character(text[length], length == 0)) ++length;
  std::string name(text.substr(0, length));
  text.remove_prefix(length);
  return name;
}

/// `"..."` with \\, \" and \n; nothing if it never ends.
std::optional<std::string> take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      value += text[i] == 'n' ? '\n' : text[i];
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

bool take_labels(std::string_view& text, std::map<std::string, std::string>& labels) {
  if (!text.starts_with('{')) return true;
  text.remove_prefix(1);
  for (skip_blanks(text); !text.starts_with('}'); skip_blanks(text)) {
    const auto name = take_name(text);
    skip_blanks(text);
    if (name.empty() || !text.starts_with('=')) return false;
    text.remove_prefix(1);
    skip_blanks(text);
    auto value = take_quoted(text);
    if (!value) return false;
    labels[name] = std::move(*value);
    skip_blanks(text);
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  text.remove_prefix(1);
  return true;
}

std::optional<double> parse_number(std::string_view word) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (word == "+Inf" || word == "Inf") return infinity;
  if (word == "-Inf") return -infinity;
  if (word == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<Metric> parse_line(std::string_view line) {
  skip_blanks(line);
  Metric metric;
  metric.name = take_name(line);
  if (metric.name.empty()) return std::nullopt;
  skip_blanks(line);
  if (!take_labels(line, metric.labels)) return std::nullopt;
  skip_blanks(line);
  const auto value = parse_number(line.substr(0, line.find_first_of(" \t\r")));
  if (!value) return std::nullopt;
  metric.value = *value;
  return metric;
}
}  // namespace

std::vector<Metric> parse_metrics(std::string_view text) {
  std::vector<Metric> metrics;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto metric = parse_line(text.substr(0, end))) metrics.push_back(std::move(*metric));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return metrics;
}

std::optional<double> metric_total(const std::vector<Metric>& metrics, std::string_view name) {
  std::optional<double> total;
  for (const auto& metric : metrics)
    if (metric.name == name) total = total.value_or(0) + metric.value;
  return total;
}

std::vector<std::pair<double, double>> metric_buckets(const std::vector<Metric>& metrics,
                                                      std::string_view name) {
  std::map<double, double> by_bound;
  for (const auto& metric : metrics) {
    if (metric.name.size() != name.size() + 7 || !metric.name.starts_with(name) ||
        !metric.name.ends_with("_bucket"))
      continue;
    const auto bound = metric.labels.find("le");
    const auto limit = bound == metric.labels.end() ? std::nullopt : parse_number(bound->second);
    if (limit && !std::isnan(*limit)) by_bound[*limit] += metric.value;
  }
  return {by_bound.begin(), by_bound.end()};
}

double bucket_quantile(const std::vector<std::pair<double, double>>& cumulative, double share) {
  if (cumulative.empty() || !(cumulative.back().second > 0)) return std::numeric_limits<double>::quiet_NaN();
  const double rank = std::clamp(share, 0.0, 1.0) * cumulative.back().second;
  double bound_below = 0, count_below = 0;
  for (const auto& [bound, count] : cumulative) {
    if (count >= rank && count > count_below)
      return std::isfinite(bound)
                 ? bound_below + (bound - bound_below) * (rank - count_below) / (count - count_below)
                 : bound_below;
    bound_below = bound;
    count_below = std::max(count_below, count);
  }
  return bound_below;
}
}  // namespace stress
