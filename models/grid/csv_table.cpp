#include "models/grid/csv_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "models/grid/feeder.hpp"

namespace model {
namespace {
std::string trimmed(const std::string& text) {
  constexpr auto blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t from = 0;;) {
    const std::size_t comma = line.find(',', from);
    cells.push_back(trimmed(line.substr(from, comma == std::string::npos ? comma : comma - from)));
    if (comma == std::string::npos) return cells;
    from = comma + 1;
  }
}
}  // namespace

bool parse_number(const std::string& text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

CsvTable::CsvTable(const std::filesystem::path& file, Header header) : file_(file.string()) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file))
    throw BadFeederFile(file_ + ": no such file, or it cannot be read");
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1 && line.rfind("\xEF\xBB\xBF", 0) == 0) line.erase(0, 3);  // a byte order mark
    const std::string text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    if (header == Header::present && header_.line == 0) {
      header_ = {number, cells_of(text)};
    } else {
      rows_.push_back({number, cells_of(text)});
    }
  }
  if (rows_.empty()) throw BadFeederFile(file_ + ": no rows");
}

std::size_t CsvTable::column(const std::string& name) const {
  const auto found = std::find(header_.cells.begin(), header_.cells.end(), name);
  if (found == header_.cells.end()) refuse(header_.line, "no column \"" + name + "\"");
  return static_cast<std::size_t>(found - header_.cells.begin());
}

const std::string& CsvTable::text(const Row& row, std::size_t column) const {
  if (column >= row.cells.size()) refuse(row.line, "only " + std::to_string(row.cells.size()) + " cells");
  return row.cells[column];
}

double CsvTable::number(const Row& row, std::size_t column) const {
  double value = 0;
  if (!parse_number(text(row, column), value))
    refuse(row.line, "\"" + row.cells[column] + "\" is not a number");
  return value;
}

int CsvTable::whole(const Row& row, std::size_t column) const {
  const std::string& cell = text(row, column);
  int value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size())
    refuse(row.line, "\"" + cell + "\" is not a whole number");
  return value;
}

void CsvTable::refuse(int line, const std::string& why) const {
  throw BadFeederFile(file_ + ":" + std::to_string(line) + ": " + why);
}
}  // namespace model
