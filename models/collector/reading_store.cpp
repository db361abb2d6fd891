#include "models/collector/reading_store.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace model {
namespace {
std::size_t row_of(std::int64_t number, std::int64_t rows) {
  const auto row = number % rows;
  return static_cast<std::size_t>(row < 0 ? row + rows : row);
}
}  // namespace

ReadingStore::ReadingStore(int store_days) : rows_(quarters_per_day * store_days), days_(store_days) {
  METERTWIN_CHECK(store_days >= 1 && store_days <= 62, store_days);
}

void ReadingStore::set_point_count(std::size_t count) {
  if (count <= width_) return;
  std::vector<std::uint32_t> cells(static_cast<std::size_t>(rows_) * count, unwanted);
  std::vector<FrozenRegisters> freezes(static_cast<std::size_t>(days_) * count, FrozenRegisters{unwanted});
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows_) && width_ > 0; ++row)
    std::copy_n(cells_.begin() + static_cast<std::ptrdiff_t>(row * width_), width_,
                cells.begin() + static_cast<std::ptrdiff_t>(row * count));
  for (std::size_t row = 0; row < static_cast<std::size_t>(days_) && width_ > 0; ++row)
    std::copy_n(freezes_.begin() + static_cast<std::ptrdiff_t>(row * width_), width_,
                freezes.begin() + static_cast<std::ptrdiff_t>(row * count));
  cells_ = std::move(cells);
  freezes_ = std::move(freezes);
  width_ = count;
  points_.resize(count);
}

std::size_t ReadingStore::index(std::size_t point, std::int64_t quarter) const {
  return row_of(quarter, rows_) * width_ + point - 1;
}

std::size_t ReadingStore::freeze_index(std::size_t point, std::int64_t day) const {
  return row_of(day, days_) * width_ + point - 1;
}

void ReadingStore::open_quarter(std::int64_t quarter) {
  METERTWIN_CHECK(quarter > last_quarter_, quarter, last_quarter_);
  const bool is_first = last_quarter_ == never_opened;  // what was before is nobody's wish
  for (auto next = is_first ? quarter : std::max(last_quarter_ + 1, quarter - rows_ + 1); next <= quarter;
       ++next) {
    auto* row = cells_.data() + row_of(next, rows_) * width_;
    for (std::size_t i = 0; i < width_; ++i) {
      auto& point = points_[i];
      if (row[i] == missing) --point.missing;
      row[i] = point.is_wanted ? missing : unwanted;
      point.missing = static_cast<std::uint16_t>(point.missing + (point.is_wanted ? 1 : 0));
    }
  }
  last_quarter_ = quarter;
  if (row_limit_ != 0) push_out();
}

void ReadingStore::limit_rows(std::int64_t rows) {
  row_limit_ = rows >= rows_ ? 0 : rows;
  pushed_till_ = INT64_MIN;
  if (row_limit_ != 0 && last_quarter_ != never_opened) push_out();
}

void ReadingStore::push_out() {
  pushed_out_ += lose(std::max(pushed_till_, last_quarter_ - rows_ + 1), first_held());
  pushed_till_ = first_held();
}

std::size_t ReadingStore::lose(std::int64_t from, std::int64_t till) {
  std::size_t lost = 0;
  if (last_quarter_ == never_opened) return lost;
  const auto end = std::min(till, last_quarter_ + 1);
  for (auto quarter = std::max(from, last_quarter_ - rows_ + 1); quarter < end; ++quarter)
    for (std::size_t point = 1; point <= width_; ++point) {
      const auto value = cell(point, quarter);
      if (value == missing || value == unwanted) continue;
      lost += value < gone ? 1 : 0;
      set(point, quarter, missing);
    }
  return lost;
}

void ReadingStore::rewind(std::int64_t quarter) {
  if (last_quarter_ == never_opened || quarter >= last_quarter_) return;
  const auto first = std::max(quarter + 1, last_quarter_ - rows_ + 1);
  for (auto future = first; future <= last_quarter_; ++future)
    for (std::size_t point = 1; point <= width_; ++point) set(point, future, unwanted);
  last_quarter_ = quarter;
}

void ReadingStore::doubt_what_was_given_up() {
  if (last_quarter_ == never_opened) return;
  for (auto quarter = last_quarter_ - rows_ + 1; quarter <= last_quarter_; ++quarter)
    for (std::size_t point = 1; point <= width_; ++point)
      if (cell(point, quarter) == gone) set(point, quarter, missing);
}

void ReadingStore::open_day(std::int64_t day) {
  METERTWIN_CHECK(day > last_day_, day, last_day_);
  if (last_day_ == never_opened) {  // the day it begins in: its freeze was taken before
    last_day_ = day;
    return;
  }
  for (auto next = std::max(last_day_ + 1, day - days_ + 1); next <= day; ++next) {
    auto* row = freezes_.data() + row_of(next, days_) * width_;
    for (std::size_t i = 0; i < width_; ++i) {
      auto& point = points_[i];
      if (row[i][0] == missing) --point.missing_freezes;
      row[i] = {point.is_wanted ? missing : unwanted};
      point.missing_freezes = static_cast<std::uint8_t>(point.missing_freezes + (point.is_wanted ? 1 : 0));
    }
  }
  last_day_ = day;
}

void ReadingStore::want(std::size_t point, std::int64_t quarter) {
  points_[point - 1].is_wanted = true;
  if (holds_quarter(quarter) && cell(point, quarter) == unwanted) set(point, quarter, missing);
}

void ReadingStore::forget(std::size_t point) {
  for (std::int64_t row = 0; row < rows_; ++row)
    cells_[static_cast<std::size_t>(row) * width_ + point - 1] = unwanted;
  for (std::int64_t row = 0; row < days_; ++row)
    freezes_[static_cast<std::size_t>(row) * width_ + point - 1] = {unwanted};
  points_[point - 1] = {};
}

std::uint32_t ReadingStore::cell(std::size_t point, std::int64_t quarter) const {
  if (point == 0 || point > width_ || !holds_quarter(quarter)) return unwanted;
  return cells_[index(point, quarter)];
}

void ReadingStore::set(std::size_t point, std::int64_t quarter, std::uint32_t value) {
  auto& old = cells_[index(point, quarter)];
  auto& missing_count = points_[point - 1].missing;
  if (old == missing) --missing_count;
  if (value == missing) ++missing_count;
  old = value;
}

std::optional<std::uint32_t> ReadingStore::reading(std::size_t point, std::int64_t quarter) const {
  const auto value = cell(point, quarter);
  if (value >= gone) return std::nullopt;
  return value;
}

void ReadingStore::put(std::size_t point, std::int64_t quarter, std::uint32_t centikWh) {
  if (cell(point, quarter) == unwanted || centikWh >= gone || quarter < first_held()) return;
  set(point, quarter, centikWh);
}

void ReadingStore::give_up(std::size_t point, std::int64_t quarter) {
  if (is_missing(point, quarter)) set(point, quarter, gone);
}

std::optional<ReadingStore::Run> ReadingStore::oldest_missing(std::size_t point, std::int64_t before,
                                                              int run_max) const {
  if (point == 0 || point > width_ || points_[point - 1].missing == 0) return std::nullopt;
  const auto end = std::min(before, last_quarter_ + 1);
  for (auto quarter = first_held(); quarter < end; ++quarter) {
    if (cells_[index(point, quarter)] != missing) continue;
    Run run{quarter, 1};
    while (run.count < run_max && quarter + run.count < end &&
           cells_[index(point, quarter + run.count)] == missing)
      ++run.count;
    return run;
  }
  return std::nullopt;
}

std::optional<FrozenRegisters> ReadingStore::freeze(std::size_t point, std::int64_t day) const {
  if (point == 0 || point > width_ || !holds_day(day)) return std::nullopt;
  const auto& registers = freezes_[freeze_index(point, day)];
  if (registers[0] >= gone) return std::nullopt;
  return registers;
}

void ReadingStore::put_freeze(std::size_t point, std::int64_t day, const FrozenRegisters& registers) {
  if (!holds_day(day)) return;
  auto& cell = freezes_[freeze_index(point, day)];
  if (cell[0] == missing) --points_[point - 1].missing_freezes;
  cell = registers;
}

void ReadingStore::give_up_freeze(std::size_t point, std::int64_t day) { put_freeze(point, day, {gone}); }

std::optional<std::int64_t> ReadingStore::missing_freeze(std::size_t point) const {
  if (points_[point - 1].missing_freezes == 0) return std::nullopt;
  for (auto day = last_day_; day > last_day_ - days_; --day)
    if (freezes_[freeze_index(point, day)][0] == missing) return day;
  return std::nullopt;
}
}  // namespace model
