// The IEEE European Low Voltage Test Feeder as its authors publish it: one folder of CSV files.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "models/grid/csv_table.hpp"
#include "models/grid/feeder.hpp"

namespace model {
namespace {
using Header = CsvTable::Header;
constexpr int minutes_per_day = 1440;

/// "0.95" as 95/100: up to four decimals, exactly.
core::Ratio ratio_of(const CsvTable& table, const CsvTable::Row& row, std::size_t column) {
  const double factor = table.number(row, column);
  if (!(factor >= 0.0001 && factor <= 1)) table.refuse(row.line, "a power factor lies above 0 and up to 1");
  return {static_cast<std::uint32_t>(factor * 10'000 + 0.5), 10'000};
}

/// Source.csv: KEY=NUMBER UNIT, one a line.
FeederSource read_source(const std::filesystem::path& file) {
  const CsvTable table(file, Header::absent);
  FeederSource source;
  source.place = {file.string()};
  source.voltage_pu = 0;
  for (const auto& row : table.rows()) {
    const std::string& text = row.cells.front();
    if (text.empty() || text.front() == '[') continue;
    const auto equals = text.find('=');
    if (equals == std::string::npos) table.refuse(row.line, "expected KEY=NUMBER");
    const std::string key = text.substr(0, equals);
    std::string number = text.substr(equals + 1);
    number.resize(std::min(number.size(), number.find(' ')));
    double* target = key == "Voltage" ? &source.voltage_kV
                     : key == "pu"    ? &source.voltage_pu
                     : key == "ISC3"  ? &source.short_circuit_3_phase_A
                     : key == "ISC1"  ? &source.short_circuit_1_phase_A
                                      : nullptr;
    if (!target) table.refuse(row.line, "unknown key \"" + key + "\"");
    if (*target != 0) table.refuse(row.line, "a second " + key + ": only one source is known");
    if (!parse_number(number, *target)) table.refuse(row.line, "\"" + number + "\" is not a number");
    if (!(*target > 0)) table.refuse(row.line, key + " must lie above 0");
  }
  for (const auto& [key, value] : {std::pair("Voltage", source.voltage_kV),
                                   {"pu", source.voltage_pu},
                                   {"ISC3", source.short_circuit_3_phase_A},
                                   {"ISC1", source.short_circuit_1_phase_A}})
    if (value == 0) throw BadFeederFile(file.string() + ": " + key + " is missing");
  return source;
}

FeederTransformer read_transformer(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const auto& row = table.rows().front();
  if (table.rows().size() > 1) table.refuse(table.rows()[1].line, "a second transformer; only one is known");
  const auto number = [&](const char* column) { return table.number(row, table.column(column)); };
  const std::string connection =
      table.text(row, table.column("Conn_pri")) + "-" + table.text(row, table.column("Conn_sec"));
  if (!is_known_connection(connection)) table.refuse(row.line, "unknown connection \"" + connection + "\"");
  return {.primary_kV = number("kV_pri"),
          .secondary_kV = number("kV_sec"),
          .rated_MVA = number("MVA"),
          .reactance_percent = number("%XHL"),
          .resistance_percent = number("% resistance"),
          .connection = connection,
          .place = {table.place(row)}};
}

std::vector<LineCode> read_line_codes(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const std::size_t name = table.column("Name"), r1 = table.column("R1"), x1 = table.column("X1");
  const std::size_t r0 = table.column("R0"), x0 = table.column("X0"), units = table.column("Units");
  std::vector<LineCode> codes;
  for (const auto& row : table.rows()) {
    if (table.text(row, units) != "km") table.refuse(row.line, "impedances are expected per km");
    codes.push_back({.name = table.text(row, name),
                     .R1_ohm_per_km = table.number(row, r1),
                     .X1_ohm_per_km = table.number(row, x1),
                     .R0_ohm_per_km = table.number(row, r0),
                     .X0_ohm_per_km = table.number(row, x0),
                     .place = {table.place(row)}});
  }
  return codes;
}

/// "ABC", "B": bit 0 is A.
std::uint8_t phases_of(const CsvTable& table, const CsvTable::Row& row, std::size_t column) {
  std::uint8_t phases = 0;
  for (const char letter : table.text(row, column)) {
    const int bit = letter - 'A';
    if (bit < 0 || bit > 2 || (phases >> bit & 1) != 0)
      table.refuse(row.line, "expected phases out of A, B and C");
    phases = static_cast<std::uint8_t>(phases | 1 << bit);
  }
  if (phases == 0) table.refuse(row.line, "expected phases out of A, B and C");
  return phases;
}

std::vector<FeederLine> read_lines(const std::filesystem::path& file, const std::vector<LineCode>& codes) {
  const CsvTable table(file, Header::present);
  const std::size_t from = table.column("Bus1"), to = table.column("Bus2"), phases = table.column("Phases");
  const std::size_t length = table.column("Length"), units = table.column("Units"),
                    code = table.column("LineCode");
  std::vector<FeederLine> lines;
  for (const auto& row : table.rows()) {
    if (table.text(row, units) != "m") table.refuse(row.line, "lengths are expected in m");
    const std::uint8_t present = phases_of(table, row, phases);
    const auto known = std::find_if(codes.begin(), codes.end(),
                                    [&](const LineCode& c) { return c.name == table.text(row, code); });
    if (known == codes.end()) table.refuse(row.line, "no line code \"" + table.text(row, code) + "\"");
    FeederLine line;
    line.from_bus = table.whole(row, from), line.to_bus = table.whole(row, to);
    line.length_m = table.number(row, length);
    line.code = static_cast<int>(known - codes.begin());
    line.phases = present;
    line.place = {table.place(row)};
    lines.push_back(std::move(line));
  }
  return lines;
}

/// A load as its row says it, before it is split over its phases.
struct LoadRow {
  FeederLoad load{};
  double kW = 1;  ///< times the profile, for each of its phases
  std::string shape{};
};

/// "Shape_17" as 17.
int profile_number(const CsvTable& table, const CsvTable::Row& row, const std::string& shape) {
  double number = 0;
  const bool is_number = shape.rfind("Shape_", 0) == 0 && parse_number(shape.substr(6), number) &&
                         number >= 1 && number <= 1e6 && number == std::floor(number);
  if (!is_number) table.refuse(row.line, "expected Shape_N, not \"" + shape + "\"");
  return static_cast<int>(number);
}

std::vector<LoadRow> read_loads(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const std::size_t bus = table.column("Bus"), phase = table.column("phases"),
                    power_factor = table.column("PF");
  const std::size_t kW = table.column("kW"), shape = table.column("Yearly"), model = table.column("Model"),
                    connection = table.column("Connection"), count = table.column("numPhases");
  std::vector<LoadRow> loads;
  for (const auto& row : table.rows()) {
    const std::uint8_t present = phases_of(table, row, phase);
    const int width = table.whole(row, count);
    if (width != std::popcount(present))
      table.refuse(row.line,
                   "\"" + table.text(row, phase) + "\" are not " + std::to_string(width) + " phases");
    if (table.text(row, connection) != "wye")
      table.refuse(row.line, "loads are expected between phase and neutral (wye)");
    LoadRow read{.kW = table.number(row, kW) / width, .shape = table.text(row, shape)};
    const int kind = table.whole(row, model);
    if (kind != 1 && kind != 2 && kind != 5)
      table.refuse(row.line, "load models 1 (power), 2 (impedance) and 5 (current) are known, not " +
                                 std::to_string(kind));
    read.load.bus = table.whole(row, bus);
    read.load.power_factor = ratio_of(table, row, power_factor);
    read.load.impedance_share = kind == 2 ? 1 : 0;
    read.load.current_share = kind == 5 ? 1 : 0;
    read.load.profile = profile_number(table, row, read.shape);
    read.load.place = {table.place(row)};
    if (read.kW < 0) read.load.power_kW = -1;
    for (const char letter : {'A', 'B', 'C'}) {
      read.load.phase = static_cast<Phase>(letter);
      if ((present >> (letter - 'A') & 1) != 0) loads.push_back(read);
    }
  }
  return loads;
}

/// One column of a table as a profile, times `kW`.
std::shared_ptr<const LoadProfile> profile_from(const CsvTable& table, std::size_t column, double kW) {
  if (table.rows().size() != minutes_per_day)
    table.refuse(table.rows().back().line,
                 "expected 1440 minutes, found " + std::to_string(table.rows().size()));
  auto profile = std::make_shared<LoadProfile>();
  profile->power_mW.reserve(minutes_per_day);
  for (const auto& row : table.rows()) {
    const double value = table.number(row, column) * kW;
    if (value < 0 || value > 1'000) table.refuse(row.line, "a load lies between 0 and 1000 kW");
    profile->power_mW.push_back(static_cast<std::int32_t>(value * 1e6 + 0.5));
  }
  return profile;
}

/// The file that LoadShapes.csv names for a shape: time and value, with or without a header.
std::shared_ptr<const LoadProfile> profile_named(const std::filesystem::path& folder, const CsvTable& shapes,
                                                 const LoadRow& load) {
  const std::size_t name = shapes.column("Name"), file = shapes.column("File");
  for (const auto& row : shapes.rows()) {
    if (shapes.text(row, name) != load.shape) continue;
    auto path = folder / shapes.text(row, file);
    if (!std::filesystem::exists(path)) path = folder / "Load Profiles" / shapes.text(row, file);
    return profile_from(CsvTable(path, Header::present), 1, std::abs(load.kW));
  }
  throw BadFeederFile(shapes.file() + ": no shape \"" + load.shape + "\"");
}
}  // namespace

std::shared_ptr<const LoadProfile> read_profile(const CsvTable& table, int profile) {
  return profile_from(table, table.column("p" + std::to_string(profile)), 1);
}

IeeeFeeder read_ieee_folder(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    throw BadFeederFile(folder.string() + ": no such folder of feeder files");
  IeeeFeeder read;
  Feeder& feeder = read.feeder;
  feeder.name = "european-lv";
  feeder.source = "IEEE PES Test Feeder Working Group, European Low Voltage Test Feeder";
  feeder.grid = read_source(folder / "Source.csv");
  feeder.transformer = read_transformer(folder / "Transformer.csv");
  feeder.line_codes = read_line_codes(folder / "LineCodes.csv");
  feeder.lines = read_lines(folder / "Lines.csv", feeder.line_codes);
  const auto loads = read_loads(folder / "Loads.csv");
  for (const LoadRow& row : loads) feeder.loads.push_back(row.load);
  check_feeder(feeder, folder.string());
  const auto merged = folder / "Load_profiles_1min_100.csv";
  const bool is_merged =
      std::filesystem::exists(merged) || !std::filesystem::exists(folder / "LoadShapes.csv");
  const CsvTable table(is_merged ? merged : folder / "LoadShapes.csv", Header::present);
  for (const LoadRow& row : loads)
    read.profiles.push_back(
        is_merged
            ? profile_from(table, table.column("p" + std::to_string(row.load.profile)), std::abs(row.kW))
            : profile_named(folder, table, row));
  return read;
}
}  // namespace model
