// Our own form of a feeder: one YAML file.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>

#include "models/grid/csv_table.hpp"
#include "models/grid/feeder.hpp"

namespace model {
namespace {
/// A node with its file, so that every complaint names the place.
class Reader {
 public:
  Reader(std::string file, YAML::Node node) : file_(std::move(file)), node_(std::move(node)) {}

  WrittenAt place() const {
    const YAML::Mark mark = node_.Mark();
    if (mark.is_null()) return {file_};
    return {file_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1)};
  }
  [[noreturn]] void refuse(const std::string& why) const { throw BadFeederFile(place().text + ": " + why); }
  void only(std::initializer_list<std::string_view> keys) const {
    if (!node_.IsMap()) refuse("expected keys with values");
    std::vector<std::string> seen;
    for (const auto& pair : node_) {
      const Reader key(file_, pair.first);
      if (std::find(keys.begin(), keys.end(), key.text()) == keys.end())
        key.refuse("unknown key \"" + key.text() + "\"");
      if (std::find(seen.begin(), seen.end(), key.text()) != seen.end())
        key.refuse("a second \"" + key.text() + "\"");
      seen.push_back(key.text());
    }
  }
  Reader at(const std::string& key) const {
    const YAML::Node found = node_[key];
    if (!found) refuse("\"" + key + "\" is missing");
    return Reader(file_, found);
  }
  /// The elements of a row of exactly `width`.
  std::vector<Reader> row(std::size_t width) const {
    if (!node_.IsSequence() || node_.size() != width)
      refuse("expected a row of " + std::to_string(width) + " values");
    return list();
  }
  std::vector<Reader> list() const {
    if (!node_.IsSequence()) refuse("expected a list");
    std::vector<Reader> elements;
    for (const auto& element : node_) elements.emplace_back(file_, element);
    return elements;
  }
  bool has(const std::string& key) const { return static_cast<bool>(node_[key]); }
  bool is_map() const { return node_.IsMap(); }
  double number_or(const std::string& key, double usual) const { return has(key) ? at(key).number() : usual; }
  std::string text() const {
    if (!node_.IsScalar()) refuse("expected a value");
    return node_.Scalar();
  }
  double number() const {
    double value = 0;
    if (!parse_number(text(), value)) refuse("\"" + text() + "\" is not a number");
    return value;
  }
  bool yes() const {
    if (text() == "true" || text() == "yes") return true;
    if (text() != "false" && text() != "no") refuse("expected true or false, not \"" + text() + "\"");
    return false;
  }
  int whole() const {
    const double value = number();
    if (value < -1e9 || value > 1e9 || value != static_cast<int>(value))
      refuse("\"" + text() + "\" is not a whole number");
    return static_cast<int>(value);
  }

 private:
  std::string file_;
  YAML::Node node_;
};

/// [name, R1, X1, R0, X0], or a map that may also tell the rated current or the four wires one by one.
LineCode line_code_from(const Reader& code) {
  LineCode read;
  read.place = code.place();
  if (!code.is_map()) {
    const auto cells = code.row(5);
    read.name = cells[0].text();
    read.R1_ohm_per_km = cells[1].number(), read.X1_ohm_per_km = cells[2].number();
    read.R0_ohm_per_km = cells[3].number(), read.X0_ohm_per_km = cells[4].number();
    return read;
  }
  code.only({"name", "Z1", "Z0", "phase", "neutral", "mutual", "rated_A"});
  const auto pair = [&](const char* key, double& resistance, double& reactance) {
    const auto cells = code.at(key).row(2);
    resistance = cells[0].number(), reactance = cells[1].number();
  };
  read.name = code.at("name").text();
  read.rated_A = code.number_or("rated_A", 0);
  if (code.has("phase")) {
    FourWires wires;
    pair("phase", wires.phase_R, wires.phase_X);
    pair("neutral", wires.neutral_R, wires.neutral_X);
    pair("mutual", wires.mutual_R, wires.mutual_X);
    read.four_wires = wires;
    return read;
  }
  pair("Z1", read.R1_ohm_per_km, read.X1_ohm_per_km);
  pair("Z0", read.R0_ohm_per_km, read.X0_ohm_per_km);
  return read;
}

std::uint8_t phases_from(const Reader& value) {
  std::uint8_t phases = 0;
  for (const char letter : value.text()) {
    const int bit = letter - 'A';
    if (bit < 0 || bit > 2 || (phases >> bit & 1) != 0)
      value.refuse("expected phases out of A, B and C, each once, not \"" + value.text() + "\"");
    phases = static_cast<std::uint8_t>(phases | 1 << bit);
  }
  return phases;
}

int code_named(const Reader& cell, const Feeder& feeder) {
  const auto& codes = feeder.line_codes;
  const auto known = std::find_if(codes.begin(), codes.end(),
                                  [&](const LineCode& code) { return code.name == cell.text(); });
  if (known == codes.end()) cell.refuse("no line code \"" + cell.text() + "\"");
  return static_cast<int>(known - codes.begin());
}

/// [from bus, to bus, length in m, line code], or a map with the same, its name, and what is open or fused. A
/// switch needs neither length nor code.
FeederLine line_from(const Reader& line, const Feeder& feeder) {
  FeederLine read;
  read.place = line.place();
  if (!line.is_map()) {
    const auto cells = line.row(4);
    read.from_bus = cells[0].whole(), read.to_bus = cells[1].whole();
    read.length_m = cells[2].number();
    if (!(read.length_m > 0))
      cells[2].refuse(name_of(read) + (read.length_m < 0 ? " has a negative length" : " has no length"));
    read.code = code_named(cells[3], feeder);
    return read;
  }
  line.only({"from", "to", "length_m", "code", "open", "fuse_A", "name", "switch"});
  read.from_bus = line.at("from").whole(), read.to_bus = line.at("to").whole();
  if (line.has("name")) read.name = line.at("name").text();
  if (line.has("switch")) read.is_switch = line.at("switch").yes();
  if (!read.is_switch || line.has("length_m")) read.length_m = line.at("length_m").number();
  if (!read.is_switch || line.has("code")) read.code = code_named(line.at("code"), feeder);
  if (line.has("open")) read.open = phases_from(line.at("open"));
  read.fuse_A = line.number_or("fuse_A", 0);
  return read;
}

core::Ratio power_factor_from(const Reader& value) {
  const double power_factor = value.number();
  if (!(power_factor > 0 && power_factor <= 1)) value.refuse("a power factor lies above 0 and up to 1");
  return {static_cast<std::uint32_t>(power_factor * 10'000 + 0.5), 10'000};
}

/// [bus, phase, profile], or a map with a power of its own; negative kW feeds in.
FeederLoad load_from(const Reader& load, core::Ratio power_factor) {
  FeederLoad read;
  read.place = load.place();
  read.power_factor = power_factor;
  std::vector<Reader> cells;
  if (load.is_map()) {
    load.only({"bus", "phase", "profile", "kW", "power_factor", "impedance_share", "current_share"});
    cells = {load.at("bus"), load.at("phase")};
    read.power_kW = load.number_or("kW", 1);
    read.impedance_share = load.number_or("impedance_share", 0);
    read.current_share = load.number_or("current_share", 0);
    if (load.has("power_factor")) read.power_factor = power_factor_from(load.at("power_factor"));
    if (load.has("profile")) read.profile = load.at("profile").whole();
  } else {
    cells = load.row(3);
    read.profile = cells[2].whole();
  }
  const std::string phase = cells[1].text();
  if (phase != "A" && phase != "B" && phase != "C") cells[1].refuse("expected phase A, B or C");
  read.bus = cells[0].whole();
  read.phase = static_cast<Phase>(phase[0]);
  return read;
}

Feeder feeder_from(const Reader& root) {
  root.only({"name", "source", "grid", "transformer", "line_codes", "lines", "loads", "power_factor"});
  Feeder feeder;
  feeder.name = root.at("name").text();
  feeder.source = root.at("source").text();
  const Reader grid = root.at("grid");
  grid.only({"voltage_kV", "voltage_pu", "short_circuit_3_phase_A", "short_circuit_1_phase_A"});
  feeder.grid = {grid.at("voltage_kV").number(), grid.at("voltage_pu").number(),
                 grid.at("short_circuit_3_phase_A").number(), grid.at("short_circuit_1_phase_A").number(),
                 grid.place()};
  const Reader transformer = root.at("transformer");
  transformer.only({"primary_kV", "secondary_kV", "rated_MVA", "reactance_percent", "resistance_percent",
                    "connection", "primary_tap"});
  feeder.transformer = {
      transformer.at("primary_kV").number(),         transformer.at("secondary_kV").number(),
      transformer.at("rated_MVA").number(),          transformer.at("reactance_percent").number(),
      transformer.at("resistance_percent").number(), transformer.at("connection").text(),
      transformer.number_or("primary_tap", 1),       transformer.place()};
  if (!is_known_connection(feeder.transformer.connection))
    transformer.at("connection")
        .refuse("connection \"" + feeder.transformer.connection +
                "\": expected Delta-Wye, Wye-Wye, Wye-Delta or Delta-Delta");
  for (const Reader& code : root.at("line_codes").list()) feeder.line_codes.push_back(line_code_from(code));
  for (const Reader& line : root.at("lines").list()) feeder.lines.push_back(line_from(line, feeder));
  const core::Ratio power_factor = power_factor_from(root.at("power_factor"));
  for (const Reader& load : root.at("loads").list()) feeder.loads.push_back(load_from(load, power_factor));
  return feeder;
}
}  // namespace

bool is_known_connection(const std::string& connection) {
  return connection == "Delta-Wye" || connection == "Wye-Wye" || connection == "Wye-Delta" ||
         connection == "Delta-Delta";
}

Feeder load_feeder(const std::filesystem::path& file) {
  const std::string name = file.string();
  try {
    const Feeder feeder = feeder_from(Reader(name, YAML::LoadFile(name)));
    check_feeder(feeder, name);
    return feeder;
  } catch (const YAML::BadFile&) {
    throw BadFeederFile(name + ": no such file, or it cannot be read");
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) throw BadFeederFile(name + ": " + error.msg);
    throw BadFeederFile(name + ":" + std::to_string(error.mark.line + 1) + ":" +
                        std::to_string(error.mark.column + 1) + ": " + error.msg);
  }
}
}  // namespace model
