// Load shapes of an OpenDSS script: numbers in the script itself, or a column of a file beside it.
#include <algorithm>
#include <fstream>
#include <string_view>

#include "models/grid/opendss_objects.hpp"

namespace model::grid {
namespace {
/// "file="a b.csv" col=2" as file, a b.csv, col, 2.
std::vector<std::string> names_and_values(const std::string& text) {
  std::vector<std::string> cells(1);
  char quote = 0;
  for (const char c : text) {
    const bool is_quote = c == '"' || c == '\'';
    if (quote == 0 && is_quote) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && std::string_view(" \t\r,=").find(c) != std::string_view::npos) {
      if (!cells.back().empty()) cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (cells.back().empty()) cells.pop_back();
  return cells;
}

/// One column of a text file.
std::vector<double> column_of(const DssWord& word, const std::string& file, int column, bool has_header,
                              std::vector<std::filesystem::path>& files) {
  const auto path = dss_file(std::filesystem::path(word.file).parent_path(), file);
  std::ifstream in(path);
  if (!in || std::filesystem::is_directory(path))
    word.refuse(path.string() + ": no such file, or it cannot be read");
  std::vector<double> values;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    DssWord row = word;
    row.file = path.string();
    row.line = number;
    row.column = 1;
    row.value = text;
    const auto cells = row.list();
    if (cells.empty() || (has_header && number == 1)) continue;
    if (static_cast<int>(cells.size()) < column)
      row.refuse("only " + std::to_string(cells.size()) + " cells");
    row.value = cells[static_cast<std::size_t>(column - 1)];
    values.push_back(row.number());
  }
  if (values.empty()) word.refuse(path.string() + ": no numbers");
  files.push_back(path);
  return values;
}
}  // namespace

std::vector<double> dss_series(const DssWord& word, std::vector<std::filesystem::path>& files) {
  if (lower_case(word.value).find("file") == std::string::npos) return word.numbers();
  std::string file;
  int column = 1;
  bool has_header = false;
  DssWord part = word;
  const auto cells = names_and_values(word.value);
  for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
    const std::string key = lower_case(cells[i]);
    part.name = key;
    part.value = cells[i + 1];
    if (key == "file")
      file = part.value;
    else if (key == "col" || key == "column")
      column = part.whole(1, 1000);
    else if (key == "header")
      has_header = part.yes();
    else
      word.refuse("\"" + cells[i] + "\" of a series is outside the subset that is read");
  }
  if (file.empty()) word.refuse("expected file=NAME");
  return column_of(word, file, column, has_header, files);
}

void DssShape::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "npts") {
    point_limit = static_cast<std::size_t>(word.whole(1, 10'000'000));
  } else if (key == "interval") {
    step_min = word.positive() * 60;
  } else if (key == "minterval") {
    step_min = word.positive();
  } else if (key == "sinterval") {
    step_min = word.positive() / 60;
  } else if (key == "mult" || key == "pmult") {
    values = dss_series(word, files);
  } else if (key == "qmult") {
    reactive = dss_series(word, files);
  } else if (key == "csvfile") {
    values = column_of(word, word.value, 1, false, files);
  } else if (key == "useactual") {
    is_actual = word.yes();
  } else if (key == "action") {
    if (lower_case(word.value).rfind('n', 0) != 0)
      word.refuse("action \"" + word.value + "\" is outside the subset that is read (normalize)");
    is_normalised = true;
  } else if (!is_one_of(key, {"mean", "stddev", "interpolation", "qmax", "pmax"})) {
    refuse_property(word, "load shape");
  }
}
}  // namespace model::grid
