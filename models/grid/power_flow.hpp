/// Voltages and currents of a radial three-phase network from what its consumers draw.
///
/// Backward/forward sweep (Kersting, ch. 10): consumer currents from voltages, branch currents from the
/// leaves to the source, voltages from the source to the leaves, until nothing moves. Unbalanced, with mutual
/// coupling of all conductors. Buses where nothing is connected are merged exactly (their branches are in
/// series) and their voltages computed once at the end, when asked for. Several moments are solved side by
/// side (`lanes`) with the same bits as one after the other. Unit: V, A, W, var; phasors with phase A of the
/// source at its own angle. Errors: Solved::is_converged is false when no solution was found (too much load,
/// or too weak a network). Randomness: none. Time: none; each solve starts from the voltages at no load, so
/// results do not depend on what was solved before.
#pragma once
#include <memory>

#include "models/grid/network.hpp"
#include "models/grid/sweep.hpp"
#include "models/grid/tree.hpp"

namespace model::grid {
struct FlowOptions {
  int lanes = 1;              ///< 1, 2, 4 or 8
  double tolerance_V = 1e-7;  ///< of the consumers' voltages; what is left is smaller still
  int iterations_limit = 500;
  bool keeps_every_bus = false;  ///< without merging: slower, for comparison
};

/// How a solve ended. If it did not converge: which lane and consumer moved last, and by how much.
struct Solved {
  bool is_converged = false;
  int iterations = 0;
  double mismatch_V = 0;
  int worst_lane = -1;
  int worst_consumer = -1;  ///< position in Network::consumers; -1: none is connected
};

/// "no solution: load 17 at bus 327 still moves by 12.4 V after 500 sweeps".
std::string trouble_of(const Network& network, const Solved& solved);

class PowerFlow {
 public:
  /// Keeps a copy of what it needs. Throws BadFeederFile as `tree_of` does.
  explicit PowerFlow(const Network& network, const FlowOptions& options = {});
  PowerFlow(PowerFlow&&) = default;
  PowerFlow& operator=(PowerFlow&&) = default;
  PowerFlow(const PowerFlow&) = delete;  // the sweep's view points into it
  PowerFlow& operator=(const PowerFlow&) = delete;

  int lanes() const { return options_.lanes; }
  /// What consumer `consumer` draws in `lane` from now on. Nothing happens if it is switched off.
  void set_power(std::size_t consumer, int lane, const Power& power);
  /// All lanes.
  Solved solve();

  // After solve()
  bool is_connected(std::size_t consumer) const { return row_of_consumer_[consumer] >= 0; }
  /// Across the consumer's terminals; zero if it is switched off.
  Complex consumer_voltage_V(std::size_t consumer, int lane) const;
  Complex consumer_current_A(std::size_t consumer, int lane) const;
  /// What the consumer truly drew: differs from what was set where its power depends on the voltage.
  Power consumer_power(std::size_t consumer, int lane) const;
  /// Power that leaves the head (Tree::head) towards the consumers, by phase.
  Complex head_power_VA(int phase, int lane) const;
  Complex head_current_A(int phase, int lane) const;
  Complex head_voltage_V(int phase, int lane) const;
  /// Power that leaves a transformer on its fed side.
  Complex transformer_power_VA(std::size_t transformer, int phase, int lane) const;
  /// I2R of all transformers.
  double transformer_loss_W(int lane) const;

  // After expand(), which computes what solve() left out
  void expand();
  /// Conductor to earth; zero where no voltage is.
  Complex voltage_V(int bus, int conductor, int lane) const;
  bool is_live(int bus, int conductor) const;
  /// From the source towards the leaves.
  Complex section_current_A(std::size_t section, int conductor, int lane) const;
  /// All conductors.
  double section_loss_W(std::size_t section, int lane) const;

  const Tree& tree() const { return tree_; }
  /// Nodes that are swept, and nodes there are.
  std::size_t node_count() const { return static_cast<std::size_t>(reduced_.view.nodes); }
  std::size_t node_count_full() const { return tree_.branches.size(); }

 private:
  /// A tree in the sweep's arrays.
  struct Arrays {
    std::vector<std::int32_t> parent, transform;
    std::vector<SweepTransform> transforms;
    std::vector<double> resistance_ohm, reactance_ohm;
    SweepTree view;
    void add(const Branch& branch, int wires);
    void finish();
  };
  void place_consumers(const Network& network);
  void add_capacitances(const Network& network);
  void add_capacitor(int node, int from, int to, double susceptance_S);
  void reduce();
  void start_voltages();
  std::size_t at(std::int32_t node, int conductor, int lane) const;

  FlowOptions options_;
  Tree tree_;
  int wires_ = 3;
  Arrays full_, reduced_;
  std::vector<std::int32_t> reduced_of_;  ///< by node of the tree: its node in `reduced_`, or -1
  std::vector<std::int32_t> current_of_;  ///< by node of the tree: whose current flows through its branch
  std::vector<SweepConsumer> consumers_;
  std::vector<std::int32_t> row_of_consumer_;  ///< by consumer of the network: its row, or -1
  std::vector<int> consumer_of_row_;
  std::vector<int> node_of_section_, node_of_transformer_;
  std::vector<double> no_load_re_, no_load_im_;
  std::vector<double> V_re_, V_im_, I_re_, I_im_;
  std::vector<double> P_W_, Q_var_, J_re_, J_im_, U_re_, U_im_;
  std::vector<double> all_V_re_, all_V_im_;
};
}  // namespace model::grid
