#include "models/grid/sweep.hpp"

#include <cmath>

#include "core/check.hpp"

namespace model::grid {
namespace {
/// One row of Z I: real and imaginary part of the voltage that a conductor drops.
template <int wires, int lanes>
inline void drop_of_row(const double* __restrict r, const double* __restrict x, const double* __restrict I_re,
                        const double* __restrict I_im, double* __restrict re, double* __restrict im) {
  for (int w = 0; w < lanes; ++w) {
    double sum_re = r[0] * I_re[w] - x[0] * I_im[w];
    double sum_im = r[0] * I_im[w] + x[0] * I_re[w];
    for (int k = 1; k < wires; ++k) {
      sum_re += r[k] * I_re[k * lanes + w] - x[k] * I_im[k * lanes + w];
      sum_im += r[k] * I_im[k * lanes + w] + x[k] * I_re[k * lanes + w];
    }
    re[w] = sum_re;
    im[w] = sum_im;
  }
}

/// row x V for a transform.
template <int wires, int lanes>
inline void transform_row(const double* __restrict row, const double* __restrict V, double* __restrict out) {
  for (int w = 0; w < lanes; ++w) {
    double sum = row[0] * V[w];
    for (int k = 1; k < wires; ++k) sum += row[k] * V[k * lanes + w];
    out[w] = sum;
  }
}

/// V(node) = A V(parent) - Z I.
template <int wires, int lanes>
inline void forward_node(const SweepTree& tree, std::int32_t node, const double* __restrict I_re,
                         const double* __restrict I_im, double* __restrict V_re, double* __restrict V_im) {
  constexpr std::int32_t width = wires * lanes;
  const double* up_re = V_re + tree.parent[node] * width;
  const double* up_im = V_im + tree.parent[node] * width;
  const double* r = tree.resistance_ohm + node * wires * wires;
  const double* x = tree.reactance_ohm + node * wires * wires;
  const std::int32_t transform = tree.transform[node];
  for (int row = 0; row < wires; ++row) {
    double drop_re[lanes], drop_im[lanes], from_re[lanes], from_im[lanes];
    drop_of_row<wires, lanes>(r + row * wires, x + row * wires, I_re, I_im, drop_re, drop_im);
    double* out_re = V_re + node * width + row * lanes;
    double* out_im = V_im + node * width + row * lanes;
    if (transform < 0) {
      for (int w = 0; w < lanes; ++w) out_re[w] = up_re[row * lanes + w] - drop_re[w];
      for (int w = 0; w < lanes; ++w) out_im[w] = up_im[row * lanes + w] - drop_im[w];
      continue;
    }
    const double* down = tree.transforms[transform].down + row * wires;
    transform_row<wires, lanes>(down, up_re, from_re);
    transform_row<wires, lanes>(down, up_im, from_im);
    for (int w = 0; w < lanes; ++w) out_re[w] = from_re[w] - drop_re[w];
    for (int w = 0; w < lanes; ++w) out_im[w] = from_im[w] - drop_im[w];
  }
}

/// I(parent) += D I(node).
template <int wires, int lanes>
inline void backward_node(const SweepTree& tree, std::int32_t node, double* __restrict I_re,
                          double* __restrict I_im) {
  constexpr std::int32_t width = wires * lanes;
  const std::int32_t parent = tree.parent[node];
  const std::int32_t transform = tree.transform[node];
  if (transform < 0) {
    for (int k = 0; k < width; ++k) I_re[parent * width + k] += I_re[node * width + k];
    for (int k = 0; k < width; ++k) I_im[parent * width + k] += I_im[node * width + k];
    return;
  }
  const double* up = tree.transforms[transform].up;
  for (int row = 0; row < wires; ++row) {
    double re[lanes], im[lanes];
    transform_row<wires, lanes>(up + row * wires, I_re + node * width, re);
    transform_row<wires, lanes>(up + row * wires, I_im + node * width, im);
    for (int w = 0; w < lanes; ++w) I_re[parent * width + row * lanes + w] += re[w];
    for (int w = 0; w < lanes; ++w) I_im[parent * width + row * lanes + w] += im[w];
  }
}

/// conj(S / U) of a consumer whose power depends on its voltage.
inline void draw(const SweepConsumer& c, double P, double Q, double re, double im, double& J_re,
                 double& J_im) {
  const double square = re * re + im * im;
  if (square == 0) {  // a neutral's capacitance to earth, before anything unbalances it
    J_re = J_im = 0;
    return;
  }
  const double V = std::sqrt(square);
  const double inside = V < c.V_min ? c.V_min : V > c.V_max ? c.V_max : V;
  const double k = inside / c.rated_V;
  const double beyond = V / inside;  // constant impedance outside the band, without a step at its edge
  const double grows = beyond * beyond;
  const double p = P * (c.P_impedance * k * k + c.P_current * k + c.P_power) * grows;
  const double q = Q * (c.Q_impedance * k * k + c.Q_current * k + c.Q_power) * grows;
  const double inverse = 1 / square;
  J_re = (p * re + q * im) * inverse;
  J_im = (p * im - q * re) * inverse;
}

/// Consumer voltages, how far they moved, and the currents of the lanes that are still open.
template <int lanes>
void draw_currents(const SweepTree& tree, const SweepState& s, const bool* is_open, double* moved) {
  for (int w = 0; w < lanes; ++w) moved[w] = 0;
  for (std::int32_t c = 0; c < tree.consumer_count; ++c) {
    const SweepConsumer& consumer = tree.consumers[c];
    const double* from_re = s.V_re + consumer.from * lanes;
    const double* from_im = s.V_im + consumer.from * lanes;
    double* U_re = s.U_re + c * lanes;
    double* U_im = s.U_im + c * lanes;
    double re[lanes], im[lanes], J_re[lanes], J_im[lanes];
    for (int w = 0; w < lanes; ++w) re[w] = from_re[w];
    for (int w = 0; w < lanes; ++w) im[w] = from_im[w];
    if (consumer.to >= 0) {
      for (int w = 0; w < lanes; ++w) re[w] -= s.V_re[consumer.to * lanes + w];
      for (int w = 0; w < lanes; ++w) im[w] -= s.V_im[consumer.to * lanes + w];
    }
    // A sum, not a maximum: what is no number stays no number.
    for (int w = 0; w < lanes; ++w) {
      const double step_re = re[w] - U_re[w], step_im = im[w] - U_im[w];
      moved[w] += step_re * step_re + step_im * step_im;
    }
    const double* P = s.P_W + c * lanes;
    const double* Q = s.Q_var + c * lanes;
    if (consumer.is_constant_power) {
      for (int w = 0; w < lanes; ++w) {
        const double inverse = 1 / (re[w] * re[w] + im[w] * im[w]);
        J_re[w] = (P[w] * re[w] + Q[w] * im[w]) * inverse;
        J_im[w] = (P[w] * im[w] - Q[w] * re[w]) * inverse;
      }
    } else {
      for (int w = 0; w < lanes; ++w) draw(consumer, P[w], Q[w], re[w], im[w], J_re[w], J_im[w]);
    }
    for (int w = 0; w < lanes; ++w) {
      if (!is_open[w]) continue;
      U_re[w] = re[w];
      U_im[w] = im[w];
      s.J_re[c * lanes + w] = J_re[w];
      s.J_im[c * lanes + w] = J_im[w];
    }
  }
}

template <int wires, int lanes>
void sweep_once(const SweepTree& tree, const SweepState& s) {
  constexpr std::int32_t width = wires * lanes;
  for (std::int32_t k = 0; k < tree.nodes * width; ++k) s.I_re[k] = 0;
  for (std::int32_t k = 0; k < tree.nodes * width; ++k) s.I_im[k] = 0;
  for (std::int32_t c = 0; c < tree.consumer_count; ++c) {
    const SweepConsumer& consumer = tree.consumers[c];
    for (int w = 0; w < lanes; ++w) s.I_re[consumer.from * lanes + w] += s.J_re[c * lanes + w];
    for (int w = 0; w < lanes; ++w) s.I_im[consumer.from * lanes + w] += s.J_im[c * lanes + w];
    if (consumer.to < 0) continue;
    for (int w = 0; w < lanes; ++w) s.I_re[consumer.to * lanes + w] -= s.J_re[c * lanes + w];
    for (int w = 0; w < lanes; ++w) s.I_im[consumer.to * lanes + w] -= s.J_im[c * lanes + w];
  }
  for (std::int32_t node = tree.nodes - 1; node > 0; --node)
    backward_node<wires, lanes>(tree, node, s.I_re, s.I_im);
  for (std::int32_t node = 1; node < tree.nodes; ++node)
    forward_node<wires, lanes>(tree, node, s.I_re + node * width, s.I_im + node * width, s.V_re, s.V_im);
}

/// Which consumer's voltage the last round moved most, in lanes that did not settle.
template <int lanes>
void find_worst(const SweepTree& tree, const SweepState& s, const bool* is_open, SweepResult& result) {
  for (std::int32_t c = 0; c < tree.consumer_count; ++c) {
    for (int w = 0; w < lanes; ++w) {
      const SweepConsumer& consumer = tree.consumers[c];
      const std::int32_t from = consumer.from * lanes + w, to = consumer.to * lanes + w;
      const double re = s.V_re[from] - (consumer.to < 0 ? 0 : s.V_re[to]) - s.U_re[c * lanes + w];
      const double im = s.V_im[from] - (consumer.to < 0 ? 0 : s.V_im[to]) - s.U_im[c * lanes + w];
      const double moved = std::sqrt(re * re + im * im);
      const bool is_worse = result.worst_consumer < 0 || !(moved <= result.mismatch_V);
      if (!is_open[w] || !is_worse) continue;
      result.mismatch_V = moved;
      result.worst_consumer = c;
      result.worst_lane = w;
      if (!std::isfinite(moved)) return;
    }
  }
}

template <int wires, int lanes>
SweepResult sweep_lanes(const SweepTree& tree, const SweepState& s, double tolerance_V, int limit) {
  bool is_open[lanes];
  for (int w = 0; w < lanes; ++w) is_open[w] = true;
  for (std::int32_t k = 0; k < tree.consumer_count * lanes; ++k) s.U_re[k] = s.U_im[k] = 0;
  SweepResult result;
  while (result.iterations < limit && !result.is_converged) {
    double moved[lanes];
    draw_currents<lanes>(tree, s, is_open, moved);
    result.is_converged = true;
    for (int w = 0; w < lanes; ++w) {
      is_open[w] = is_open[w] && !(moved[w] <= tolerance_V * tolerance_V);
      if (is_open[w]) result.is_converged = false;
    }
    // Also after the last movement: voltages, currents and consumers belong together in every lane.
    sweep_once<wires, lanes>(tree, s);
    ++result.iterations;
  }
  if (!result.is_converged) find_worst<lanes>(tree, s, is_open, result);
  return result;
}

template <int wires, int lanes>
void expand_lanes(const SweepTree& all, const std::int32_t* current_of, const double* I_re,
                  const double* I_im, double* V_re, double* V_im) {
  constexpr std::int32_t width = wires * lanes;
  const double none[width] = {};
  for (std::int32_t node = 1; node < all.nodes; ++node) {
    const std::int32_t from = current_of[node];
    forward_node<wires, lanes>(all, node, from < 0 ? none : I_re + from * width,
                               from < 0 ? none : I_im + from * width, V_re, V_im);
  }
}

template <int wires>
SweepResult sweep_wires(int lanes, const SweepTree& tree, const SweepState& state, double tolerance_V,
                        int limit) {
  switch (lanes) {
    case 1:
      return sweep_lanes<wires, 1>(tree, state, tolerance_V, limit);
    case 2:
      return sweep_lanes<wires, 2>(tree, state, tolerance_V, limit);
    case 4:
      return sweep_lanes<wires, 4>(tree, state, tolerance_V, limit);
    default:
      break;
  }
  METERTWIN_CHECK(lanes == 8, lanes);
  return sweep_lanes<wires, 8>(tree, state, tolerance_V, limit);
}
template <int wires>
void expand_wires(int lanes, const SweepTree& all, const std::int32_t* current_of, const double* I_re,
                  const double* I_im, double* V_re, double* V_im) {
  switch (lanes) {
    case 1:
      return expand_lanes<wires, 1>(all, current_of, I_re, I_im, V_re, V_im);
    case 2:
      return expand_lanes<wires, 2>(all, current_of, I_re, I_im, V_re, V_im);
    case 4:
      return expand_lanes<wires, 4>(all, current_of, I_re, I_im, V_re, V_im);
    default:
      break;
  }
  METERTWIN_CHECK(lanes == 8, lanes);
  expand_lanes<wires, 8>(all, current_of, I_re, I_im, V_re, V_im);
}
}  // namespace

SweepResult sweep(int wires, int lanes, const SweepTree& tree, const SweepState& state, double tolerance_V,
                  int limit) {
  return wires == 3 ? sweep_wires<3>(lanes, tree, state, tolerance_V, limit)
                    : sweep_wires<4>(lanes, tree, state, tolerance_V, limit);
}
void expand(int wires, int lanes, const SweepTree& all, const std::int32_t* current_of, const double* I_re,
            const double* I_im, double* V_re, double* V_im) {
  if (wires == 3) return expand_wires<3>(lanes, all, current_of, I_re, I_im, V_re, V_im);
  expand_wires<4>(lanes, all, current_of, I_re, I_im, V_re, V_im);
}
}  // namespace model::grid
