/// Work orders by kind, for GET /metrics.
#pragma once
#include "head-end/api/metrics.hpp"
#include "head-end/store/inspection_book.hpp"

namespace headend {
void tell_metrics(const InspectionBook& inspections, MetricSink& sink);
}  // namespace headend
