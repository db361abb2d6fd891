/// The simplest thief: on the day on which the area began to miss energy, one customer reported so much less.
///
///     fall_i = m_i - e_i,   z_i = (fall_i - excess) / sqrt(s_i^2 (1 + 1/n) + u^2)
/// m_i and s_i are mean and standard deviation of customer i's days that the watch found usual (the same n
/// that the area was compared with), e_i his energy on the suspected day; excess = loss - usual loss of the
/// area, u its doubt. Named is the customer with |z_i| <= 2 whose fall is beyond two of his own deviations,
/// if he is the only one. Whoever takes evenly from the start is not found so, and two at once hide each
/// other. Unit: kWh. Range: five usual days at least. Errors, randomness: none. Time: whole local days.
#pragma once
#include <optional>
#include <vector>

#include "head-end/loss/daily_watch.hpp"

namespace headend::loss {
struct FallenCustomer {
  MeterId meter = 0;
  double reported_kWh = 0, usual_kWh = 0, deviation_kWh = 0;
};
/// `judged`: all days of the watch, in order, today's included or not.
std::optional<FallenCustomer> fallen_customer(const Books& books, const WatchedDay& today,
                                              const std::vector<WatchedDay>& judged);
}  // namespace headend::loss
