/// The network as a tree in arrays: every node after its parent, each with the one branch that feeds it.
///
/// Node 0 is the ideal voltage behind the source's impedance, node 1 the source's bus. A branch gives
///     V(node) = A V(parent) - Z I(node),   I(parent) += D I(node)
/// with A = D = 1 for cables; transformers and sections with missing conductors have matrices of their own
/// (Kersting, "Distribution System Modeling and Analysis", ch. 8). Built once, or again after a switch moved.
#pragma once
#include "models/grid/network.hpp"

namespace model::grid {
using RealMatrix = std::array<std::array<double, conductor_max>, conductor_max>;

struct Branch {
  int parent = -1;
  int bus = -1;           ///< that the node stands for; -1: the ideal source
  int section = -1;       ///< position in Network::sections, or -1
  int transformer = -1;   ///< position in Network::transformers, or -1
  bool is_plain = true;   ///< A and D are 1
  ConductorSet live = 0;  ///< conductors of the node that are connected with the source
  ConductorMatrix Z{};
  RealMatrix A{}, D{};
};

struct Tree {
  std::vector<Branch> branches;  ///< by node
  std::vector<int> node_of_bus;  ///< -1: switched off
  int head = 1;                  ///< where the feeder's power is measured: the low-voltage side of the only
                                 ///< transformer at the source, or the source's bus
  int wires = 3;                 ///< 4 as soon as anything uses the neutral conductor
};

/// Throws BadFeederFile for a loop, a bus that not even closed switches connect (an island), a section of no
/// length, an impedance that is no passive one, a consumer on a missing conductor. Buses behind open switches
/// are left out of the tree.
Tree tree_of(const Network& network);
}  // namespace model::grid
