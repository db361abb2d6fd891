// A block and a row of the journal: known bytes, round trips of anything, and bytes that are neither.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/store/reading_block.hpp"
#include "head-end/store/reading_journal.hpp"

using namespace headend;

namespace {
using Bytes = std::vector<std::uint8_t>;

OpenBlock empty_block() {
  OpenBlock block;
  block.key = block_key(62'000, 0);
  return block;
}

/// Rows with ordinary and extraordinary registers, absent readings and sources.
OpenBlock random_block(std::uint64_t seed) {
  const core::RandomStream random(seed, 1, core::Purpose::test);
  std::uint64_t draw = 0;
  OpenBlock block = empty_block();
  const auto rows = static_cast<std::uint32_t>(random.between(1, 256, ++draw));
  const auto absent_in = static_cast<std::uint64_t>(random.between(1, 40, ++draw));
  const auto odd_source_in = static_cast<std::uint64_t>(random.between(2, 50, ++draw));
  const bool is_wild = random.below(4, ++draw) == 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    auto shown = static_cast<std::uint32_t>(random.word(++draw));
    for (std::uint32_t slot = 0; slot < block_slots; ++slot) {
      shown += is_wild ? static_cast<std::uint32_t>(random.word(++draw))
                       : static_cast<std::uint32_t>(random.below(120, ++draw));
      if (absent_in > 1 && random.below(absent_in, ++draw) == 0) continue;
      const bool is_odd = random.below(odd_source_in, ++draw) == 0;
      block.put(row, slot, shown, is_odd ? ReadingSource::backfill : ReadingSource::curve);
    }
  }
  if (block.present_count == 0) block.put(0, 0, 1, ReadingSource::opening);
  return block;
}

bool is_same(const OpenBlock& a, const OpenBlock& b) {
  if (a.present_count != b.present_count) return false;
  for (std::uint32_t row = 0; row < block_meters; ++row) {
    for (std::uint32_t slot = 0; slot < block_slots; ++slot) {
      if (a.has(row, slot) != b.has(row, slot)) return false;
      if (!a.has(row, slot)) continue;
      if (a.registers[slot][row] != b.registers[slot][row] || a.source(row, slot) != b.source(row, slot))
        return false;
    }
  }
  return true;
}
}  // namespace

TEST_CASE("the block of the format's description has exactly its bytes") {
  // Meters 1 and 2, quarter hours 0..3 of the window: 1000, 1005, 1012, 1012 and 70000, -, 70003, 70004;
  // the last one of meter 2 was backfilled.
  OpenBlock block = empty_block();
  block.put(0, 0, 1'000, ReadingSource::curve);
  block.put(0, 1, 1'005, ReadingSource::curve);
  block.put(0, 2, 1'012, ReadingSource::curve);
  block.put(0, 3, 1'012, ReadingSource::curve);
  block.put(1, 0, 70'000, ReadingSource::curve);
  block.put(1, 2, 70'003, ReadingSource::curve);
  block.put(1, 3, 70'004, ReadingSource::backfill);
  Bytes packed;
  pack_block(block, packed);
  CHECK(core::to_hex(packed) ==
        "01 02 02 00 01 00 00 00 03 02 E8 03 00 00 70 11 01 00 0F 00 00 00 0D 00 00 00 23 20 3D 0E 00 00 00 "
        "00 00 00 00 00");
}

TEST_CASE("the journal's row of the format's description has exactly its bytes") {
  PendingReadings pending;
  const Slot slot = 1'984'000;
  pending.add(slot, 7, 1'000, ReadingSource::curve);
  pending.add(slot, 8, 2'000, ReadingSource::curve);
  pending.add(slot - 2, 3, 50, ReadingSource::backfill);
  pending.add(slot - 1, 3, 60, ReadingSource::backfill);
  Bytes packed;
  pending.pack(packed);
  CHECK(core::to_hex(packed) ==
        "01 02 80 98 F2 01 0E 20 03 0B 29 E8 03 00 00 D0 07 00 00 32 00 00 00 3C 00 00 00");
}

TEST_CASE("whatever is put into a block comes out of its bytes, whole, by meter and by instant") {
  const std::uint64_t seed = GENERATE(range(1, 60));
  INFO("seed " << seed);
  const OpenBlock block = random_block(seed);
  Bytes packed;
  pack_block(block, packed);
  const auto view = BlockView::of(packed);
  REQUIRE(view);
  OpenBlock again = empty_block();
  view->unpack_into(again);
  CHECK(is_same(block, again));
  std::uint32_t wrong = 0;
  for (std::uint32_t row = 0; row < block_meters; ++row) {
    for (std::uint32_t slot = 0; slot < block_slots; ++slot) {
      const auto found = view->find(row, slot);
      wrong += found.has_value() != block.has(row, slot) || (found && *found != block.registers[slot][row]);
    }
  }
  CHECK(wrong == 0);
  OpenBlock by_instant = empty_block();
  for (std::uint32_t slot = 0; slot < block_slots; ++slot)
    view->each_at(slot, [&](std::uint32_t row, std::uint32_t shown, ReadingSource source) {
      by_instant.put(row, slot, shown, source);
    });
  CHECK(is_same(block, by_instant));
}

TEST_CASE("full blocks of ordinary meters take little more than the bits of their increases") {
  OpenBlock block = empty_block();
  const core::RandomStream random(5, 1, core::Purpose::test);
  std::uint64_t draw = 0;
  for (std::uint32_t row = 0; row < block_meters; ++row) {
    std::uint32_t shown = 1'000'000 + row;
    for (std::uint32_t slot = 0; slot < block_slots; ++slot) {
      shown += static_cast<std::uint32_t>(random.below(64, ++draw));
      block.put(row, slot, shown, ReadingSource::curve);
    }
  }
  Bytes packed;
  pack_block(block, packed);
  // 31 increases of 6 bits, a base of 4 bytes and a width: never more, though a lucky row may need less.
  CHECK(packed.size() <= 8 + 256 * (5 + 31 * 6 / 8.0) + 8);
  CHECK(packed.size() >= 0.9 * 256 * 31 * 6 / 8);
}

TEST_CASE("damaged or foreign bytes are no block, or a block within its bounds") {
  const core::RandomStream random(77, 2, core::Purpose::test);
  std::uint64_t draw = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Bytes packed;
    pack_block(random_block(seed), packed);
    const auto read_all = [](const Bytes& bytes) {
      const auto view = BlockView::of(bytes);
      if (!view) return;
      OpenBlock block = empty_block();
      view->unpack_into(block);
      for (std::uint32_t slot = 0; slot < block_slots; ++slot)
        view->each_at(slot, [](std::uint32_t, std::uint32_t, ReadingSource) {});
    };
    for (int round = 0; round < 60; ++round) {
      Bytes damaged = packed;
      if (random.below(2, ++draw) == 0) damaged.resize(random.below(damaged.size() + 1, ++draw));
      for (std::uint64_t hits = random.below(4, ++draw); hits > 0 && !damaged.empty(); --hits) {
        const std::uint64_t span =
            random.below(2, ++draw) == 0 ? std::min<std::size_t>(16, damaged.size()) : damaged.size();
        const std::size_t place = random.below(span, ++draw);
        damaged[place] = static_cast<std::uint8_t>(random.word(++draw));
      }
      read_all(damaged);
    }
  }
  CHECK_FALSE(BlockView::of({}));
  CHECK_FALSE(BlockView::of(Bytes(100, 0)));
  Bytes packed;
  pack_block(random_block(1), packed);
  packed.push_back(0);
  CHECK_FALSE(BlockView::of(packed));
}

TEST_CASE("a journal's row gives back its readings in their order, and damaged bytes are refused") {
  const std::uint64_t seed = GENERATE(range(1, 40));
  INFO("seed " << seed);
  const core::RandomStream random(seed, 3, core::Purpose::test);
  std::uint64_t draw = 0;
  using Told = std::tuple<Slot, MeterId, std::uint32_t, ReadingSource>;
  std::vector<Told> told, read;
  PendingReadings pending;
  while (told.size() < 300) {
    auto slot = static_cast<Slot>(random.between(1'900'000, 2'000'000, ++draw));
    auto meter = static_cast<MeterId>(random.between(1, (1 << 24) - 70, ++draw));
    const auto source = static_cast<ReadingSource>(random.below(3, ++draw));
    const bool is_along_time = random.below(2, ++draw) == 0;
    for (std::uint64_t left = 1 + random.below(60, ++draw); left > 0; --left) {
      told.emplace_back(slot, meter, static_cast<std::uint32_t>(random.word(++draw)), source);
      is_along_time ? void(++slot) : void(++meter);
    }
  }
  for (const auto& [slot, meter, shown, source] : told) pending.add(slot, meter, shown, source);
  Bytes packed;
  pending.pack(packed);
  const auto keep = [&read](Slot slot, MeterId meter, std::uint32_t shown, ReadingSource source) {
    read.emplace_back(slot, meter, shown, source);
  };
  REQUIRE(unpack_journal_row(packed, keep));
  CHECK(read == told);
  const auto ignore = [](Slot, MeterId, std::uint32_t, ReadingSource) {};
  for (int round = 0; round < 200; ++round) {
    Bytes damaged = packed;
    const std::size_t place = random.below(40, ++draw);
    damaged[place] = static_cast<std::uint8_t>(random.word(++draw));
    unpack_journal_row(damaged, ignore);
    damaged.resize(random.below(damaged.size(), ++draw));
    CHECK_FALSE(unpack_journal_row(damaged, ignore));
  }
}
