// Physical ways of stealing, applied to interval energies.
#include "models/theft/injector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace model::theft {
namespace {
constexpr double night_from_h = 22, night_till_h = 6;

/// One injection at work on the area.
class Work {
 public:
  Work(MeteredArea& area, const Consumption& home, const Injected& injected)
      : area_(area), home_(home), injected_(injected), own_(area.metered_kWh[injected.customer]) {}

  void apply() {
    switch (injected_.what) {
      case Injection::bypass_full:
      case Injection::stuck_register:
        return scale([](std::size_t) { return 0.0; });
      case Injection::reversed_current:
        notice(Trace::reversed_current);
        return scale([](std::size_t) { return 0.0; });
      case Injection::neutral_missing:
        notice(Trace::voltage_lost);
        return scale([](std::size_t) { return 0.0; });
      case Injection::shunt:
        notice(Trace::cover_opened);
        return scale([&](std::size_t) { return left(); });
      case Injection::bypass_share:
        return scale([&](std::size_t) { return left(); });
      case Injection::current_transformer_shorted:
        notice(Trace::current_lost);
        return scale([&](std::size_t) { return left(); });
      case Injection::bypass_night:
        return scale([&](std::size_t t) { return is_night(t) ? left() : 1.0; });
      case Injection::magnet:
        return magnet();
      case Injection::phase_swap:
        return phase_swap();
      case Injection::register_rollback:
        return rollback();
      case Injection::clock_shift:
        return displace([&](std::size_t) { return injected_.share; });
      case Injection::clock_failure:
        return displace([&](std::size_t t) { return injected_.share * progress(t); });
      case Injection::hook_before_meter:
        return hook();
      case Injection::feed_to_neighbour:
        return feed();
      case Injection::slow_drift:
      case Injection::meter_drift:
        return scale([&](std::size_t t) { return 1 - injected_.share * progress(t); });
      case Injection::collusion:
        return collude();
      case Injection::dead_phase:
        notice(Trace::voltage_lost);
        return scale([](std::size_t) { return 2.0 / 3; });
    }
  }

 private:
  double left() const { return 1 - injected_.share; }
  bool is_night(std::size_t t) const {
    const double hour = home_.hour_of(t);
    return hour >= night_from_h || hour < night_till_h;
  }
  double progress(std::size_t t) const {
    return static_cast<double>(t - injected_.from) / static_cast<double>(injected_.till - injected_.from);
  }
  void notice(Trace trace) {
    if (injected_.from < injected_.till) area_.noticed.push_back({injected_.customer, injected_.from, trace});
  }

  template <class Factor>
  void scale(const Factor& factor) {
    for (std::size_t t = injected_.from; t < injected_.till; ++t) own_[t] *= factor(t);
  }

  void magnet() {
    notice(Trace::magnetic_field);
    const double mean = std::accumulate(home_.energy_kWh.begin(), home_.energy_kWh.end(), 0.0) /
                        static_cast<double>(home_.energy_kWh.size());
    scale([&](std::size_t t) {
      return mean > 0 ? 1 - injected_.share * std::min(1.0, home_.energy_kWh[t] / mean) : 1.0;
    });
  }

  /// Elements with exchanged voltages see cos(phi +- 120 degrees) = -1/2 at power factor one.
  void phase_swap() {
    notice(Trace::phase_order_reversed);
    const auto& share = injected_.phase_shares;
    const double counted = std::max(0.0, share[0] - (share[1] + share[2]) / 2);
    scale([&](std::size_t) { return counted; });
  }

  void rollback() {
    if (injected_.from >= injected_.till) return;
    notice(Trace::register_fell);
    const auto end = own_.begin() + static_cast<std::ptrdiff_t>(injected_.from);
    own_[injected_.from] -= injected_.share * std::accumulate(own_.begin(), end, 0.0);
  }

  template <class Days>
  void displace(const Days& days) {
    const std::vector<double> before = own_;
    for (std::size_t t = injected_.from; t < injected_.till; ++t) {
      const auto by = static_cast<std::size_t>(std::lround(days(t) * home_.intervals_per_day));
      own_[t] = t >= by ? before[t - by] : 0.0;
    }
  }

  void hook() {
    for (std::size_t t = injected_.from; t < injected_.till; ++t)
      area_.drawn_kWh[injected_.customer][t] += injected_.share * home_.energy_kWh[t];
  }

  void feed() {
    auto& partner = area_.metered_kWh[injected_.partner];
    for (std::size_t t = injected_.from; t < injected_.till; ++t) {
      const double fed = injected_.share * partner[t];
      partner[t] -= fed;
      own_[t] += fed;
    }
  }

  void collude() {
    auto& partner = area_.metered_kWh[injected_.partner];
    const auto per_day = static_cast<std::size_t>(home_.intervals_per_day);
    for (std::size_t t = injected_.from; t < injected_.till; ++t)
      ((t / per_day) % 2 == 0 ? own_ : partner)[t] *= left();
  }

  MeteredArea& area_;
  const Consumption& home_;
  const Injected& injected_;
  std::vector<double>& own_;
};

bool needs_partner(Injection what) {
  return what == Injection::feed_to_neighbour || what == Injection::collusion;
}

void check(const std::vector<Consumption>& customers, const Injected& injected) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument(std::string(name_of(injected.what)) + ": " + why);
  };
  if (injected.customer >= customers.size()) refuse("no customer " + std::to_string(injected.customer));
  if (needs_partner(injected.what) &&
      (injected.partner >= customers.size() || injected.partner == injected.customer))
    refuse("needs another customer as partner");
  if (injected.from > injected.till || injected.till > customers[injected.customer].energy_kWh.size())
    refuse("ends before it begins, or after the series");
  const double least = injected.what == Injection::meter_drift ? -1 : 0;
  if (!(injected.share >= least && injected.share <= 1)) refuse("the share must be between 0 and 1");
}

double unmetered(const MeteredArea& area) {
  double sum = 0;
  for (std::size_t i = 0; i < area.drawn_kWh.size(); ++i)
    for (std::size_t t = 0; t < area.drawn_kWh[i].size(); ++t)
      sum += area.drawn_kWh[i][t] - area.metered_kWh[i][t];
  return sum;
}
}  // namespace

std::string_view name_of(Injection injection) {
  static constexpr std::array<std::string_view, injection_count> names{
      "bypass-full",    "bypass-share",      "bypass-night",    "shunt",
      "magnet",         "reversed-current",  "neutral-missing", "phase-swap",
      "ct-shorted",     "register-rollback", "clock-shift",     "hook",
      "feed-neighbour", "slow-drift",        "collusion",       "meter-drift",
      "stuck-register", "dead-phase",        "clock-failure"};
  return names.at(static_cast<std::size_t>(injection));
}

bool is_theft(Injection injection) { return injection < Injection::meter_drift; }

MeteredArea inject(const std::vector<Consumption>& customers, const std::vector<Injected>& injections) {
  MeteredArea area;
  for (const auto& customer : customers) {
    if (customer.energy_kWh.size() != customers.front().energy_kWh.size())
      throw std::invalid_argument("customers of one area have series of one length");
    area.drawn_kWh.push_back(customer.energy_kWh);
    area.metered_kWh.push_back(customer.energy_kWh);
  }
  double before = 0;
  for (const auto& injected : injections) {
    check(customers, injected);
    Work(area, customers[injected.customer], injected).apply();
    const double after = unmetered(area);
    area.labels.push_back({injected, after - before});
    before = after;
  }
  return area;
}
}  // namespace model::theft
