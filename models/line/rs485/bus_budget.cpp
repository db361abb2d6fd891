#include "models/line/rs485/bus_budget.hpp"

#include <cstdio>

#include "core/check.hpp"

namespace model {
namespace {
double seconds(core::Duration span) { return static_cast<double>(span.count()) / 1e9; }

core::Duration exchange(const BusBudgetPlan& plan, core::Duration turnaround) {
  return plan.protocol == BusBudgetPlan::Protocol::modbus
             ? plan.serial.modbus_exchange(plan.request_bytes, plan.answer_bytes, turnaround)
             : plan.serial.exchange(plan.request_bytes, plan.answer_bytes, turnaround);
}
}  // namespace

BusBudget bus_budget(const BusBudgetPlan& plan, int dead) {
  METERTWIN_CHECK(dead >= 0 && dead <= plan.meters, dead, plan.meters);
  BusBudget budget;
  budget.dead = dead;
  budget.exchange_min = exchange(plan, plan.turnaround_min);
  budget.exchange_max = exchange(plan, plan.turnaround_max);
  budget.dead_meter = plan.attempts * (plan.serial.characters(plan.request_bytes) + plan.patience);
  const int living = plan.meters - dead;
  budget.round_min = living * budget.exchange_min + dead * budget.dead_meter;
  budget.round_max = living * budget.exchange_max + dead * budget.dead_meter;
  budget.round_backed_off = living * budget.exchange_max + dead * budget.dead_meter / 8;
  budget.age_max = living > 0 ? budget.round_max + budget.exchange_max : core::Duration{};
  return budget;
}

std::string bus_budget_table(const BusBudgetPlan& plan, const std::vector<int>& dead, core::Duration fresh) {
  char line[200];
  std::snprintf(line, sizeof line, "%d meters, %d baud %s, %s, %.3f s patience x %d attempts\n", plan.meters,
                plan.serial.baud, to_string(plan.serial.format).c_str(),
                plan.protocol == BusBudgetPlan::Protocol::modbus ? "Modbus RTU" : "DL/T 645-2007",
                seconds(plan.patience), plan.attempts);
  std::string table = line;
  std::snprintf(line, sizeof line, "%5s %12s %12s %11s %11s %11s %12s %10s  %s\n", "dead", "exchange min",
                "exchange max", "dead meter", "round min", "round max", "backed off", "oldest", "fresh");
  table += line;
  for (const int count : dead) {
    const auto budget = bus_budget(plan, count);
    std::snprintf(line, sizeof line, "%5d %10.4f s %10.4f s %9.3f s %9.3f s %9.3f s %10.3f s %8.3f s  %s\n",
                  count, seconds(budget.exchange_min), seconds(budget.exchange_max),
                  seconds(budget.dead_meter), seconds(budget.round_min), seconds(budget.round_max),
                  seconds(budget.round_backed_off), seconds(budget.age_max),
                  budget.age_max <= fresh ? "yes" : "no");
    table += line;
  }
  return table;
}
}  // namespace model
