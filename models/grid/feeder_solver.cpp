#include "models/grid/feeder_solver.hpp"

#include <cmath>

#include "core/check.hpp"

namespace model::grid {
namespace {
/// Thousandths, rounded to the nearest, halves away from zero.
std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(value * 1000 + (value < 0 ? -0.5 : 0.5));
}
/// Square root and two products are exact in IEEE 754; std::abs of a complex number need not be.
double size_of(Complex value) { return std::sqrt(value.real() * value.real() + value.imag() * value.imag()); }
}  // namespace

FeederSolver::FeederSolver(Network network) : network_(std::move(network)), flow_(network_) {
  supply_.customers.resize(network_.consumers.size());
}

const FeederSupply& FeederSolver::solve(std::span<const CustomerPower> powers) {
  METERTWIN_CHECK(powers.size() == network_.consumers.size(), powers.size(), network_.consumers.size());
  for (std::size_t i = 0; i < powers.size(); ++i)
    flow_.set_power(i, 0,
                    {static_cast<double>(powers[i].power.count()) / 1000,
                     static_cast<double>(powers[i].reactive.count()) / 1000});
  solved_ = flow_.solve();
  is_expanded_ = false;
  supply_.is_valid = solved_.is_converged;
  if (!supply_.is_valid) return supply_;
  std::array<double, 3> delivered_W{};
  for (std::size_t i = 0; i < powers.size(); ++i) {
    supply_.customers[i] = {core::Millivolts(thousandths(size_of(flow_.consumer_voltage_V(i, 0)))),
                            core::Milliamperes(thousandths(size_of(flow_.consumer_current_A(i, 0))))};
    const Consumer& consumer = network_.consumers[i];
    const double power_W = flow_.consumer_power(i, 0).power_W;
    const bool is_between_phases = consumer.to >= 0 && consumer.to < neutral;
    delivered_W[static_cast<std::size_t>(consumer.from)] += is_between_phases ? power_W / 2 : power_W;
    if (is_between_phases) delivered_W[static_cast<std::size_t>(consumer.to)] += power_W / 2;
  }
  for (int phase = 0; phase < 3; ++phase) {
    const auto place = static_cast<std::size_t>(phase);
    const Complex S = flow_.head_power_VA(phase, 0);
    supply_.supplied[place] = core::Milliwatts(thousandths(S.real()));
    supply_.reactive[place] = core::Millivars(thousandths(S.imag()));
    supply_.delivered[place] = core::Milliwatts(thousandths(delivered_W[place]));
    supply_.loss[place] =
        core::Milliwatts(supply_.supplied[place].count() - supply_.delivered[place].count());
    supply_.head_current[place] = core::Milliamperes(thousandths(size_of(flow_.head_current_A(phase, 0))));
    supply_.head_voltage[place] = core::Millivolts(thousandths(size_of(flow_.head_voltage_V(phase, 0))));
  }
  supply_.transformer_loss = core::Milliwatts(thousandths(flow_.transformer_loss_W(0)));
  return supply_;
}

std::string FeederSolver::trouble() const { return trouble_of(network_, solved_); }

int FeederSolver::section_named(const std::string& name) const {
  for (std::size_t i = 0; i < network_.sections.size(); ++i)
    if (network_.sections[i].name == name) return static_cast<int>(i);
  return -1;
}

void FeederSolver::set_open(std::size_t section, ConductorSet open) {
  METERTWIN_CHECK(section < network_.sections.size(), section);
  std::vector<ConductorSet> all;
  for (const Section& one : network_.sections) all.push_back(one.open);
  all[section] = open;
  switch_to(all);
}

void FeederSolver::switch_to(std::span<const ConductorSet> open) {
  METERTWIN_CHECK(open.size() == network_.sections.size(), open.size(), network_.sections.size());
  std::vector<ConductorSet> before;
  for (std::size_t i = 0; i < open.size(); ++i) {
    before.push_back(network_.sections[i].open);
    network_.sections[i].open = open[i];
  }
  try {
    flow_ = PowerFlow(network_);
  } catch (const BadFeederFile&) {
    for (std::size_t i = 0; i < open.size(); ++i) network_.sections[i].open = before[i];
    throw;
  }
  is_expanded_ = false;
}

bool FeederSolver::is_head_live(int phase) const {
  const Tree& tree = flow_.tree();
  return (tree.branches[static_cast<std::size_t>(tree.head)].live >> phase & 1) != 0;
}

double FeederSolver::section_current_A(std::size_t section, int conductor) const {
  return static_cast<double>(thousandths(size_of(flow_.section_current_A(section, conductor, 0)))) / 1000;
}

core::Milliwatts FeederSolver::section_loss(std::size_t section) const {
  return core::Milliwatts(thousandths(flow_.section_loss_W(section, 0)));
}

core::Millivolts FeederSolver::bus_voltage(int bus, int conductor) {
  if (!is_expanded_) flow_.expand();
  is_expanded_ = true;
  return core::Millivolts(thousandths(size_of(flow_.voltage_V(bus, conductor, 0))));
}
}  // namespace model::grid
