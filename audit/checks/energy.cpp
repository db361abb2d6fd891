#include "audit/checks/energy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/units.hpp"
#include "models/fault/registry.hpp"

namespace audit {
namespace {
constexpr std::int64_t basic_current_mA = 5'000;
constexpr std::int64_t rated_voltage_V = 220;

std::int64_t starting_power_mW(int accuracy_class) {
  return basic_current_mA * (accuracy_class == 1 ? 4 : 5) / 1000 * rated_voltage_V;
}
}  // namespace

std::int64_t idle_energy_uJ(std::int64_t passed_uJ, int accuracy_class) {
  return std::clamp<std::int64_t>(passed_uJ, 0, starting_power_mW(accuracy_class) * quarter_s * 1000);
}

EnergyChecks::EnergyChecks(const Estate& estate, const Truth& truth, const RegisterBounds& bounds,
                           const Options& options)
    : estate_(estate),
      truth_(truth),
      bounds_(bounds),
      register_("I-ENERGY.register", "registers count the energy that passed",
                "within the meter's error, 0.01 kWh and one pulse", options),
      books_("I-ENERGY.books", "the books hold the energy that registers counted", "0 differences", options),
      rows_(estate.size()) {
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    const auto& plate = truth.plates[position];
    if (std::abs(plate.error_ppm) <= plate.accuracy_class * 10'000) continue;
    register_.violation(estate.customers[position].name, estate.scenario.starts, [&] {
      return fmt::format("its error of {} ppm is outside class {}", plate.error_ppm, plate.accuracy_class);
    });
  }
}

void EnergyChecks::visit(const Due& due) {
  if (!due.now.exists || due.at < estate_.scenario.starts || due.at > estate_.scenario.ends()) return;
  const bool is_first = due.at == estate_.scenario.starts;
  const bool is_boundary = due.is_midnight || due.at == estate_.scenario.ends();
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    if (due.now.shown[position] == no_register) continue;
    auto& row = rows_[position];
    if (due.before.exists && !is_first) {
      const auto passed = due.now.passed_uJ[position] - due.before.passed_uJ[position];
      row.idle_uJ += idle_energy_uJ(passed, truth_.plates[position].accuracy_class);
    }
    if (due.stored[position] != no_register) {
      row.last_stored = due.stored[position];
      if (row.first_stored == no_register) row.first_stored = due.stored[position];
    }
    if (is_first) row.first_passed_uJ = due.now.passed_uJ[position];
    if (is_boundary && !is_first && row.shown != no_register) judge_day(position, due);
    if (is_boundary || is_first) begin_day(position, due);
    if (due.at == estate_.scenario.ends()) passed_uJ_ += due.now.passed_uJ[position] - row.first_passed_uJ;
  }
}

void EnergyChecks::judge_day(std::size_t position, const Due& due) {
  const auto& row = rows_[position];
  const auto& plate = truth_.plates[position];
  const auto& name = estate_.customers[position].name;
  const auto passed = due.now.passed_uJ[position] - row.passed_uJ;
  // The product needs more than 64 bits: a day of 60 A is 1e12 uJ, an error 2e4 ppm.
  const auto counted =
      passed + passed / 1'000'000 * plate.error_ppm + passed % 1'000'000 * plate.error_ppm / 1'000'000;
  const auto shown = static_cast<std::int64_t>(due.now.shown[position]) - row.shown;
  const auto deviation = shown * core::microjoules_per_centikWh - counted;
  const auto grain =
      core::microjoules_per_centikWh + core::microjoules_per_kWh / estate_.groups[position]->pulses_per_kWh;
  const bool is_below = deviation < -grain - row.idle_uJ;
  const bool is_above = deviation > grain;
  const bool is_excused = (is_below && is_touched(position, row.began, due.at, model::hides_energy)) ||
                          (is_above && is_touched(position, row.began, due.at, model::adds_energy));
  hidden_days_ += is_excused ? 1 : 0;
  register_.looked();
  if ((is_above || is_below) && !is_excused)
    register_.violation(name, due.at, [&] {
      return fmt::format("in the day till {} the register counted {}, {:.4f} kWh passed, its error is {} ppm",
                         core::to_civil_text(due.at, estate_.scenario.zone_rules), kWh_text(shown),
                         static_cast<double>(passed) / static_cast<double>(core::microjoules_per_kWh),
                         plate.error_ppm);
    });

  const auto stored = due.stored[position];
  if (stored == no_register || row.stored == no_register) return;  // I-READ says why
  books_.looked();
  const auto energy = static_cast<std::int64_t>(stored) - row.stored;
  const auto least = static_cast<std::int64_t>(bounds_.low(position)) - row.stored_high;
  const auto most = static_cast<std::int64_t>(bounds_.high(position)) - row.stored_low;
  if (energy < least || energy > most)
    books_.violation(name, due.at, [&] {
      return fmt::format("in the day till {} the books have {}, the register counted {}",
                         core::to_civil_text(due.at, estate_.scenario.zone_rules), kWh_text(energy),
                         kWh_text(shown));
    });
}

bool EnergyChecks::is_touched(std::size_t position, Instant from, Instant till,
                              bool (*does)(model::FaultKind)) const {
  const auto& name = estate_.customers[position].name;
  return std::any_of(estate_.scenario.faults.begin(), estate_.scenario.faults.end(), [&](const auto& fault) {
    const auto kind = model::find_fault(fault.kind);
    if (!kind || !does(*kind) || fault.from >= till || from >= fault.till) return false;
    return fault.meter == name || (model::hides_at_other(*kind) && fault.other == name);
  });
}

void EnergyChecks::begin_day(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  row.began = due.at;
  row.passed_uJ = due.now.passed_uJ[position];
  row.idle_uJ = 0;
  row.shown = due.now.shown[position];
  row.stored = due.stored[position];
  row.stored_low = bounds_.low(position);
  row.stored_high = bounds_.high(position);
}

std::vector<Check> EnergyChecks::finish(Summary& summary) {
  summary.energy_true_kWh = static_cast<double>(passed_uJ_) / static_cast<double>(core::microjoules_per_kWh);
  std::int64_t books_centikWh = 0;
  for (const auto& row : rows_)
    if (row.first_stored != no_register)
      books_centikWh += static_cast<std::int64_t>(row.last_stored) - row.first_stored;
  summary.energy_books_kWh = static_cast<double>(books_centikWh) / 100;
  std::vector<Check> checks;
  checks.push_back(register_.finish(fmt::format(
      "{} of {} meter-days differ{}, {:.3f} kWh passed", register_.violations(), register_.samples(),
      hidden_days_ == 0 ? std::string() : fmt::format(", {} by injected theft", hidden_days_),
      summary.energy_true_kWh)));
  checks.push_back(books_.finish(fmt::format("{} of {} meter-days differ, {}", books_.violations(),
                                             books_.samples(), kWh_text(books_centikWh))));
  return checks;
}
}  // namespace audit
