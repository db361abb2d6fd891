#include "head-end/collect/check_up.hpp"

#include "head-end/health/quantities.hpp"
#include "head-end/store/inspection_book.hpp"

namespace headend {
namespace {
using dlt645::DataIdentifier;
constexpr DataIdentifier clock_battery{0x02800008};  // XX.XX V
constexpr std::int64_t mV_per_hundredth = 10;
constexpr std::int64_t day_ms = 86'400'000;

struct Question {
  DataIdentifier item;
  std::size_t bytes;
  std::string_view quantity;
  std::int64_t unit;  // of the last digit, in the quantity's unit
};
constexpr std::array questions{
    Question{clock_battery, 2, health::battery_mV, mV_per_hundredth},
    Question{dlt645::item::cover_open_count, 3, health::cover_openings, 1},
    Question{dlt645::item::trip_count, 3, health::relay_trips, 1},
    Question{dlt645::item::reverse_active, 4, health::reverse_centikWh, 1},
};
}  // namespace

bool CheckUp::wants_reverse(const MeterFile& meter, Instant midnight) const {
  if (!meter.feeds_in || desk_.now() >= midnight + reverse_asked_until) return false;
  return !desk_.books.inspections().has_reverse(meter.id, midnight);
}

bool CheckUp::wants_condition(Instant midnight) const {
  const auto& configuration = desk_.configuration();
  const auto days = configuration.check_up.every / 24h;
  return days > 0 && configuration.zone.local_day(midnight) % days == 0;
}

std::vector<const MeterFile*> CheckUp::wanted(const ConcentratorArea& area, Instant midnight) const {
  std::vector<const MeterFile*> found;
  const bool is_examination = wants_condition(midnight);
  for (const auto* meter : area.meters) {
    const auto night = nights_.find(meter->id);
    const bool is_known = night != nights_.end() && night->second.midnight == midnight;
    if (is_known && night->second.attempts == check_up_attempts) continue;
    const bool is_due = is_examination && !(is_known && night->second.is_examined);
    if (is_due || wants_reverse(*meter, midnight)) found.push_back(meter);
  }
  return found;
}

CheckUp::Night& CheckUp::night_of(MeterId meter, Instant midnight) {
  auto& night = nights_[meter];
  if (night.midnight != midnight) night = {.midnight = midnight};
  return night;
}

seam::asio::awaitable<void> CheckUp::ask(const MeterFile& meter, Instant midnight) {
  ++night_of(meter.id, midnight).attempts;
  if (wants_reverse(meter, midnight)) {
    const auto shown = co_await line_.read_item(meter, dlt645::item::reverse_active, 4);
    const Instant now = desk_.now();
    if (shown && now < midnight + reverse_asked_until)
      desk_.books.inspections().take_reverse(meter.id, midnight, CentiKilowattHours(*shown), now);
  }
  if (wants_condition(midnight) && !night_of(meter.id, midnight).is_examined) co_await ask_condition(meter);
}

seam::asio::awaitable<void> CheckUp::ask_condition(const MeterFile& meter) {
  co_await ask_clock(meter);
  for (const auto& question : questions) {
    const auto value = co_await line_.read_item(meter, question.item, question.bytes);
    if (!value) co_return;  // silent, or a meter that does not have it: the rest next time
    desk_.books.inspections().note(meter.id, question.quantity, desk_.now(), *value * question.unit);
  }
  nights_[meter.id].is_examined = true;
}

/// The meter read its clock between question and answer: in the middle, for all we know. Only the time of day
/// is asked; a clock that is off by more than half a day looks better than it is.
seam::asio::awaitable<void> CheckUp::ask_clock(const MeterFile& meter) {
  const Instant asked_at = desk_.now();
  const auto digits = co_await line_.read_item(meter, dlt645::item::time_of_day, 3);
  if (!digits) co_return;
  const Instant middle = asked_at + (desk_.now() - asked_at) / 2;
  const std::int64_t hour = *digits / 10'000, minute = *digits / 100 % 100, second = *digits % 100;
  if (hour > 23 || minute > 59 || second > 59) co_return;
  const auto& zone = desk_.configuration().zone;
  const auto since_midnight = middle - zone.start_of_day(zone.local_day(middle));
  std::int64_t offset_ms = ((hour * 60 + minute) * 60 + second) * 1000 - since_midnight / 1ms;
  if (offset_ms > day_ms / 2) offset_ms -= day_ms;
  if (offset_ms < -day_ms / 2) offset_ms += day_ms;
  desk_.books.inspections().note(meter.id, health::clock_offset_ms, desk_.now(), offset_ms);
}
}  // namespace headend
