/// The numbers of a backward/forward sweep, side by side for several moments ("lanes") at once.
///
/// Everything is a flat array whose innermost index is the lane, so that a lane is one place of a SIMD word.
/// Lanes never meet: each gives the same bits whatever stands beside it and however many there are. A lane
/// that has converged keeps its consumer currents, and so its voltages, while others go on. No allocation, no
/// mathematics but + - * / and square root. Internal to models/grid.
#pragma once
#include <cstdint>

namespace model::grid {
/// A branch that is not plain: its real matrices A (voltages down) and D (currents up), row by row.
struct SweepTransform {
  double down[16], up[16];
};

/// One consumer. Voltages are at `from` and `to`, positions node x wires + conductor; `to` may be -1.
struct SweepConsumer {
  std::int32_t from = 0, to = -1;
  bool is_constant_power = true;
  double rated_V = 0, V_min = 0, V_max = 0;
  double P_impedance = 0, P_current = 0, P_power = 1;
  double Q_impedance = 0, Q_current = 0, Q_power = 1;
};

struct SweepTree {
  std::int32_t nodes = 0;
  const std::int32_t* parent = nullptr;     ///< by node
  const std::int32_t* transform = nullptr;  ///< by node: position in `transforms`, or -1
  const SweepTransform* transforms = nullptr;
  const double* resistance_ohm = nullptr;  ///< [node][row][column], wires x wires
  const double* reactance_ohm = nullptr;
  std::int32_t consumer_count = 0;
  const SweepConsumer* consumers = nullptr;
};

struct SweepState {
  double* V_re = nullptr;  ///< [node][conductor][lane]
  double* V_im = nullptr;
  double* I_re = nullptr;  ///< of the branch that feeds the node
  double* I_im = nullptr;
  const double* P_W = nullptr;  ///< [consumer][lane]
  const double* Q_var = nullptr;
  double* J_re = nullptr;  ///< [consumer][lane]: current that the consumer draws
  double* J_im = nullptr;
  double* U_re = nullptr;  ///< [consumer][lane]: voltage it was computed from
  double* U_im = nullptr;
};

struct SweepResult {
  int iterations = 0;
  bool is_converged = false;
  double mismatch_V = 0;  ///< largest change of a consumer's voltage in the last round, over open lanes
  std::int32_t worst_consumer = -1;
  int worst_lane = -1;
};

/// Sweeps until the consumers' voltages together (root of the sum of squares) move by no more than
/// `tolerance_V`, then once more; at most `limit` times. V must hold the start and node 0 the source. `wires`
/// is 3 or 4, `lanes` 1, 2, 4 or 8.
SweepResult sweep(int wires, int lanes, const SweepTree& tree, const SweepState& state, double tolerance_V,
                  int limit);

/// Voltages of every node of `all` from the currents of `reduced` (both in `state` and `I_re`, `I_im`):
/// node n carries the current of position `current_of[n]` there, or none (-1).
void expand(int wires, int lanes, const SweepTree& all, const std::int32_t* current_of, const double* I_re,
            const double* I_im, double* V_re, double* V_im);
}  // namespace model::grid
