#include "models/load/load.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "core/random.hpp"
#include "models/load/household.hpp"

namespace model {
namespace {
constexpr std::int64_t quarter_s = 900;
constexpr std::int64_t day_s = 86'400;

/// tan(acos(pf)) x 2^16. Square root is exact in IEEE 754, so the bits are the same everywhere.
std::int32_t tangent_q16(core::Ratio power_factor) {
  METERTWIN_CHECK(power_factor.is_valid() && !power_factor.is_zero(), power_factor.numerator);
  const double pf = static_cast<double>(power_factor.numerator) / power_factor.denominator;
  return static_cast<std::int32_t>(std::sqrt(1.0 - pf * pf) / pf * 65'536.0 + 0.5);
}
constexpr std::int64_t scaled_q16(core::Ratio scale) {
  return std::int64_t{scale.numerator} * 65'536 / scale.denominator;
}
core::Millivars reactive_of(std::int64_t power_mW, std::int32_t tangent_q16) {
  return core::Millivars((power_mW * tangent_q16) >> 16);
}
}  // namespace

Load Load::constant(core::Milliwatts power, core::Ratio power_factor) {
  Load load;
  load.kind_ = Kind::constant;
  load.level_ = power.count();
  load.reactive_q16_ = tangent_q16(power_factor);
  return load;
}

Load Load::household(const HomeSeed& home) {
  using namespace household;
  Load load;
  load.kind_ = Kind::household;
  load.seed_ = home.seed;
  load.home_ = home.home;
  load.utc_offset_s_ = static_cast<std::int32_t>(home.utc_offset.count());
  const auto draws = core::RandomStream(home.seed, home.home, core::Purpose::household_size).block(0);
  const std::int64_t ln_size =
      ((size_sigma_q16 * core::normal_q16(draws[0])) >> 16) - half_variance_q16(size_sigma_q16);
  load.level_ = (core::exp_q16(ln_size) * scaled_q16(home.scale)) >> 16;
  const auto factor =
      core::RandomStream(home.seed, home.home, core::Purpose::household_power_factor).between(90, 99, 0);
  load.reactive_q16_ = tangent_q16({static_cast<std::uint32_t>(factor), 100});
  return load;
}

Load Load::repeated(std::shared_ptr<const LoadProfile> profile, core::Ratio power_factor,
                    std::chrono::seconds utc_offset, core::Ratio scale) {
  METERTWIN_CHECK(profile && profile->step.count() > 0 &&
                  static_cast<std::int64_t>(profile->power_mW.size()) * profile->step.count() == day_s);
  Load load;
  load.kind_ = Kind::repeated;
  load.profile_ = std::move(profile);
  load.level_ = scaled_q16(scale);
  load.utc_offset_s_ = static_cast<std::int32_t>(utc_offset.count());
  load.reactive_q16_ = tangent_q16(power_factor);
  return load;
}

Load Load::from(std::shared_ptr<const PowerSource> source, const HomeSeed& place) {
  METERTWIN_CHECK(source != nullptr);
  Load load;
  load.kind_ = Kind::source;
  load.source_ = std::move(source);
  load.seed_ = place.seed;
  load.home_ = place.home;
  load.utc_offset_s_ = static_cast<std::int32_t>(place.utc_offset.count());
  return load;
}

LoadSegment Load::segment_at(std::int64_t at_ms) const {
  switch (kind_) {
    case Kind::household:
      return household_segment(at_ms);
    case Kind::repeated:
      return repeated_segment(at_ms);
    case Kind::source:
      return source_->segment_at(at_ms);
    case Kind::constant:
      return {0, std::numeric_limits<std::int64_t>::max(), core::Milliwatts(level_),
              reactive_of(level_, reactive_q16_)};
    case Kind::nothing:
      break;
  }
  return {0, std::numeric_limits<std::int64_t>::max(), core::Milliwatts(0), core::Millivars(0)};
}

LoadSegment Load::repeated_segment(std::int64_t at_ms) const {
  const std::int64_t local_s = at_ms / 1000 + utc_offset_s_;
  const std::int64_t step_s = profile_->step.count();
  const std::int64_t step = local_s / step_s;
  const std::int64_t from_ms = (step * step_s - utc_offset_s_) * 1000;
  const auto& powers = profile_->power_mW;
  const std::int64_t power =
      (powers[static_cast<std::size_t>(step % static_cast<std::int64_t>(powers.size()))] * level_) >> 16;
  return {from_ms, from_ms + step_s * 1000, core::Milliwatts(power), reactive_of(power, reactive_q16_)};
}

void Load::remember_day(std::int64_t local_day) const {
  using namespace household;
  // Days count far above the hours' indices, so the same purpose never draws the same block twice.
  constexpr std::uint64_t days_from = 1ull << 40;
  const auto draws = core::RandomStream(seed_, home_, core::Purpose::household_load)
                         .block(days_from + static_cast<std::uint64_t>(local_day));
  std::int64_t level =
      ((day_sigma_q16 * core::normal_q16(draws[0])) >> 16) - half_variance_q16(day_sigma_q16);
  if (draws[1] < 1u << 27) level += away_level_q16;
  // The hours' and quarters' mean correction belongs to every step; it is added here once a day.
  level -= half_variance_q16(hour_sigma_q16) + half_variance_q16(quarter_sigma_q16);
  day_level_q16_ = static_cast<std::int32_t>(level);
  day_row_ = static_cast<std::int8_t>(row_of(local_day));
  day_ = static_cast<std::int32_t>(local_day);
}

LoadSegment Load::household_segment(std::int64_t at_ms) const {
  using namespace household;
  const std::int64_t local_s = at_ms / 1000 + utc_offset_s_;
  const std::int64_t quarter = local_s / quarter_s;
  const std::int64_t day = local_s / day_s;
  if (day != day_) remember_day(day);
  const std::int64_t hour = quarter / 4;
  const auto draws =
      core::RandomStream(seed_, home_, core::Purpose::household_load).block(static_cast<std::uint64_t>(hour));
  const std::uint32_t own = draws[static_cast<std::size_t>(quarter & 3)];
  // The exclusive or of four uniform words is uniform and independent of any one of them.
  const std::uint32_t shared = draws[0] ^ draws[1] ^ draws[2] ^ draws[3];
  const std::int64_t ln_level = day_level_q16_ + ((hour_sigma_q16 * core::normal_q16(shared)) >> 16) +
                                ((quarter_sigma_q16 * core::normal_q16(own)) >> 16);
  const std::int64_t shape = shape_W[static_cast<std::size_t>(day_row_)][static_cast<std::size_t>(hour % 24)];
  const std::int64_t typical_mW = (shape * 1000 * level_) >> 16;
  std::int64_t power = (typical_mW * core::exp_q16(ln_level)) >> 16;
  std::int64_t from_ms = (quarter * quarter_s - utc_offset_s_) * 1000;
  std::int64_t till_ms = from_ms + quarter_s * 1000;
  // The low 20 bits hardly move the normal quantile: 12 decide whether an appliance runs, 4 its size, 4 how
  // long.
  if (std::int64_t{own & 0xFFF} * appliance_chance_W < shape * 4096) {
    const std::int64_t runs_ms = (appliance_s_min + std::int64_t{own >> 12 & 0xF} * appliance_s_step) * 1000;
    if (at_ms < from_ms + runs_ms) {
      till_ms = from_ms + runs_ms;
      power += (appliance_W_min + std::int64_t{own >> 16 & 0xF} * appliance_W_step) * 1000;
    } else {
      from_ms += runs_ms;
    }
  }
  return {from_ms, till_ms, core::Milliwatts(power), reactive_of(power, reactive_q16_)};
}

core::Millivolts Load::voltage_at(std::int64_t at_ms) const {
  if (kind_ == Kind::nothing) return core::Millivolts(220'000);
  const std::int64_t quarter = (at_ms / 1000 + utc_offset_s_) / quarter_s;
  const auto draws = core::RandomStream(seed_, home_, core::Purpose::supply_voltage)
                         .block(static_cast<std::uint64_t>(quarter));
  const std::int64_t swing_mV = (std::int64_t{1'000} * core::normal_q16(draws[0])) >> 16;
  const std::int64_t sag_mV = 6 * household::shape_W[0][static_cast<std::size_t>(quarter / 4 % 24)];
  return core::Millivolts(222'000 + swing_mV - sag_mV);
}
}  // namespace model
