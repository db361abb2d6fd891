#include "models/grid/power_flow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::grid {
namespace {
constexpr double pi = 3.141592653589793;
std::size_t index(int value) { return static_cast<std::size_t>(value); }
bool has(ConductorSet set, int conductor) { return (set >> conductor & 1) != 0; }

/// `lower` behind `upper` as one branch: nothing is connected between them.
///     V = Al (Au V' - Zu Du-side current) - Zl I,  the current through `upper` being Dl I
Branch in_series(const Branch& upper, const Branch& lower) {
  Branch both = lower;
  both.parent = upper.parent;
  both.is_plain = upper.is_plain && lower.is_plain;
  both.A = both.D = {};
  for (std::size_t a = 0; a < conductor_max; ++a) {
    for (std::size_t b = 0; b < conductor_max; ++b) {
      for (std::size_t k = 0; k < conductor_max; ++k) {
        both.A[a][b] += lower.A[a][k] * upper.A[k][b];
        both.D[a][b] += upper.D[a][k] * lower.D[k][b];
        for (std::size_t m = 0; m < conductor_max; ++m)
          both.Z[a][b] += lower.A[a][k] * upper.Z[k][m] * lower.D[m][b];
      }
    }
  }
  return both;
}
}  // namespace

std::string trouble_of(const Network& network, const Solved& solved) {
  if (solved.worst_consumer < 0) return "no solution";
  const Consumer& worst = network.consumers[index(solved.worst_consumer)];
  char moved[64] = "has no voltage left";
  if (std::isfinite(solved.mismatch_V))
    std::snprintf(moved, sizeof moved, "still moves by %.4g V", solved.mismatch_V);
  return "no solution: " + worst.name + " at bus " + network.buses[index(worst.bus)] + " " + moved +
         " after " + std::to_string(solved.iterations) + " sweeps";
}

void PowerFlow::Arrays::add(const Branch& branch, int wires) {
  parent.push_back(branch.parent);
  for (int a = 0; a < wires; ++a) {
    for (int b = 0; b < wires; ++b) {
      resistance_ohm.push_back(branch.Z[index(a)][index(b)].real());
      reactance_ohm.push_back(branch.Z[index(a)][index(b)].imag());
    }
  }
  if (branch.is_plain) return transform.push_back(-1);
  transform.push_back(static_cast<std::int32_t>(transforms.size()));
  SweepTransform matrices{};
  for (int a = 0; a < wires; ++a) {
    for (int b = 0; b < wires; ++b) {
      matrices.down[a * wires + b] = branch.A[index(a)][index(b)];
      matrices.up[a * wires + b] = branch.D[index(a)][index(b)];
    }
  }
  transforms.push_back(matrices);
}

void PowerFlow::Arrays::finish() {
  view.nodes = static_cast<std::int32_t>(parent.size());
  view.parent = parent.data();
  view.transform = transform.data();
  view.transforms = transforms.data();
  view.resistance_ohm = resistance_ohm.data();
  view.reactance_ohm = reactance_ohm.data();
}

PowerFlow::PowerFlow(const Network& network, const FlowOptions& options)
    : options_(options), tree_(tree_of(network)), wires_(tree_.wires) {
  METERTWIN_CHECK(options_.tolerance_V > 0 && options_.iterations_limit > 0);
  const auto wires_mask = static_cast<ConductorSet>((1 << wires_) - 1);
  for (Branch& branch : tree_.branches) {
    // What the network does not have cannot be missing.
    if (branch.section >= 0) {
      const Branch& parent = tree_.branches[index(branch.parent)];
      branch.is_plain = ((branch.live ^ parent.live) & wires_mask) == 0;
    }
    if (branch.is_plain)
      for (std::size_t a = 0; a < conductor_max; ++a) branch.A[a][a] = branch.D[a][a] = 1;
    full_.add(branch, wires_);
  }
  full_.finish();
  node_of_section_.assign(network.sections.size(), -1);
  node_of_transformer_.assign(network.transformers.size(), -1);
  for (std::size_t node = 0; node < tree_.branches.size(); ++node) {
    const Branch& branch = tree_.branches[node];
    if (branch.section >= 0) node_of_section_[index(branch.section)] = static_cast<int>(node);
    if (branch.transformer >= 0) node_of_transformer_[index(branch.transformer)] = static_cast<int>(node);
  }
  place_consumers(network);
  add_capacitances(network);
  reduce();
  const std::size_t values = index(reduced_.view.nodes * wires_ * options_.lanes);
  for (auto* row : {&V_re_, &V_im_, &I_re_, &I_im_, &no_load_re_, &no_load_im_}) row->assign(values, 0);
  for (auto* row : {&J_re_, &J_im_, &U_re_, &U_im_})
    row->assign(consumers_.size() * index(options_.lanes), 0);
  const double angle = network.source.angle_deg * pi / 180;
  const Complex turn = network.source.angle_deg == 0
                           ? Complex(1, 0)
                           : Complex(core::portable_math::cos(angle), core::portable_math::sin(angle));
  const double V = network.source.voltage_V, half_root = std::sqrt(3.0) / 2;
  const Complex source[3] = {V * turn, V * Complex(-0.5, -half_root) * turn,
                             V * Complex(-0.5, half_root) * turn};
  for (int phase = 0; phase < 3; ++phase) {
    for (int lane = 0; lane < options_.lanes; ++lane) {
      no_load_re_[at(0, phase, lane)] = source[phase].real();
      no_load_im_[at(0, phase, lane)] = source[phase].imag();
    }
  }
  const std::vector<std::int32_t> no_current(index(reduced_.view.nodes), -1);
  grid::expand(wires_, options_.lanes, reduced_.view, no_current.data(), nullptr, nullptr, no_load_re_.data(),
               no_load_im_.data());
}

void PowerFlow::place_consumers(const Network& network) {
  row_of_consumer_.assign(network.consumers.size(), -1);
  for (std::size_t i = 0; i < network.consumers.size(); ++i) {
    const Consumer& c = network.consumers[i];
    const int node = tree_.node_of_bus[index(c.bus)];
    const bool is_live = node >= 0 && has(tree_.branches[index(node)].live, c.from) &&
                         (c.to < 0 || has(tree_.branches[index(node)].live, c.to));
    if (!is_live) continue;
    SweepConsumer row;
    row.from = node * wires_ + c.from;
    row.to = c.to < 0 || (c.to == neutral && wires_ == 3) ? -1 : node * wires_ + c.to;
    row.rated_V = c.rated_V;
    row.V_min = c.voltage_pu_min * c.rated_V;
    row.V_max = c.voltage_pu_max * c.rated_V;
    row.P_impedance = c.power_zip.impedance;
    row.P_current = c.power_zip.current;
    row.P_power = c.power_zip.power;
    row.Q_impedance = c.reactive_zip.impedance;
    row.Q_current = c.reactive_zip.current;
    row.Q_power = c.reactive_zip.power;
    row.is_constant_power =
        c.power_zip == Zip{} && c.reactive_zip == Zip{} && c.voltage_pu_min <= 0 && c.voltage_pu_max >= 1e8;
    row_of_consumer_[i] = static_cast<std::int32_t>(consumers_.size());
    consumer_of_row_.push_back(static_cast<int>(i));
    consumers_.push_back(row);
  }
  P_W_.assign(consumers_.size() * index(options_.lanes), 0);
  Q_var_ = P_W_;
}

/// A capacitance is a consumer of constant impedance: Q = -B U^2, told for 1 V.
void PowerFlow::add_capacitor(int node, int from, int to, double susceptance_S) {
  if (susceptance_S == 0) return;
  SweepConsumer row;
  row.from = node * wires_ + from;
  row.to = to < 0 ? -1 : node * wires_ + to;
  row.is_constant_power = false;
  row.rated_V = 1;
  row.V_max = 1e12;
  row.P_impedance = row.Q_impedance = 1;
  row.P_power = row.Q_power = 0;
  consumers_.push_back(row);
  consumer_of_row_.push_back(-1);
  for (int lane = 0; lane < options_.lanes; ++lane) P_W_.push_back(0), Q_var_.push_back(-susceptance_S);
}

void PowerFlow::add_capacitances(const Network& network) {
  std::vector<ConductorMatrix> at_node(tree_.branches.size());
  for (std::size_t i = 0; i < network.sections.size(); ++i) {
    const int node = node_of_section_[i];
    if (node < 0) continue;
    const Branch& branch = tree_.branches[index(node)];
    for (int a = 0; a < wires_; ++a) {
      for (int b = 0; b < wires_; ++b) {
        if (!has(branch.live, a) || !has(branch.live, b)) continue;
        const Complex half = network.sections[i].susceptance_S[index(a)][index(b)] / 2.0;
        at_node[index(node)][index(a)][index(b)] += half;
        at_node[index(branch.parent)][index(a)][index(b)] += half;
      }
    }
  }
  for (std::size_t node = 0; node < at_node.size(); ++node) {
    for (int a = 0; a < wires_; ++a) {
      double to_ground = 0;
      for (int b = 0; b < wires_; ++b) {
        const double B = at_node[node][index(a)][index(b)].real();
        to_ground += B;
        if (b > a) add_capacitor(static_cast<int>(node), a, b, -B);
      }
      add_capacitor(static_cast<int>(node), a, to_earth, to_ground);
    }
  }
}

void PowerFlow::reduce() {
  const std::size_t nodes = tree_.branches.size();
  std::vector<bool> is_kept(nodes, options_.keeps_every_bus);
  std::vector<int> loaded_children(nodes);
  std::vector<bool> is_loaded(nodes);
  is_kept[0] = is_kept[1] = is_kept[index(tree_.head)] = true;
  for (const SweepConsumer& consumer : consumers_) is_loaded[index(consumer.from / wires_)] = true;
  for (std::size_t node = nodes; node-- > 1;) {
    const Branch& branch = tree_.branches[node];
    const bool is_apart = is_loaded[node] || loaded_children[node] > 1;
    if (is_apart) is_kept[node] = true;
    if (is_loaded[node] || loaded_children[node] > 0) ++loaded_children[index(branch.parent)];
    if (branch.transformer >= 0 && (is_loaded[node] || loaded_children[node] > 0))
      is_kept[node] = is_kept[index(branch.parent)] = true;
  }
  reduced_of_.assign(nodes, -1);
  current_of_.assign(nodes, -1);
  std::vector<int> kept;
  for (std::size_t node = 0; node < nodes; ++node) {
    if (!is_kept[node]) continue;
    reduced_of_[node] = static_cast<std::int32_t>(kept.size());
    kept.push_back(static_cast<int>(node));
  }
  for (const int node : kept) {
    Branch branch = tree_.branches[index(node)];
    current_of_[index(node)] = reduced_of_[index(node)];
    while (branch.parent >= 0 && !is_kept[index(branch.parent)]) {
      current_of_[index(branch.parent)] = reduced_of_[index(node)];
      branch = in_series(tree_.branches[index(branch.parent)], branch);
    }
    if (branch.parent >= 0) branch.parent = reduced_of_[index(branch.parent)];
    reduced_.add(branch, wires_);
  }
  for (SweepConsumer& consumer : consumers_) {
    const auto moved = [&](std::int32_t slot) {
      return slot < 0 ? slot : reduced_of_[index(slot / wires_)] * wires_ + slot % wires_;
    };
    consumer.from = moved(consumer.from);
    consumer.to = moved(consumer.to);
  }
  reduced_.finish();
  reduced_.view.consumer_count = static_cast<std::int32_t>(consumers_.size());
  reduced_.view.consumers = consumers_.data();
}

std::size_t PowerFlow::at(std::int32_t node, int conductor, int lane) const {
  return index((node * wires_ + conductor) * options_.lanes + lane);
}

void PowerFlow::set_power(std::size_t consumer, int lane, const Power& power) {
  const std::int32_t row = row_of_consumer_[consumer];
  if (row < 0) return;
  P_W_[index(row * options_.lanes + lane)] = power.power_W;
  Q_var_[index(row * options_.lanes + lane)] = power.reactive_var;
}

Solved PowerFlow::solve() {
  std::copy(no_load_re_.begin(), no_load_re_.end(), V_re_.begin());
  std::copy(no_load_im_.begin(), no_load_im_.end(), V_im_.begin());
  const SweepState state{.V_re = V_re_.data(),
                         .V_im = V_im_.data(),
                         .I_re = I_re_.data(),
                         .I_im = I_im_.data(),
                         .P_W = P_W_.data(),
                         .Q_var = Q_var_.data(),
                         .J_re = J_re_.data(),
                         .J_im = J_im_.data(),
                         .U_re = U_re_.data(),
                         .U_im = U_im_.data()};
  const SweepResult swept =
      sweep(wires_, options_.lanes, reduced_.view, state, options_.tolerance_V, options_.iterations_limit);
  return {swept.is_converged, swept.iterations, swept.mismatch_V, swept.worst_lane,
          swept.worst_consumer < 0 ? -1 : consumer_of_row_[index(swept.worst_consumer)]};
}

Complex PowerFlow::consumer_voltage_V(std::size_t consumer, int lane) const {
  const std::int32_t row = row_of_consumer_[consumer];
  if (row < 0) return 0;
  const SweepConsumer& c = consumers_[index(row)];
  const auto slot = [&](std::int32_t position) {
    return position < 0 ? Complex(0)
                        : Complex(V_re_[index(position * options_.lanes + lane)],
                                  V_im_[index(position * options_.lanes + lane)]);
  };
  return slot(c.from) - slot(c.to);
}

Complex PowerFlow::consumer_current_A(std::size_t consumer, int lane) const {
  const std::int32_t row = row_of_consumer_[consumer];
  if (row < 0) return 0;
  const std::size_t place = index(row * options_.lanes + lane);
  return {J_re_[place], J_im_[place]};
}

Power PowerFlow::consumer_power(std::size_t consumer, int lane) const {
  const Complex S = consumer_voltage_V(consumer, lane) * std::conj(consumer_current_A(consumer, lane));
  return {S.real(), S.imag()};
}

Complex PowerFlow::head_current_A(int phase, int lane) const {
  const std::size_t place = at(reduced_of_[index(tree_.head)], phase, lane);
  return {I_re_[place], I_im_[place]};
}

Complex PowerFlow::head_voltage_V(int phase, int lane) const {
  const std::size_t place = at(reduced_of_[index(tree_.head)], phase, lane);
  return {V_re_[place], V_im_[place]};
}

Complex PowerFlow::head_power_VA(int phase, int lane) const {
  return head_voltage_V(phase, lane) * std::conj(head_current_A(phase, lane));
}

Complex PowerFlow::transformer_power_VA(std::size_t transformer, int phase, int lane) const {
  const int node = node_of_transformer_[transformer];
  if (node < 0 || reduced_of_[index(node)] < 0) return 0;
  const std::size_t place = at(reduced_of_[index(node)], phase, lane);
  return Complex(V_re_[place], V_im_[place]) * std::conj(Complex(I_re_[place], I_im_[place]));
}

double PowerFlow::transformer_loss_W(int lane) const {
  double loss = 0;
  for (const int node : node_of_transformer_) {
    if (node < 0 || reduced_of_[index(node)] < 0) continue;
    for (int phase = 0; phase < 3; ++phase) {
      const std::size_t place = at(reduced_of_[index(node)], phase, lane);
      const double square = I_re_[place] * I_re_[place] + I_im_[place] * I_im_[place];
      loss += square * tree_.branches[index(node)].Z[index(phase)][index(phase)].real();
    }
  }
  return loss;
}

void PowerFlow::expand() {
  if (all_V_re_.empty()) {  // many networks are never asked for every bus
    all_V_re_.assign(tree_.branches.size() * index(wires_ * options_.lanes), 0);
    all_V_im_ = all_V_re_;
    std::copy_n(no_load_re_.begin(), wires_ * options_.lanes, all_V_re_.begin());
    std::copy_n(no_load_im_.begin(), wires_ * options_.lanes, all_V_im_.begin());
  }
  grid::expand(wires_, options_.lanes, full_.view, current_of_.data(), I_re_.data(), I_im_.data(),
               all_V_re_.data(), all_V_im_.data());
}

Complex PowerFlow::voltage_V(int bus, int conductor, int lane) const {
  const int node = tree_.node_of_bus[index(bus)];
  if (node < 0 || conductor >= wires_) return 0;
  METERTWIN_CHECK(!all_V_re_.empty(), bus);  // expand() first
  const std::size_t place = at(node, conductor, lane);
  return {all_V_re_[place], all_V_im_[place]};
}

bool PowerFlow::is_live(int bus, int conductor) const {
  const int node = tree_.node_of_bus[index(bus)];
  return node >= 0 && conductor < wires_ && has(tree_.branches[index(node)].live, conductor);
}

Complex PowerFlow::section_current_A(std::size_t section, int conductor, int lane) const {
  const int node = node_of_section_[section];
  const std::int32_t from = node < 0 || conductor >= wires_ ? -1 : current_of_[index(node)];
  if (from < 0) return 0;
  const std::size_t place = at(from, conductor, lane);
  return {I_re_[place], I_im_[place]};
}

double PowerFlow::section_loss_W(std::size_t section, int lane) const {
  const int node = node_of_section_[section];
  if (node < 0) return 0;
  const Branch& branch = tree_.branches[index(node)];
  double loss = 0;
  for (int a = 0; a < wires_; ++a)
    for (int b = 0; b < wires_; ++b)
      loss += (branch.Z[index(a)][index(b)] * section_current_A(section, b, lane) *
               std::conj(section_current_A(section, a, lane)))
                  .real();
  return loss;
}
}  // namespace model::grid
