// Each customer's days against the day on which his area misses something.
#include "head-end/loss/fallen_customer.hpp"

#include <algorithm>
#include <cmath>

namespace headend::loss {
namespace {
constexpr std::size_t usual_days_min = 5, usual_days_max = 15;
constexpr double deviations = 2;

/// Energy of a whole local day by the registers at its midnights.
std::optional<double> day_kWh(const Books& books, const BookedMeter& meter, std::int64_t local_day) {
  const auto& zone = books.configuration().zone;
  const auto shown = [&](Instant midnight) -> std::optional<double> {
    const auto readings = books.readings_of(meter.meter, midnight, midnight);
    if (readings.empty()) return std::nullopt;
    return static_cast<double>(readings.front().shown.count()) / 100;
  };
  const auto from = shown(zone.start_of_day(local_day)), till = shown(zone.start_of_day(local_day + 1));
  if (!from || !till) return std::nullopt;
  return static_cast<double>(meter.ratio) * (*till - *from);
}

std::vector<std::int64_t> usual_days(const WatchedDay& today, const std::vector<WatchedDay>& judged) {
  std::vector<std::int64_t> days;
  for (auto past = judged.rbegin(); past != judged.rend() && days.size() < usual_days_max; ++past)
    if (past->area == today.area && past->local_day < today.local_day &&
        (past->verdict == DayVerdict::usual || past->verdict == DayVerdict::learning))
      days.push_back(past->local_day);
  return days;
}

/// Nothing unless this customer's fall is beyond doubt and of the right size.
std::optional<FallenCustomer> fall_of(const Books& books, const BookedMeter& meter, const WatchedDay& today,
                                      const std::vector<std::int64_t>& days) {
  const auto reported = day_kWh(books, meter, today.local_day);
  std::vector<double> usual;
  for (const auto day : days)
    if (const auto energy = day_kWh(books, meter, day)) usual.push_back(*energy);
  if (!reported || usual.size() < usual_days_min) return std::nullopt;
  const double n = static_cast<double>(usual.size());
  FallenCustomer fallen{meter.meter, *reported, 0, 0};
  double variance = 0;
  for (const double energy : usual) fallen.usual_kWh += energy / n;
  for (const double energy : usual)
    variance += (energy - fallen.usual_kWh) * (energy - fallen.usual_kWh) / (n - 1);
  fallen.deviation_kWh = std::sqrt(variance * (1 + 1 / n));
  const double fall = fallen.usual_kWh - *reported;
  const double excess = today.figures.loss_kWh() - today.expected_kWh;
  const double doubt = std::hypot(fallen.deviation_kWh, today.doubt_kWh);
  const bool is_of_size = std::fabs(fall - excess) <= deviations * doubt;
  if (!is_of_size || fall <= deviations * fallen.deviation_kWh) return std::nullopt;
  return fallen;
}
}  // namespace

std::optional<FallenCustomer> fallen_customer(const Books& books, const WatchedDay& today,
                                              const std::vector<WatchedDay>& judged) {
  const auto days = usual_days(today, judged);
  const auto areas = areas_of(books.configuration());
  const auto area = areas.find(today.area);
  if (days.size() < usual_days_min || area == areas.end()) return std::nullopt;
  std::optional<FallenCustomer> found;
  for (const auto& meter : area->second.customers) {
    if (meter.feeds_in) continue;
    const auto fallen = fall_of(books, meter, today, days);
    if (!fallen) continue;
    if (found) return std::nullopt;
    found = fallen;
  }
  return found;
}
}  // namespace headend::loss
