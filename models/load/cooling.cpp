#include "models/load/cooling.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/civil.hpp"
#include "models/load/dwelling.hpp"

namespace model {
namespace {
constexpr std::int64_t minute_ms = 60'000, day_ms = 86'400'000;
constexpr double boiler_kW = 1.5, boiler_kWh = 3;
constexpr double off_below_C = 24, no_pause_from_C = 34;
constexpr double compressor_ratio = 0.33;  ///< reactive over active power: a power factor of 0.95

double presence(std::int64_t local_day, int hour) {
  const int weekday = core::weekday_of(local_day);
  const bool is_workday = weekday != 0 && weekday != 6;
  if (hour < 8) return 0.6;
  return is_workday && hour < 17 ? 0.3 : 1.0;
}

demand::Draws draws_of(const CoolingSetup& setup, std::int64_t local_day) {
  return {DemandSetup{.kind = DemandKind::dwelling, .seed = setup.seed, .entity = setup.entity}, local_day};
}

class CoolingSource final : public PowerSource {
 public:
  explicit CoolingSource(const CoolingSetup& setup) : setup_(setup) {}

  LoadSegment segment_at(std::int64_t at_ms) const override {
    const std::int64_t local_ms = at_ms + setup_.utc_offset.count() * 1000;
    const std::int64_t day = local_ms / day_ms;
    if (day != day_) {
      cooling_ = cooling_of_day(setup_, day);
      boiler_ = boiler_of_day(setup_, day);
      day_ = day;
    }
    const auto minute = static_cast<std::size_t>(local_ms / minute_ms % minutes_a_day);
    const std::int64_t from_ms = at_ms - local_ms % minute_ms;
    return {from_ms, from_ms + minute_ms, core::Milliwatts(cooling_[minute] + boiler_[minute]),
            core::Millivars(std::llround(cooling_[minute] * compressor_ratio))};
  }

 private:
  CoolingSetup setup_;
  // A memory, not a state: the same values come without it.
  mutable std::int64_t day_ = -1;
  mutable DemandDay cooling_{}, boiler_{};
};
}  // namespace

DemandDay cooling_of_day(const CoolingSetup& setup, std::int64_t local_day) {
  METERTWIN_CHECK(setup.rated_kW >= 0.1 && setup.rated_kW <= 20, setup.rated_kW);
  DemandDay day{};
  const auto draws = draws_of(setup, local_day);
  const auto power_mW = static_cast<std::int32_t>(std::llround(setup.rated_kW * 1e6));
  for (int half_hour = 0; half_hour < 48; ++half_hour) {
    const double outside_C = temperature_C(setup.climate, local_day, half_hour / 2);
    const double wanted = std::clamp((outside_C - off_below_C) / (no_pause_from_C - off_below_C), 0.0, 1.0);
    const int runs = static_cast<int>(std::lround(30 * wanted * presence(local_day, half_hour / 2)));
    const int starts = half_hour * 30 + static_cast<int>(draws.share(half_hour, 0) * (30 - runs));
    for (int minute = starts; minute < starts + runs; ++minute)
      day[static_cast<std::size_t>(minute)] = power_mW;
  }
  return day;
}

DemandDay boiler_of_day(const CoolingSetup& setup, std::int64_t local_day) {
  constexpr int slot = 100;  // beyond those of the half hours
  DemandDay day{};
  const auto draws = draws_of(setup, local_day);
  const int from = std::clamp(1215 + static_cast<int>(60 * draws.normal(slot, 0)), 900, 1380);
  const int lasts = static_cast<int>(std::ceil(boiler_kWh * draws.log_normal(slot, 1, 0.3) / boiler_kW * 60));
  for (int minute = from; minute < std::min(from + lasts, minutes_a_day); ++minute)
    day[static_cast<std::size_t>(minute)] = static_cast<std::int32_t>(boiler_kW * 1e6);
  return day;
}

Load cooling_load(const CoolingSetup& setup, const HomeSeed& place) {
  return Load::from(std::make_shared<const CoolingSource>(setup), place);
}
}  // namespace model
