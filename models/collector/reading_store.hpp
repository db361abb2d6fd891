/// What a concentrator keeps of its meters: quarter-hour registers and daily freezes, in flash, for some
/// days.
///
/// Quarters and days are counted in civil time of the concentrator's own clock: quarter = civil seconds /
/// 900. Rings of rows, one row a quarter hour (day) with a cell per measuring point, so opening a row and
/// answering a curve for all meters touch memory in line. Range: points 1..2040. Errors: none. Randomness:
/// none. Time: rows are opened in order. Memory: 4 bytes a point and quarter hour, 20 a point and day.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace model {
inline constexpr std::int64_t quarters_per_day = 96;

/// Total and four rates, 0.01 kWh.
using FrozenRegisters = std::array<std::uint32_t, 5>;

class ReadingStore {
 public:
  explicit ReadingStore(int store_days);

  /// Makes room for points 1..count. New cells are not wanted until a row is opened for them.
  void set_point_count(std::size_t count);
  std::size_t point_count() const { return points_.size(); }

  /// `quarter` has come: from now on it is wanted of all `wanted` points. Range: later than the last one
  /// opened.
  void open_quarter(std::int64_t quarter);
  /// The day that began: its freeze is wanted.
  void open_day(std::int64_t day);
  /// Whether the point's readings are wanted from now on; `quarter` included, if it is open.
  void want(std::size_t point, std::int64_t quarter);
  void forget(std::size_t point);
  bool is_wanted(std::size_t point) const { return points_[point - 1].is_wanted; }

  std::int64_t last_quarter() const { return last_quarter_; }
  std::int64_t last_day() const { return last_day_; }

  bool has(std::size_t point, std::int64_t quarter) const { return cell(point, quarter) < gone; }
  std::optional<std::uint32_t> reading(std::size_t point, std::int64_t quarter) const;
  void put(std::size_t point, std::int64_t quarter, std::uint32_t centikWh);
  /// The meter has none: do not ask again.
  void give_up(std::size_t point, std::int64_t quarter);
  bool is_missing(std::size_t point, std::int64_t quarter) const { return cell(point, quarter) == missing; }
  /// The earliest quarter before `before` that is still to be fetched, and how many in a row (at most
  /// `run_max`).
  struct Run {
    std::int64_t quarter = 0;
    int count = 0;
  };
  std::optional<Run> oldest_missing(std::size_t point, std::int64_t before, int run_max) const;
  /// Quarters [from, till) are lost: those that were read, or given up, are to be fetched again. Answers how
  /// many there were.
  std::size_t lose(std::int64_t from, std::int64_t till);
  /// Only the latest `rows` quarters fit from now on; 0 = all that it is made for. What no longer fits is
  /// lost, and fetched again when there is room. Answers how many readings that pushed out, here and in each
  /// `open_quarter`, since it was made.
  void limit_rows(std::int64_t rows);
  std::uint64_t pushed_out() const { return pushed_out_; }
  /// What was given up is to be fetched after all, if it is there.
  void doubt_what_was_given_up();
  /// The clock was wrong: quarters behind `quarter` have not come yet, and what was thought of them is void.
  void rewind(std::int64_t quarter);
  int missing_count(std::size_t point) const { return points_[point - 1].missing; }

  std::optional<FrozenRegisters> freeze(std::size_t point, std::int64_t day) const;
  void put_freeze(std::size_t point, std::int64_t day, const FrozenRegisters& registers);
  void give_up_freeze(std::size_t point, std::int64_t day);
  /// The latest day whose freeze is still to be fetched.
  std::optional<std::int64_t> missing_freeze(std::size_t point) const;

 private:
  static constexpr std::int64_t never_opened = INT64_MIN / 2;
  static constexpr std::uint32_t missing = 0xFFFFFFFF;  ///< wanted and not there yet
  static constexpr std::uint32_t unwanted = 0xFFFFFFFE;
  static constexpr std::uint32_t gone = 0xFFFFFFFD;  ///< the meter has none; also the least of the marks
  struct Point {
    std::uint16_t missing = 0;  ///< quarters
    std::uint8_t missing_freezes = 0;
    bool is_wanted = false;
  };

  std::size_t index(std::size_t point, std::int64_t quarter) const;
  std::size_t freeze_index(std::size_t point, std::int64_t day) const;
  std::uint32_t cell(std::size_t point, std::int64_t quarter) const;
  bool holds_quarter(std::int64_t quarter) const {
    return last_quarter_ != never_opened && quarter <= last_quarter_ && quarter > last_quarter_ - rows_;
  }
  bool holds_day(std::int64_t day) const {
    return last_day_ != never_opened && day <= last_day_ && day > last_day_ - days_;
  }
  void set(std::size_t point, std::int64_t quarter, std::uint32_t value);
  void push_out();
  std::int64_t first_held() const { return last_quarter_ - (row_limit_ == 0 ? rows_ : row_limit_) + 1; }

  std::int64_t rows_, days_;
  std::int64_t row_limit_ = 0;
  std::int64_t pushed_till_ = INT64_MIN;  ///< first quarter that was not pushed out yet
  std::uint64_t pushed_out_ = 0;
  std::int64_t last_quarter_ = never_opened;
  std::int64_t last_day_ = never_opened;
  std::size_t width_ = 0;  ///< cells a row
  std::vector<Point> points_;
  std::vector<std::uint32_t> cells_;
  std::vector<FrozenRegisters> freezes_;
};
}  // namespace model
