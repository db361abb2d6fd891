// Work orders by kind and state.
#include "head-end/api/work_order_metrics.hpp"

namespace headend {
void tell_metrics(const InspectionBook& inspections, MetricSink& sink) {
  std::array<std::uint64_t, work_order_words.size()> open{}, closed{};
  for (const auto& [id, order] : inspections.orders())
    ++(order.closed_at ? closed : open)[static_cast<std::size_t>(order.kind)];
  auto now_open = sink.gauge("metertwin_work_orders_open", "Work orders that wait for somebody to look.");
  for (std::size_t kind = 0; kind < open.size(); ++kind)
    now_open.add({{"kind", work_order_words[kind]}}, open[kind]);
  auto all_closed = sink.counter("metertwin_work_orders_closed_total", "Work orders with a finding.");
  for (std::size_t kind = 0; kind < closed.size(); ++kind)
    all_closed.add({{"kind", work_order_words[kind]}}, closed[kind]);
}
}  // namespace headend
