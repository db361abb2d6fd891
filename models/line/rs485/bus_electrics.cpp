#include "models/line/rs485/bus_electrics.hpp"

#include <algorithm>
#include <cmath>

#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
namespace {
constexpr double unit_load_ohm = 12'000;       // TIA-485-A, as makers quote it
constexpr double repeater_resistor_ohm = 120;  // a repeater's own terminator and bias, both sides
constexpr double repeater_bias_ohm = 470, repeater_supply_V = 5;
constexpr double at_the_end_m = 5;  // a resistor so near to the cable's end counts as standing there
constexpr double never_driven = 0;

/// Conductances and injected currents along one piece of cable.
class Ladder {
 public:
  /// The place at `at_m`; made if it is not there yet.
  std::size_t place(double at_m) {
    const auto found = std::find(at_m_.begin(), at_m_.end(), at_m);
    if (found != at_m_.end()) return static_cast<std::size_t>(found - at_m_.begin());
    at_m_.push_back(at_m);
    conductance_S_.push_back(0);
    current_A_.push_back(0);
    return at_m_.size() - 1;
  }
  void load(double at_m, double resistance_ohm) { conductance_S_[place(at_m)] += 1 / resistance_ohm; }
  void source(double at_m, double voltage_V, double resistance_ohm) {
    const auto where = place(at_m);
    conductance_S_[where] += 1 / resistance_ohm;
    current_A_[where] += voltage_V / resistance_ohm;
  }
  /// Voltages at the places, by Thomas's algorithm along the cable.
  std::vector<double> solve(double loop_resistance_ohm_per_m) const {
    std::vector<std::size_t> order(at_m_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return at_m_[a] < at_m_[b]; });
    const auto count = order.size();
    std::vector<double> link(count, 0), diagonal(count), right(count), voltage(count);
    for (std::size_t k = 0; k + 1 < count; ++k) {
      const double ohm = (at_m_[order[k + 1]] - at_m_[order[k]]) * loop_resistance_ohm_per_m;
      link[k] = 1 / std::max(ohm, 1e-6);
    }
    for (std::size_t k = 0; k < count; ++k) {
      diagonal[k] = conductance_S_[order[k]] + link[k] + (k > 0 ? link[k - 1] : 0) + 1e-12;
      right[k] = current_A_[order[k]];
    }
    for (std::size_t k = 1; k < count; ++k) {
      const double share = link[k - 1] / diagonal[k - 1];
      diagonal[k] -= share * link[k - 1];
      right[k] += share * right[k - 1];
    }
    std::vector<double> by_place(count);
    for (std::size_t k = count; k-- > 0;) {
      voltage[k] = (right[k] + (k + 1 < count ? link[k] * voltage[k + 1] : 0)) / diagonal[k];
      by_place[order[k]] = voltage[k];
    }
    return by_place;
  }

 private:
  std::vector<double> at_m_, conductance_S_, current_A_;
};

/// One piece of cable with its loads; asks what happens when somebody drives.
class Piece {
 public:
  Piece(const BusPlan& plan, const BusSegment& segment, bool begins_at_repeater, bool ends_at_repeater)
      : plan_(plan), segment_(segment), from_(begins_at_repeater), till_(ends_at_repeater) {}

  /// Voltages while a driver at `driver_m` holds `sign` (+1 mark, -1 space, 0 nobody drives), at `at_m`.
  double voltage(double driver_m, double sign, double at_m) const {
    Ladder ladder;
    ladder.place(segment_.from_m);
    ladder.load(segment_.from_m, unit_load_ohm);
    if (till_) ladder.load(segment_.till_m, unit_load_ohm);
    for (const auto unit : segment_.units)
      ladder.load(plan_.units[unit].at_m, unit_load_ohm / plan_.units[unit].unit_load);
    for (const auto& terminator : plan_.terminators)
      if (is_mine(terminator.at_m)) ladder.load(terminator.at_m, terminator.resistance_ohm);
    if (plan_.bias && is_mine(plan_.bias->at_m))
      ladder.source(plan_.bias->at_m, plan_.bias->supply_V, 2 * plan_.bias->resistance_ohm);
    for (const auto at : {segment_.from_m, segment_.till_m}) {
      if (!(at == segment_.from_m ? from_ : till_)) continue;
      ladder.load(at, repeater_resistor_ohm);
      ladder.source(at, repeater_supply_V, 2 * repeater_bias_ohm);
    }
    if (sign != never_driven) ladder.source(driver_m, sign * plan_.driver.open_V, plan_.driver.source_ohm);
    const auto where = ladder.place(at_m);
    return ladder.solve(plan_.cable.loop_resistance_ohm_per_km / 1000)[where];
  }

  /// What edges leave of a bit from a driver at `driver_m`.
  double eye(double driver_m) const {
    const double length_m = segment_.till_m - segment_.from_m;
    if (length_m <= 0) return 1;
    const double half_bit_us = 1e6 / plan_.serial.baud / 2;
    double conductance_S = 1 / plan_.driver.source_ohm + segment_.unit_loads / unit_load_ohm;
    for (const auto& terminator : plan_.terminators)
      if (is_mine(terminator.at_m)) conductance_S += 1 / terminator.resistance_ohm;
    conductance_S += ((from_ ? 1 : 0) + (till_ ? 1 : 0)) / repeater_resistor_ohm;
    const double tau_us = plan_.cable.capacitance_pF_per_m * length_m * 1e-6 / conductance_S;
    const double charged = 1 - 2 * core::portable_math::exp(-std::min(half_bit_us / tau_us, 600.0));
    const auto trips =
        static_cast<int>(std::min(half_bit_us * plan_.cable.speed_m_per_us / (2 * length_m), 200.0));
    double echo = 1;
    const double round_trip = reflected(driver_m);
    for (int i = 0; i <= trips; ++i) echo *= round_trip;
    return std::max(0.0, charged) * std::max(0.0, 1 - 2 * echo);
  }

 private:
  bool is_mine(double at_m) const {
    return at_m <= segment_.till_m && (at_m > segment_.from_m || segment_.from_m == 0);
  }
  /// What is left of a wave after one way up and down the cable.
  double reflected(double driver_m) const {
    const double impedance = plan_.cable.impedance_ohm, source = plan_.driver.source_ohm;
    double left = 1;
    for (const bool is_far : {false, true}) {
      const double end_m = is_far ? segment_.till_m : segment_.from_m;
      double conductance_S = 1e-9;
      for (const auto& terminator : plan_.terminators)
        if (is_mine(terminator.at_m) && std::fabs(terminator.at_m - end_m) <= at_the_end_m)
          conductance_S += 1 / terminator.resistance_ohm;
      if (is_far ? till_ : from_) conductance_S += 1 / repeater_resistor_ohm;
      if (std::fabs(driver_m - end_m) <= at_the_end_m) conductance_S += 1 / source;
      left *= std::fabs((1 / conductance_S - impedance) / (1 / conductance_S + impedance));
    }
    const bool drives_between =
        driver_m - segment_.from_m > at_the_end_m && segment_.till_m - driver_m > at_the_end_m;
    // A driver in the middle is a shunt: of a passing wave it lets through one part and throws back another.
    if (drives_between) left *= std::max(2 * source, impedance) / (2 * source + impedance);
    return left;
  }

  const BusPlan& plan_;
  const BusSegment& segment_;
  bool from_, till_;
};

/// Chance that a bit is misread, marks and spaces being equally frequent.
double misread(double mark_V, double space_V, double eye, double threshold_V, double noise_V) {
  return (tail_of_normal((mark_V * eye - threshold_V) / noise_V) +
          tail_of_normal((threshold_V - space_V * eye) / noise_V)) /
         2;
}

/// Levels of everybody of the plan, and of the port at the far end of each piece.
struct AllLevels {
  std::vector<UnitLevels> units, far_ports;
};

UnitLevels levels_at(const Piece& piece, double near_m, double at_m, int repeaters) {
  return {piece.voltage(near_m, +1, at_m),
          piece.voltage(at_m, +1, near_m),
          piece.voltage(near_m, -1, at_m),
          piece.voltage(at_m, -1, near_m),
          piece.voltage(near_m, never_driven, at_m),
          std::min(piece.eye(near_m), piece.eye(at_m)),
          repeaters};
}

AllLevels all_levels(const BusPlan& plan) {
  const auto segments = segments_of(plan);
  AllLevels levels;
  levels.units.resize(plan.units.size());
  for (std::size_t k = 0; k < segments.size(); ++k) {
    const auto& segment = segments[k];
    const Piece piece(plan, segment, k > 0, k + 1 < segments.size());
    const auto repeaters = static_cast<int>(k);
    for (const auto unit : segment.units)
      levels.units[unit] = levels_at(piece, segment.from_m, plan.units[unit].at_m, repeaters);
    levels.far_ports.push_back(levels_at(piece, segment.from_m, segment.till_m, repeaters));
  }
  return levels;
}
}  // namespace

double tail_of_normal(double x) {
  if (x < 0) return 1 - tail_of_normal(-x);
  if (x > 30) return 0;
  // erfc by the Chebyshev fit of Press et al., Numerical Recipes, section 6.2: fractional error below 1.2e-7.
  constexpr double half_root = 0.70710678118654752;
  const double z = x * half_root, t = 1 / (1 + 0.5 * z);
  constexpr double fit[] = {-1.26551223, 1.00002368,  0.37409196, 0.09678418,  -0.18628806,
                            0.27886807,  -1.13520398, 1.48851587, -0.82215223, 0.17087277};
  double sum = 0;
  for (int i = 9; i >= 0; --i) sum = sum * t + fit[i];
  return 0.5 * t * core::portable_math::exp(-z * z + sum);
}

std::vector<BusSegment> segments_of(const BusPlan& plan) {
  std::vector<double> cuts;
  for (const auto& repeater : plan.repeaters) cuts.push_back(repeater.at_m);
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(plan.cable.length_m);
  std::vector<BusSegment> segments;
  double from_m = 0;
  for (const auto till_m : cuts) {
    BusSegment segment{from_m, till_m, {}, till_m == cuts.back() ? 1.0 : 2.0, 0};
    const auto is_mine = [&](double at_m) { return at_m <= till_m && (at_m > from_m || from_m == 0); };
    for (std::size_t i = 0; i < plan.units.size(); ++i) {
      if (!is_mine(plan.units[i].at_m)) continue;
      segment.units.push_back(i);
      segment.unit_loads += plan.units[i].unit_load;
    }
    for (const auto& terminator : plan.terminators) segment.terminators += is_mine(terminator.at_m) ? 1 : 0;
    if (!segments.empty()) ++segment.terminators;
    if (till_m != cuts.back()) ++segment.terminators;
    segments.push_back(std::move(segment));
    from_m = till_m;
  }
  return segments;
}

std::vector<UnitLevels> levels_of(const BusPlan& plan) { return all_levels(plan).units; }

BusBehaviour behaviour_of(const BusPlan& plan, std::uint64_t seed, std::uint32_t first_unit) {
  const auto levels = all_levels(plan);
  const double noise_V = std::max(plan.noise_mV, 1e-3) / 1000;
  const auto threshold_V = [&](std::uint32_t entity, std::uint64_t which) {
    const core::RandomStream draws(seed, entity, core::Purpose::receiver_threshold);
    return plan.threshold_mV / 1000 * (2 * unit_interval(draws.word(which)) - 1);
  };
  const auto false_start = [&](double idle_V, double limit_V) {
    double quiet = 1;
    for (int i = 0; i < plan.serial.format.bits(); ++i)
      quiet *= 1 - tail_of_normal((idle_V - limit_V) / noise_V);
    return ratio_of(1 - quiet);
  };
  const auto hop = [&](const UnitLevels& at, double here_V, double there_V) {
    return std::max(misread(at.from_master_V, at.space_from_master_V, at.eye, here_V, noise_V),
                    misread(at.to_master_V, at.space_to_master_V, at.eye, there_V, noise_V));
  };
  BusBehaviour behaviour;
  const double master_V = threshold_V(first_unit, 1);
  double bias_at_master_V = 0;
  if (!levels.far_ports.empty()) {
    const auto segments = segments_of(plan);
    const Piece first(plan, segments[0], false, segments.size() > 1);
    bias_at_master_V = first.voltage(0, never_driven, 0);
  }
  behaviour.master_false_start = false_start(bias_at_master_V, master_V);
  for (std::size_t i = 0; i < plan.units.size(); ++i) {
    const auto& at = levels.units[i];
    const double own_V = threshold_V(first_unit + static_cast<std::uint32_t>(i), 0);
    double error = hop(at, own_V, at.repeaters == 0 ? master_V : 0);
    for (int k = 0; k < at.repeaters; ++k)
      error += hop(levels.far_ports[static_cast<std::size_t>(k)], 0, k == 0 ? master_V : 0);
    double delay_ns = plan.units[i].at_m / plan.cable.speed_m_per_us * 1000;
    for (const auto& repeater : plan.repeaters)
      if (repeater.at_m < plan.units[i].at_m)
        delay_ns += static_cast<double>(plan.serial.bits(repeater.delay_bits).count());
    behaviour.places.push_back({ratio_of(std::min(error, 0.5)), false_start(at.idle_V, own_V),
                                core::Duration(static_cast<std::int64_t>(delay_ns))});
  }
  return behaviour;
}
}  // namespace model
