// Our own form of a feeder: one YAML file, and the checks that both forms share.
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

  [[noreturn]] void refuse(const std::string& why) const {
    const YAML::Mark mark = node_.Mark();
    throw BadFeederFile(file_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) +
                        ": " + why);
  }
  void only(std::initializer_list<std::string_view> keys) const {
    if (!node_.IsMap()) refuse("expected keys with values");
    for (const auto& pair : node_) {
      const auto key = pair.first.as<std::string>();
      if (std::find(keys.begin(), keys.end(), key) == keys.end())
        Reader(file_, pair.first).refuse("unknown key \"" + key + "\"");
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
  std::string text() const {
    if (!node_.IsScalar()) refuse("expected a value");
    return node_.Scalar();
  }
  double number() const {
    double value = 0;
    if (!parse_number(text(), value)) refuse("\"" + text() + "\" is not a number");
    return value;
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

Feeder feeder_from(const Reader& root) {
  root.only({"name", "source", "grid", "transformer", "line_codes", "lines", "loads", "power_factor"});
  Feeder feeder;
  feeder.name = root.at("name").text();
  feeder.source = root.at("source").text();
  const Reader grid = root.at("grid");
  grid.only({"voltage_kV", "voltage_pu", "short_circuit_3_phase_A", "short_circuit_1_phase_A"});
  feeder.grid = {grid.at("voltage_kV").number(), grid.at("voltage_pu").number(),
                 grid.at("short_circuit_3_phase_A").number(), grid.at("short_circuit_1_phase_A").number()};
  const Reader transformer = root.at("transformer");
  transformer.only(
      {"primary_kV", "secondary_kV", "rated_MVA", "reactance_percent", "resistance_percent", "connection"});
  feeder.transformer = {
      transformer.at("primary_kV").number(),         transformer.at("secondary_kV").number(),
      transformer.at("rated_MVA").number(),          transformer.at("reactance_percent").number(),
      transformer.at("resistance_percent").number(), transformer.at("connection").text()};
  for (const Reader& code : root.at("line_codes").list()) {
    const auto cells = code.row(5);
    feeder.line_codes.push_back(
        {cells[0].text(), cells[1].number(), cells[2].number(), cells[3].number(), cells[4].number()});
  }
  for (const Reader& line : root.at("lines").list()) {
    const auto cells = line.row(4);
    const auto& codes = feeder.line_codes;
    const std::string name = cells[3].text();
    const auto known =
        std::find_if(codes.begin(), codes.end(), [&](const LineCode& c) { return c.name == name; });
    if (known == codes.end()) cells[3].refuse("no line code \"" + name + "\"");
    feeder.lines.push_back(
        {cells[0].whole(), cells[1].whole(), cells[2].number(), static_cast<int>(known - codes.begin())});
  }
  const double power_factor = root.at("power_factor").number();
  if (!(power_factor > 0 && power_factor <= 1))
    root.at("power_factor").refuse("a power factor lies above 0 and up to 1");
  for (const Reader& load : root.at("loads").list()) {
    const auto cells = load.row(3);
    const std::string phase = cells[1].text();
    if (phase != "A" && phase != "B" && phase != "C") cells[1].refuse("expected phase A, B or C");
    feeder.loads.push_back({cells[0].whole(),
                            static_cast<Phase>(phase[0]),
                            {static_cast<std::uint32_t>(power_factor * 10'000 + 0.5), 10'000},
                            cells[2].whole()});
  }
  return feeder;
}
}  // namespace

Feeder load_feeder(const std::filesystem::path& file) {
  const std::string name = file.string();
  try {
    const Feeder feeder = feeder_from(Reader(name, YAML::LoadFile(name)));
    check_feeder(feeder, name);
    return feeder;
  } catch (const YAML::BadFile&) {
    throw BadFeederFile(name + ": no such file, or it cannot be read");
  } catch (const YAML::Exception& error) {
    throw BadFeederFile(name + ":" + std::to_string(error.mark.line + 1) + ":" +
                        std::to_string(error.mark.column + 1) + ": " + error.msg);
  }
}

void check_feeder(const Feeder& feeder, const std::string& where) {
  std::vector<int> reached{1};
  for (const FeederLine& line : feeder.lines) {
    const std::string name = "line " + std::to_string(line.from_bus) + "-" + std::to_string(line.to_bus);
    if (!(line.length_m > 0)) throw BadFeederFile(where + ": " + name + " has no length");
    reached.push_back(line.to_bus);
  }
  std::sort(reached.begin(), reached.end());
  const auto twice = std::adjacent_find(reached.begin(), reached.end());
  if (twice != reached.end())
    throw BadFeederFile(where + ": bus " + std::to_string(*twice) +
                        " is fed twice; the lines must form a tree from bus 1");
  const auto is_bus = [&](int bus) { return std::binary_search(reached.begin(), reached.end(), bus); };
  for (const FeederLine& line : feeder.lines)
    if (!is_bus(line.from_bus))
      throw BadFeederFile(where + ": bus " + std::to_string(line.from_bus) + " is fed by nothing");
  for (const FeederLoad& load : feeder.loads)
    if (!is_bus(load.bus))
      throw BadFeederFile(where + ": a load stands on bus " + std::to_string(load.bus) +
                          ", which is not there");
}
}  // namespace model
