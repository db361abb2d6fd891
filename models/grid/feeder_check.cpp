// Does a feeder make sense, whatever file it came from?
//
// Ranges: voltages, short-circuit currents and rated power above 0; the source between 0.5 and 1.5 of its
// voltage; a tap between 0.5 and 2; resistances not below 0; bus numbers 1 to 1,000,000; lengths above 0 and
// up to 1,000 km (a switch may have none); fuses 2 to 1250 A; loads up to 10 MW either way; shares of a load
// from 0 to 1.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/grid/feeder.hpp"
#include "models/grid/fuse.hpp"

namespace model {
namespace {
constexpr int bus_most = 1'000'000;
constexpr double length_most_m = 1e6, power_most_kW = 10'000;

class Checker {
 public:
  Checker(const Feeder& feeder, const std::string& where) : feeder_(feeder), where_(where) {}

  void all() const {
    check_source();
    check_transformer();
    check_codes();
    check_lines();
    check_tree();
    for (const FeederLoad& load : feeder_.loads) check_load(load);
  }

 private:
  [[noreturn]] void refuse(const WrittenAt& place, const std::string& why) const {
    throw BadFeederFile((place.text.empty() ? where_ : place.text) + ": " + why);
  }
  void need(bool is_good, const WrittenAt& place, const std::string& why) const {
    if (!is_good) refuse(place, why);
  }

  void check_source() const {
    const FeederSource& grid = feeder_.grid;
    need(grid.voltage_kV > 0 && grid.voltage_kV <= 1000, grid.place,
         "the source's voltage must lie above 0 kV and up to 1000 kV");
    need(grid.voltage_pu >= 0.5 && grid.voltage_pu <= 1.5, grid.place,
         "the source's voltage must lie between 0.5 and 1.5 of its rated one");
    need(grid.short_circuit_3_phase_A > 0 && grid.short_circuit_1_phase_A > 0, grid.place,
         "the source's short-circuit currents must lie above 0 A");
  }

  void check_transformer() const {
    const FeederTransformer& plate = feeder_.transformer;
    need(plate.primary_kV > 0 && plate.secondary_kV > 0, plate.place,
         "the transformer's voltages must lie above 0 kV");
    need(plate.rated_MVA > 0, plate.place, "the transformer's rated power must lie above 0 MVA");
    need(plate.resistance_percent >= 0 && plate.reactance_percent >= 0, plate.place,
         "the transformer's impedance must not be negative");
    need(plate.resistance_percent < 100 && plate.reactance_percent < 100, plate.place,
         "the transformer's impedance must lie below 100 %");
    need(plate.primary_tap > 0.5 && plate.primary_tap < 2, plate.place,
         "the transformer's tap must lie between 0.5 and 2");
  }

  void check_codes() const {
    std::set<std::string> names;
    for (const LineCode& code : feeder_.line_codes) {
      need(names.insert(code.name).second, code.place, "a second line code \"" + code.name + "\"");
      const FourWires wires = code.four_wires.value_or(FourWires{});
      need(code.R1_ohm_per_km >= 0 && code.R0_ohm_per_km >= 0 && wires.phase_R >= 0 && wires.neutral_R >= 0,
           code.place, "line code \"" + code.name + "\" has a negative resistance");
      need(code.rated_A >= 0, code.place, "line code \"" + code.name + "\" has a negative rated current");
    }
  }

  void check_lines() const {
    std::set<std::string> names;
    for (const FeederLine& line : feeder_.lines) {
      const std::string name = name_of(line);
      for (const int bus : {line.from_bus, line.to_bus})
        need(bus >= 1 && bus <= bus_most, line.place,
             name + ": a bus is a number from 1 to 1000000, not " + std::to_string(bus));
      need(line.from_bus != line.to_bus, line.place, name + " leads from a bus to itself");
      need(line.length_m >= 0 && (line.length_m > 0 || line.is_switch), line.place,
           name + (line.length_m < 0 ? " has a negative length" : " has no length"));
      need(line.length_m <= length_most_m, line.place, name + " is longer than 1000 km");
      const bool is_known_fuse = line.fuse_A >= grid::fuse_least_A && line.fuse_A <= grid::fuse_most_A;
      need(line.fuse_A == 0 || is_known_fuse, line.place,
           name + ": a fuse is rated for 2 to 1250 A, or 0 where there is none");
      need(names.insert(name).second, line.place, "a second " + name);
    }
  }

  /// Each bus is fed by one closed line, and from bus 1 every line is reached when all are closed.
  void check_tree() const {
    std::set<int> fed{1}, led_to{1};
    std::multimap<int, const FeederLine*> leaving;
    for (const FeederLine& line : feeder_.lines) {
      led_to.insert(line.to_bus);
      leaving.emplace(line.from_bus, &line);
      const bool is_closed = (line.open & 0b111) != 0b111;
      need(!is_closed || fed.insert(line.to_bus).second, line.place,
           name_of(line) + ": bus " + std::to_string(line.to_bus) +
               " is fed twice; the lines must form a tree from bus 1");
    }
    std::set<int> reached{1};
    std::vector<int> waiting{1};
    while (!waiting.empty()) {
      const auto [first, last] = leaving.equal_range(waiting.back());
      waiting.pop_back();
      for (auto line = first; line != last; ++line)
        if (reached.insert(line->second->to_bus).second) waiting.push_back(line->second->to_bus);
    }
    for (const FeederLine& line : feeder_.lines) {
      const std::string from = "bus " + std::to_string(line.from_bus);
      need(led_to.count(line.from_bus) > 0, line.place, name_of(line) + ": " + from + " is fed by nothing");
      need(reached.count(line.from_bus) > 0, line.place,
           name_of(line) + ": " + from + " is an island: nothing leads there from bus 1");
    }
  }

  void check_load(const FeederLoad& load) const {
    const bool is_there = std::any_of(feeder_.lines.begin(), feeder_.lines.end(),
                                      [&](const FeederLine& line) { return line.to_bus == load.bus; });
    need(is_there || load.bus == 1, load.place,
         "a load stands on bus " + std::to_string(load.bus) + ", which is not there");
    need(std::abs(load.power_kW) <= power_most_kW, load.place, "a load of more than 10 MW");
    need(load.profile >= 0, load.place, "a profile is numbered from 1");
    need(load.impedance_share >= 0 && load.current_share >= 0 &&
             load.impedance_share + load.current_share <= 1 + 1e-9,
         load.place, "the shares of a load lie between 0 and 1, and so does their sum");
  }

  const Feeder& feeder_;
  const std::string& where_;
};
}  // namespace

std::string name_of(const FeederLine& line) {
  if (!line.name.empty()) return line.name;
  return "line " + std::to_string(line.from_bus) + "-" + std::to_string(line.to_bus);
}

void check_feeder(const Feeder& feeder, const std::string& where) { Checker(feeder, where).all(); }
}  // namespace model
