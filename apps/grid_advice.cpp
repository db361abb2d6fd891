#include "apps/grid_advice.hpp"

#include <fmt/format.h>

namespace app {
namespace {
using namespace model::grid;
constexpr int minutes_per_day = 1440;
constexpr double most_kW = 100;

std::vector<Power> powers_at(const Network& network, int minute) {
  std::vector<Power> powers;
  for (const auto& consumer : network.consumers) powers.push_back(power_at_minute(network, consumer, minute));
  return powers;
}

void require_solution(const Network& network, const std::vector<Power>& powers, int minute) {
  PowerFlow flow(network);
  for (std::size_t i = 0; i < powers.size(); ++i) flow.set_power(i, 0, powers[i]);
  const Solved solved = flow.solve();
  if (!solved.is_converged)
    throw model::BadFeederFile(
        fmt::format("{}: minute {}: {}", network.file, minute, trouble_of(network, solved)));
}

/// "at least 100.00" where nothing stops before.
std::string amount(double kW, const std::string& limit) {
  return fmt::format("{}{:.2f}", limit.empty() ? ">=" : "", kW);
}
}  // namespace

int busiest_minute(const Network& network) {
  int busiest = 1;
  double most_W = -1e300;
  for (int minute = 1; minute <= minutes_per_day; ++minute) {
    double sum_W = 0;
    for (const auto& power : powers_at(network, minute)) sum_W += power.power_W;
    if (sum_W <= most_W) continue;
    most_W = sum_W;
    busiest = minute;
  }
  return busiest;
}

void print_advice(const Network& network, int minute, const VoltageBand& band, bool is_csv) {
  const auto powers = powers_at(network, minute);
  require_solution(network, powers, minute);
  const auto found = headrooms(network, powers, {.band = band, .most_kW = most_kW});
  if (is_csv)
    fmt::print("consumer,minute,drawn_kW,drawn_limit,fed_kW,fed_limit\n");
  else
    fmt::print("more at each connection in minute {}, within {} to {} V\n{:<16} {:>10}  {:<32} {:>10}  {}\n",
               minute, band.low_V, band.high_V, "consumer", "drawn_kW", "stopped by", "fed_kW", "stopped by");
  for (const auto& one : found)
    if (is_csv)
      fmt::print("{},{},{:.2f},{},{:.2f},{}\n", one.consumer, minute, one.drawn_kW, one.drawn_limit,
                 one.fed_kW, one.fed_limit);
    else
      fmt::print("{:<16} {:>10}  {:<32} {:>10}  {}\n", one.consumer, amount(one.drawn_kW, one.drawn_limit),
                 one.drawn_limit, amount(one.fed_kW, one.fed_limit), one.fed_limit);
}
}  // namespace app
