#include "scenarios/check_faults.hpp"

#include <algorithm>

#include "models/fault/registry.hpp"
#include "scenarios/check_meter_faults.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
const std::vector<std::string> frame_names{"read", "write", "control", "security", "time"};

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto& entry : model::fault_registry()) names.emplace_back(entry.name);
  return names;
}

bool is_given(const FaultSpec& fault, model::FaultField field) {
  switch (field) {
    case model::fault_area:
      return !fault.area.empty();
    case model::fault_meter:
      return !fault.meter.empty();
    case model::fault_line:
      return fault.line != 0;
    case model::fault_bit_error:
      return !fault.bit_error.is_zero();
    case model::fault_chance:
      return fault.chance.numerator != fault.chance.denominator;
    case model::fault_nth:
      return fault.nth != 0 || fault.every_nth != 0;
    case model::fault_frame:
      return !fault.frame.empty();
    case model::fault_delay:
      return fault.delay != Duration(0);
    case model::fault_step:
      return fault.step != Duration(0);
    case model::fault_count:
      return fault.count != 0;
    case model::fault_age:
      return fault.age != Duration(0);
    case model::fault_other:
      return !fault.other.empty();
    case model::fault_noise:
      return fault.noise_dB != 0;
    case model::fault_share:
      return fault.share.numerator != fault.share.denominator;
    case model::fault_power:
      return fault.power.count() != 0;
    case model::fault_section:
      return !fault.section.empty();
    case model::fault_phases:
      return !fault.phases.empty();
    case model::fault_energy:
      return fault.energy.count() != 0;
    case model::fault_attack:
      return !fault.attack.empty();
  }
  return false;
}

bool is_number(model::FaultField field) {
  constexpr std::uint32_t words = model::fault_area | model::fault_meter | model::fault_other |
                                  model::fault_step | model::fault_attack | model::fault_section |
                                  model::fault_phases;
  return (field & words) == 0;
}

const char* article(const std::string& word) {
  return std::string("aeio").find(word.front()) == std::string::npos ? "a" : "an";
}

class FaultChecker {
 public:
  FaultChecker(const Scenario& scenario, const Places& places) : scenario_(scenario), places_(places) {}

  void all() const {
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) check_fault(i);
    for (std::size_t i = 0; i < scenario_.storms.size(); ++i) check_storm(i);
  }

 private:
  void require(bool is_right, const std::string& path, const std::string& message) const {
    if (!is_right) throw BadScenario(places_.at(path), message);
  }
  std::string at_text(Instant at) const { return core::to_iso8601(at, scenario_.zone_rules); }

  model::FaultKind kind_of(const std::string& name, const std::string& path) const {
    const auto kind = model::find_fault(name);
    require(kind.has_value(), path,
            "unknown fault '" + name + "', not one of " + joined(kind_names()) +
                did_you_mean(name, kind_names()));
    return *kind;
  }

  void check_fault(std::size_t index) const {
    const auto& fault = scenario_.faults[index];
    const auto path = "faults." + std::to_string(index);
    const auto& entry = model::fault_entry(kind_of(fault.kind, path + ".kind"));
    for (const auto field : model::fault_fields()) {
      const auto key = std::string(model::key_of(field));
      if (!entry.takes_field(field))
        require(!is_given(fault, field), path + "." + key, fault.kind + " takes no '" + key + "'");
      if (entry.needs_field(field))
        require(
            is_given(fault, field), path,
            fault.kind + " needs " + article(key) + " '" + key + "'" + (is_number(field) ? " above 0" : ""));
    }
    check_target(fault, path);
    check_section(fault, path);
    check_window(fault.from, fault.till, path);
    check_schedule(fault, path);
    check_trigger(fault, path);
    if (fault.kind == "head-end-crash") check_crash(index, path);
    check_meter_fault(scenario_, places_, fault, path);
  }

  void check_window(Instant from, Instant till, const std::string& path) const {
    require(from < till, path + ".till",
            "the fault ends (" + at_text(till) + ") before it begins (" + at_text(from) + ")");
    require(
        from >= scenario_.starts && till <= scenario_.ends(),
        path + (from < scenario_.starts ? ".from" : ".till"),
        "the fault is not within the run, " + at_text(scenario_.starts) + " to " + at_text(scenario_.ends()));
  }

  void check_schedule(const FaultSpec& fault, const std::string& path) const {
    require(fault.every == Duration(0) || fault.mean_every == Duration(0), path + ".mean_every",
            "a fault comes 'every' so often, or on average ('mean_every'), not both");
    const bool comes_again = fault.every != Duration(0) || fault.mean_every != Duration(0);
    require(!comes_again || fault.lasts != Duration(0), path, "a fault that comes again needs 'lasts'");
    require(fault.every == Duration(0) || fault.lasts < fault.every, path + ".lasts",
            "it begins again every " + to_text(fault.every) + ", before it is over (" + to_text(fault.lasts) +
                ")");
    for (std::size_t i = 0; i < fault.weekdays.size(); ++i)
      require(std::find(weekday_names().begin(), weekday_names().end(), fault.weekdays[i]) !=
                  weekday_names().end(),
              path + ".weekdays." + std::to_string(i),
              "'" + fault.weekdays[i] + "' is no weekday: " + joined(weekday_names()));
    if (fault.when.empty()) return;
    require(fault.hours.empty() && fault.weekdays.empty() && !comes_again, path + ".when",
            "a fault waits for an event ('when') or follows a calendar, not both");
    const auto& events = trigger_events();
    require(
        std::find(events.begin(), events.end(), fault.when) != events.end(), path + ".when",
        "'" + fault.when + "' is no event to wait for: " + joined(events) + did_you_mean(fault.when, events));
    require(fault.lasts != Duration(0), path, "a fault that waits for an event needs 'lasts'");
    require(fault.kind != "head-end-crash", path + ".when", "head-end-crash takes no 'when'");
  }

  void check_trigger(const FaultSpec& fault, const std::string& path) const {
    require(fault.when.empty() ? fault.wait == Duration(0) : true, path + ".wait",
            "'wait' needs an event to wait for ('when')");
    require(fault.nth == 0 || fault.every_nth == 0, path + ".every_nth",
            "the n-th frame ('nth') or each n-th ('every_nth'), not both");
    require(!is_given(fault, model::fault_chance) || !is_given(fault, model::fault_nth), path + ".chance",
            "by 'chance' or by number, not both");
    require(!fault.share.is_zero(), path + ".share", "'share' is 0: the fault would hide nothing");
    require(!fault.chance.is_zero(), path + ".chance", "'chance' is 0: the fault would never strike");
    require(fault.frame.empty() ||
                std::find(frame_names.begin(), frame_names.end(), fault.frame) != frame_names.end(),
            path + ".frame",
            "'" + fault.frame + "' is no frame type: " + joined(frame_names) +
                did_you_mean(fault.frame, frame_names));
  }

  void check_crash(std::size_t index, const std::string& path) const {
    const auto& fault = scenario_.faults[index];
    for (std::size_t i = 0; i < index; ++i) {
      const auto& other = scenario_.faults[i];
      require(other.kind != fault.kind || other.till <= fault.from || fault.till <= other.from,
              path + ".from", "the head-end is down already, until " + at_text(other.till));
    }
  }

  std::size_t area_position(const std::string& name, const std::string& path) const {
    std::vector<std::string> areas;
    for (const auto& area : scenario_.areas) areas.push_back(area.name);
    const auto found = std::find(areas.begin(), areas.end(), name);
    require(found != areas.end(), path, "no area '" + name + "'" + did_you_mean(name, areas));
    return static_cast<std::size_t>(found - areas.begin());
  }

  void check_target(const FaultSpec& fault, const std::string& path) const {
    std::size_t wanted = 0;
    if (!fault.area.empty()) wanted = area_position(fault.area, path + ".area");
    require(fault.line == 0 || !fault.area.empty(), path + ".line", "a 'line' needs its 'area'");
    if (fault.line != 0) {
      const auto& area = scenario_.areas[wanted];
      const auto per_line = area.line.kind == LineKind::carrier ? 1 : area.line.meters_per_line;
      const auto lines = (meter_count(area) + per_line - 1) / per_line;
      require(fault.line <= lines, path + ".line",
              "area '" + fault.area + "' has " + std::to_string(lines) + " lines");
    }
    const bool is_of_carrier = fault.kind.starts_with("carrier-");
    const auto has_carrier = [&](const Area& area) { return area.line.kind != LineKind::rs485; };
    require(!is_of_carrier ||
                (fault.area.empty() ? std::any_of(scenario_.areas.begin(), scenario_.areas.end(), has_carrier)
                                    : has_carrier(scenario_.areas[wanted])),
            path + (fault.area.empty() ? ".kind" : ".area"),
            fault.kind + " needs an area with carrier modules ('line: { kind: carrier }')");
    const bool is_of_bearer = fault.kind == "nat-timeout" || fault.kind == "cell-crowded";
    const auto has_bearer = [](const Area& area) { return area.uplink.bearer != Bearer::plain; };
    require(!is_of_bearer ||
                (fault.area.empty() ? std::any_of(scenario_.areas.begin(), scenario_.areas.end(), has_bearer)
                                    : has_bearer(scenario_.areas[wanted])),
            path + (fault.area.empty() ? ".kind" : ".area"),
            fault.kind + " needs an area with a bearer ('uplink: { bearer: gprs }')");
    if (fault.meter.empty()) return;
    require_meter(scenario_, places_, fault.meter, path + ".meter");
    if (!fault.other.empty()) check_other(fault, path);
    if (fault.area.empty()) return;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < wanted; ++i) before += meter_count(scenario_.areas[i]);
    const auto id = std::int64_t{*find_meter(scenario_, fault.meter)};
    require(id > before && id <= before + meter_count(scenario_.areas[wanted]), path + ".meter",
            "meter '" + fault.meter + "' is not in area '" + fault.area + "'");
  }

  /// Whether the network has the section is seen when it is read.
  void check_section(const FaultSpec& fault, const std::string& path) const {
    const auto is_phases = [](const std::string& text) {
      return std::all_of(text.begin(), text.end(), [&](char letter) {
        return letter >= 'A' && letter <= 'C' && std::count(text.begin(), text.end(), letter) == 1;
      });
    };
    require(is_phases(fault.phases), path + ".phases",
            "'phases' is '" + fault.phases + "': letters out of A, B and C, each once");
    if (fault.section.empty()) return;
    require(scenario_.areas[area_position(fault.area, path + ".area")].grid, path + ".area",
            fault.kind + " needs a network that is computed: give area '" + fault.area + "' 'grid: true'");
  }

  void check_other(const FaultSpec& fault, const std::string& path) const {
    require_meter(scenario_, places_, fault.other, path + ".other");
    require(fault.other != fault.meter, path + ".other", "'other' is the same meter as 'meter'");
    const auto all = roster(scenario_);
    const auto& one = all[*find_meter(scenario_, fault.meter) - 1];
    const auto& two = all[*find_meter(scenario_, fault.other) - 1];
    if (fault.kind != "double-address")
      return require(one.area == two.area, path + ".other",
                     "meters '" + fault.meter + "' and '" + fault.other + "' are not in the same area");
    require(one.area == two.area && one.line == two.line, path + ".other",
            "meters '" + fault.meter + "' and '" + fault.other + "' are not on the same line");
  }

  void check_storm(std::size_t index) const {
    const auto& storm = scenario_.storms[index];
    const auto path = "storms." + std::to_string(index);
    require(!storm.name.empty(), path + ".name", "a storm needs a name");
    for (std::size_t i = 0; i < index; ++i)
      require(scenario_.storms[i].name != storm.name, path + ".name", "a second storm '" + storm.name + "'");
    for (std::size_t i = 0; i < storm.areas.size(); ++i)
      area_position(storm.areas[i], path + ".areas." + std::to_string(i));
    require(!storm.faults.empty(), path + ".faults", "a storm brings at least one kind of fault");
    bool takes_bit_error = false;
    for (std::size_t i = 0; i < storm.faults.size(); ++i) {
      const auto kind_path = path + ".faults." + std::to_string(i);
      const auto& entry = model::fault_entry(kind_of(storm.faults[i], kind_path));
      require(entry.takes_field(model::fault_area), kind_path, storm.faults[i] + " does not befall an area");
      require((entry.needs & ~static_cast<std::uint32_t>(model::fault_bit_error)) == 0, kind_path,
              storm.faults[i] + " needs more than a storm can say: write it as a fault");
      require(!entry.needs_field(model::fault_bit_error) || !storm.bit_error.is_zero(), path,
              storm.faults[i] + " needs a 'bit_error' above 0");
      takes_bit_error |= entry.takes_field(model::fault_bit_error);
    }
    require(takes_bit_error || storm.bit_error.is_zero(), path + ".bit_error",
            "none of this storm's faults takes a 'bit_error'");
    check_window(storm.from, storm.till, path);
    require(storm.till - storm.from > 2 * storm.spread, path + ".spread",
            "the storm is over before all of it has come: 'spread' is more than half of it");
  }

  const Scenario& scenario_;
  const Places& places_;
};
}  // namespace

void check_faults(const Scenario& scenario, const Places& places) { FaultChecker(scenario, places).all(); }

void require_meter(const Scenario& scenario, const Places& places, const std::string& name,
                   const std::string& path) {
  if (find_meter(scenario, name)) return;
  const auto count = static_cast<std::uint32_t>(meter_count(scenario));
  throw BadScenario(places.at(path), "no meter '" + name + "': the scenario has " +
                                         numbered(group_of(scenario, 1).name, 1) + " to " +
                                         numbered(group_of(scenario, count).name, count));
}

const std::vector<std::string>& weekday_names() {
  static const std::vector<std::string> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  return names;
}

const std::vector<std::string>& trigger_events() {
  static const std::vector<std::string> events{
      "relay-opened", "relay-closed",    "close-allowed", "trip-commanded",       "recharge-applied",
      "supply-lost",  "supply-restored", "fuse-blown",    "fuse-replaced",        "feeder-diverged",
      "login",        "logged-out",      "clock-set",     "clock-set-by-head-end"};
  return events;
}
}  // namespace scenario
