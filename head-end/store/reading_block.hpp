/// Readings of 256 meters over 32 quarter hours: as flat arrays while they come in, as one packed blob at
/// rest.
///
/// Packed, a meter costs its first register and then the increases, with as many bits as its greatest one
/// needs (head-end/store/schema.md tells every byte). Increases are taken modulo 2^32, so every register of
/// 32 bits in every order can be kept; what is usual is what is small. A block at rest is read in place:
/// one meter, or one quarter hour, without unpacking the rest. Unit: 0.01 kWh. Errors: a blob that is no
/// block is refused. Randomness: none. Time: slots only.
#pragma once
#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "core/bytes.hpp"
#include "head-end/books.hpp"
#include "head-end/store/slot.hpp"

namespace headend {
inline constexpr std::uint32_t block_slots = 32;
inline constexpr std::uint32_t block_meters = 256;

/// window << 16 | group; window = slot / 32, group = (meter - 1) / 256.
using BlockKey = std::int64_t;
constexpr std::int32_t window_of(Slot slot) { return slot >> 5; }
constexpr std::uint32_t group_of(MeterId meter) { return (meter - 1) >> 8; }
constexpr BlockKey block_key(std::int32_t window, std::uint32_t group) {
  return BlockKey{window} << 16 | group;
}
constexpr std::int32_t window_of_key(BlockKey key) { return static_cast<std::int32_t>(key >> 16); }
constexpr std::uint32_t group_of_key(BlockKey key) { return static_cast<std::uint32_t>(key & 0xFFFF); }
constexpr Slot first_slot_of(BlockKey key) { return window_of_key(key) * static_cast<Slot>(block_slots); }
constexpr MeterId first_meter_of(BlockKey key) { return group_of_key(key) * block_meters + 1; }
constexpr std::uint32_t slot_in_block(Slot slot) { return static_cast<std::uint32_t>(slot) % block_slots; }
constexpr std::uint32_t row_in_block(MeterId meter) { return (meter - 1) % block_meters; }

/// A block that is being filled. Rows are meters; what is not present is not initialised.
struct OpenBlock {
  BlockKey key = 0;
  std::uint32_t present_count = 0;
  /// The row of the journal that holds the oldest reading which the block at rest does not have; 0: none.
  std::int64_t first_unwritten = 0;
  std::uint32_t present[block_meters] = {};  ///< by row: bit s = quarter hour s
  std::uint32_t registers[block_slots][block_meters];
  std::vector<std::uint8_t> sources;  ///< by slot x 256 + row; empty while all are `curve`

  /// As new; the registers keep what nobody reads.
  void clear() {
    present_count = 0;
    first_unwritten = 0;
    std::fill(std::begin(present), std::end(present), 0u);
    sources = {};
  }
  bool has(std::uint32_t row, std::uint32_t slot) const { return (present[row] >> slot & 1) != 0; }
  ReadingSource source(std::uint32_t row, std::uint32_t slot) const {
    return sources.empty() ? ReadingSource::curve
                           : static_cast<ReadingSource>(sources[slot * block_meters + row]);
  }
  void put(std::uint32_t row, std::uint32_t slot, std::uint32_t register_shown, ReadingSource from) {
    const std::uint32_t bit = 1u << slot;
    present_count += (present[row] & bit) == 0 ? 1 : 0;
    present[row] |= bit;
    registers[slot][row] = register_shown;
    if (from != ReadingSource::curve || !sources.empty()) [[unlikely]]
      put_source(row, slot, from);
  }

 private:
  void put_source(std::uint32_t row, std::uint32_t slot, ReadingSource from);
};

/// The blob of a block with at least one reading. Appends nothing, replaces `packed`.
void pack_block(const OpenBlock& block, std::vector<std::uint8_t>& packed);

/// A packed block, read in place; the bytes must live as long as it does.
class BlockView {
 public:
  /// Null when the bytes are no block: another format, or lengths that do not fit together.
  static std::optional<BlockView> of(core::Bytes packed);

  std::uint32_t rows() const { return rows_; }
  std::optional<std::uint32_t> find(std::uint32_t row, std::uint32_t slot) const;
  /// `visit(slot, register, source)` for the readings of a row with from <= slot <= till, rising.
  template <class Visit>
  void each_of_row(std::uint32_t row, std::uint32_t from, std::uint32_t till, Visit&& visit) const {
    if (row < rows_) walk_row(row, stream_bit_of(row), from, till, visit);
  }
  /// `visit(row, register, source)` for the readings of one quarter hour, rising.
  template <class Visit>
  void each_at(std::uint32_t slot, Visit&& visit) const {
    std::uint64_t bit = 0;
    for (std::uint32_t row = 0; row < rows_; ++row) {
      const std::uint32_t here = present(row);
      if ((here >> slot & 1) != 0) {
        Walk walk = walk_from(row, bit);
        const int earlier = std::popcount(here & ((1u << slot) - 1));
        for (int i = 0; i < earlier; ++i) step(walk);
        visit(row, walk.shown, source(row, slot));
      }
      bit += stream_bits(row);
    }
  }
  /// Adds all readings to an open block, over what is there.
  void unpack_into(OpenBlock& block) const;

 private:
  struct Walk {
    std::uint32_t shown;
    std::uint32_t width;
    std::uint64_t mask;
    std::uint64_t bit;
  };
  std::uint32_t present(std::uint32_t row) const {
    if (masks_ == nullptr) return common_mask_;
    std::uint32_t mask;
    std::memcpy(&mask, masks_ + 4 * row, 4);
    return mask;
  }
  /// How much of the stream a row takes.
  std::uint64_t stream_bits(std::uint32_t row) const {
    const int count = std::popcount(present(row));
    return count < 2 ? 0 : std::uint64_t{widths_[row]} * static_cast<std::uint64_t>(count - 1);
  }
  std::uint64_t stream_bit_of(std::uint32_t row) const;
  Walk walk_from(std::uint32_t row, std::uint64_t bit) const {
    std::uint32_t base;
    std::memcpy(&base, bases_ + 4 * row, 4);
    return {base, widths_[row], (std::uint64_t{1} << widths_[row]) - 1, bit};
  }
  void step(Walk& walk) const {
    std::uint64_t word;  // eight zero bytes follow the stream
    std::memcpy(&word, stream_ + (walk.bit >> 3), 8);
    walk.shown += static_cast<std::uint32_t>(word >> (walk.bit & 7) & walk.mask);
    walk.bit += walk.width;
  }
  template <class Visit>
  void walk_row(std::uint32_t row, std::uint64_t bit, std::uint32_t from, std::uint32_t till,
                Visit&& visit) const {
    std::uint32_t left = present(row);
    if (left == 0) return;
    for (Walk walk = walk_from(row, bit);; step(walk)) {
      const auto slot = static_cast<std::uint32_t>(std::countr_zero(left));
      if (slot > till) return;
      if (slot >= from) visit(slot, walk.shown, source(row, slot));
      left &= left - 1;
      if (left == 0) return;
    }
  }
  ReadingSource source(std::uint32_t row, std::uint32_t slot) const {
    return exception_count_ == 0 ? common_source_ : source_of_exception(row, slot);
  }
  ReadingSource source_of_exception(std::uint32_t row, std::uint32_t slot) const;

  std::uint32_t rows_ = 0;
  std::uint32_t exception_count_ = 0;
  std::uint32_t common_mask_ = 0;
  ReadingSource common_source_ = ReadingSource::curve;
  const std::uint8_t* widths_ = nullptr;
  const std::uint8_t* bases_ = nullptr;
  const std::uint8_t* masks_ = nullptr;  ///< null: all rows have `common_mask_`
  const std::uint8_t* exceptions_ = nullptr;
  const std::uint8_t* stream_ = nullptr;
};
}  // namespace headend
