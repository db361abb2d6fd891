#include "models/line/rs485/bus_lint.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/line/rs485/bus_electrics.hpp"

namespace model {
namespace {
constexpr double unit_loads_max = 32;
constexpr double piece_m_max = 1'200, whole_m_max = 10'800;
constexpr double rate_times_length_max = 1.2e8;  // 100 kbit/s at 1,200 m
constexpr double stub_m_max = 5;
constexpr double terminated_from_m = 500;  // below, at a meter's baud, reflections die within a bit
constexpr int slow_baud_max = 19'200;
constexpr double drive_V_min = 1.5, threshold_V = 0.2;

/// A number as an electrician writes it: no more digits than it needs.
std::string shown(double value) {
  const double rounded = std::round(value * 100) / 100;
  auto text = std::to_string(rounded);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

class Linter {
 public:
  explicit Linter(const BusPlan& plan)
      : plan_(plan), segments_(segments_of(plan)), levels_(levels_of(plan)) {}

  std::vector<BusFinding> findings() {
    place_ = plan_.place;
    loads();
    place_ = plan_.cable_place;
    lengths();
    place_ = plan_.place;
    addresses();
    bauds();
    resistors();
    levels();
    stubs();
    company();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.severity > b.severity; });
    return std::move(found_);
  }

 private:
  void error(std::string rule, std::string source, std::string what, std::string consequence) {
    found_.push_back({Severity::error, std::move(rule), std::move(source), std::move(what),
                      std::move(consequence), place_});
  }
  void warn(std::string rule, std::string source, std::string what, std::string consequence) {
    found_.push_back({Severity::warning, std::move(rule), std::move(source), std::move(what),
                      std::move(consequence), place_});
  }
  std::string piece_name(const BusSegment& piece) const {
    if (segments_.size() == 1) return "the pair";
    return "the piece from " + shown(piece.from_m) + " m to " + shown(piece.till_m) + " m";
  }

  void loads() {
    for (const auto& piece : segments_) {
      double of_units = 0;
      for (const auto unit : piece.units) {
        const bool is_within = of_units <= unit_loads_max + 1e-9;
        of_units += plan_.units[unit].unit_load;
        if (is_within) place_ = plan_.units[unit].place;  // the one that is too many
      }
      if (of_units <= unit_loads_max + 1e-9) continue;
      error("unit-loads", "TIA-485-A 3.1: 32 unit loads",
            piece_name(piece) + " carries " + shown(of_units) + " unit loads on " +
                std::to_string(piece.units.size()) + " units; at most 32",
            "drivers cannot lift the pair to 1.5 V; far stations miss bits: split the bus, or use 1/8-load "
            "receivers");
    }
  }

  void lengths() {
    for (const auto& piece : segments_) {
      const double length_m = piece.till_m - piece.from_m;
      if (length_m > piece_m_max)
        error("length", "TIA-485-A: 4000 ft",
              piece_name(piece) + " is " + shown(length_m) + " m long; at most 1200 m",
              "levels fall below the receivers' 0.2 V at the far end: put a repeater in");
      else if (length_m * plan_.serial.baud > rate_times_length_max)
        error("length-baud", "makers' curve: 100 kbit/s at 1200 m",
              piece_name(piece) + " has " + shown(length_m) + " m at " + std::to_string(plan_.serial.baud) +
                  " baud; at most " + shown(rate_times_length_max / plan_.serial.baud) + " m",
              "edges are still rising when bits are sampled: lower the baud rate or shorten the cable");
    }
    if (plan_.cable.length_m > whole_m_max)
      error("repeaters", "nine pieces of 1.2 km",
            "the bus is " + shown(plan_.cable.length_m) + " m long; at most 10800 m",
            "each repeater adds jitter; behind eight of them characters are lost");
    if (plan_.repeaters.size() > 8)
      error("repeaters", "nine pieces of 1.2 km",
            std::to_string(plan_.repeaters.size()) + " repeaters; at most 8",
            "each repeater adds jitter; behind eight of them characters are lost");
  }

  void addresses() {
    std::map<std::string, const BusUnit*> first;
    for (const auto& unit : plan_.units) {
      if (unit.address.empty()) continue;
      const auto [found, is_new] = first.emplace(unit.protocol + " " + unit.address, &unit);
      place_ = unit.place;
      if (!is_new)
        error("duplicate-address", "DL/T 645-2007: an address is one meter's",
              unit.name + " has the address " + unit.address + " of " + found->second->name,
              "both answer at once and destroy each other's characters: neither is ever read");
    }
  }

  void bauds() {
    place_ = plan_.place;
    constexpr int usual[] = {600, 1'200, 2'400, 4'800, 9'600, 19'200};
    const bool speaks_645 = std::any_of(plan_.units.begin(), plan_.units.end(),
                                        [](const auto& unit) { return unit.protocol == "dlt645"; });
    if (speaks_645 && std::find(std::begin(usual), std::end(usual), plan_.serial.baud) == std::end(usual))
      warn("baud", "DL/T 645-2007: 600 to 19200 baud",
           std::to_string(plan_.serial.baud) + " baud is none of DL/T 645's",
           "meters that know only the standard's rates stay silent");
    if (speaks_645 && !(plan_.serial.format == CharacterFormat{}))
      warn("format", "DL/T 645-2007: 8E1",
           "DL/T 645 on " + to_string(plan_.serial.format) + "; the standard says 8E1",
           "every character has a wrong parity or stop bit to one side");
    for (const auto& unit : plan_.units) {
      place_ = unit.place;
      if (unit.baud && *unit.baud != plan_.serial.baud)
        error("baud", "one rate a bus",
              unit.name + " is set to " + std::to_string(*unit.baud) + " baud on a bus of " +
                  std::to_string(plan_.serial.baud),
              "it hears framing errors only and never answers");
    }
  }

  void resistors() {
    place_ = plan_.place;
    const bool is_slow = plan_.serial.baud <= slow_baud_max;
    for (const auto& piece : segments_) {
      const double length_m = piece.till_m - piece.from_m;
      if (piece.terminators > 2)
        error("termination", "TIA-485-A 3.1: 60 ohm and 32 unit loads",
              piece_name(piece) + " has " + std::to_string(piece.terminators) +
                  " terminators; two, at its ends",
              "the driver is loaded below 1.5 V: noise margin is lost on the whole pair");
      else if (piece.terminators < 2 && (!is_slow || length_m > terminated_from_m))
        warn("termination", "TSB-89 and makers' rule: above 500 m, or fast",
             piece_name(piece) + " of " + shown(length_m) + " m has " + std::to_string(piece.terminators) +
                 " terminators; two, at its ends",
             is_slow ? "at this baud reflections die within a bit; harmless until the rate is raised"
                     : "reflections are still there when bits are sampled");
    }
    for (const auto& terminator : plan_.terminators) {
      const bool is_at_end = std::any_of(segments_.begin(), segments_.end(), [&](const auto& piece) {
        return std::fabs(terminator.at_m - piece.from_m) <= 5 ||
               std::fabs(terminator.at_m - piece.till_m) <= 5;
      });
      if (!is_at_end)
        warn("termination", "TSB-89: at the two ends only",
             "a terminator stands at " + shown(terminator.at_m) + " m, in the middle",
             "it loads the pair and the end still reflects");
      const double off = terminator.resistance_ohm / plan_.cable.impedance_ohm;
      if (off < 0.8 || off > 1.25)
        warn("termination", "resistor equals the cable's impedance",
             shown(terminator.resistance_ohm) + " ohm on a cable of " + shown(plan_.cable.impedance_ohm) +
                 " ohm",
             "part of every edge is thrown back");
    }
  }

  void levels() {
    const BusUnit* weakest = nullptr;
    const BusUnit* undriven = nullptr;
    const BusUnit* idle = nullptr;
    double margin_V = 1e9, drive_V = 1e9, idle_V = 1e9;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const auto& at = levels_[i];
      const double lowest =
          std::min({at.from_master_V, at.to_master_V, -at.space_from_master_V, -at.space_to_master_V});
      if (const double left = lowest * at.eye - threshold_V; left < margin_V)
        margin_V = left, weakest = &plan_.units[i];
      if (lowest < drive_V) drive_V = lowest, undriven = &plan_.units[i];
      if (at.idle_V < idle_V) idle_V = at.idle_V, idle = &plan_.units[i];
    }
    if (weakest != nullptr) place_ = weakest->place;
    if (weakest != nullptr && margin_V < 4 * plan_.noise_mV / 1000)
      error("margin", "TIA-485-A 4.2: receivers decide at 0.2 V",
            "at " + weakest->name + " " + shown(margin_V * 1000) +
                " mV are left above the 200 mV a receiver may need, with " + shown(plan_.noise_mV) +
                " mV of noise",
            "bits are misread; long frames suffer first");
    else if (undriven != nullptr && drive_V < 0.5 * drive_V_min)
      warn("drive-level", "TIA-485-A 3.2: 1.5 V at the driver",
           "only " + shown(drive_V) + " V reach " + undriven->name,
           "it works until somebody adds a load or a motor starts");
    place_ = plan_.place;
    if (idle != nullptr && idle_V < threshold_V + 3 * plan_.noise_mV / 1000)
      warn("bias", "TIA-485-A 4.2: within +-200 mV a receiver may say anything",
           "the silent pair rests at " + shown(idle_V * 1000) + " mV with " + shown(plan_.noise_mV) +
               " mV of noise" + (plan_.bias ? " in spite of its bias" : ", it has no bias"),
           "noise makes start bits: the first characters of frames are misread, with some receivers always");
  }

  void stubs() {
    const BusUnit* longest = nullptr;
    int count = 0;
    for (const auto& unit : plan_.units) {
      if (unit.stub_m <= stub_m_max) continue;
      ++count;
      if (longest == nullptr || unit.stub_m > longest->stub_m) longest = &unit;
    }
    if (longest == nullptr) return;
    place_ = longest->place;
    warn("stub", "makers: as short as possible, at most 5 m",
         std::to_string(count) + " on stubs of more than 5 m, the longest " + longest->name + " with " +
             shown(longest->stub_m) + " m",
         "a star is no bus: its far ends reflect, which shows when the baud rate is raised");
  }

  void company() {
    const auto& first = plan_.units.front();
    for (const auto& unit : plan_.units) {
      place_ = unit.place;
      if (unit.protocol != first.protocol) {
        warn("mixed-protocols", "one protocol a bus",
             unit.name + " speaks " + unit.protocol + ", " + first.name + " " + first.protocol,
             "each takes the other's frames for noise or for its own; waiting times differ");
        return;
      }
    }
    for (const auto& unit : plan_.units) {
      place_ = unit.place;
      if (unit.kind != first.kind) {
        warn("mixed-kinds", "makers: devices of different kinds on different buses",
             unit.name + " is a " + unit.kind + ", " + first.name + " a " + first.kind,
             "one slow or chatty device delays all the others");
        return;
      }
    }
  }

  const BusPlan& plan_;
  std::vector<BusSegment> segments_;
  std::vector<UnitLevels> levels_;
  std::vector<BusFinding> found_;
  std::string place_;  ///< of what is looked at
};
}  // namespace

std::vector<BusFinding> lint(const BusPlan& plan) { return Linter(plan).findings(); }

bool forbids(const std::vector<BusFinding>& findings, Strictness strictness) {
  if (strictness == Strictness::strict) return !findings.empty();
  return std::any_of(findings.begin(), findings.end(),
                     [](const auto& finding) { return finding.severity == Severity::error; });
}

std::string to_line(const BusFinding& finding) {
  return (finding.place.empty() ? "" : finding.place + ": ") +
         std::string(finding.severity == Severity::error ? "error" : "warning") + " " + finding.rule + ": " +
         finding.what + "; " + finding.consequence + " [" + finding.source + "]";
}
}  // namespace model
