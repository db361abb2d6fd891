/// The line loss of a finished run, from what its head-end has in its books: each area that has a meter at
/// its transformer.
///
/// The loss is judged as a utility would judge it: its own file of the network says how much I2R the metered
/// energies explain. Each quarter hour's mean powers from the registers (a missing reading lies on the
/// straight line between its neighbours) go through the power flow at each customer's usual power factor.
///     modelled = sum over quarter hours of the losses of the mean powers;  u = 20 % of it
/// Roofs are read by the day: what they fed in is spread over it as the sun stands, and the model's
/// uncertainty is two fifths there.
/// Peaks within a quarter hour lose more than its mean does: of the one-minute profiles of the IEEE European
/// LV feeder the model finds 87 % (docs/decisions/0015), so a fifth is its standard uncertainty. What is
/// stolen is in the supply and in no register: it stands out as unexplained.
/// Unit: kWh. Errors: headend::StoreFailure; std::runtime_error in one line. Randomness: none. Time: the
/// run's.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "head-end/loss/line_loss.hpp"
#include "scenarios/scenario.hpp"

namespace app {
struct LossQuestion {
  std::string area;          ///< empty: all that have a meter at the transformer
  core::Instant from, till;  ///< whole quarter hours
  bool models_loss = true;   ///< compare with the network's I2R
};
struct AreaLoss {
  std::string area;
  headend::loss::LossReport report;
};
/// In the scenario's order; empty when no area has a meter at its transformer. Reads a copy of the books.
std::vector<AreaLoss> line_losses(const scenario::Scenario& scenario, const std::filesystem::path& books_db,
                                  const LossQuestion& question);
}  // namespace app
