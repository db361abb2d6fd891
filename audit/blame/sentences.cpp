// Differences in words.
#include <fmt/format.h>

#include <cstdlib>

#include "audit/blame/differences.hpp"
#include "audit/checks/checking.hpp"
#include "core/units.hpp"

namespace audit {
namespace {
/// "2026-07-03 04:00:00 to 08:45:00", "2026-07-03 04:00:00".
std::string span_text(Instant first, Instant last, const core::Zone& zone) {
  const auto from = core::to_civil_text(first, zone);
  const auto till = core::to_civil_text(last, zone);
  if (from == till) return from;
  return from + " to " + (from.substr(0, 10) == till.substr(0, 10) ? till.substr(11) : till);
}

std::string counted_text(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string collection_text(const AccountMonth& month, const Difference& difference, const std::string& meter,
                            const std::string& span) {
  if (month.missing.empty()) return fmt::format("the readings of {} make no bill, {}", meter, span);
  const auto readings = counted_text(difference.count, "reading", "readings");
  const auto* verb = difference.count == 1 ? "is" : "are";
  if (!month.collected)
    return fmt::format("{} of {} {} missing and not given up, {}: no bill", readings, meter, verb, span);
  return fmt::format("{} of {} {} missing, {}: {} of the bill estimated, {}", readings, meter, verb, span,
                     kWh_text([&] {
                       std::int64_t sum = 0;
                       for (const auto energy : month.collected->estimated) sum += energy;
                       return sum;
                     }()),
                     signed_CNY_text(difference.amount_fen));
}
}  // namespace

std::string_view name_of(Step step) {
  static constexpr std::string_view names[] = {"metering", "recording", "collection", "rating"};
  return names[static_cast<std::size_t>(step)];
}

std::string signed_CNY_text(std::int64_t fen) { return (fen < 0 ? "" : "+") + CNY_text(fen); }

std::string signed_kWh_text(std::int64_t energy_uJ) {
  constexpr auto unit = core::microjoules_per_kWh / 10'000;
  const auto rounded = (std::abs(energy_uJ) + unit / 2) / unit;
  return fmt::format("{}{}.{:04} kWh", energy_uJ < 0 && rounded != 0 ? "-" : "+", rounded / 10'000,
                     rounded % 10'000);
}

std::string month_text(int month) { return fmt::format("{}-{:02}", month / 100, month % 100); }

std::string sentence_of(const Estate& estate, const AccountMonth& month, const Difference& difference) {
  const auto& customer = estate.customers[difference.position];
  const auto span = span_text(difference.first, difference.last, estate.scenario.zone_rules);
  const auto money = signed_CNY_text(difference.amount_fen);
  switch (difference.step) {
    case Step::metering:
      return fmt::format("the register of {} did not count what passed on {}, {}: {}, {}", customer.name,
                         counted_text(difference.count, "day", "days"), span,
                         signed_kWh_text(difference.energy_uJ), money);
    case Step::recording:
      return fmt::format("{} of {} hold the register of another moment, {}: {}, {}",
                         counted_text(difference.count, "reading", "readings"), customer.name, span,
                         signed_kWh_text(difference.energy_uJ), money);
    case Step::collection:
      return collection_text(month, difference, customer.name, span);
    case Step::rating:
      break;
  }
  if (!month.booked)
    return fmt::format("the readings of {} make a bill of {}, and none was issued", customer.name,
                       CNY_text(month.collected_fen));
  return fmt::format("the bill of {} asks for {}, its readings make {}", customer.account,
                     CNY_text(month.booked->amount_fen), CNY_text(month.collected_fen));
}
}  // namespace audit
