// The line-loss report.
#include "head-end/loss/line_loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace headend::loss {
namespace {
/// One register brought onto the grid: what is known at each due instant.
struct OnGrid {
  std::vector<std::optional<double>> register_kWh;  // secondary, net of what went the other way
  std::vector<double> reverse_kWh;                  // secondary
  std::vector<double> doubt_kWh;                    // standard uncertainty from being brought onto the grid
  bool goes_both_ways = false;
};

class Grid {
 public:
  Grid(const LossRequest& request) : from_(request.from), every_(request.every) {
    if (request.every.count() > 0 && request.till > request.from)
      count_ = static_cast<std::size_t>((request.till - request.from) / request.every) + 1;
  }
  std::size_t count() const { return count_; }
  core::Instant at(std::size_t k) const { return from_ + every_ * static_cast<std::int64_t>(k); }

  OnGrid place(const RegisterSeries& series, LossReport& report) const {
    OnGrid placed{std::vector<std::optional<double>>(count_), std::vector<double>(count_, 0.0),
                  std::vector<double>(count_, 0.0)};
    const auto& readings = series.readings;
    placed.goes_both_ways =
        std::any_of(readings.begin(), readings.end(), [](const auto& r) { return r.reverse_Wh != 0; });
    for (std::size_t k = 0; k < count_; ++k) {
      const auto next =
          std::lower_bound(readings.begin(), readings.end(), at(k),
                           [](const RegisterReading& r, core::Instant at) { return r.at < at; });
      if (next != readings.end() && next->at == at(k)) {
        placed.register_kWh[k] = static_cast<double>(next->register_Wh - next->reverse_Wh) / 1000;
        placed.reverse_kWh[k] = static_cast<double>(next->reverse_Wh) / 1000;
        continue;
      }
      if (next == readings.end() || next == readings.begin() || next->at - (next - 1)->at > 2 * every_) {
        ++report.missing;
        continue;
      }
      bring(*(next - 1), *next, k, placed);
      ++report.interpolated;
    }
    return placed;
  }

 private:
  /// Only neighbours at most two intervals apart, and neither of them due itself, so that a gap is not
  /// painted over.
  void bring(const RegisterReading& before, const RegisterReading& after, std::size_t k,
             OnGrid& placed) const {
    const double share = static_cast<double>((at(k) - before.at).count()) /
                         static_cast<double>((after.at - before.at).count());
    const auto net_kWh = [](const RegisterReading& r) {
      return static_cast<double>(r.register_Wh - r.reverse_Wh) / 1000;
    };
    const double between = net_kWh(after) - net_kWh(before);
    placed.register_kWh[k] = net_kWh(before) + share * between;
    placed.reverse_kWh[k] = static_cast<double>(before.reverse_Wh) / 1000 +
                            share * static_cast<double>(after.reverse_Wh - before.reverse_Wh) / 1000;
    placed.doubt_kWh[k] = std::fabs(between) / (2 * std::sqrt(3.0));
  }
  core::Instant from_;
  core::Duration every_;
  std::size_t count_ = 0;
};

struct Meter {
  const RegisterSeries* series = nullptr;
  OnGrid grid;
  bool is_supply = false;
};

/// Energy of one meter between two grid points, added to the figures with its variance.
void add(const Meter& meter, std::size_t a, std::size_t b, LossFigures& figures, double& variance) {
  const auto& series = *meter.series;
  const double ratio = static_cast<double>(series.ratio);
  const double energy = ratio * (*meter.grid.register_kWh[b] - *meter.grid.register_kWh[a]);
  const double reverse = ratio * (meter.grid.reverse_kWh[b] - meter.grid.reverse_kWh[a]);
  const double passed = energy + 2 * reverse;  // forward and reverse: what an element's error goes with
  const double by_class = series.accuracy_class / 100 * passed / std::sqrt(3.0);
  const double registers = meter.grid.goes_both_ways ? std::sqrt(2.0) : 1.0;
  const double by_register =
      registers * ratio * static_cast<double>(series.resolution_Wh) / 1000 / std::sqrt(6.0);
  const double from = ratio * meter.grid.doubt_kWh[a], till = ratio * meter.grid.doubt_kWh[b];
  variance += by_class * by_class + by_register * by_register + from * from + till * till;
  (meter.is_supply ? figures.supplied_kWh : figures.sold_kWh) += energy;
  if (meter.is_supply) figures.passed_kWh += passed;
  if (meter.is_supply) return;
  ++figures.customers;
  figures.fed_in_kWh += reverse;
}

template <class Belongs>
LossFigures figures_of(const std::vector<Meter>& meters, std::size_t a, std::size_t b,
                       const Belongs& belongs) {
  LossFigures figures;
  double variance = 0;
  for (const auto& meter : meters)
    if (belongs(*meter.series)) add(meter, a, b, figures, variance);
  figures.standard_uncertainty_kWh = std::sqrt(variance);
  return figures;
}

/// A group has a balance of its own only where supplies and customers both name it.
void add_groups(const LossRequest& request, const std::vector<Meter>& meters, std::size_t a, std::size_t b,
                LossReport& report) {
  for (const char phase : {'A', 'B', 'C'}) {
    const auto is_of = [&](const RegisterSeries& series) { return series.phase == phase; };
    if (std::any_of(request.supplies.begin(), request.supplies.end(), is_of))
      report.groups.push_back({fmt::format("phase {}", phase), figures_of(meters, a, b, is_of)});
  }
  std::map<std::string, int> feeders;
  for (const auto& supply : request.supplies)
    if (!supply.feeder.empty()) feeders[supply.feeder] = 1;
  for (const auto& [feeder, _] : feeders)
    report.groups.push_back({"feeder " + feeder, figures_of(meters, a, b, [&](const RegisterSeries& series) {
                               return series.feeder == feeder;
                             })});
}

void judge(const LossRequest& request, LossReport& report) {
  report.modelled_loss_kWh = request.modelled_loss_kWh;
  if (!request.modelled_loss_kWh) return;
  const double model = *request.modelled_loss_kWh, doubt = request.modelled_loss_error * model;
  const double u = report.total.standard_uncertainty_kWh;
  report.unexplained_kWh = report.total.loss_kWh() - model;
  report.unexplained_uncertainty_kWh = std::sqrt(u * u + doubt * doubt);
  if (!report.unread.empty()) return;
  const double limit = 2 * report.unexplained_uncertainty_kWh;
  report.verdict = report.unexplained_kWh > limit    ? LossVerdict::unexplained_loss
                   : report.unexplained_kWh < -limit ? LossVerdict::more_sold_than_supplied
                                                     : LossVerdict::explained;
}

/// Meters on the grid; those without two known instants are set aside by name.
std::vector<Meter> meters_on(const Grid& grid, const LossRequest& request, LossReport& report) {
  std::vector<Meter> meters;
  const auto place = [&](const RegisterSeries& series, bool is_supply) {
    Meter meter{&series, grid.place(series, report), is_supply};
    const auto known = std::count_if(meter.grid.register_kWh.begin(), meter.grid.register_kWh.end(),
                                     [](const auto& value) { return value.has_value(); });
    if (known >= 2)
      meters.push_back(std::move(meter));
    else
      report.unread.push_back(series.name);
  };
  for (const auto& supply : request.supplies) place(supply, true);
  const std::size_t supplies_read = meters.size();
  for (const auto& customer : request.customers) place(customer, false);
  if (supplies_read < request.supplies.size() || request.supplies.empty())
    report.trouble = "the transformer's meter was not read";
  return meters;
}
}  // namespace

std::string_view name_of(LossVerdict verdict) {
  static constexpr std::array<std::string_view, 4> names{"explained", "unexplained loss",
                                                         "more sold than supplied", "not judged"};
  return names.at(static_cast<std::size_t>(verdict));
}

LossReport report_line_loss(const LossRequest& request) {
  LossReport report;
  const Grid grid(request);
  const auto meters = meters_on(grid, request, report);
  if (!report.trouble.empty()) return report;
  std::vector<std::size_t> common;
  for (std::size_t k = 0; k < grid.count(); ++k)
    if (std::all_of(meters.begin(), meters.end(),
                    [&](const Meter& m) { return m.grid.register_kWh[k].has_value(); }))
      common.push_back(k);
  if (common.size() < 2) {
    report.trouble = "no two instants at which all registers are known";
    return report;
  }
  const auto everybody = [](const RegisterSeries&) { return true; };
  for (std::size_t s = 0; s + 1 < common.size(); ++s)
    report.spans.push_back({grid.at(common[s]), grid.at(common[s + 1]),
                            figures_of(meters, common[s], common[s + 1], everybody)});
  report.total = figures_of(meters, common.front(), common.back(), everybody);
  add_groups(request, meters, common.front(), common.back(), report);
  judge(request, report);
  return report;
}

std::string to_text(const LossReport& report) {
  if (!report.trouble.empty()) return "no line loss: " + report.trouble + "\n";
  const auto line = [](const std::string& name, const LossFigures& f) {
    return fmt::format(
        "{:<16} {:>4} customers  supplied {:>12.3f} kWh  sold {:>12.3f} kWh  loss {:>10.3f} kWh"
        "  +-{:.3f} kWh  {:>7.3f} %\n",
        name, f.customers, f.supplied_kWh, f.sold_kWh, f.loss_kWh(), f.expanded_kWh(), 100 * f.loss_share());
  };
  std::string text = line("area", report.total);
  if (report.total.fed_in_kWh > 0)
    text += fmt::format("of what was sold, {:.3f} kWh came back from customers' roofs and are taken off\n",
                        report.total.fed_in_kWh);
  for (const auto& group : report.groups) text += line(group.name, group.figures);
  text += fmt::format("{} spans between common instants, {} due readings missing, {} brought onto the grid\n",
                      report.spans.size(), report.missing, report.interpolated);
  for (const auto& name : report.unread) text += fmt::format("not read: {}\n", name);
  if (report.modelled_loss_kWh)
    text += fmt::format("modelled loss {:.3f} kWh, unexplained {:.3f} kWh +-{:.3f} kWh: {}\n",
                        *report.modelled_loss_kWh, report.unexplained_kWh,
                        2 * report.unexplained_uncertainty_kWh, name_of(report.verdict));
  return text;
}
}  // namespace headend::loss
