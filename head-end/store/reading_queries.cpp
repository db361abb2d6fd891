// Readings by meter, by instant and from an instant on: open blocks before blocks at rest.
#include "head-end/store/reading_store.hpp"
#include "head-end/store/slot_range.hpp"

namespace headend {
std::vector<StoredReading> ReadingStore::of_meter(MeterId meter, Instant from, Instant till) {
  std::vector<StoredReading> found;
  const SlotRange range = slots_within(from, till);
  if (meter < 1 || meter > meters_) return found;
  const std::uint32_t row = row_in_block(meter);
  const sqlite::Snapshot snapshot(database_);
  const auto begin = next_key(first_key_of(window_of(range.first)));
  if (!begin) return found;
  const BlockKey last_open = open_.empty() ? last_stored_ : open_.rbegin()->first;
  const auto last = std::min(window_of(range.last), window_of_key(std::max(last_open, last_stored_)));
  for (std::int32_t window = window_of_key(*begin); window <= last; ++window) {
    const BlockKey key = block_key(window, group_of(meter));
    const Slot first_slot = first_slot_of(key);
    const auto take = [&](std::uint32_t slot, std::uint32_t shown, ReadingSource source) {
      found.push_back(
          {meter, instant_of(first_slot + static_cast<Slot>(slot)), CentiKilowattHours(shown), source});
    };
    const auto from_slot = static_cast<std::uint32_t>(std::max<Slot>(0, range.first - first_slot));
    const auto till_slot =
        static_cast<std::uint32_t>(std::min<Slot>(block_slots - 1, range.last - first_slot));
    if (const OpenBlock* const block = find_open(key)) {
      for (std::uint32_t slot = from_slot; slot <= till_slot; ++slot)
        if (block->has(row, slot)) take(slot, block->registers[slot][row], block->source(row, slot));
    } else if (key <= last_stored_) {
      stored_.with(key, [&](const BlockView& view) { view.each_of_row(row, from_slot, till_slot, take); });
    }
  }
  return found;
}

std::vector<StoredReading> ReadingStore::at(Instant due) {
  std::vector<StoredReading> found;
  const SlotRange range = slots_within(due, due);
  if (range.first != range.last) return found;
  const std::uint32_t slot = slot_in_block(range.first);
  const std::int32_t window = window_of(range.first);
  found.reserve(meters_);
  const auto take = [&](MeterId meter, std::uint32_t shown, ReadingSource source) {
    found.push_back({meter, due, CentiKilowattHours(shown), source});
  };
  auto open = open_.lower_bound(first_key_of(window));
  const auto take_open_before = [&](BlockKey end) {
    for (; open != open_.end() && open->first < end; ++open) {
      const OpenBlock& block = *open->second;
      for (std::uint32_t row = 0; row < block_meters; ++row)
        if (block.has(row, slot))
          take(first_meter_of(block.key) + row, block.registers[slot][row], block.source(row, slot));
    }
  };
  stored_.each(first_key_of(window), last_key_of(window), [&](BlockKey key, const BlockView& view) {
    take_open_before(key);
    if (open != open_.end() && open->first == key) return;  // it has all of this one
    view.each_at(slot, [&](std::uint32_t row, std::uint32_t shown, ReadingSource source) {
      take(first_meter_of(key) + row, shown, source);
    });
  });
  take_open_before(last_key_of(window) + 1);
  return found;
}

std::optional<BlockKey> ReadingStore::next_key(BlockKey from) {
  auto next = stored_.first_at_or_after(from);
  const auto open = open_.lower_bound(from);
  if (open != open_.end() && (!next || open->first < *next)) next = open->first;
  return next;
}

void ReadingStore::each_from(Slot from, const std::function<void(Slot, MeterId, std::uint32_t)>& visit) {
  auto key = next_key(first_key_of(window_of(from)));
  while (key) {
    visit_window(window_of_key(*key), from, visit);
    key = next_key(last_key_of(window_of_key(*key)) + 1);
  }
}

void ReadingStore::visit_window(std::int32_t window, Slot from,
                                const std::function<void(Slot, MeterId, std::uint32_t)>& visit) {
  std::map<BlockKey, const OpenBlock*> blocks;
  std::vector<std::unique_ptr<OpenBlock>> unpacked;
  stored_.each(first_key_of(window), last_key_of(window), [&](BlockKey key, const BlockView& view) {
    unpacked.push_back(std::make_unique_for_overwrite<OpenBlock>());
    view.unpack_into(*unpacked.back());
    blocks[key] = unpacked.back().get();
  });
  for (auto open = open_.lower_bound(first_key_of(window));
       open != open_.end() && open->first <= last_key_of(window); ++open)
    blocks[open->first] = open->second.get();
  const Slot first_slot = window * static_cast<Slot>(block_slots);
  for (std::uint32_t slot = 0; slot < block_slots; ++slot) {
    if (first_slot + static_cast<Slot>(slot) < from) continue;
    for (const auto& [key, block] : blocks)
      for (std::uint32_t row = 0; row < block_meters; ++row)
        if (block->has(row, slot))
          visit(first_slot + static_cast<Slot>(slot), first_meter_of(key) + row, block->registers[slot][row]);
  }
}

void ReadingStore::erase(BlockKey key) {
  METERTWIN_CHECK(find_open(key) == nullptr || find_open(key)->first_unwritten == 0, key);
  if (find_open(key) != nullptr) let_go(key);
  if (found_key_ == key) found_key_ = std::numeric_limits<BlockKey>::min();
  stored_.erase(key);
}
}  // namespace headend
