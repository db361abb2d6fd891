/// A comma-separated file as rows of trimmed cells that know their line, for messages that lead to the place.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace model {
class CsvTable {
 public:
  struct Row {
    int line = 0;
    std::vector<std::string> cells;
  };
  /// Skips empty lines and those that begin with '#'; the first row left is the header if `has_header`.
  /// Throws BadFeederFile when the file is missing or holds no row.
  enum class Header { present, absent };
  CsvTable(const std::filesystem::path& file, Header header);

  const std::vector<Row>& rows() const { return rows_; }
  /// Position of a header cell; throws when it is not there.
  std::size_t column(const std::string& name) const;
  /// The cell's text, or its number. Throws with file and line when the row is too short or the cell is not a
  /// number.
  const std::string& text(const Row& row, std::size_t column) const;
  double number(const Row& row, std::size_t column) const;
  int whole(const Row& row, std::size_t column) const;
  /// "FILE:LINE".
  std::string place(const Row& row) const { return file_ + ":" + std::to_string(row.line); }
  [[noreturn]] void refuse(int line, const std::string& why) const;
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  Row header_;
  std::vector<Row> rows_;
};

/// A whole text as a finite decimal number, in any locale; nothing else is accepted.
bool parse_number(const std::string& text, double& value);
}  // namespace model
