#include "models/area_faults.hpp"

#include <tuple>

namespace model {
namespace {
using Kind = FaultWindow::Kind;

struct Names {
  const char* began;
  const char* ended;
  const char* fault;
};
Names names_of(Kind kind) {
  switch (kind) {
    case Kind::supply_outage:
      return {"supply-lost", "supply-restored", "supply-outage"};
    case Kind::uplink_outage:
      return {"uplink-lost", "uplink-restored", "uplink-outage"};
    case Kind::concentrator_restart:
      return {"concentrator-down", "concentrator-restarted", "concentrator-restart"};
    case Kind::line_noise:
      return {"noise-began", "noise-ended", "line-noise"};
    case Kind::meter_silent:
      return {"silence-began", "silence-ended", "meter-silent"};
  }
  return {"", "", ""};
}

/// Cross-multiplied: a > b as fractions.
bool is_worse(core::Ratio a, core::Ratio b) {
  return std::uint64_t{a.numerator} * b.denominator > std::uint64_t{b.numerator} * a.denominator;
}
}  // namespace

AreaFaults::AreaFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened,
                       std::deque<Rs485Line>& lines, Concentrator& concentrator, TruthSink& truth)
    : setup_(setup),
      meters_(meters),
      happened_(happened),
      lines_(lines),
      concentrator_(concentrator),
      truth_(truth),
      is_active_(setup.faults.size(), 0),
      struck_(setup.faults.size(), 0) {
  for (std::size_t i = 0; i < setup.faults.size(); ++i) {
    const auto& fault = setup.faults[i];
    METERTWIN_CHECK(fault.from < fault.till, i);
    METERTWIN_CHECK(fault.meter == 0 || fault.meter - setup.first_meter < meters.size(), fault.meter);
    edges_.push_back({std::max(fault.from, setup.starts), i, true});
    edges_.push_back({std::max(fault.till, setup.starts), i, false});
  }
  std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.at, a.is_begin, a.fault) < std::tie(b.at, b.is_begin, b.fault);
  });
  if (setup.faults.empty()) return;
  outages_.assign(meters.size(), 0);
  deafness_.assign(meters.size(), 0);
}

template <class Visit>
void AreaFaults::each_meter(const FaultWindow& fault, Visit&& visit) {
  for (std::size_t i = 0; i < meters_.size(); ++i)
    if (fault.meter == 0 || fault.meter - setup_.first_meter == i) visit(i);
}

void AreaFaults::tell(const FaultWindow& fault, core::Instant at, std::string kind, std::int64_t value) {
  const bool is_concentrators = fault.kind == Kind::uplink_outage || fault.kind == Kind::concentrator_restart;
  auto entity = fault.meter != 0   ? setup_.meter_names[fault.meter - setup_.first_meter]
                : is_concentrators ? "concentrator " + setup_.name
                                   : "area " + setup_.name;
  truth_.event({at, std::move(entity), std::move(kind), value,
                std::string("injected: ") + names_of(fault.kind).fault});
}

void AreaFaults::advance() {
  const auto edge = edges_[position_++];
  const auto& fault = setup_.faults[edge.fault];
  is_active_[edge.fault] = edge.is_begin ? 1 : 0;
  // One meter's supply is told by the meter itself.
  const bool is_told_by_meter = fault.kind == Kind::supply_outage && fault.meter != 0;
  if (edge.is_begin) {
    struck_[edge.fault] = struck_so_far(fault);
    if (!is_told_by_meter) tell(fault, edge.at, names_of(fault.kind).began);
    return apply(fault, edge.at, true);
  }
  const auto struck = struck_so_far(fault) - struck_[edge.fault];
  if (struck > 0) tell(fault, edge.at, "fault-struck", static_cast<std::int64_t>(struck));
  if (!is_told_by_meter) tell(fault, edge.at, names_of(fault.kind).ended, static_cast<std::int64_t>(struck));
  apply(fault, edge.at, false);
}

void AreaFaults::apply(const FaultWindow& fault, core::Instant at, bool is_begin) {
  const int step = is_begin ? 1 : -1;
  switch (fault.kind) {
    case Kind::supply_outage:
      return change_supply(fault, at, step);
    case Kind::uplink_outage:
      if (is_begin) concentrator_.uplink().begin_outage(at, fault.till);
      return;
    case Kind::concentrator_restart:
      concentrator_downs_ += step;
      return change_concentrator(at);
    case Kind::line_noise:
      return refresh_noise();
    case Kind::meter_silent:
      return change_deafness(fault, step);
  }
}

void AreaFaults::change_supply(const FaultWindow& fault, core::Instant at, int step) {
  each_meter(fault, [&](std::size_t i) {
    const bool was_out = outages_[i] > 0;
    outages_[i] = static_cast<std::uint8_t>(outages_[i] + step);
    const bool is_out = outages_[i] > 0;
    if (was_out == is_out) return;
    meters_[i].set_supply(is_out ? Supply::lost : Supply::restored, at, happened_);
  });
  if (fault.meter != 0) return;
  concentrator_downs_ += step;
  change_concentrator(at);
}

void AreaFaults::change_concentrator(core::Instant at) {
  if (concentrator_downs_ > 0)
    concentrator_.power_off(at);
  else
    concentrator_.power_on(at);
}

void AreaFaults::change_deafness(const FaultWindow& fault, int step) {
  each_meter(fault, [&](std::size_t i) {
    deafness_[i] = static_cast<std::uint8_t>(deafness_[i] + step);
    for (auto& line : lines_) line.set_deaf(static_cast<std::uint32_t>(i), deafness_[i] > 0);
  });
}

void AreaFaults::refresh_noise() {
  core::Ratio worst{0, 1};
  for (std::size_t i = 0; i < setup_.faults.size(); ++i)
    if (is_active_[i] != 0 && setup_.faults[i].kind == Kind::line_noise &&
        is_worse(setup_.faults[i].bit_error, worst))
      worst = setup_.faults[i].bit_error;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto usual = setup_.lines[i].bit_error;
    lines_[i].set_bit_error(is_worse(worst, usual) ? worst : usual);
  }
}

/// A running count of what this kind of fault hits; its growth within the window is the fault's effect.
std::uint64_t AreaFaults::struck_so_far(const FaultWindow& fault) const {
  std::uint64_t count = 0;
  switch (fault.kind) {
    case Kind::supply_outage:
    case Kind::concentrator_restart:
      return is_active_[&fault - setup_.faults.data()] != 0 ? 0 : 1;  // no power: always
    case Kind::uplink_outage:
      return concentrator_.uplink().struck_count();
    case Kind::line_noise:
      for (const auto& line : lines_) count += line.garbled_count();
      return count;
    case Kind::meter_silent:
      for (const auto& line : lines_) count += line.unheard_count();
      return count;
  }
  return count;
}
}  // namespace model
