#include "scenarios/check_meter_faults.hpp"

#include <algorithm>

#include "models/fault/registry.hpp"
#include "scenarios/check_faults.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
class MeterFaultChecker {
 public:
  MeterFaultChecker(const Scenario& scenario, const Places& places, const FaultSpec& fault,
                    const std::string& path)
      : scenario_(scenario), places_(places), fault_(fault), path_(path) {}

  void all() const {
    if (fault_.kind == "phase-swap") check_phases();
    if (fault_.kind == "recharge-replay") check_purse();
    if (fault_.kind == "theft-false-data") check_attack();
    if (fault_.kind == "theft-adaptive") check_adaptive();
    if (fault_.kind == "theft-collusion") {
      require_customer(fault_.meter, ".meter");
      require_customer(fault_.other, ".other");
    }
  }

 private:
  void require(bool is_right, const std::string& key, const std::string& message) const {
    if (!is_right) throw BadScenario(places_.at(path_ + key), message);
  }
  const MeterGroup& group(const std::string& meter) const {
    return group_of(scenario_, *find_meter(scenario_, meter));
  }
  void require_customer(const std::string& meter, const char* key) const {
    require(group(meter).load != LoadKind::feeder_head, key,
            "'" + meter + "' stands at the transformer: it has no customer who could steal");
  }

  /// The only meters of three phases are those at a transformer; three of them are one for each phase.
  void check_phases() const {
    const auto id = *find_meter(scenario_, fault_.meter);
    const auto entries = roster(scenario_);
    const auto& area = scenario_.areas[entries[id - 1].area];
    std::int64_t heads = 0;
    for (const auto& one : area.meters)
      if (one.load == LoadKind::feeder_head) heads += one.count;
    require(group(fault_.meter).load == LoadKind::feeder_head && heads == 1, ".meter",
            "'" + fault_.meter +
                "' has one phase, and nothing to exchange: a meter of three phases is the only "
                "'load: feeder-head' of its area");
  }

  void check_purse() const {
    require(group(fault_.meter).payment == PaymentMode::prepaid_meter, ".meter",
            "'" + fault_.meter + "' takes no recharges: that needs 'payment: prepaid-meter'");
  }

  /// The series must be known ahead, and a register only goes forward.
  void check_load(const std::string& meter, const char* key) const {
    const auto load = group(meter).load;
    require(load != LoadKind::feeder_head, key,
            "what passes at '" + meter + "' is not known ahead: an attack needs a customer's load");
    require(load != LoadKind::solar_roof && load != LoadKind::solar_home, key,
            "'" + meter + "' feeds in at times: an attack is a function of what is drawn");
  }

  void check_attack() const {
    const auto known = model::attack_names();
    const std::vector<std::string> names(known.begin(), known.end());
    require(std::find(names.begin(), names.end(), fault_.attack) != names.end(), ".attack",
            "'" + fault_.attack + "' is no attack: " + joined(names) + did_you_mean(fault_.attack, names));
    check_load(fault_.meter, ".meter");
    const bool is_of_two = fault_.attack == model::attack_of_two;
    require(!is_of_two || !fault_.other.empty(), "",
            "attack m12 reports the series of a smaller customer: it needs an 'other'");
    require(is_of_two || fault_.other.empty(), ".other", "attack " + fault_.attack + " takes no 'other'");
    if (is_of_two) check_load(fault_.other, ".other");
  }

  void check_adaptive() const {
    require_customer(fault_.meter, ".meter");
    const bool is_scheduled = !fault_.hours.empty() || !fault_.weekdays.empty() ||
                              fault_.every != Duration(0) || fault_.mean_every != Duration(0) ||
                              !fault_.when.empty();
    require(!is_scheduled, "", "theft-adaptive chooses its hours itself: it takes 'from' and 'till' only");
  }

  const Scenario& scenario_;
  const Places& places_;
  const FaultSpec& fault_;
  const std::string& path_;
};
}  // namespace

void check_meter_fault(const Scenario& scenario, const Places& places, const FaultSpec& fault,
                       const std::string& path) {
  MeterFaultChecker(scenario, places, fault, path).all();
}

void check_inspectors(const Scenario& scenario, const Places& places) {
  const auto& inspectors = scenario.inspectors;
  const std::string path = "inspectors";
  const auto require = [&](bool is_right, const std::string& key, const std::string& message) {
    if (!is_right) throw BadScenario(places.at(path + key), message);
  };
  require(inspectors.hours.from_s < inspectors.hours.till_s, ".hours",
          "inspectors work by day: 'hours' must not go over midnight");
  const auto span = std::chrono::seconds(inspectors.hours.till_s - inspectors.hours.from_s);
  require(inspectors.stays <= span, ".stays",
          "a visit of " + to_text(inspectors.stays) + " does not fit into working hours");
  require(inspectors.way_min <= inspectors.way_max, ".way_max",
          "'way_max' (" + to_text(inspectors.way_max) + ") is less than 'way_min' (" +
              to_text(inspectors.way_min) + ")");
  const auto& names = weekday_names();
  require(!inspectors.weekdays.empty(), ".weekdays", "inspectors work on at least one weekday");
  for (std::size_t i = 0; i < inspectors.weekdays.size(); ++i)
    require(std::find(names.begin(), names.end(), inspectors.weekdays[i]) != names.end(),
            ".weekdays." + std::to_string(i),
            "'" + inspectors.weekdays[i] + "' is no weekday: " + joined(names) +
                did_you_mean(inspectors.weekdays[i], names));
}
}  // namespace scenario
