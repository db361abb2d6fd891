/// The figures of `IngestStatistics` for GET /metrics.
#pragma once
#include "head-end/api/metrics.hpp"
#include "head-end/collect/ingest_statistics.hpp"

namespace headend {
void tell_metrics(const IngestStatistics& statistics, MetricSink& sink);
}  // namespace headend
