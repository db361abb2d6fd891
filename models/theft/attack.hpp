/// The attack functions of the theft literature: what a tampered meter reports instead of what was drawn.
///
/// m0..m13 follow E. Altamimi et al., "How Effective are Synthetic Attack Models to Detect Real-World Energy
/// Theft?", Energy 2023, with its public documentation; h1..h6 follow P. Jokar, N. Arianpoo, V. Leung,
/// "Electricity Theft Detection in AMI Using Customers' Consumption Patterns", IEEE Trans. Smart Grid 7(1)
/// 2016. With e(t) the energy drawn, a, g, c drawn at random as told, and U(.1,.8) uniform:
///     m0 0                              m7  max(e(t) - c, 0), c = 0.6 max e
///     m1 a e(t), a ~ U(.1,.8)           m8  (1 - i(t)) e(t), i grows from 0 at t1 to imax ~ U(.3,1) at t2
///     m2 0 in 6 h of each day           m9  mean(e)
///     m3 g(t) e(t), g ~ U(.1,.8)        m10 e(T - 1 - t)
///     m4 a e(t) in 6 h of each day      m11 -30 % in the day's fullest 6 h, the energy spread over its other
///     hours m5 g(t) mean(e)                   m12 the series of a customer who draws at most 40 % as much m6
///     min(e(t), c), c = 0.6 max e    m13 e(t) or 0, a fair coin for each interval h1 = m1, h3 = m3, h4 = m5;
///     h2 is 0 in a random block of at least 4 h of each day; h5 = m9 and h6 = m10, both within each day.
/// h5, h6, m9, m10 and m11 keep the energy: what they steal is the tariff's difference between hours, and no
/// balance over a day or longer can see them. Unit: kWh. Range: any length; a broken last day counts as a
/// day. Errors: none. Randomness: `draws`, addressed by interval and day. Time: none.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "models/theft/consumption.hpp"

namespace model::theft {
enum class Attack : std::uint8_t {
  m0,
  m1,
  m2,
  m3,
  m4,
  m5,
  m6,
  m7,
  m8,
  m9,
  m10,
  m11,
  m12,
  m13,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
};
inline constexpr std::size_t attack_count = 20;
std::array<Attack, attack_count> every_attack();
std::string_view name_of(Attack attack);
/// "m0" .. "h6"; nothing for any other text.
std::optional<Attack> attack_of(std::string_view name);
/// One sentence for people: what the meter is made to report.
std::string_view meaning_of(Attack attack);
/// True for the attacks that report, over each day or at least over the whole series, all that was drawn.
bool keeps_energy(Attack attack);

/// The published constants; changed only to ask "what if".
struct AttackSettings {
  double factor_low = 0.1, factor_high = 0.8;        ///< a and g(t)
  double cap_share = 0.6;                            ///< c / max e
  double window_h = 6;                               ///< m2, m4, m11
  double block_h_min = 4;                            ///< h2: the block lasts U(block_h_min, 24) hours
  double peak_reduction = 0.3;                       ///< m11
  double intensity_low = 0.3, intensity_high = 1.0;  ///< m8: imax
};

/// What is reported. `lesser` is the other customer of m12 (scaled to at most 40 % of the thief's energy when
/// it draws more); nobody else reads it. Both series have one length.
std::vector<double> reported_under(Attack attack, const Consumption& drawn, const Consumption& lesser,
                                   const core::RandomStream& draws, const AttackSettings& settings = {});
}  // namespace model::theft
