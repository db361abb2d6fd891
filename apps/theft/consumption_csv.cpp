// Reads interval consumption from CSV.
#include "apps/theft/consumption_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <string_view>

namespace app::theft {
namespace {
constexpr double energy_kWh_max = 1e6;  // in one interval: beyond any low-voltage customer

[[noreturn]] void refuse(const std::filesystem::path& file, std::size_t line, std::size_t column,
                         const std::string& why) {
  throw BadConsumptionFile(fmt::format("{}:{}:{}: {}", file.string(), line, column, why));
}

std::string_view trimmed(std::string_view cell) {
  const auto is_padding = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
  while (!cell.empty() && is_padding(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_padding(cell.back())) cell.remove_suffix(1);
  return cell;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t from = 0;;) {
    const auto comma = line.find(',', from);
    cells.push_back(trimmed(line.substr(from, comma - from)));
    if (comma == std::string_view::npos) return cells;
    from = comma + 1;
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_time_column(std::string_view name) {
  const std::string low = lower(name);
  for (const std::string_view whole :
       {"", "week", "date", "day", "time", "timestamp", "datetime", "t", "index", "interval"})
    if (low == whole) return true;
  for (const std::string_view start : {"slot", "hour", "halfhour"})
    if (low.starts_with(start)) return true;
  return false;
}

bool is_missing(std::string_view cell) {
  const std::string low = lower(cell);
  return low.empty() || low == "na" || low == "nan" || low == "null";
}

/// Minutes since midnight of "YYYY-MM-DD HH:MM..", or -1.
int minute_of(std::string_view stamp) {
  const auto digits = [&](std::size_t at) {
    int value = -1;
    const auto two = stamp.substr(at, 2);
    const auto [end, trouble] = std::from_chars(two.data(), two.data() + two.size(), value);
    return trouble == std::errc() && end == two.data() + two.size() ? value : -1;
  };
  if (stamp.size() < 16 || stamp[4] != '-' || stamp[7] != '-' || stamp[13] != ':') return -1;
  const int hour = digits(11), minute = digits(14);
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? hour * 60 + minute : -1;
}

class Reader {
 public:
  Reader(const std::filesystem::path& file, int interval_min) : file_(file), stream_(file) {
    if (std::filesystem::is_directory(file)) refuse(file, 1, 1, "is a folder, not a CSV file");
    if (!stream_) refuse(file, 1, 1, "cannot be opened");
    read_header();
    while (next_line()) read_row();
    if (table_.energy_kWh.front().empty()) refuse(file, line_number_, 1, "a header without rows");
    table_.interval_min = interval_min != 0 ? interval_min : interval_found();
  }
  ConsumptionTable take() { return std::move(table_); }

 private:
  bool next_line() {
    while (std::getline(stream_, line_)) {
      ++line_number_;
      if (!trimmed(line_).empty() && trimmed(line_).front() != '#') return true;
    }
    return false;
  }

  void read_header() {
    if (!next_line()) refuse(file_, 1, 1, "is empty");
    if (line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
    std::set<std::string> seen;
    for (const auto cell : cells_of(line_)) {
      header_.emplace_back(cell);
      if (is_time_column(cell)) continue;
      if (!seen.emplace(cell).second)
        refuse(file_, line_number_, header_.size(), fmt::format("customer {} is named twice", cell));
      table_.names.emplace_back(cell);
    }
    if (table_.names.empty()) refuse(file_, line_number_, 1, "no column of a customer");
    table_.energy_kWh.resize(table_.names.size());
  }

  void read_row() {
    const auto cells = cells_of(line_);
    if (cells.size() != header_.size())
      refuse(file_, line_number_, std::min(cells.size(), header_.size()) + 1,
             fmt::format("{} cells under a header of {}", cells.size(), header_.size()));
    std::size_t customer = 0;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (is_time_column(header_[c]))
        note_time(cells[c]);
      else
        table_.energy_kWh[customer++].push_back(energy_of(cells[c], c + 1));
    }
  }

  double energy_of(std::string_view cell, std::size_t column) const {
    if (is_missing(cell)) return std::numeric_limits<double>::quiet_NaN();
    double value = 0;
    const auto [end, trouble] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (trouble != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
      refuse(file_, line_number_, column, fmt::format("\"{}\" is not an energy in kWh", cell));
    if (std::fabs(value) > energy_kWh_max)
      refuse(file_, line_number_, column, fmt::format("{} kWh in one interval is beyond any customer", cell));
    return value;
  }

  void note_time(std::string_view cell) {
    const int minute = minute_of(cell);
    if (minute >= 0 && stamps_seen_ < 2) stamp_[stamps_seen_++] = minute;
  }

  int interval_found() const {
    for (const auto& name : header_) {
      const std::string low = lower(name);
      if (low.starts_with("halfhour")) return 30;
      if (low == "hour") return 60;
      int minutes = 0;
      if (low.starts_with("slot") &&
          std::from_chars(low.data() + 4, low.data() + low.size(), minutes).ec == std::errc() &&
          minutes > 0 && 1440 % minutes == 0)
        return minutes;
    }
    if (stamps_seen_ == 2) {
      const int minutes = (stamp_[1] - stamp_[0] + 1440) % 1440;
      if (minutes > 0 && 1440 % minutes == 0) return minutes;
    }
    return 15;
  }

  std::filesystem::path file_;
  std::ifstream stream_;
  std::string line_;
  std::size_t line_number_ = 0;
  std::vector<std::string> header_;
  std::array<int, 2> stamp_{};
  std::size_t stamps_seen_ = 0;
  ConsumptionTable table_;
};
}  // namespace

ConsumptionTable read_consumption(const std::filesystem::path& file, int interval_min) {
  return Reader(file, interval_min).take();
}
}  // namespace app::theft
