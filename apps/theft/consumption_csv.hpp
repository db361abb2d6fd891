/// Interval consumption of many customers from a comma-separated file: one row per interval, one column per
/// customer.
///
/// The form in which utilities and researchers publish smart-meter series. A header names the columns;
/// columns called week, date, time, t, slot.., hour.., halfhour.., interval or index hold the time and are
/// passed over, all others are customers. Cells are kWh; an empty cell, NA, NaN or null is a missing reading.
/// The first row is the first interval after a local midnight. The length of an interval comes from the
/// caller, or from the header (slot15, halfhour), or from two time stamps (YYYY-MM-DD HH:MM); without any of
/// them it is 15 minutes. Errors: BadConsumptionFile "FILE:LINE:COLUMN: what is wrong". Randomness: none.
/// Time: as told.
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace app::theft {
class BadConsumptionFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ConsumptionTable {
  int interval_min = 15;
  std::vector<std::string> names;
  std::vector<std::vector<double>> energy_kWh;  ///< by customer; a missing reading is a quiet NaN
};
/// `interval_min` 0: find out.
ConsumptionTable read_consumption(const std::filesystem::path& file, int interval_min = 0);
}  // namespace app::theft
