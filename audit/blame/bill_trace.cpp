#include "audit/blame/bill_trace.hpp"

#include <algorithm>

#include "audit/evidence/packed_readings.hpp"

namespace audit {
namespace {
/// The walk along one customer's readings.
class Walk {
 public:
  Walk(const TariffOracle& oracle, std::int64_t from_slot, std::int64_t till_slot, BillTrace& trace)
      : oracle_(oracle), from_slot_(from_slot), till_slot_(till_slot), trace_(trace) {}

  void add(std::int64_t slot, std::int64_t energy, bool is_estimated) {
    const auto start = instant_of_slot(slot);
    if (oracle_.resets_at(start)) consumed_ = 0;
    TracedInterval interval{slot, energy, oracle_.period_at(start), is_estimated, {}};
    for (std::size_t tier = 0; tier < oracle_.tiers(); ++tier) {
      const auto share = oracle_.share(tier, consumed_, energy);
      const auto price = oracle_.price(oracle_.cell(interval.period, tier));
      if (share != 0) interval.parts.push_back({tier, share, price, share * price});
    }
    consumed_ += energy;
    if (slot >= from_slot_ && slot < till_slot_) trace_.intervals.push_back(std::move(interval));
  }

 private:
  const TariffOracle& oracle_;
  std::int64_t from_slot_, till_slot_;
  BillTrace& trace_;
  std::int64_t consumed_ = 0;
};
}  // namespace

std::string_view name_of(ReadingSource source) {
  static constexpr std::string_view names[] = {"curve", "backfill", "opening"};
  return names[static_cast<std::size_t>(source)];
}

std::vector<StoredReading> readings_of(sqlite::Database& books, std::size_t position) {
  std::vector<StoredReading> readings;
  PackedReadings all(books);
  const auto meter = static_cast<std::int64_t>(position) + 1;
  for (const auto* reading = all.next(); reading != nullptr; reading = all.next())
    if (reading->meter == meter)
      readings.push_back({reading->slot, reading->register_centikWh,
                          static_cast<ReadingSource>(std::min<std::uint8_t>(reading->source, 2))});
  return readings;
}

BillTrace trace_bill(const Estate& estate, sqlite::Database& store, const Books& books, std::size_t position,
                     std::int64_t from_slot, std::int64_t till_slot) {
  BillTrace trace;
  const auto readings = readings_of(store, position);
  for (const auto& reading : readings)
    if (reading.slot >= from_slot && reading.slot <= till_slot) trace.readings.push_back(reading);
  if (readings.empty() || readings.front().slot != slot_of(estate.scenario.starts)) return trace;
  const TariffOracle oracle(estate.scenario.tariffs[estate.tariffs[position]], estate.scenario.zone_rules);
  Walk walk(oracle, from_slot, till_slot, trace);
  auto shown = readings.front().register_centikWh;
  for (std::size_t i = 1; i < readings.size() && readings[i - 1].slot < till_slot; ++i) {
    const auto first = readings[i - 1].slot;
    const auto quarters = readings[i].slot - first;
    const auto energy = std::max<std::int64_t>(readings[i].register_centikWh - shown, 0);
    if (quarters > 1 && !books.is_estimated(position, first + 1, readings[i].slot - 1)) break;
    for (std::int64_t index = 0; index < quarters; ++index)
      walk.add(first + index, even_part(energy, quarters, index), quarters > 1);
    shown += energy;
  }
  return trace;
}
}  // namespace audit
