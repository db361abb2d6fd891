#include "head-end/store/reading_block.hpp"

#include <array>

namespace headend {
namespace {
static_assert(std::endian::native == std::endian::little, "blocks are little-endian and copied as they are");

constexpr std::uint8_t block_format = 1;
enum Presence : std::uint8_t { all = 0, common = 1, by_row = 2 };
constexpr std::size_t header_size = 8;
constexpr std::size_t stream_tail = 8;  // a reader may load eight bytes wherever an increase begins
constexpr int position_bits = 13;       // row x 32 + slot
constexpr std::uint32_t position_mask = (1u << position_bits) - 1;

/// Writes numbers of some bits one after another, the lowest bit first.
class BitWriter {
 public:
  explicit BitWriter(std::uint8_t* to) : to_(to) {}
  /// Range: width <= 32 and value < 2^width.
  void put(std::uint32_t value, std::uint32_t width) {
    word_ |= std::uint64_t{value} << filled_;
    filled_ += width;
    if (filled_ < 32) return;
    const auto low = static_cast<std::uint32_t>(word_);
    std::memcpy(to_, &low, 4);
    to_ += 4;
    word_ >>= 32;
    filled_ -= 32;
  }
  std::uint8_t* finish() {
    for (std::uint32_t done = 0; done < filled_; done += 8) {
      *to_++ = static_cast<std::uint8_t>(word_);
      word_ >>= 8;
    }
    std::memset(to_, 0, stream_tail);
    return to_ + stream_tail;
  }

 private:
  std::uint8_t* to_;
  std::uint64_t word_ = 0;
  std::uint32_t filled_ = 0;
};

std::uint32_t rows_of(const OpenBlock& block) {
  std::uint32_t rows = block_meters;
  while (rows > 0 && block.present[rows - 1] == 0) --rows;
  METERTWIN_CHECK(rows > 0, block.key);
  return rows;
}

Presence presence_of(const OpenBlock& block, std::uint32_t rows) {
  for (std::uint32_t row = 1; row < rows; ++row)
    if (block.present[row] != block.present[0]) return by_row;
  return block.present[0] == 0xFFFF'FFFF ? all : common;
}

struct Sources {
  std::uint8_t usual = 0;
  std::vector<std::uint16_t> exceptions;
};

/// The source that most readings have, and the others one by one.
Sources sources_of(const OpenBlock& block, std::uint32_t rows) {
  Sources sources;
  if (block.sources.empty()) return sources;
  std::array<std::uint32_t, 8> counts{};
  const auto each = [&](auto&& visit) {
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t slot = 0; slot < block_slots; ++slot)
        if (block.has(row, slot)) visit(row * block_slots + slot, block.sources[slot * block_meters + row]);
  };
  each([&](std::uint32_t, std::uint8_t source) { ++counts[source & 7]; });
  sources.usual = static_cast<std::uint8_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  each([&](std::uint32_t position, std::uint8_t source) {
    if (source != sources.usual)
      sources.exceptions.push_back(static_cast<std::uint16_t>(source << position_bits | position));
  });
  return sources;
}

/// Base, width and increases of one row. Returns the width.
std::uint32_t pack_row(const OpenBlock& block, std::uint32_t row, std::uint8_t* base, BitWriter& stream) {
  std::array<std::uint32_t, block_slots> increases;
  std::size_t count = 0;
  std::uint32_t before = 0;
  std::uint32_t greatest = 0;
  for (std::uint32_t left = block.present[row]; left != 0; left &= left - 1) {
    const std::uint32_t shown = block.registers[std::countr_zero(left)][row];
    if (count == 0) {
      std::memcpy(base, &shown, 4);
    } else {
      increases[count] = shown - before;
      greatest |= increases[count];
    }
    before = shown;
    ++count;
  }
  const auto width = static_cast<std::uint32_t>(std::bit_width(greatest));
  for (std::size_t i = 1; i < count; ++i) stream.put(increases[i], width);
  return width;
}
}  // namespace

void OpenBlock::put_source(std::uint32_t row, std::uint32_t slot, ReadingSource from) {
  if (sources.empty()) sources.assign(block_slots * block_meters, 0);
  sources[slot * block_meters + row] = static_cast<std::uint8_t>(from);
}

void pack_block(const OpenBlock& block, std::vector<std::uint8_t>& packed) {
  const std::uint32_t rows = rows_of(block);
  const Presence presence = presence_of(block, rows);
  const Sources sources = sources_of(block, rows);
  const auto exceptions = static_cast<std::uint32_t>(sources.exceptions.size());
  packed.resize(header_size + rows * 9u + 2u * exceptions + rows * (block_slots - 1) * 4u + 4 + stream_tail);
  std::uint8_t* at = packed.data();
  *at++ = block_format;
  *at++ = presence;
  for (const std::uint32_t number : {rows, exceptions}) {
    *at++ = static_cast<std::uint8_t>(number);
    *at++ = static_cast<std::uint8_t>(number >> 8);
  }
  *at++ = sources.usual;
  *at++ = 0;
  std::uint8_t* const widths = at;
  std::uint8_t* const bases = widths + rows;
  std::memset(widths, 0, rows * 5u);
  at = bases + rows * 4u;
  if (presence != all) {
    const std::size_t masks = presence == common ? 4 : rows * 4u;
    std::memcpy(at, block.present, masks);
    at += masks;
  }
  if (exceptions > 0) std::memcpy(at, sources.exceptions.data(), exceptions * 2u);
  at += exceptions * 2u;
  BitWriter stream(at);
  for (std::uint32_t row = 0; row < rows; ++row)
    widths[row] = static_cast<std::uint8_t>(pack_row(block, row, bases + 4u * row, stream));
  packed.resize(static_cast<std::size_t>(stream.finish() - packed.data()));
}

std::optional<BlockView> BlockView::of(core::Bytes packed) {
  if (packed.size() < header_size || packed[0] != block_format || packed[1] > by_row || packed[6] > 7)
    return std::nullopt;
  BlockView view;
  const std::uint8_t presence = packed[1];
  view.rows_ = packed[2] | packed[3] << 8;
  view.exception_count_ = packed[4] | packed[5] << 8;
  view.common_source_ = static_cast<ReadingSource>(packed[6]);
  if (view.rows_ < 1 || view.rows_ > block_meters) return std::nullopt;
  const std::size_t masks = presence == all ? 0 : presence == common ? 4 : view.rows_ * 4u;
  const std::size_t before_stream = header_size + view.rows_ * 5u + masks + view.exception_count_ * 2u;
  if (packed.size() < before_stream + stream_tail) return std::nullopt;
  view.widths_ = packed.data() + header_size;
  view.bases_ = view.widths_ + view.rows_;
  const std::uint8_t* const after_bases = view.bases_ + view.rows_ * 4u;
  view.common_mask_ = 0xFFFF'FFFF;
  if (presence == common) std::memcpy(&view.common_mask_, after_bases, 4);
  if (presence == by_row) view.masks_ = after_bases;
  view.exceptions_ = after_bases + masks;
  view.stream_ = packed.data() + before_stream;
  std::uint8_t widest = 0;
  for (const std::uint8_t* width = view.widths_; width != view.bases_; ++width)
    widest = std::max(widest, *width);
  if (widest > 32) return std::nullopt;
  const std::uint64_t bits = view.stream_bit_of(view.rows_);
  if (packed.size() != before_stream + (bits + 7) / 8 + stream_tail) return std::nullopt;
  return view;
}

std::uint64_t BlockView::stream_bit_of(std::uint32_t row) const {
  std::uint64_t bits = 0;
  if (masks_ != nullptr) {
    for (std::uint32_t before = 0; before < row; ++before) bits += stream_bits(before);
    return bits;
  }
  for (std::uint32_t before = 0; before < row; ++before) bits += widths_[before];
  const int count = std::popcount(common_mask_);
  return count < 2 ? 0 : bits * static_cast<std::uint64_t>(count - 1);
}

std::optional<std::uint32_t> BlockView::find(std::uint32_t row, std::uint32_t slot) const {
  std::optional<std::uint32_t> found;
  each_of_row(row, slot, slot, [&](std::uint32_t, std::uint32_t shown, ReadingSource) { found = shown; });
  return found;
}

ReadingSource BlockView::source_of_exception(std::uint32_t row, std::uint32_t slot) const {
  const std::uint32_t position = row * block_slots + slot;
  std::uint32_t low = 0;
  std::uint32_t high = exception_count_;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    std::uint16_t entry;
    std::memcpy(&entry, exceptions_ + 2u * middle, 2);
    const std::uint32_t there = entry & position_mask;
    if (there == position) return static_cast<ReadingSource>(entry >> position_bits);
    if (there < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return common_source_;
}

void BlockView::unpack_into(OpenBlock& block) const {
  std::uint64_t bit = 0;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    walk_row(row, bit, 0, block_slots - 1,
             [&](std::uint32_t slot, std::uint32_t shown, ReadingSource source) {
               block.put(row, slot, shown, source);
             });
    bit += stream_bits(row);
  }
}
}  // namespace headend
