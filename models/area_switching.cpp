#include "models/area_switching.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "core/check.hpp"
#include "models/area_grid.hpp"
#include "models/grid/tree.hpp"

namespace model {
namespace {
using grid::ConductorSet;
using Kind = FaultKind;
using Open = std::vector<ConductorSet>;
constexpr double s_per_ms = 1e-3;
constexpr double look_ahead_s = 86'400;

std::size_t section_named(const grid::Network& network, const std::string& name) {
  const auto found = std::find_if(network.sections.begin(), network.sections.end(),
                                  [&](const auto& section) { return section.name == name; });
  METERTWIN_CHECK(found != network.sections.end(), name);
  return static_cast<std::size_t>(found - network.sections.begin());
}

Open usual_positions(const grid::Network& network) {
  Open open;
  for (const auto& section : network.sections) open.push_back(section.open);
  return open;
}

/// Sections through which a transformer is fed, as the network is drawn.
std::vector<char> above_transformers(const grid::Network& network) {
  std::vector<char> is_above(network.sections.size(), 0);
  const auto tree = grid::tree_of(network);
  for (std::size_t node = 0; node < tree.branches.size(); ++node) {
    if (tree.branches[node].transformer < 0) continue;
    for (int up = tree.branches[node].parent; up >= 0;
         up = tree.branches[static_cast<std::size_t>(up)].parent)
      if (const int section = tree.branches[static_cast<std::size_t>(up)].section; section >= 0)
        is_above[static_cast<std::size_t>(section)] = 1;
  }
  return is_above;
}

ConductorSet moved_phases(const FaultWindow& fault, bool moves_all) {
  return moves_all ? grid::three_phases : static_cast<ConductorSet>(fault.phases & grid::three_phases);
}
}  // namespace

bool AreaSwitching::is_mine(FaultKind kind) {
  return kind == Kind::section_outage || kind == Kind::switch_open || kind == Kind::switch_closed ||
         kind == Kind::fuse_blown;
}

AreaSwitching::AreaSwitching(const AreaSetup& setup, grid::FeederSolver& solver, TruthSink& truth)
    : setup_(setup),
      solver_(solver),
      truth_(truth),
      sections_(setup.faults.size(), 0),
      is_refused_(setup.faults.size(), 0),
      struck_(setup.faults.size(), 0),
      moves_all_phases_(above_transformers(solver.network())),
      usual_(usual_positions(solver.network())),
      now_(usual_),
      before_(usual_) {
  const auto& network = solver.network();
  for (std::size_t i = 0; i < setup.faults.size(); ++i)
    if (is_mine(setup.faults[i].kind)) sections_[i] = section_named(network, setup.faults[i].section);
  for (std::size_t i = 0; i < network.sections.size(); ++i) {
    const auto& section = network.sections[i];
    if (section.fuse_A <= 0) continue;
    for (int phase = 0; phase < 3; ++phase)
      if ((section.conductors >> phase & 1) != 0)
        fuses_.push_back({i, phase, grid::FuseLink(grid::fuse_curve(section.fuse_A)), section.fuse_A});
  }
}

void AreaSwitching::begin(std::size_t number) {
  active_.push_back(number);
  is_refused_[number] = 0;
  is_due_ = true;
}

void AreaSwitching::end(std::size_t number) {
  std::erase(active_, number);
  is_due_ = true;
}

core::Instant AreaSwitching::next() const {
  auto next = core::never;
  for (const auto& fuse : fuses_) next = std::min(next, fuse.replaced_at);
  return next;
}

void AreaSwitching::carry(core::Instant from, core::Instant till) {
  const double span_s =
      static_cast<double>(core::unix_milliseconds(till) - core::unix_milliseconds(from)) * s_per_ms;
  for (auto& fuse : fuses_) {
    if (fuse.is_blown || !fuse.link.carry(fuse.current_A, span_s)) continue;
    fuse.is_blown = is_due_ = true;
    fuse.blown_at = till;
    fuse.replaced_at = till + setup_.grid->repair;
    char text[96];
    std::snprintf(text, sizeof text, ": %.3f A through %g A", fuse.current_A, fuse.rated_A);
    tell(till, "fuse-blown", static_cast<std::int64_t>(fuse.current_A * 1000 + 0.5),
         place(fuse.section, static_cast<ConductorSet>(1 << fuse.phase)) + text);
  }
}

core::Instant AreaSwitching::melts_at(core::Instant from) {
  auto first = core::never;
  for (auto& fuse : fuses_) {
    fuse.current_A = fuse.is_blown ? 0 : solver_.section_current_A(fuse.section, fuse.phase);
    const double holds_s = fuse.link.holds_s(fuse.current_A);
    if (fuse.is_blown || holds_s > look_ahead_s) continue;
    // Whole milliseconds: power changes on no others.
    const auto ms = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(holds_s / s_per_ms)));
    first = std::min(first, from + std::chrono::milliseconds(ms));
  }
  return first;
}

AreaSwitching::Positions AreaSwitching::wanted() const {
  Positions open = usual_;
  const auto phases = [&](std::size_t fault) {
    return moved_phases(setup_.faults[fault], moves_all_phases_[sections_[fault]] != 0);
  };
  for (const auto fault : active_) {
    auto& here = open[sections_[fault]];
    if (setup_.faults[fault].kind == Kind::switch_closed && is_refused_[fault] == 0)
      here = static_cast<ConductorSet>(here & ~phases(fault));
  }
  for (const auto fault : active_) {
    auto& here = open[sections_[fault]];
    if (setup_.faults[fault].kind != Kind::switch_closed)
      here = static_cast<ConductorSet>(here | phases(fault));
  }
  for (const auto& fuse : fuses_) {
    if (!fuse.is_blown) continue;
    const bool is_all = moves_all_phases_[fuse.section] != 0;
    auto& here = open[fuse.section];
    here = static_cast<ConductorSet>(here | (is_all ? grid::three_phases : 1 << fuse.phase));
  }
  return open;
}

bool AreaSwitching::refuse_latest(core::Instant at, const std::string& why) {
  for (auto fault = active_.rbegin(); fault != active_.rend(); ++fault) {
    if (setup_.faults[*fault].kind != Kind::switch_closed || is_refused_[*fault] != 0) continue;
    is_refused_[*fault] = 1;
    tell(at, "switch-refused", 0,
         place(sections_[*fault], moved_phases(setup_.faults[*fault], false)) + " stays open: " + why);
    return true;
  }
  return false;
}

bool AreaSwitching::settle(core::Instant at) {
  for (auto& fuse : fuses_) {
    if (fuse.replaced_at > at) continue;
    fuse.is_blown = false;
    fuse.link.replace();
    fuse.replaced_at = core::never;
    is_due_ = true;
    tell(at, "fuse-replaced", (at - fuse.blown_at) / std::chrono::seconds(1),
         place(fuse.section, static_cast<ConductorSet>(1 << fuse.phase)));
  }
  if (!is_due_) return false;
  is_due_ = false;
  before_ = now_;
  for (;;) {
    now_ = wanted();
    if (now_ == before_) break;
    try {
      solver_.switch_to(now_);
      break;
    } catch (const BadFeederFile& loop) {
      const bool was_a_closing = refuse_latest(at, loop.what());
      METERTWIN_CHECK(was_a_closing, loop.what());  // openings alone leave a tree
    }
  }
  count_struck();
  return now_ != before_;
}

void AreaSwitching::count_struck() {
  for (const auto fault : active_) {
    const auto section = sections_[fault];
    const auto phases =
        static_cast<ConductorSet>(moved_phases(setup_.faults[fault], moves_all_phases_[section] != 0) &
                                  solver_.network().sections[section].conductors);
    const bool closes = setup_.faults[fault].kind == Kind::switch_closed;
    const int is = closes ? ~now_[section] & phases : now_[section] & phases;
    const int was = closes ? ~usual_[section] & phases : usual_[section] & phases;
    if (is == phases && was != phases) struck_[fault] = 1;
  }
}

void AreaSwitching::tell_moved(core::Instant at, std::int64_t meters_lost, std::int64_t meters_back) {
  for (std::size_t i = 0; i < now_.size(); ++i) {
    const auto opened = static_cast<ConductorSet>(now_[i] & ~before_[i] & grid::three_phases);
    const auto closed = static_cast<ConductorSet>(before_[i] & ~now_[i] & grid::three_phases);
    if (opened != 0) tell(at, "section-dead", meters_lost, place(i, opened));
    if (closed != 0) tell(at, "section-live", meters_back, place(i, closed));
  }
}

std::string AreaSwitching::place(std::size_t section, grid::ConductorSet phases) const {
  auto text = solver_.network().sections[section].name + ' ';
  for (int phase = 0; phase < 3; ++phase)
    if ((phases >> phase & 1) != 0) text += "ABC"[phase];
  return text;
}

void AreaSwitching::tell(core::Instant at, std::string_view kind, std::int64_t value, std::string text) {
  truth_.event({at, "area " + setup_.name, std::string(kind), value, std::move(text)});
}

void check_switching(const grid::Network& network, const std::vector<FaultWindow>& faults,
                     std::size_t& number) {
  struct Edge {
    core::Instant at{};
    bool is_begin = false;
    std::size_t fault = 0;
  };
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!AreaSwitching::is_mine(faults[i].kind) || !faults[i].when.empty()) continue;
    edges.push_back({faults[i].from, true, i});
    edges.push_back({faults[i].till, false, i});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.at, a.is_begin, a.fault) < std::tie(b.at, b.is_begin, b.fault);
  });
  const auto usual = usual_positions(network);
  const auto is_above = above_transformers(network);
  auto switched = network;
  std::vector<std::size_t> active;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i].is_begin)
      active.push_back(edges[i].fault);
    else
      std::erase(active, edges[i].fault);
    if (i + 1 < edges.size() && edges[i + 1].at == edges[i].at) continue;
    auto open = usual;
    for (const bool closes : {true, false}) {
      for (const auto fault : active) {
        if ((faults[fault].kind == Kind::switch_closed) != closes) continue;
        const auto section = section_named(network, faults[fault].section);
        const auto phases = moved_phases(faults[fault], is_above[section] != 0);
        if (closes) number = fault;
        open[section] = static_cast<ConductorSet>(closes ? open[section] & ~phases : open[section] | phases);
      }
    }
    for (std::size_t k = 0; k < open.size(); ++k) switched.sections[k].open = open[k];
    grid::tree_of(switched);
  }
}
}  // namespace model
