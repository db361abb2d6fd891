#include "head-end/tariff/calendar.hpp"

#include <stdexcept>

namespace headend {
Calendar::Calendar(core::Zone zone) : zone_(std::move(zone)) {}

IntervalFacts Calendar::work_out(Slot slot) const {
  const Instant end = instant_of(slot);
  const Instant start = instant_of(slot - 1);
  if (zone_.offset_at(start).count() % slot_s != 0 || zone_.offset_at(end).count() % slot_s != 0) {
    throw std::invalid_argument("zone " + zone_.name() + ": its offset from UTC is not whole quarter hours");
  }
  IntervalFacts facts{.slot = slot};
  facts.start_quarter = static_cast<std::uint8_t>(zone_.second_of_day(start) / slot_s);
  facts.ends_day = zone_.local_day(end) != zone_.local_day(start);
  if (facts.ends_day) {
    const core::CivilTime civil = zone_.civil(end);
    facts.ends_month = civil.day == 1;
    facts.ends_year = civil.day == 1 && civil.month == 1;
  }
  return facts;
}

int Calendar::month_before(Instant till) const {
  const core::CivilTime civil = zone_.civil(till - 1s);
  return civil.year * 100 + civil.month;
}

std::int64_t Calendar::day_before(Instant till) const { return zone_.local_day(till - 1s); }
}  // namespace headend
