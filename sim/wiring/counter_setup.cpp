#include <algorithm>

#include "scenarios/roster.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
namespace {
/// Contracts are signed just after the estate opens, one after the other; the head-end is up by then.
constexpr core::Duration opening_payments_after = std::chrono::seconds(30);
constexpr core::Duration between_opening_payments = std::chrono::milliseconds(200);

model::CustomerHabit habit_of(const scenario::PayingHabit& pays) {
  using From = scenario::PayingHabit::When;
  using To = model::CustomerHabit::When;
  const auto when = pays.when == From::warned       ? To::warned
                    : pays.when == From::in_arrears ? To::in_arrears
                    : pays.when == From::cut_off    ? To::cut_off
                                                    : To::never;
  return {.when = when, .after_min = pays.after_min, .after_max = pays.after_max, .amount = pays.amount};
}
}  // namespace

model::CounterSetup counter_setup(const scenario::Scenario& scenario) {
  model::CounterSetup counter;
  counter.seed = scenario.seed;
  counter.starts = scenario.starts;
  auto opening = scenario.starts + opening_payments_after;
  const auto roster = scenario::roster(scenario);
  for (const auto& entry : roster) {
    const auto& group = scenario.areas[entry.area].meters[entry.group];
    counter.customers.push_back({.account = entry.account, .meter = entry.id, .habit = habit_of(group.pays)});
    if (group.payment != scenario::PaymentMode::postpaid && group.opening_balance > core::Fen(0)) {
      counter.payments.push_back(
          {.at = opening, .account = entry.account, .amount = group.opening_balance, .times = 1});
      opening += between_opening_payments;
    }
  }
  for (const auto& payment : scenario.payments)
    counter.payments.push_back({.at = payment.at,
                                .account = roster[*scenario::find_meter(scenario, payment.meter) - 1].account,
                                .amount = payment.amount,
                                .times = payment.times});
  std::stable_sort(counter.payments.begin(), counter.payments.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return counter;
}

std::vector<OutageWindow> head_end_outages(const scenario::Scenario& scenario) {
  std::vector<OutageWindow> windows;
  for (const auto& fault : scenario.faults)
    if (fault.kind == "head-end-crash") windows.push_back({fault.from, fault.till});
  std::sort(windows.begin(), windows.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<OutageWindow> joined;
  for (const auto& window : windows) {
    if (!joined.empty() && window.from <= joined.back().till)
      joined.back().till = std::max(joined.back().till, window.till);
    else
      joined.push_back(window);
  }
  return joined;
}
}  // namespace sim
