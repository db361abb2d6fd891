/// Trial areas: customers drawn from a population, some of whom steal in a known way, behind one
/// transformer's meter.
///
/// An area draws `customers` different homes and among them `thieves`; each thief's reports come from an
/// attack function, everybody's meter has an error of its own within its class, reports are whole watt-hours.
/// The transformer supplies what was drawn plus a technical loss that goes with the supply squared and makes
/// up `technical_loss` of it:
///     supplied(t) = drawn(t) + k drawn(t)^2,   k = loss / (1 - loss) x sum drawn / sum drawn^2
/// Unit: kWh. Range: at least as many homes as customers. Errors: std::invalid_argument. Randomness: (seed,
/// area). Time: intervals only.
#pragma once
#include <string>
#include <vector>

#include "head-end/loss/area_readings.hpp"
#include "models/theft/attack.hpp"

namespace app::theft {
struct TrialSettings {
  int customers = 40;
  int thieves = 4;
  double technical_loss = 0.02;      ///< of the energy supplied
  double customer_class = 0.01;      ///< largest error of a customer's meter: class 1
  double transformer_class = 0.005;  ///< class 0.5S
};

/// What the thieves of one trial do: one attack for all, or one of h1..h6 each ("mix").
struct TrialKind {
  bool is_mix = false;
  model::theft::Attack attack = model::theft::Attack::h1;
  std::string name() const { return is_mix ? "mix" : std::string(model::theft::name_of(attack)); }
  std::string meaning() const {
    return is_mix ? "one of h1..h6 for each thief" : std::string(model::theft::meaning_of(attack));
  }
};

struct TrialArea {
  headend::loss::AreaReadings readings;
  std::vector<bool> is_thief;
  std::vector<double> drawn_kWh, reported_kWh;  ///< totals by customer, without the meters' errors
};

/// `homes` without missing values. The same (seed, number) gives the same customers and thieves under every
/// attack.
TrialArea make_trial_area(const std::vector<model::theft::Consumption>& homes, TrialKind kind,
                          std::uint64_t seed, std::uint32_t number, const TrialSettings& settings);
/// The first `days` of an area.
headend::loss::AreaReadings first_days(const headend::loss::AreaReadings& readings, int days);
}  // namespace app::theft
