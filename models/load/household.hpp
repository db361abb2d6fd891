/// A dwelling's day: how much an average home draws by season, kind of day and hour, and how homes and hours
/// differ.
///
///     P = size x shape(season, day, hour) x e^(d + h + q) (+ an appliance for some minutes)
/// size is log-normal per home; d, h and q are normal per day, hour and quarter hour, so neighbouring
/// quarters move together. Appliances (kettle, iron, microwave) come with a chance that follows the shape.
/// The shape is our own, made to the figures of Chinese urban homes: 5..12 kWh a day, evening peak, summer
/// cooling. One Philox block serves an hour. Unit: W. Range: a few W .. 15 kW. Errors: none. Randomness:
/// (seed, home, hour). Time: local time of a fixed offset.
#pragma once
#include <array>
#include <cstdint>

namespace model::household {
enum class Season : std::uint8_t { mild, summer, winter };
/// Rows: mild workday, mild rest day, summer workday, summer rest day, winter workday, winter rest day. Watts
/// by hour.
extern const std::array<std::array<std::int32_t, 24>, 6> shape_W;
/// June to September is summer (cooling), December to February winter.
Season season_of(int month);
/// Row of `shape_W` for a local day (days since 1970).
int row_of(std::int64_t local_day);

/// Standard deviations of ln P, times 2^16.
inline constexpr std::int64_t size_sigma_q16 = 22'938;     // 0.35
inline constexpr std::int64_t day_sigma_q16 = 9'830;       // 0.15
inline constexpr std::int64_t hour_sigma_q16 = 19'661;     // 0.30
inline constexpr std::int64_t quarter_sigma_q16 = 14'418;  // 0.22
/// Half the variance, so that the mean factor is one: E e^(sigma z - sigma^2/2) = 1.
constexpr std::int64_t half_variance_q16(std::int64_t sigma_q16) {
  return sigma_q16 * sigma_q16 / 2 / 65'536;
}
/// Nobody at home for the whole day: one day in 32, a quarter of the usual level (ln 1/4).
inline constexpr std::int64_t away_level_q16 = -90'852;
/// Chance of an appliance in a quarter hour: shape / 5461 (about 12 % in the evening).
inline constexpr std::int32_t appliance_chance_W = 5'461;
inline constexpr std::int32_t appliance_W_min = 900;
inline constexpr std::int32_t appliance_W_step = 100;  ///< 16 sizes: 900..2400 W
inline constexpr std::int32_t appliance_s_min = 120;
inline constexpr std::int32_t appliance_s_step = 45;  ///< 16 lengths: 2..13.25 min
}  // namespace model::household
