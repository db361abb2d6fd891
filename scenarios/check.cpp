#include <algorithm>
#include <numeric>
#include <set>

#include "scenarios/check_campaigns.hpp"
#include "scenarios/check_faults.hpp"
#include "scenarios/check_meter_faults.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
constexpr int quarter_hour_s = 900;
constexpr std::size_t day_slots_limit = 14;  // DL/T 645-2007, data 04000203: at most 14 switch times a day
constexpr std::size_t tier_bounds_limit =
    4;  // DL/T 645-2007, data 040600: single-phase meters keep four bounds

template <class T>
std::string shown(const T& value) {
  return Text<T>::format(value, core::Zone(0s));
}

class Checker {
 public:
  Checker(const Scenario& scenario, const Places& places, const std::vector<std::size_t>& area_origin)
      : scenario_(scenario), places_(places), area_origin_(area_origin) {}

  void all() {
    check_frame();
    for (std::size_t i = 0; i < scenario_.tariffs.size(); ++i) check_tariff(i);
    check_areas();
    check_faults(scenario_, places_);
    check_campaigns(scenario_, places_);
    check_inspectors(scenario_, places_);
    for (std::size_t i = 0; i < scenario_.climate.holidays.size(); ++i) {
      const auto& day = scenario_.climate.holidays[i];
      require(day.size() == 10 && core::parse_iso8601(day + "T00:00", scenario_.zone_rules).has_value(),
              "climate.holidays." + std::to_string(i), "'" + day + "' is no date such as 2026-10-01");
    }
    for (std::size_t i = 0; i < scenario_.payments.size(); ++i) check_payment(i);
    const auto check_up = scenario_.head_end.night.check_up_every;
    if (check_up % 24h != 0s)
      fail("head_end.night.check_up_every",
           "'check_up_every' is " + shown(check_up) + ": meters are asked at night, in whole days");
    const auto delay = scenario_.head_end.cut_off.trip_delay;
    if (delay % 1min != 0s)
      fail("head_end.cut_off.trip_delay",
           "'trip_delay' is " + shown(delay) + ": a meter counts it in whole minutes");
  }

 private:
  [[noreturn]] void fail(const std::string& path, const std::string& message) const {
    throw BadScenario(places_.at(path), message);
  }
  void require(bool is_right, const std::string& path, const std::string& message) const {
    if (!is_right) fail(path, message);
  }
  void require_order(Duration low, Duration high, const std::string& path, const char* low_name,
                     const char* high_name) const {
    if (low > high)
      fail(path + "." + high_name, "'" + std::string(high_name) + "' (" + shown(high) + ") is less than '" +
                                       low_name + "' (" + shown(low) + ")");
  }
  std::string at_text(Instant at) const { return core::to_iso8601(at, scenario_.zone_rules); }

  void check_frame() const {
    const auto& story = scenario_.story;
    const auto is_kebab = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    require(!story.empty() && story.size() <= 60 && story.front() != '-' &&
                std::all_of(story.begin(), story.end(), is_kebab),
            "story", "'story' is '" + story + "': it names a folder, so small letters, digits and '-' only");
    require(scenario_.zone_rules.second_of_day(scenario_.starts) % quarter_hour_s == 0 &&
                scenario_.starts == std::chrono::floor<std::chrono::seconds>(scenario_.starts),
            "starts", "'starts' is not on a quarter hour");
    require(scenario_.lasts % 15min == 0s, "lasts",
            "'lasts' is " + shown(scenario_.lasts) + ": not a multiple of 15min");
    require(!scenario_.tariffs.empty(), "tariffs", "no tariffs: at least one is needed");
    require(!scenario_.areas.empty(), "areas", "no areas: at least one is needed");
  }

  // -- tariffs
  void check_tariff(std::size_t index) const {
    const auto& tariff = scenario_.tariffs[index];
    const auto path = "tariffs." + std::to_string(index);
    require(!tariff.name.empty(), path + ".name", "a tariff needs a name");
    for (std::size_t i = 0; i < index; ++i)
      require(scenario_.tariffs[i].name != tariff.name, path + ".name",
              "a second tariff '" + tariff.name + "'");
    require(!tariff.periods.empty() && tariff.periods.size() <= 4, path + ".periods",
            "tariff '" + tariff.name + "' has " + std::to_string(tariff.periods.size()) +
                " periods: one to four are possible");
    require(tariff.bounds.size() <= tier_bounds_limit, path + ".bounds",
            std::to_string(tariff.bounds.size()) + " tier bounds: a meter keeps at most four");
    for (std::size_t k = 1; k < tariff.bounds.size(); ++k)
      require(tariff.bounds[k - 1] < tariff.bounds[k], path + ".bounds." + std::to_string(k),
              "tier bounds must rise: " + shown(tariff.bounds[k]) + " comes after " +
                  shown(tariff.bounds[k - 1]));
    require(tariff.bounds.empty() == (tariff.resets == TierReset::never_tiered),
            path + (tariff.bounds.empty() ? ".resets" : ".bounds"),
            tariff.bounds.empty() ? "tiers that reset need 'bounds'"
                                  : "'bounds' need 'resets: monthly' or 'resets: yearly'");
    check_periods(tariff, path);
    check_day(tariff, path);
  }

  void check_periods(const Tariff& tariff, const std::string& path) const {
    static const std::vector<std::string> names{"sharp", "peak", "flat", "valley"};
    std::set<std::string> seen;
    for (std::size_t i = 0; i < tariff.periods.size(); ++i) {
      const auto& period = tariff.periods[i];
      const auto period_path = path + ".periods." + std::to_string(i);
      require(
          std::find(names.begin(), names.end(), period.name) != names.end(), period_path + ".name",
          "period '" + period.name + "' is not one of " + joined(names) + did_you_mean(period.name, names));
      require(seen.insert(period.name).second, period_path + ".name",
              "a second period '" + period.name + "'");
      const auto tiers = tariff.bounds.size() + 1;
      require(period.prices.size() == tiers, period_path + ".prices",
              "period '" + period.name + "' has " + std::to_string(period.prices.size()) + " prices for " +
                  std::to_string(tiers) + " tiers");
      for (std::size_t k = 0; k < period.prices.size(); ++k)
        require(period.prices[k].count() >= 0, period_path + ".prices." + std::to_string(k),
                "a negative price: " + shown(period.prices[k]));
    }
  }

  /// Every second of the day belongs to one period and only one.
  void check_day(const Tariff& tariff, const std::string& path) const {
    struct Owned {
      DaySlot slot;
      std::size_t period;
    };
    std::vector<Owned> day;
    for (std::size_t p = 0; p < tariff.periods.size(); ++p)
      for (const auto& slot : tariff.periods[p].slots) {
        require(slot.from_s % quarter_hour_s == 0 && slot.till_s % quarter_hour_s == 0, slots_path(path, p),
                "slot " + shown(slot) + " of '" + tariff.periods[p].name +
                    "' does not begin and end on a quarter hour");
        day.push_back({slot, p});
      }
    require(day.size() <= day_slots_limit, path + ".periods",
            "tariff '" + tariff.name + "' switches more than 14 times a day");
    std::stable_sort(day.begin(), day.end(),
                     [](const Owned& a, const Owned& b) { return a.slot.from_s < b.slot.from_s; });
    int covered_till = 0;
    for (std::size_t i = 0; i < day.size(); ++i) {
      const auto& [slot, p] = day[i];
      require(slot.from_s <= covered_till, path + ".periods",
              "tariff '" + tariff.name + "' has a hole: no period covers " +
                  shown(DaySlot{covered_till, slot.from_s}));
      if (slot.from_s < covered_till) {
        const auto& other = day[i - 1];
        fail(slots_path(path, std::max(p, other.period)),
             "tariff slots overlap: " + shown(slot) + " of '" + tariff.periods[p].name + "' and " +
                 shown(other.slot) + " of '" + tariff.periods[other.period].name + "'");
      }
      covered_till = slot.till_s;
    }
    require(
        covered_till == 86'400, path + ".periods",
        "tariff '" + tariff.name + "' has a hole: no period covers " + shown(DaySlot{covered_till, 86'400}));
  }
  static std::string slots_path(const std::string& path, std::size_t period) {
    return path + ".periods." + std::to_string(period) + ".slots";
  }

  // -- areas
  void check_areas() const {
    std::set<std::string> names;
    for (std::size_t i = 0; i < scenario_.areas.size(); ++i) {
      const auto& area = scenario_.areas[i];
      const auto path = "areas." + std::to_string(i < area_origin_.size() ? area_origin_[i] : i);
      require(!area.name.empty(), path + ".name", "an area needs a name");
      require(names.insert(area.name).second, path + ".name", "a second area '" + area.name + "'");
      const bool is_copy = i > 0 && i < area_origin_.size() && area_origin_[i] == area_origin_[i - 1];
      if (!is_copy) check_area(area, path);
    }
    require(meter_count(scenario_) < meters_limit, "areas",
            std::to_string(meter_count(scenario_)) + " meters: fewer than 2^24 are possible");
  }

  void check_area(const Area& area, const std::string& path) const {
    require(!area.meters.empty(), path + ".meters", "area '" + area.name + "' has no meters");
    require(area.feeder.empty() || area.feeder == "ieee-csv" || find_feeder(scenario_.folder, area.feeder),
            path + ".feeder",
            "unknown feeder '" + area.feeder + "': no " + area.feeder +
                ".yaml or .dss in scenarios/feeders, and not ieee-csv");
    check_grid(area, path);
    for (std::size_t g = 0; g < area.meters.size(); ++g)
      check_group(area, area.meters[g], path + ".meters." + std::to_string(g));
    check_carrier(area, path);
    require(meter_count(area) <= std::int64_t{line_ports} * area.line.meters_per_line, path + ".meters",
            std::to_string(meter_count(area)) + " meters in area '" + area.name + "': a concentrator has " +
                std::to_string(line_ports) + " RS-485 ports, so at most " +
                std::to_string(line_ports * area.line.meters_per_line) + " here; use copies of the area");
    static const std::vector<int> bauds{600, 1200, 2400, 4800, 9600, 19'200};
    const auto require_baud = [&](int baud, const std::string& key) {
      require(std::find(bauds.begin(), bauds.end(), baud) != bauds.end(), path + ".line." + key,
              "'" + key + "' is " + std::to_string(baud) + ", not one of 600, 1200, 2400, 4800, 9600, 19200");
    };
    require_baud(area.line.baud, "baud");
    if (area.line.collector_baud != 0) require_baud(area.line.collector_baud, "collector_baud");
    require_order(area.line.turnaround_min, area.line.turnaround_max, path + ".line", "turnaround_min",
                  "turnaround_max");
    require_order(area.uplink.latency_min, area.uplink.latency_max, path + ".uplink", "latency_min",
                  "latency_max");
    require_order(area.uplink.reconnect_min, area.uplink.reconnect_max, path + ".uplink", "reconnect_min",
                  "reconnect_max");
    require(area.concentrator.answer_timeout > area.line.turnaround_max,
            path + ".concentrator.answer_timeout",
            "'answer_timeout' must be longer than the line's 'turnaround_max', " +
                shown(area.line.turnaround_max));
  }

  void check_grid(const Area& area, const std::string& path) const {
    require(!area.grid || !area.feeder.empty(), path + ".grid",
            "'grid' needs the network to compute: give area '" + area.name + "' a 'feeder'");
    require(area.voltage_low_V < area.voltage_high_V, path + ".voltage_high_V",
            "'voltage_high_V' (" + std::to_string(area.voltage_high_V) + ") is not above 'voltage_low_V' (" +
                std::to_string(area.voltage_low_V) + ")");
    std::int64_t heads = 0;
    for (std::size_t g = 0; g < area.meters.size(); ++g) {
      const auto& group = area.meters[g];
      const auto group_path = path + ".meters." + std::to_string(g);
      const bool is_head = group.load == LoadKind::feeder_head;
      require(is_head || heads == 0, group_path + ".load",
              "meters of 'load: feeder-head' come after all customers of their area");
      if (is_head) heads += group.count;
      require(!is_head || area.grid, group_path + ".load",
              "'load: feeder-head' needs 'grid: true' in its area");
      require(!is_head || group.payment == PaymentMode::postpaid, group_path + ".payment",
              "nobody pays in advance for a feeder-head: 'payment: postpaid'");
      require(is_head || group.current_ratio == 1, group_path + ".current_ratio",
              "only 'load: feeder-head' has a 'current_ratio'");
    }
    require(heads == 0 || heads == 1 || heads == 3, path + ".meters",
            std::to_string(heads) + " feeder-head meters in area '" + area.name +
                "': one for all phases, or three, for A, B and C");
  }

  void check_carrier(const Area& area, const std::string& path) const {
    if (area.line.kind == LineKind::rs485) {
      require(area.line.band == CarrierBand{}, path + ".line.band", "RS-485 has no 'band'");
      return;
    }
    require(area.line.kind != LineKind::both || meter_count(area) <= area.line.meters_per_line,
            path + ".line.kind",
            "a pair and carrier modules in parallel ('both') are for one pair: at most " +
                std::to_string(area.line.meters_per_line) + " meters");
    require(!area.feeder.empty(), path + ".line.kind",
            "carrier needs the cables it runs over: give area '" + area.name + "' a 'feeder'");
    const auto file = area.feeder == "ieee-csv" ? std::nullopt : find_feeder(scenario_.folder, area.feeder);
    require(!file || file->extension() != ".dss", path + ".feeder",
            "carrier runs over a feeder in YAML or ieee-csv, not over '" +
                file.value_or("").generic_string() + "'");
  }

  void check_group(const Area& area, const MeterGroup& group, const std::string& path) const {
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    require(!group.name.empty() && group.name.size() <= 8 &&
                std::all_of(group.name.begin(), group.name.end(), is_letter),
            path + ".name",
            "'name' is '" + group.name + "': one to eight letters; the running number follows them");
    check_group_tariff(group, path);
    const bool is_rated = group.load == LoadKind::electric_car || group.load == LoadKind::heat_pump ||
                          group.load == LoadKind::solar_roof || group.load == LoadKind::solar_home ||
                          group.load == LoadKind::studio || group.load == LoadKind::cooled_home ||
                          group.load == LoadKind::charging_home;
    require(
        is_rated || group.rated_power.count() == 0, path + ".rated_power",
        "'load: " + Words<LoadKind>::all[static_cast<std::size_t>(group.load)] + "' has no 'rated_power'");
    require(!group.load_scale.is_zero() || group.load <= LoadKind::constant, path + ".load_scale",
            "'load_scale' is 0: use 'load: constant' with 'constant_power: 0 W' for nobody");
    require(group.load != LoadKind::ieee_profile || area.feeder == "ieee-csv", path + ".load",
            "'load: ieee-profile' needs 'feeder: ieee-csv' in its area");
    const bool is_prepaid = group.payment != PaymentMode::postpaid;
    require(is_prepaid || group.opening_balance.count() == 0, path + ".opening_balance",
            "a postpaid customer has no 'opening_balance'");
    require(group.alarm2 <= group.alarm1, path + ".alarm2",
            "the second warning (" + shown(group.alarm2) + ") comes before the first (" +
                shown(group.alarm1) + ")");
    require(group.opening_balance <= group.hoarding_cap, path + ".opening_balance",
            "'opening_balance' is above 'hoarding_cap', " + shown(group.hoarding_cap));
    require_order(group.pays.after_min, group.pays.after_max, path + ".pays", "after_min", "after_max");
    require(
        group.pays.when == PayingHabit::When::never || !is_prepaid || group.pays.amount <= group.hoarding_cap,
        path + ".pays.amount", "the customer pays more than 'hoarding_cap', " + shown(group.hoarding_cap));
  }

  void check_group_tariff(const MeterGroup& group, const std::string& path) const {
    std::vector<std::string> names;
    for (const auto& tariff : scenario_.tariffs) names.push_back(tariff.name);
    const auto found = std::find(names.begin(), names.end(), group.tariff);
    require(found != names.end(), path + ".tariff",
            "unknown tariff '" + group.tariff + "'" + did_you_mean(group.tariff, names));
    if (group.payment != PaymentMode::prepaid_meter) return;
    const auto& tariff = scenario_.tariffs[static_cast<std::size_t>(found - names.begin())];
    const auto& first = tariff.periods.front().prices;
    for (const auto& period : tariff.periods)
      for (std::size_t k = 1; k < first.size(); ++k)
        require(period.prices[k] - period.prices[0] == first[k] - first[0], path + ".tariff",
                "tariff '" + tariff.name +
                    "' is none for prepaid-meter: a meter adds a tier's surcharge to the rate's price " +
                    "(040501nn, 040601nn), and that of tier " + std::to_string(k + 1) + " differs between '" +
                    tariff.periods.front().name + "' and '" + period.name + "'");
  }

  // -- what happens
  void check_payment(std::size_t index) const {
    const auto& payment = scenario_.payments[index];
    const auto path = "payments." + std::to_string(index);
    require_meter(scenario_, places_, payment.meter, path + ".meter");
    require(payment.at >= scenario_.starts && payment.at < scenario_.ends(), path + ".at",
            "the payment is not within the run, " + at_text(scenario_.starts) + " to " +
                at_text(scenario_.ends()));
    require(payment.amount.count() > 0, path + ".amount", "a payment must be more than nothing");
  }

  const Scenario& scenario_;
  const Places& places_;
  const std::vector<std::size_t>& area_origin_;
};
}  // namespace

void check(const Scenario& scenario, const Places& places, const std::vector<std::size_t>& area_origin) {
  Checker(scenario, places, area_origin).all();
}

void check(const Scenario& scenario) {
  std::vector<std::size_t> area_origin(scenario.areas.size());
  std::iota(area_origin.begin(), area_origin.end(), std::size_t{0});
  check(scenario, Places{}, area_origin);
}
}  // namespace scenario
