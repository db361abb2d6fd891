/// The voltages of an RS-485 pair and what they do to bits: from a plan to how the line behaves.
///
/// The pair is a ladder of cable resistances with the loads (stations, terminators, bias) as rungs; the
/// driver is a voltage behind a resistance. Solved exactly for direct current, which is what remains of a bit
/// after its edges at the baud rates of meters:
///     G v = i                                                            [Kirchhoff, nodal analysis,
///     tridiagonal]
/// Edges close the eye, by the cable's capacitance and by reflections that have not died when the bit is
/// sampled:
///     eye = (1 - 2 exp(-(T/2) / tau)) * (1 - 2 |rho_near rho_far|^(n + 1)),
///     tau = R C length,  n = floor((T/2) / (2 length / speed)),  rho = (R - Z0) / (R + Z0)
/// A bit is misread when noise carries the voltage over the receiver's threshold, which lies anywhere within
/// +-200 mV, fixed for each part:
///     P = Q((|v| eye - threshold) / noise)
/// Unit: V, ohm, m. Range: a plan that `parse_bus_plan` took. Errors: none. Randomness: receiver_threshold by
/// unit where a seed is given. Time: none.
#pragma once
#include "models/line/rs485/bus_behaviour.hpp"
#include "models/line/rs485/bus_plan.hpp"

namespace model {
/// One piece of cable between repeaters, as indices into the plan.
struct BusSegment {
  double from_m = 0, till_m = 0;
  std::vector<std::size_t> units;
  double unit_loads = 0;  ///< of its units and of the repeaters' or master's ports at its ends
  int terminators = 0;
};
/// In order from the master. A unit exactly at a repeater belongs to the piece before it.
std::vector<BusSegment> segments_of(const BusPlan& plan);

/// What a voltmeter would show at one unit.
struct UnitLevels {
  double from_master_V = 0;  ///< the unit's receiver, while the master (or its repeater) drives mark
  double to_master_V = 0;    ///< the master's (or repeater's) receiver, while the unit drives mark
  double space_from_master_V = 0, space_to_master_V = 0;  ///< the same for space: negative
  double idle_V = 0;                                      ///< nobody drives
  double eye = 1;                                         ///< 0..1, what edges leave of a bit
  int repeaters = 0;                                      ///< between it and the master
};
std::vector<UnitLevels> levels_of(const BusPlan& plan);

/// Chance that a normal variable exceeds x: Q(x) = erfc(x / sqrt 2) / 2. Relative error below 1e-7 for
/// 0 <= x <= 30, computed with portable operations.
double tail_of_normal(double x);

/// How the pair behaves, for one lot of receivers drawn with `seed`; unit i has the entity `first_unit` + i.
BusBehaviour behaviour_of(const BusPlan& plan, std::uint64_t seed, std::uint32_t first_unit);
}  // namespace model
