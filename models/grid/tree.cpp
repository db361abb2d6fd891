#include "models/grid/tree.hpp"

#include <algorithm>
#include <cmath>

#include "models/grid/fuse.hpp"

namespace model::grid {
namespace {
constexpr double square_root_of_3 = 1.7320508075688772;

[[noreturn]] void refuse(const Network& network, const std::string& place, const std::string& why) {
  throw BadFeederFile((place.empty() ? network.file : place) + ": " + why);
}
const std::string& bus_name(const Network& network, int bus) {
  return network.buses[static_cast<std::size_t>(bus)];
}
bool has(ConductorSet set, int conductor) { return (set >> conductor & 1) != 0; }

/// One end of a section or transformer, as seen from a bus.
struct Edge {
  int other_bus = 0;
  int section = -1, transformer = -1;
};

std::vector<std::vector<Edge>> edges_of(const Network& network) {
  std::vector<std::vector<Edge>> edges(network.buses.size());
  // Transformers first: the feeder's head is then always the second or third node.
  for (std::size_t i = 0; i < network.transformers.size(); ++i) {
    const Transformer& t = network.transformers[i];
    edges[static_cast<std::size_t>(t.from_bus)].push_back({t.to_bus, -1, static_cast<int>(i)});
    edges[static_cast<std::size_t>(t.to_bus)].push_back({t.from_bus, -1, static_cast<int>(i)});
  }
  for (std::size_t i = 0; i < network.sections.size(); ++i) {
    const Section& s = network.sections[i];
    edges[static_cast<std::size_t>(s.from_bus)].push_back({s.to_bus, static_cast<int>(i), -1});
    edges[static_cast<std::size_t>(s.to_bus)].push_back({s.from_bus, static_cast<int>(i), -1});
  }
  return edges;
}

bool is_off(const Section& section) { return (section.conductors & three_phases & ~section.open) == 0; }

/// Is x' R x never below 0? By Cholesky's steps; what is a billionth of the diagonal counts as nothing.
bool is_passive(const Section& section) {
  double R[conductor_max][conductor_max];
  double most = 0;
  for (std::size_t a = 0; a < conductor_max; ++a) {
    for (std::size_t b = 0; b < conductor_max; ++b)
      R[a][b] = (section.impedance_ohm[a][b].real() + section.impedance_ohm[b][a].real()) / 2;
    most = std::max(most, std::abs(R[a][a]));
  }
  const double nothing = 1e-9 * most;
  for (std::size_t k = 0; k < conductor_max; ++k) {
    if (R[k][k] < -nothing) return false;
    for (std::size_t a = k + 1; a < conductor_max; ++a) {
      // A row without a diagonal must have nothing beside it either.
      if (R[k][k] <= nothing && std::abs(R[a][k]) > std::sqrt(nothing * most)) return false;
      if (R[k][k] <= nothing) continue;
      for (std::size_t b = a; b < conductor_max; ++b) {
        R[a][b] -= R[k][a] * R[k][b] / R[k][k];
        R[b][a] = R[a][b];
      }
    }
  }
  return true;
}

void check_section(const Network& network, const Section& section) {
  if (!section.is_switch && !(section.length_m > 0))
    refuse(network, section.place, section.name + " has no length");
  for (int a = 0; a < conductor_max; ++a) {
    if (!has(section.conductors, a)) continue;
    const auto row = static_cast<std::size_t>(a);
    for (const Complex& cell : section.impedance_ohm[row])
      if (!std::isfinite(cell.real()) || !std::isfinite(cell.imag()))
        refuse(network, section.place, section.name + " has an impedance that is not finite");
    if (section.impedance_ohm[row][row].real() < 0)
      refuse(network, section.place, section.name + " has a negative resistance");
  }
  if (!is_passive(section))
    refuse(network, section.place,
           section.name + " has an impedance that gives power away: its resistances make no passive cable");
  if (section.fuse_A != 0 && !(section.fuse_A >= fuse_least_A && section.fuse_A <= fuse_most_A))
    refuse(network, section.place, section.name + ": a fuse is rated for 2 to 1250 A");
}

void check_transformer(const Network& network, const Transformer& t) {
  const auto need = [&](bool is_good, const char* what) {
    if (!is_good) refuse(network, t.place, t.name + ": " + what);
  };
  need(t.from_kV > 0 && t.to_kV > 0, "rated voltages must lie above 0 kV");
  need(t.rated_kVA > 0, "the rated power must lie above 0 kVA");
  need(t.from_tap > 0.5 && t.from_tap < 2 && t.to_tap > 0.5 && t.to_tap < 2, "a tap lies between 0.5 and 2");
  need(t.resistance_percent >= 0 && t.reactance_percent >= 0, "its impedance must not be negative");
}

/// Voltage of the secondary's phases to earth from the primary's, and primary current from the secondary's,
/// at no load (Kersting, section 8). `ratio` is the primary's voltage between phases over the secondary's.
void set_transform(const Transformer& t, double ratio, bool is_reversed, Branch& branch) {
  const Winding primary = is_reversed ? t.to_winding : t.from_winding;
  const Winding secondary = is_reversed ? t.from_winding : t.to_winding;
  // The low side lags the high side by 30 degrees, whichever of them feeds.
  const bool feeds_from_high = is_reversed ? t.to_kV >= t.from_kV : t.from_kV >= t.to_kV;
  const bool secondary_lags = feeds_from_high != t.low_side_leads;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::size_t next = secondary_lags ? (a + 2) % 3 : (a + 1) % 3;
    if (primary == Winding::wye && secondary == Winding::wye) {
      branch.A[a][a] = branch.D[a][a] = 1 / ratio;
    } else if (primary == Winding::delta && secondary == Winding::wye) {
      // Each secondary phase stands on a primary winding between two phases.
      branch.A[a][a] = branch.D[a][a] = 1 / (ratio * square_root_of_3);
      branch.A[a][next] = branch.D[next][a] = -1 / (ratio * square_root_of_3);
    } else {
      // Delta or ungrounded secondary: no zero sequence passes; its voltages are told to the phases' mean.
      const bool turns = primary == Winding::wye;
      const double gain = 1 / ratio;
      for (std::size_t b = 0; b < 3; ++b) {
        // Removes the mean: (2, -1, -1) / 3; a turn by 30 degrees is (1, -1) / sqrt 3.
        const double straight = (a == b ? 2.0 : -1.0) / 3;
        const double turned = (a == b ? 1.0 : b == next ? -1.0 : 0.0) / square_root_of_3;
        branch.A[a][b] = gain * (turns ? turned : straight);
        branch.D[b][a] = branch.A[a][b];
      }
    }
  }
}

Branch transformer_branch(const Network& network, const Edge& edge, const Branch& parent, int parent_bus) {
  const Transformer& t = network.transformers[static_cast<std::size_t>(edge.transformer)];
  const bool is_reversed = t.to_bus == parent_bus;
  if ((parent.live & three_phases) != three_phases)
    refuse(network, t.place, t.name + ": it needs all three phases above it");
  Branch branch;
  branch.is_plain = false;
  branch.transformer = edge.transformer;
  branch.live = four_wires;  // the earthed neutral begins here
  const double primary_V = 1000 * (is_reversed ? t.to_kV * t.to_tap : t.from_kV * t.from_tap);
  const double secondary_V = 1000 * (is_reversed ? t.from_kV * t.from_tap : t.to_kV * t.to_tap);
  const double base_ohm = secondary_V * secondary_V / (t.rated_kVA * 1000);
  const Complex Z = Complex(t.resistance_percent, t.reactance_percent) / 100.0 * base_ohm;
  for (std::size_t a = 0; a < 3; ++a) branch.Z[a][a] = Z;
  set_transform(t, primary_V / secondary_V, is_reversed, branch);
  return branch;
}

Branch section_branch(const Network& network, const Edge& edge, const Branch& parent) {
  const Section& section = network.sections[static_cast<std::size_t>(edge.section)];
  Branch branch;
  branch.section = edge.section;
  branch.live = static_cast<ConductorSet>(parent.live & section.conductors & ~section.open);
  branch.is_plain = branch.live == parent.live;
  for (int a = 0; a < conductor_max; ++a) {
    if (!has(branch.live, a)) continue;
    const auto row = static_cast<std::size_t>(a);
    branch.A[row][row] = branch.D[row][row] = 1;
    for (int b = 0; b < conductor_max; ++b)
      if (has(branch.live, b))
        branch.Z[row][static_cast<std::size_t>(b)] = section.impedance_ohm[row][static_cast<std::size_t>(b)];
  }
  return branch;
}

/// Buses reached when every switch and fuse is closed: the rest are islands.
void check_islands(const Network& network, const std::vector<std::vector<Edge>>& edges) {
  std::vector<bool> reached(network.buses.size());
  std::vector<int> waiting{network.source.bus};
  reached[static_cast<std::size_t>(network.source.bus)] = true;
  while (!waiting.empty()) {
    const int bus = waiting.back();
    waiting.pop_back();
    for (const Edge& edge : edges[static_cast<std::size_t>(bus)]) {
      const auto other = static_cast<std::size_t>(edge.other_bus);
      if (!reached[other]) waiting.push_back(edge.other_bus);
      reached[other] = true;
    }
  }
  for (std::size_t bus = 0; bus < reached.size(); ++bus) {
    if (reached[bus]) continue;
    std::string place;
    for (const Edge& edge : edges[bus])
      if (edge.section >= 0) place = network.sections[static_cast<std::size_t>(edge.section)].place;
    for (const Consumer& consumer : network.consumers)
      if (place.empty() && consumer.bus == static_cast<int>(bus)) place = consumer.place;
    refuse(network, place,
           "bus " + network.buses[bus] + " is an island: nothing connects it with the source");
  }
}

void check_consumers(const Network& network, const Tree& tree) {
  for (const Consumer& consumer : network.consumers) {
    const int node = tree.node_of_bus[static_cast<std::size_t>(consumer.bus)];
    if (!(consumer.rated_V > 0))
      refuse(network, consumer.place, consumer.name + ": its rated voltage must lie above 0");
    if (node < 0 || consumer.to != neutral) continue;
    if (!has(tree.branches[static_cast<std::size_t>(node)].live, neutral))
      refuse(network, consumer.place,
             consumer.name + ": bus " + bus_name(network, consumer.bus) + " has no neutral");
  }
}

void add_roots(const Network& network, Tree& tree) {
  Branch ideal, bus;
  ideal.live = bus.live = four_wires;
  ideal.is_plain = false;
  bus.parent = 0;
  bus.bus = network.source.bus;
  bus.Z = phase_matrix(network.source.Z1_ohm, network.source.Z0_ohm);
  tree.branches = {ideal, bus};
  tree.node_of_bus[static_cast<std::size_t>(network.source.bus)] = 1;
}
}  // namespace

Tree tree_of(const Network& network) {
  for (const Section& section : network.sections) check_section(network, section);
  for (const Transformer& transformer : network.transformers) check_transformer(network, transformer);
  const auto edges = edges_of(network);
  check_islands(network, edges);
  Tree tree;
  tree.node_of_bus.assign(network.buses.size(), -1);
  add_roots(network, tree);
  struct Visit {
    int node;
    std::size_t edge;
  };
  // Depth first: a child mostly stands right behind its parent in memory.
  std::vector<Visit> path{{1, 0}};
  while (!path.empty()) {
    const int node = path.back().node;
    const Branch parent = tree.branches[static_cast<std::size_t>(node)];
    const auto& around = edges[static_cast<std::size_t>(parent.bus)];
    if (path.back().edge == around.size()) {
      path.pop_back();
      continue;
    }
    const Edge edge = around[path.back().edge++];
    const bool is_way_back = edge.section == parent.section && edge.transformer == parent.transformer;
    if (is_way_back && (edge.section >= 0 || edge.transformer >= 0)) continue;
    const Section* section =
        edge.section < 0 ? nullptr : &network.sections[static_cast<std::size_t>(edge.section)];
    if (section && is_off(*section)) continue;
    if (tree.node_of_bus[static_cast<std::size_t>(edge.other_bus)] >= 0) {
      const auto& name =
          section ? section->name : network.transformers[static_cast<std::size_t>(edge.transformer)].name;
      const auto& place =
          section ? section->place : network.transformers[static_cast<std::size_t>(edge.transformer)].place;
      refuse(network, place,
             name + " closes a loop at bus " + bus_name(network, edge.other_bus) +
                 "; only radial networks are known");
    }
    Branch branch = section ? section_branch(network, edge, parent)
                            : transformer_branch(network, edge, parent, parent.bus);
    branch.parent = node;
    branch.bus = edge.other_bus;
    const int child = static_cast<int>(tree.branches.size());
    tree.node_of_bus[static_cast<std::size_t>(edge.other_bus)] = child;
    tree.branches.push_back(branch);
    path.push_back({child, 0});
  }
  for (const Section& section : network.sections)
    if (has(section.conductors, neutral)) tree.wires = 4;
  check_consumers(network, tree);
  const auto& at_source = edges[static_cast<std::size_t>(network.source.bus)];
  if (at_source.size() == 1 && at_source.front().transformer >= 0)
    tree.head = tree.node_of_bus[static_cast<std::size_t>(at_source.front().other_bus)];
  return tree;
}
}  // namespace model::grid
