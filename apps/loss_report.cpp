#include "apps/loss_report.hpp"

#include <unistd.h>

#include <algorithm>

#include "apps/head_end_configuration.hpp"
#include "head-end/loss/loss_of_books.hpp"
#include "models/grid/feeder_solver.hpp"
#include "sim/wiring/grid_setup.hpp"

namespace app {
namespace {
namespace fs = std::filesystem;
using headend::loss::RegisterSeries;
constexpr core::Duration quarter_hour = std::chrono::minutes(15);
constexpr double modelled_loss_error = 0.2;

/// Opening books writes to them; a finished run's stay as they are.
class CopyOfBooks {
 public:
  explicit CopyOfBooks(const fs::path& books_db)
      : folder_(fs::temp_directory_path() / ("metertwin-loss-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    fs::copy_file(books_db, file(), fs::copy_options::overwrite_existing);
  }
  ~CopyOfBooks() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  CopyOfBooks(const CopyOfBooks&) = delete;
  CopyOfBooks& operator=(const CopyOfBooks&) = delete;
  fs::path file() const { return folder_ / "books.db"; }

 private:
  fs::path folder_;
};

headend::loss::BookedArea booked_area(const headend::Configuration& configuration,
                                      headend::ConcentratorId concentrator) {
  headend::loss::BookedArea area;
  for (const auto& file : configuration.meters) {
    if (file.concentrator != concentrator) continue;
    auto& side = file.is_supply ? area.supplies : area.customers;
    side.push_back({.meter = file.id,
                    .phase = file.phase,
                    .feeder = {},
                    .accuracy_class = file.accuracy_class,
                    .ratio = file.ratio});
  }
  return area;
}

/// The register at an instant, on the straight line between the readings around it. Unit: Wh.
std::optional<double> register_at(const RegisterSeries& series, core::Instant at) {
  const auto& readings = series.readings;
  const auto next = std::lower_bound(readings.begin(), readings.end(), at,
                                     [](const auto& r, core::Instant when) { return r.at < when; });
  if (next == readings.end()) return std::nullopt;
  if (next->at == at) return static_cast<double>(next->register_Wh);
  if (next == readings.begin()) return std::nullopt;
  const auto& before = *(next - 1);
  const double share =
      static_cast<double>((at - before.at).count()) / static_cast<double>((next->at - before.at).count());
  return static_cast<double>(before.register_Wh) +
         share * static_cast<double>(next->register_Wh - before.register_Wh);
}

/// What a customer draws in a quarter hour, by his readings; nothing where they do not reach.
model::grid::CustomerPower power_of(const RegisterSeries& series, const model::grid::Consumer& consumer,
                                    core::Instant from) {
  const auto before = register_at(series, from), after = register_at(series, from + quarter_hour);
  if (!before || !after) return {};
  const double mean_mW = (*after - *before) * 4 * 1000;
  const double tangent = consumer.power_kW != 0 ? consumer.reactive_kvar / consumer.power_kW : 0;
  return {core::Milliwatts(static_cast<std::int64_t>(mean_mW)),
          core::Millivars(static_cast<std::int64_t>(mean_mW * tangent))};
}

/// Nothing when the network has no solution for what its customers' registers say.
std::optional<double> modelled_loss_kWh(const model::GridSetup& grid,
                                        const headend::loss::LossRequest& request) {
  model::grid::FeederSolver solver(*grid.network);
  std::vector<model::grid::CustomerPower> powers(grid.network->consumers.size());
  std::int64_t sum_mWh = 0;
  for (auto at = request.from; at < request.till; at += quarter_hour) {
    for (std::size_t i = 0; i < request.customers.size(); ++i)
      powers[i] = power_of(request.customers[i], grid.network->consumers[i], at);
    const auto& solved = solver.solve(powers);
    if (!solved.is_valid) return std::nullopt;
    for (const auto loss : solved.loss) sum_mWh += loss.count() / 4;
  }
  return static_cast<double>(sum_mWh) / 1e6;
}
}  // namespace

std::vector<AreaLoss> line_losses(const scenario::Scenario& scenario, const fs::path& books_db,
                                  const LossQuestion& question) {
  const auto configuration = head_end_configuration(scenario);
  const CopyOfBooks copy(books_db);
  const headend::Books books(configuration, copy.file(), scenario.ends() + scenario.settles);
  const auto grids = sim::grid_setups(scenario);
  std::vector<AreaLoss> losses;
  for (std::size_t i = 0; i < scenario.areas.size(); ++i) {
    const auto& area = scenario.areas[i];
    if (!question.area.empty() && area.name != question.area) continue;
    const auto booked = booked_area(configuration, static_cast<headend::ConcentratorId>(i + 1));
    if (booked.supplies.empty()) continue;
    auto request = request_of_books(books, booked, question.from, question.till, quarter_hour);
    if (question.models_loss) {
      request.modelled_loss_kWh = modelled_loss_kWh(*grids[i], request);
      request.modelled_loss_error = modelled_loss_error;
    }
    losses.push_back({area.name, report_line_loss(request)});
  }
  return losses;
}
}  // namespace app
