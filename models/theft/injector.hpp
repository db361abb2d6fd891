/// Physical ways of stealing electricity, and meter failures that look like them, done to the customers of
/// one area.
///
/// An injection changes what one customer's meter registers, or what is drawn past all meters, from one
/// interval to another; the label says what was done, so that detectors can be judged. With e(t) drawn at the
/// customer's meter:
///     bypass_full      0                          bypass_share   (1 - s) e
///     bypass_night     (1 - s) e from 22 to 6 h   shunt          (1 - s) e: s = R_coil / (R_coil + R_shunt)
///     magnet           (1 - s min(1, e / mean e)) e: a saturated current transformer loses most at high load
///     reversed_current 0 in the forward register  neutral_missing 0: no voltage across the measuring circuit
///     phase_swap       max(0, a - (b + c) / 2) e: two voltage circuits exchanged, power factor one, phase
///     shares a, b, c current_transformer_shorted (1 - s) e       register_rollback e, and once -s x all
///     registered so far clock_shift      e(t - k), k = round(s x intervals per day) hook_before_meter e; s e
///     more is drawn in front of the meter feed_to_neighbour the customer's meter also counts s of the
///     partner's energy, the partner's meter does not slow_drift       (1 - s (t - from) / (till - from)) e
///     collusion        the customer and the partner report (1 - s) e on alternate days
/// and failures: meter_drift (as slow drift, s is an error, may be negative), stuck_register (0), dead_phase
/// (2/3 e), clock_failure (e displaced by ever more, s days at the end). Several injections apply in their
/// order. Unit: kWh per interval. Range: from <= till; 0 <= s <= 1 but for drift. Errors:
/// std::invalid_argument for a customer, partner or share that cannot be. Randomness: none. Time: intervals.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "models/theft/consumption.hpp"

namespace model::theft {
enum class Injection : std::uint8_t {
  bypass_full,
  bypass_share,
  bypass_night,
  shunt,
  magnet,
  reversed_current,
  neutral_missing,
  phase_swap,
  current_transformer_shorted,
  register_rollback,
  clock_shift,
  hook_before_meter,
  feed_to_neighbour,
  slow_drift,
  collusion,
  meter_drift,
  stuck_register,
  dead_phase,
  clock_failure,
};
inline constexpr std::size_t injection_count = 19;
std::string_view name_of(Injection injection);
/// False for the failures: nobody means harm, and the bill is wrong all the same.
bool is_theft(Injection injection);

/// What the meter may notice itself; which interval, and what.
enum class Trace : std::uint8_t {
  cover_opened,
  magnetic_field,
  reversed_current,
  voltage_lost,
  current_lost,
  phase_order_reversed,
  register_fell,
};
struct Noticed {
  std::size_t customer = 0, interval = 0;
  Trace trace = Trace::cover_opened;
};

struct Injected {
  Injection what = Injection::bypass_share;
  std::size_t customer = 0, partner = 0;                          ///< partner: feed_to_neighbour, collusion
  std::size_t from = 0, till = 0;                                 ///< intervals, `till` not included
  double share = 0.5;                                             ///< s
  std::array<double, 3> phase_shares{1.0 / 3, 1.0 / 3, 1.0 / 3};  ///< phase_swap
};

struct Label {
  Injected injected;
  double unmetered_kWh = 0;  ///< drawn past the meters by it; negative when a meter counts too much
};

struct MeteredArea {
  std::vector<std::vector<double>> drawn_kWh;    ///< by customer, hooks included: what the transformer feeds
  std::vector<std::vector<double>> metered_kWh;  ///< by customer: what the registers gain
  std::vector<Noticed> noticed;                  ///< in the order of the injections
  std::vector<Label> labels;
};
MeteredArea inject(const std::vector<Consumption>& customers, const std::vector<Injected>& injections);
}  // namespace model::theft
