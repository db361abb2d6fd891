// The written form of a bus plan, and the checks of what cannot be.
#include "models/line/rs485/bus_plan.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string_view>

#include "core/address.hpp"

namespace model {
namespace {
constexpr std::size_t units_max = 1'000;
constexpr std::uintmax_t file_bytes_max = 1'000'000;

std::string place(const std::string& file, const YAML::Mark& mark) {
  if (mark.is_null()) return file + ":1:1";
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && value > -1e12 && value < 1e12 ? std::optional(value) : std::nullopt;
}

/// A node that knows its file, so that every complaint names the place.
class Reader {
 public:
  Reader(const std::string& file, YAML::Node node) : file_(file), node_(std::move(node)) {}

  std::string place() const { return model::place(file_, node_.Mark()); }
  [[noreturn]] void refuse(const std::string& why) const {
    std::string line = why;
    for (auto& c : line)
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    throw BadBusPlan(place() + ": " + line);
  }
  void only(std::initializer_list<std::string_view> keys) const {
    if (!node_.IsMap()) refuse("expected keys with values");
    std::vector<std::string> seen;
    for (const auto& pair : node_) {
      const Reader at(file_, pair.first);
      const auto key = at.text();
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) at.refuse("unknown key \"" + key + "\"");
      if (std::find(seen.begin(), seen.end(), key) != seen.end())
        at.refuse("\"" + key + "\" stands here twice");
      seen.push_back(key);
    }
  }
  bool has(const char* key) const { return static_cast<bool>(node_[key]); }
  Reader at(const char* key) const {
    const YAML::Node found = node_[key];
    if (!found) refuse("\"" + std::string(key) + "\" is missing");
    return Reader(file_, found);
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
  /// A decimal number or a fraction like 1/8, within [low, high].
  double number(double low, double high) const {
    const auto written = text();
    const auto slash = written.find('/');
    auto value = number_of(written.substr(0, slash));
    if (value && slash != std::string::npos) {
      const auto divisor = number_of(written.substr(slash + 1));
      value = divisor && *divisor > 0 ? std::optional(*value / *divisor) : std::nullopt;
    }
    if (!value) refuse("\"" + written + "\" is not a number");
    if (*value < low || *value > high)
      refuse("\"" + written + "\" is out of range: " + shown(low) + " to " + shown(high));
    return *value;
  }
  int whole(int low, int high) const {
    const double value = number(low, high);
    if (value != static_cast<int>(value)) refuse("\"" + text() + "\" is not a whole number");
    return static_cast<int>(value);
  }
  void take(const char* key, double& value, double low, double high) const {
    if (has(key)) value = at(key).number(low, high);
  }
  void take(const char* key, int& value, int low, int high) const {
    if (has(key)) value = at(key).whole(low, high);
  }
  void take(const char* key, std::string& value) const {
    if (has(key)) value = at(key).text();
  }

 private:
  static std::string shown(double value) {
    char digits[32];
    return std::string(digits,
                       std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
  }
  const std::string& file_;
  YAML::Node node_;
};

void read_cable(const Reader& at, BusCable& cable) {
  at.only({"kind", "length_m", "impedance_ohm", "loop_resistance_ohm_per_km", "capacitance_pF_per_m",
           "speed_m_per_us"});
  at.take("kind", cable.kind);
  at.take("length_m", cable.length_m, 0, 100'000);
  at.take("impedance_ohm", cable.impedance_ohm, 10, 1'000);
  at.take("loop_resistance_ohm_per_km", cable.loop_resistance_ohm_per_km, 0, 10'000);
  at.take("capacitance_pF_per_m", cable.capacitance_pF_per_m, 0, 1'000);
  at.take("speed_m_per_us", cable.speed_m_per_us, 50, 300);
}

void read_address(const Reader& at, BusUnit& unit) {
  unit.address = at.text();
  const auto address = core::parse_meter_address(unit.address);
  if (unit.protocol == "modbus") {
    const int number = at.whole(1, 247);
    unit.address = std::to_string(number);
  } else if (!address || address->is_broadcast()) {
    at.refuse("\"" + unit.address + "\" is no meter address: one to twelve digits");
  } else {
    unit.address = core::to_string(*address);
  }
}

void read_units(const Reader& at, BusPlan& plan) {
  at.only({"name", "address", "kind", "protocol", "at_m", "stub_m", "unit_load", "baud", "count", "every_m"});
  BusUnit unit;
  int count = 1;
  double every_m = 0;
  at.take("count", count, 1, static_cast<int>(units_max));
  at.take("every_m", every_m, 0, 10'000);
  unit.name = "unit " + std::to_string(plan.units.size() + 1);
  unit.place = at.place();
  at.take("name", unit.name);
  at.take("kind", unit.kind);
  at.take("protocol", unit.protocol);
  if (unit.protocol != "dlt645" && unit.protocol != "modbus" && unit.protocol != "other")
    at.at("protocol").refuse("expected dlt645, modbus or other");
  at.take("stub_m", unit.stub_m, 0, 10'000);
  at.take("unit_load", unit.unit_load, 0.001, 100);
  if (at.has("baud")) unit.baud = at.at("baud").whole(110, 10'000'000);
  if (at.has("address")) {
    if (count > 1) at.at("address").refuse("a row of several units cannot have one address");
    read_address(at.at("address"), unit);
  }
  unit.at_m = at.at("at_m").number(0, 100'000);
  if (unit.at_m + (count - 1) * every_m > plan.cable.length_m)
    at.at("at_m").refuse("stands beyond the end of the cable");
  if (plan.units.size() + static_cast<std::size_t>(count) > units_max)
    at.refuse("more than " + std::to_string(units_max) + " units");
  const auto first_name = unit.name;
  for (int i = 0; i < count; ++i) {
    if (count > 1) unit.name = first_name + " no. " + std::to_string(i + 1);
    plan.units.push_back(unit);
    unit.at_m += every_m;
  }
}

double position(const Reader& at, const BusPlan& plan) {
  const double at_m = at.at("at_m").number(0, 100'000);
  if (at_m > plan.cable.length_m) at.at("at_m").refuse("stands beyond the end of the cable");
  return at_m;
}

void read_resistors(const Reader& root, BusPlan& plan) {
  if (root.has("terminators"))
    for (const auto& at : root.at("terminators").list()) {
      at.only({"at_m", "resistance_ohm"});
      BusTerminator terminator;
      terminator.at_m = position(at, plan);
      at.take("resistance_ohm", terminator.resistance_ohm, 1, 1e6);
      plan.terminators.push_back(terminator);
    }
  if (root.has("bias")) {
    const auto at = root.at("bias");
    at.only({"at_m", "resistance_ohm", "supply_V"});
    plan.bias.emplace();
    if (at.has("at_m")) plan.bias->at_m = position(at, plan);
    at.take("resistance_ohm", plan.bias->resistance_ohm, 10, 1e6);
    at.take("supply_V", plan.bias->supply_V, 0, 24);
  }
  if (root.has("repeaters"))
    for (const auto& at : root.at("repeaters").list()) {
      at.only({"at_m", "delay_bits"});
      BusRepeater repeater;
      repeater.at_m = position(at, plan);
      at.take("delay_bits", repeater.delay_bits, 0, 1'000);
      for (const auto& other : plan.repeaters)
        if (other.at_m == repeater.at_m) at.at("at_m").refuse("two repeaters at one place");
      if (repeater.at_m == 0 || repeater.at_m == plan.cable.length_m)
        at.at("at_m").refuse("a repeater at the end of the cable has nothing behind it");
      plan.repeaters.push_back(repeater);
    }
}

BusPlan plan_from(const Reader& root) {
  root.only({"bus", "baud", "format", "noise_mV", "threshold_mV", "cable", "driver", "terminators", "bias",
             "repeaters", "units"});
  BusPlan plan;
  plan.place = root.place();
  plan.cable_place = root.has("cable") ? root.at("cable").place() : plan.place;
  root.take("bus", plan.name);
  root.take("baud", plan.serial.baud, 110, 10'000'000);
  if (root.has("format")) {
    const auto format = parse_character_format(root.at("format").text());
    if (!format) root.at("format").refuse("expected a format like 8E1");
    plan.serial.format = *format;
  }
  root.take("noise_mV", plan.noise_mV, 0, 10'000);
  root.take("threshold_mV", plan.threshold_mV, 0, 10'000);
  if (root.has("cable")) read_cable(root.at("cable"), plan.cable);
  if (root.has("driver")) {
    const auto at = root.at("driver");
    at.only({"open_V", "source_ohm"});
    at.take("open_V", plan.driver.open_V, 0.1, 24);
    at.take("source_ohm", plan.driver.source_ohm, 1, 10'000);
  }
  read_resistors(root, plan);
  const auto units = root.at("units").list();
  if (units.empty()) root.at("units").refuse("a bus needs at least one unit");
  for (const auto& unit : units) read_units(unit, plan);
  return plan;
}
}  // namespace

BusPlan BusPlan::ordinary(int meters, double length_m, int baud) {
  BusPlan plan;
  plan.serial.baud = baud;
  plan.cable.length_m = length_m;
  plan.terminators = {{0, 120}, {length_m, 120}};
  plan.bias.emplace();
  for (int i = 0; i < meters; ++i) {
    BusUnit unit;
    unit.name = "meter " + std::to_string(i + 1);
    unit.at_m = length_m * (i + 1) / meters;
    unit.stub_m = 0.3;
    plan.units.push_back(unit);
  }
  return plan;
}

BusPlan parse_bus_plan(const std::string& text, const std::string& file) {
  try {
    return plan_from(Reader(file, YAML::Load(text)));
  } catch (const YAML::Exception& error) {
    throw BadBusPlan(place(file, error.mark) + ": " + error.msg);
  }
}

BusPlan load_bus_plan(const std::filesystem::path& file) {
  const auto name = file.string();
  std::error_code trouble;
  const auto size = std::filesystem::file_size(file, trouble);
  std::ifstream in(file, std::ios::binary);
  if (trouble || !in) throw BadBusPlan(name + ": no such file, or it cannot be read");
  if (size > file_bytes_max) throw BadBusPlan(name + ": a plan of more than a megabyte is no plan");
  return parse_bus_plan(std::string(std::istreambuf_iterator<char>(in), {}), name);
}
}  // namespace model
