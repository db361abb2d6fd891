#include "apps/loss_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "apps/head_end_configuration.hpp"
#include "head-end/loss/daily_watch.hpp"
#include "models/grid/feeder_solver.hpp"
#include "sim/wiring/grid_setup.hpp"

namespace app {
namespace {
namespace fs = std::filesystem;
using headend::loss::RegisterSeries;
constexpr core::Duration quarter_hour = std::chrono::minutes(15);
constexpr double modelled_loss_error = 0.2;
/// When within the day a roof fed in is not read, but taken from the sun of a clear day of equal length.
constexpr double modelled_loss_error_of_roofs = 0.4;

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

/// Which part of what a roof feeds in on a day comes within the quarter hour that begins at `second_of_day`:
/// a half sine from six to six.
double sun_share(std::int64_t second_of_day) {
  constexpr double pi = 3.14159265358979323846, sunrise_h = 6, daylight_h = 12;
  const auto phase = [](double hour) { return std::clamp((hour - sunrise_h) / daylight_h, 0.0, 1.0) * pi; };
  const double hour = static_cast<double>(second_of_day) / 3600;
  return (std::cos(phase(hour)) - std::cos(phase(hour + 0.25))) / 2;
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

/// What a roof feeds in at a quarter hour, of what it fed in between two readings. Unit: mW.
double fed_in_mW(const RegisterSeries& series, core::Instant at, const core::Zone& zone) {
  const auto& readings = series.readings;
  const auto next = std::upper_bound(readings.begin(), readings.end(), at,
                                     [](core::Instant when, const auto& r) { return when < r.at; });
  if (next == readings.end() || next == readings.begin()) return 0;
  const double Wh = static_cast<double>(next->reverse_Wh - (next - 1)->reverse_Wh);
  const double days = static_cast<double>((next->at - (next - 1)->at).count()) / (24.0 * 3600e9);
  return Wh / days * sun_share(zone.second_of_day(at)) * 4 * 1000;
}

/// Nothing when the network has no solution for what its customers' registers say. `request` is net by the
/// day where roofs feed in, `forward` what customers drew, by the quarter hour.
std::optional<double> modelled_loss_kWh(const model::GridSetup& grid,
                                        const headend::loss::LossRequest& request,
                                        const headend::loss::LossRequest& forward, const core::Zone& zone) {
  model::grid::FeederSolver solver(*grid.network);
  std::vector<model::grid::CustomerPower> powers(grid.network->consumers.size());
  std::int64_t sum_mWh = 0;
  for (auto at = request.from; at < request.till; at += quarter_hour) {
    for (std::size_t i = 0; i < request.customers.size(); ++i) {
      powers[i] = power_of(forward.customers[i], grid.network->consumers[i], at);
      powers[i].power -=
          core::Milliwatts(static_cast<std::int64_t>(fed_in_mW(request.customers[i], at, zone)));
    }
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
  const auto areas = headend::loss::areas_of(configuration);
  std::vector<AreaLoss> losses;
  for (std::size_t i = 0; i < scenario.areas.size(); ++i) {
    const auto& area = scenario.areas[i];
    if (!question.area.empty() && area.name != question.area) continue;
    const auto found = areas.find(static_cast<headend::ConcentratorId>(i + 1));
    if (found == areas.end() || found->second.supplies.empty()) continue;
    const auto& booked = found->second;
    auto request = request_of_books(books, booked, question.from, question.till, quarter_hour);
    if (question.models_loss) {
      auto one_way = booked;
      for (auto& meter : one_way.customers) meter.feeds_in = false;
      const auto forward = request_of_books(books, one_way, question.from, question.till, quarter_hour);
      request.modelled_loss_kWh = modelled_loss_kWh(*grids[i], request, forward, scenario.zone_rules);
      const bool has_roofs = std::any_of(booked.customers.begin(), booked.customers.end(),
                                         [](const auto& meter) { return meter.feeds_in; });
      request.modelled_loss_error = has_roofs ? modelled_loss_error_of_roofs : modelled_loss_error;
    }
    losses.push_back({area.name, report_line_loss(request)});
  }
  return losses;
}
}  // namespace app
