#include "stress/measure/sampler.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "stress/measure/columns.hpp"
#include "stress/measure/metrics_text.hpp"

namespace stress {
namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Source {
  const char* column;
  const char* metric;  ///< of the head-end's /metrics
};
constexpr std::array sources{Source{column::heap_B, "metertwin_heap_bytes"},
                             Source{column::readings_accepted, "metertwin_readings_accepted_total"},
                             Source{column::frames_confirmed, "metertwin_frames_confirmed_total"},
                             Source{column::frames_refused, "metertwin_frames_refused_total"},
                             Source{column::queue_B, "metertwin_ingest_queue_bytes"},
                             Source{column::commits, "metertwin_commits_total"},
                             Source{column::commit_seconds_sum, "metertwin_commit_seconds_sum"},
                             Source{column::commit_seconds_count, "metertwin_commit_seconds_count"},
                             Source{column::store_cache_B, "metertwin_store_cache_bytes"},
                             Source{column::connections, "metertwin_connections"},
                             Source{column::allocations, "metertwin_allocations_total"}};

using Buckets = std::vector<std::pair<double, double>>;

/// What was added since the row before; all of it if the server began anew.
Buckets since(const Buckets& now, const Buckets& before) {
  if (now.size() != before.size()) return now;
  Buckets added = now;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].first != before[i].first || now[i].second < before[i].second) return now;
    added[i].second -= before[i].second;
  }
  return added;
}
}  // namespace

Sampler::Sampler(std::string process, pid_t pid) : process_(pid) {
  table_.process = std::move(process);
  table_.columns = ProcessSampler::columns();
  for (const auto& source : sources) table_.columns.emplace_back(source.column);
  table_.columns.emplace_back(column::commit_seconds_p50);
  table_.columns.emplace_back(column::commit_seconds_p99);
}

void Sampler::take(Instant at, std::string_view metrics_text) {
  const auto metrics = parse_metrics(metrics_text);
  std::vector<double> values;
  for (const auto& source : sources) values.push_back(metric_total(metrics, source.metric).value_or(missing));
  auto buckets = metric_buckets(metrics, "metertwin_commit_seconds");
  const auto added = since(buckets, last_commit_buckets_);
  values.push_back(bucket_quantile(added, 0.5));
  values.push_back(bucket_quantile(added, 0.99));
  if (!buckets.empty()) last_commit_buckets_ = std::move(buckets);
  add_row(at, std::move(values));
  // The head-end's own figure was read together with its readings: a rate of the two is not blurred by the
  // time between two questions.
  if (const auto own = metric_total(metrics, "metertwin_processor_seconds_total")) {
    const auto at_column = std::find(table_.columns.begin(), table_.columns.end(), column::cpu_s);
    table_.rows.back().second[static_cast<std::size_t>(at_column - table_.columns.begin())] = *own;
  }
}

void Sampler::take_own(Instant at) {
  std::vector<double> values(sources.size() + 2, missing);
  values.front() = own_heap_B();
  add_row(at, std::move(values));
}

void Sampler::follow(pid_t pid) {
  process_ = ProcessSampler(pid);
  last_commit_buckets_.clear();
}

void Sampler::add_row(Instant at, std::vector<double> of_metrics) {
  auto row = process_.sample();
  row.insert(row.end(), of_metrics.begin(), of_metrics.end());
  table_.rows.emplace_back(at, std::move(row));
}
}  // namespace stress
