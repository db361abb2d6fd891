/// The field as a monitoring system sees it: who is lost, how questions end.
#pragma once
#include "head-end/api/metrics.hpp"
#include "head-end/collect/desk.hpp"

namespace headend {
/// Sums over all collectors and lines; single ones are told by GET /lines and GET /lost.
void tell_field_metrics(const Desk& desk, MetricSink& sink);
}  // namespace headend
