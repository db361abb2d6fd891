// The IEEE European Low Voltage Test Feeder as its authors publish it: one folder of CSV files.
#include <algorithm>
#include <array>

#include "models/grid/csv_table.hpp"
#include "models/grid/feeder.hpp"

namespace model {
namespace {
using Header = CsvTable::Header;
constexpr int minutes_per_day = 1440;

/// "0.95" as 95/100: up to four decimals, exactly.
core::Ratio ratio_of(const CsvTable& table, const CsvTable::Row& row, std::size_t column) {
  const auto tenthousandths = static_cast<std::uint32_t>(table.number(row, column) * 10'000 + 0.5);
  if (tenthousandths == 0 || tenthousandths > 10'000)
    table.refuse(row.line, "a power factor lies above 0 and up to 1");
  return {tenthousandths, 10'000};
}

/// Source.csv: KEY=NUMBER UNIT, one a line.
FeederSource read_source(const std::filesystem::path& file) {
  const CsvTable table(file, Header::absent);
  FeederSource source;
  for (const auto& row : table.rows()) {
    const std::string& text = row.cells.front();
    if (text.front() == '[') continue;
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
    if (!parse_number(number, *target)) table.refuse(row.line, "\"" + number + "\" is not a number");
  }
  return source;
}

FeederTransformer read_transformer(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const auto& row = table.rows().front();
  const auto number = [&](const char* column) { return table.number(row, table.column(column)); };
  return {.primary_kV = number("kV_pri"),
          .secondary_kV = number("kV_sec"),
          .rated_MVA = number("MVA"),
          .reactance_percent = number("%XHL"),
          .resistance_percent = number("% resistance"),
          .connection =
              table.text(row, table.column("Conn_pri")) + "-" + table.text(row, table.column("Conn_sec"))};
}

std::vector<LineCode> read_line_codes(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const std::size_t name = table.column("Name"), r1 = table.column("R1"), x1 = table.column("X1");
  const std::size_t r0 = table.column("R0"), x0 = table.column("X0"), units = table.column("Units");
  std::vector<LineCode> codes;
  for (const auto& row : table.rows()) {
    if (table.text(row, units) != "km") table.refuse(row.line, "impedances are expected per km");
    codes.push_back({table.text(row, name), table.number(row, r1), table.number(row, x1),
                     table.number(row, r0), table.number(row, x0)});
  }
  return codes;
}

std::vector<FeederLine> read_lines(const std::filesystem::path& file, const std::vector<LineCode>& codes) {
  const CsvTable table(file, Header::present);
  const std::size_t from = table.column("Bus1"), to = table.column("Bus2"), phases = table.column("Phases");
  const std::size_t length = table.column("Length"), units = table.column("Units"),
                    code = table.column("LineCode");
  std::vector<FeederLine> lines;
  for (const auto& row : table.rows()) {
    if (table.text(row, units) != "m") table.refuse(row.line, "lengths are expected in m");
    if (table.text(row, phases) != "ABC") table.refuse(row.line, "only three-phase lines (ABC) are known");
    const auto known = std::find_if(codes.begin(), codes.end(),
                                    [&](const LineCode& c) { return c.name == table.text(row, code); });
    if (known == codes.end()) table.refuse(row.line, "no line code \"" + table.text(row, code) + "\"");
    lines.push_back({table.whole(row, from), table.whole(row, to), table.number(row, length),
                     static_cast<int>(known - codes.begin())});
  }
  return lines;
}

std::vector<FeederLoad> read_loads(const std::filesystem::path& file) {
  const CsvTable table(file, Header::present);
  const std::size_t bus = table.column("Bus"), phase = table.column("phases"),
                    power_factor = table.column("PF");
  const std::size_t kW = table.column("kW"), shape = table.column("Yearly"),
                    count = table.column("numPhases");
  std::vector<FeederLoad> loads;
  for (const auto& row : table.rows()) {
    const std::string& letter = table.text(row, phase);
    if (table.whole(row, count) != 1 || letter.size() != 1 || letter < "A" || letter > "C")
      table.refuse(row.line, "expected one phase, A, B or C");
    if (table.whole(row, kW) != 1) table.refuse(row.line, "loads are expected to be 1 kW x profile");
    const std::string& name = table.text(row, shape);
    double profile = 0;
    if (name.rfind("Shape_", 0) != 0 || !parse_number(name.substr(6), profile))
      table.refuse(row.line, "expected Shape_N, not \"" + name + "\"");
    loads.push_back({table.whole(row, bus), static_cast<Phase>(letter[0]), ratio_of(table, row, power_factor),
                     static_cast<int>(profile)});
  }
  return loads;
}

std::vector<std::shared_ptr<const LoadProfile>> read_profiles(const std::filesystem::path& file,
                                                              const std::vector<FeederLoad>& loads) {
  const CsvTable table(file, Header::present);
  if (table.rows().size() != minutes_per_day)
    table.refuse(table.rows().back().line,
                 "expected 1440 minutes, found " + std::to_string(table.rows().size()));
  std::vector<std::shared_ptr<const LoadProfile>> profiles;
  for (const auto& load : loads) {
    const std::size_t column = table.column("p" + std::to_string(load.profile));
    auto profile = std::make_shared<LoadProfile>();
    profile->power_mW.reserve(minutes_per_day);
    for (const auto& row : table.rows()) {
      const double kW = table.number(row, column);
      if (kW < 0 || kW > 1'000) table.refuse(row.line, "a load lies between 0 and 1000 kW");
      profile->power_mW.push_back(static_cast<std::int32_t>(kW * 1e6 + 0.5));
    }
    profiles.push_back(std::move(profile));
  }
  return profiles;
}
}  // namespace

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
  feeder.loads = read_loads(folder / "Loads.csv");
  check_feeder(feeder, folder.string());
  read.profiles = read_profiles(folder / "Load_profiles_1min_100.csv", feeder.loads);
  return read;
}
}  // namespace model
