#include "audit/evidence/scan.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "audit/evidence/packed_readings.hpp"

namespace audit {
namespace {
constexpr std::int64_t no_more = std::numeric_limits<std::int64_t>::max();

/// Copies a packed little-endian blob into its place in a row. Range: exactly `count` elements.
template <class T>
void place(core::Bytes blob, std::vector<T>& row, std::size_t first, std::size_t count) {
  if (blob.size() != count * sizeof(T) || first > row.size() || count > row.size() - first)
    throw std::runtime_error("truth has a sample of a wrong length");
  if (count != 0) std::memcpy(row.data() + first, blob.data(), blob.size());
}

class SampleCursor {
 public:
  SampleCursor(sqlite::Database& store, std::size_t meters)
      : rows_(store, "SELECT due_s, first_meter, shown, passed, money FROM samples ORDER BY sample_key"),
        meters_(meters) {
    step();
  }
  std::int64_t next_slot() const { return slot_; }
  /// Everything truth knows of `slot`; nothing if it is silent then.
  void read(std::int64_t slot, Frame& frame) {
    frame.slot = slot;
    frame.exists = slot_ == slot;
    if (!frame.exists) return;
    frame.shown.assign(meters_, no_register);
    frame.passed_uJ.assign(meters_, 0);
    frame.money_uYuan.assign(meters_, 0);
    while (slot_ == slot) {
      const auto count = rows_.bytes(2).size() / sizeof(std::uint32_t);
      const auto first = static_cast<std::size_t>(rows_.integer(1) - 1);
      place(rows_.bytes(2), frame.shown, first, count);
      place(rows_.bytes(3), frame.passed_uJ, first, count);
      if (!rows_.is_null(4)) place(rows_.bytes(4), frame.money_uYuan, first, count);
      step();
    }
  }

 private:
  void step() {
    const auto slot = rows_.next() ? rows_.integer(0) / quarter_s : no_more;
    if (slot < slot_) throw std::runtime_error("truth's samples are not in the order of their keys");
    slot_ = slot;
  }
  sqlite::Statement rows_;
  std::size_t meters_;
  std::int64_t slot_ = std::numeric_limits<std::int64_t>::min();
};

class ReadingCursor {
 public:
  ReadingCursor(sqlite::Database& store, std::size_t meters)
      : readings_(store), next_(readings_.next()), stored(meters, no_register), source(meters, 0) {}
  std::int64_t next_slot() const { return next_ != nullptr ? next_->slot : no_more; }
  void read(std::int64_t slot) {
    std::fill(stored.begin(), stored.end(), no_register);
    strangers.clear();
    for (; next_ != nullptr && next_->slot == slot; next_ = readings_.next()) {
      const auto meter = next_->meter;
      const auto shown = next_->register_centikWh;
      if (meter > static_cast<std::int64_t>(stored.size()) || shown == no_register) {
        strangers.push_back({meter, slot, shown});
        continue;
      }
      stored[static_cast<std::size_t>(meter - 1)] = shown;
      source[static_cast<std::size_t>(meter - 1)] = next_->source;
    }
  }

 private:
  PackedReadings readings_;
  const PackedReading* next_;

 public:
  std::vector<std::uint32_t> stored;
  std::vector<std::uint8_t> source;
  std::vector<Stranger> strangers;
};
}  // namespace

void scan(const ScanPlan& plan, sqlite::Database& truth, sqlite::Database& books,
          std::span<DueVisitor* const> visitors) {
  SampleCursor samples(truth, plan.meters);
  ReadingCursor readings(books, plan.meters);
  const auto first = std::min(samples.next_slot(), readings.next_slot());
  if (first == no_more) return;
  const auto& zone = plan.zone;
  Frame before, now, after;
  samples.read(first, now);
  for (auto slot = first;; ++slot) {
    samples.read(slot + 1, after);
    readings.read(slot);
    const auto at = instant_of_slot(slot);
    const bool is_midnight = zone.second_of_day(at) == 0;
    const Due due{at,
                  slot,
                  before,
                  now,
                  after,
                  readings.stored,
                  readings.source,
                  readings.strangers,
                  is_midnight,
                  is_midnight && zone.civil(at).day == 1};
    for (auto* visitor : visitors) visitor->visit(due);
    if (!after.exists && samples.next_slot() == no_more && readings.next_slot() == no_more) return;
    std::swap(before, now);
    std::swap(now, after);
    if (!now.exists) {
      // A hole that both stores have is not walked through: its length is anybody's.
      const auto wake = std::min(samples.next_slot(), readings.next_slot());
      if (wake > slot + 2) {
        before.exists = false;
        slot = wake - 2;
        samples.read(wake - 1, now);
      }
    }
  }
}
}  // namespace audit
