/// The figures of the talk and of the HTTP API itself for GET /metrics.
#pragma once
#include "head-end/api/http_statistics.hpp"
#include "head-end/api/metrics.hpp"
#include "head-end/collect/talk_statistics.hpp"

namespace headend {
void tell_metrics(const TalkStatistics& talk, MetricSink& sink);
void tell_metrics(const HttpStatistics& http, MetricSink& sink);
}  // namespace headend
