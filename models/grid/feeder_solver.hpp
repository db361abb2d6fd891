/// The network as a simulated area owns it: what every customer draws in, voltage and current at every meter,
/// losses by phase out.
///
/// A thin coat over PowerFlow in the simulation's whole numbers: results are rounded once, here, so that they
/// may enter registers, events and digests. The same powers give the same bits on any machine and in any
/// order of calls. Who steals draws power too: add it to the customer's (a bypass), or add a consumer of its
/// own to the network (a hook on the cable).
/// Unit: mW, mvar, mV, mA. Errors: FeederSupply::is_valid is false when the network cannot carry the load;
/// `trouble()` says where. Randomness: none. Time: none.
#pragma once
#include <array>
#include <memory>
#include <span>

#include "core/units.hpp"
#include "models/grid/power_flow.hpp"

namespace model::grid {
struct CustomerPower {
  core::Milliwatts power{0};    ///< drawn; negative: fed in
  core::Millivars reactive{0};  ///< inductive positive
};

struct CustomerSupply {
  core::Millivolts voltage{0};  ///< 0: switched off
  core::Milliamperes current{0};
};

struct FeederSupply {
  bool is_valid = false;
  std::vector<CustomerSupply> customers;
  std::array<core::Milliwatts, 3> supplied{};  ///< through the head, by phase
  std::array<core::Millivars, 3> reactive{};
  std::array<core::Milliwatts, 3> delivered{};  ///< to the consumers of a phase (A-B counts half to each)
  std::array<core::Milliwatts, 3> loss{};       ///< supplied less delivered; one phase's may be negative
  std::array<core::Milliamperes, 3> head_current{};
  std::array<core::Millivolts, 3> head_voltage{};
  core::Milliwatts transformer_loss{0};
};

class FeederSolver {
 public:
  /// `network`'s consumers are the customers, in their order. Throws BadFeederFile.
  explicit FeederSolver(Network network);

  /// Range: as many powers as consumers. What is switched off draws nothing, whatever is asked for it.
  const FeederSupply& solve(std::span<const CustomerPower> powers);
  const FeederSupply& supply() const { return supply_; }
  /// After a solve that is not valid: "no solution: load 17 at bus 327 still moves by 12.4 V after 500
  /// sweeps".
  std::string trouble() const;

  /// Position of a section by its name ("line 34-35"), or -1.
  int section_named(const std::string& name) const;
  /// Opens these conductors of a section and closes its others; takes effect at the next solve. Throws
  /// BadFeederFile when closing makes a loop; then nothing has changed.
  void set_open(std::size_t section, ConductorSet open);
  /// The same for all sections at once, in their order. Range: as many as sections.
  void switch_to(std::span<const ConductorSet> open);
  /// Does the network, as it is switched, reach this consumer on all its conductors? And this conductor?
  bool is_connected(std::size_t consumer) const { return flow_.is_connected(consumer); }
  bool is_live(int bus, int conductor) const { return flow_.is_live(bus, conductor); }
  /// Is the power measured at the head (Tree::head) live on this phase?
  bool is_head_live(int phase) const;
  /// Size of the current in the last solve. Unit: A, rounded to mA.
  double section_current_A(std::size_t section, int conductor) const;
  /// Truth about where losses arise: I2R of one section in the last solve. Unit: mW.
  core::Milliwatts section_loss(std::size_t section) const;
  /// In the last solve; 0 where no voltage is.
  core::Millivolts bus_voltage(int bus, int conductor);

  const Network& network() const { return network_; }

 private:
  Network network_;
  PowerFlow flow_;
  Solved solved_;
  FeederSupply supply_;
  bool is_expanded_ = false;
};
}  // namespace model::grid
