#include "models/area_faults.hpp"

#include <algorithm>
#include <tuple>

namespace model {
using Kind = FaultWindow::Kind;

AreaFaults::AreaFaults(const AreaSetup& setup, FaultedParts parts, TruthSink& truth)
    : setup_(setup),
      parts_(parts),
      truth_(truth),
      collector_(setup, parts.concentrator),
      line_faults_(setup, parts.meters, parts.lines),
      meter_faults_(setup, parts.meters, parts.happened, truth),
      is_active_(setup.faults.size(), 0),
      struck_(setup.faults.size(), 0),
      supplies_taken_(setup.faults.size(), 0),
      is_over_(setup.faults.size(), 0) {
  for (std::size_t i = 0; i < setup.faults.size(); ++i) {
    const auto& fault = setup.faults[i];
    METERTWIN_CHECK(fault.from < fault.till, i);
    METERTWIN_CHECK(fault.meter == 0 || fault.meter - setup.first_meter < parts.meters.size(), fault.meter);
    METERTWIN_CHECK(fault.line >= 0 && static_cast<std::size_t>(fault.line) <= parts.lines.size(),
                    fault.line);
    if (!fault.when.empty()) continue;
    edges_.push_back({std::max(fault.from, setup.starts), i, true});
    edges_.push_back({std::max(fault.till, setup.starts), i, false});
  }
  std::sort(edges_.begin(), edges_.end(), is_before);
  if (setup.faults.empty() && !setup.grid) return;
  outages_.assign(parts.meters.size(), 0);
  deafness_.assign(parts.meters.size(), 0);
}

bool AreaFaults::is_before(const Edge& a, const Edge& b) {
  return std::tie(a.at, a.is_begin, a.fault) < std::tie(b.at, b.is_begin, b.fault);
}

bool AreaFaults::waits(const AreaSetup& setup) {
  return std::any_of(setup.faults.begin(), setup.faults.end(),
                     [](const auto& fault) { return !fault.when.empty(); });
}

void AreaFaults::plan(Edge edge) {
  const auto from = edges_.begin() + static_cast<std::ptrdiff_t>(position_);
  edges_.insert(std::upper_bound(from, edges_.end(), edge, is_before), edge);
}

void AreaFaults::noticed(const TruthEvent& event) {
  for (std::size_t i = 0; i < setup_.faults.size(); ++i) {
    const auto& fault = setup_.faults[i];
    if (fault.when != event.kind || is_active_[i] != 0 || is_over_[i] != 0) continue;
    if (fault.meter != 0 && event.entity != setup_.meter_names[fault.meter - setup_.first_meter]) continue;
    const auto from = event.at + fault.wait;
    const auto till = std::min(from + fault.lasts, fault.till);
    const bool is_planned = std::any_of(edges_.begin() + static_cast<std::ptrdiff_t>(position_), edges_.end(),
                                        [&](const Edge& edge) { return edge.fault == i; });
    if (event.at < fault.from || from >= till || is_planned) continue;
    plan({from, i, true});
    plan({till, i, false});
  }
}

template <class Visit>
void AreaFaults::each_meter(const FaultWindow& fault, Visit&& visit) {
  for (std::size_t i = 0; i < parts_.meters.size(); ++i)
    if (fault.meter == 0 || fault.meter - setup_.first_meter == i) visit(i);
}

void AreaFaults::tell(const FaultWindow& fault, core::Instant at, std::string_view kind, std::int64_t value) {
  const auto& entry = fault_entry(fault.kind);
  const bool is_concentrators = entry.site == FaultSite::collector || entry.site == FaultSite::uplink;
  auto entity = fault.meter != 0   ? setup_.meter_names[fault.meter - setup_.first_meter]
                : is_concentrators ? "concentrator " + setup_.name
                                   : "area " + setup_.name;
  truth_.event({at, std::move(entity), std::string(kind), value, "injected: " + std::string(entry.name)});
}

void AreaFaults::advance() {
  const auto edge_at = position_ < edges_.size() ? edges_[position_].at : core::never;
  if (edge_at > std::min(collector_.next(), meter_faults_.next()))
    return collector_.next() <= meter_faults_.next() ? collector_.advance() : meter_faults_.advance();
  pass(edges_[position_++]);
}

void AreaFaults::pass(Edge edge) {
  const auto& fault = setup_.faults[edge.fault];
  const auto& entry = fault_entry(fault.kind);
  is_active_[edge.fault] = edge.is_begin ? 1 : 0;
  // One meter's supply is told by the meter itself.
  const bool is_told_by_meter = fault.kind == Kind::supply_outage && fault.meter != 0;
  if (edge.is_begin) {
    struck_[edge.fault] = struck_so_far(edge.fault);
    if (!is_told_by_meter) tell(fault, edge.at, entry.began);
    return apply(edge.fault, edge.at, true);
  }
  apply(edge.fault, edge.at, false);
  // What another fault at the same meter told too much may outweigh what this one hid.
  const auto so_far = struck_so_far(edge.fault);
  const auto struck = so_far - std::min(so_far, struck_[edge.fault]);
  if (struck > 0) tell(fault, edge.at, "fault-struck", static_cast<std::int64_t>(struck));
  if (!is_told_by_meter) tell(fault, edge.at, entry.ended, static_cast<std::int64_t>(struck));
}

/// The rest of its windows, and those of the same schedule at the same meter, never come.
void AreaFaults::end_for_good(std::size_t number, core::Instant at) {
  const auto& found = setup_.faults[number];
  const auto is_of_it = [&](std::size_t other) {
    const auto& fault = setup_.faults[other];
    return other == number || (!found.name.empty() && fault.name == found.name && fault.kind == found.kind &&
                               fault.meter == found.meter);
  };
  for (std::size_t i = 0; i < setup_.faults.size(); ++i)
    if (is_of_it(i)) is_over_[i] = 1;
  const auto from = edges_.begin() + static_cast<std::ptrdiff_t>(position_);
  edges_.erase(
      std::remove_if(from, edges_.end(), [&](const Edge& edge) { return is_over_[edge.fault] != 0; }),
      edges_.end());
  pass({at, number, false});
}

std::string AreaFaults::inspect(MeterId meter, core::Instant at) {
  std::string finding;
  for (std::size_t i = 0; i < setup_.faults.size(); ++i) {
    const auto& fault = setup_.faults[i];
    if (is_active_[i] == 0 || !MeterFaults::is_mine(fault.kind)) continue;
    const bool is_here = fault.meter == meter || (fault.other == meter && hides_at_other(fault.kind));
    if (!is_here) continue;
    const bool is_visible = meter_faults_.is_visible(i, meter, at);
    meter_faults_.visited(i, at);
    if (!is_visible) continue;
    finding += (finding.empty() ? "" : ", ") + std::string(fault_entry(fault.kind).name);
    if (meter_faults_.ends_when_found(i)) end_for_good(i, at);
  }
  const auto count = finding.empty() ? 0 : std::count(finding.begin(), finding.end(), ',') + 1;
  if (finding.empty()) finding = "nothing";
  truth_.event({at, setup_.meter_names[meter - setup_.first_meter], "inspected", count, finding});
  return finding;
}

void AreaFaults::apply(std::size_t number, core::Instant at, bool is_begin) {
  const auto& fault = setup_.faults[number];
  const int step = is_begin ? 1 : -1;
  if (fault.kind == Kind::supply_outage) {
    supplies_taken_[number] += is_begin ? 1 : 0;  // no power: there is no way not to feel it
    return change_supply(fault, at, step);
  }
  if (fault.kind == Kind::meter_silent) return change_deafness(fault, at, step);
  if (CollectorFaults::is_mine(fault.kind))
    return is_begin ? collector_.begin(number, at) : collector_.end(number, at);
  if (MeterFaults::is_mine(fault.kind))
    return is_begin ? meter_faults_.begin(number, at) : meter_faults_.end(number, at);
  if (AreaSwitching::is_mine(fault.kind)) {
    METERTWIN_CHECK(parts_.grid != nullptr, number);
    return is_begin ? parts_.grid->switching().begin(number) : parts_.grid->switching().end(number);
  }
  if (fault.kind == Kind::carrier_noise || fault.kind == Kind::carrier_module_off) return refresh_carrier(at);
  METERTWIN_CHECK(LineFaults::is_mine(fault.kind), static_cast<int>(fault.kind));
  return is_begin ? line_faults_.begin(number) : line_faults_.end(number);
}

void AreaFaults::change_supply(const FaultWindow& fault, core::Instant at, int step) {
  each_meter(fault, [&](std::size_t i) { hold_supply(i, at, step); });
  refresh_carrier(at);
  if (fault.meter != 0) return;
  return step > 0 ? collector_.mains_lost(at) : collector_.mains_restored(at);
}

void AreaFaults::hold_supply(std::size_t meter, core::Instant at, int step) {
  const bool was_out = outages_[meter] > 0;
  outages_[meter] = static_cast<std::uint8_t>(outages_[meter] + step);
  const bool is_out = outages_[meter] > 0;
  if (was_out == is_out) return;
  parts_.meters[meter].set_supply(is_out ? Supply::lost : Supply::restored, at, parts_.happened);
  note_living(meter, at);
}

void AreaFaults::hold_meters(std::span<const Change> changes, core::Instant at) {
  for (const auto& change : changes) hold_supply(change.meter, at, change.is_dead ? 1 : -1);
  refresh_carrier(at);
}

void AreaFaults::hold_concentrator(bool is_dead, core::Instant at) {
  return is_dead ? collector_.mains_lost(at) : collector_.mains_restored(at);
}

void AreaFaults::change_deafness(const FaultWindow& fault, core::Instant at, int step) {
  each_meter(fault, [&](std::size_t i) {
    deafness_[i] = static_cast<std::uint8_t>(deafness_[i] + step);
    for (auto& line : parts_.lines) line.set_deaf(static_cast<std::uint32_t>(i), deafness_[i] > 0);
    note_living(i, at);
  });
}

/// A module has its meter's supply; the loudest noise rules.
void AreaFaults::refresh_carrier(core::Instant at) {
  if (parts_.carrier == nullptr) return;
  int noise_dB = 0;
  for (std::size_t i = 0; i < setup_.faults.size(); ++i)
    if (is_active_[i] != 0 && setup_.faults[i].kind == Kind::carrier_noise)
      noise_dB = std::max(noise_dB, setup_.faults[i].noise_dB);
  parts_.carrier->set_extra_noise_dB(noise_dB);
  const auto first = setup_.carrier->first_line;
  for (std::size_t pair = 0; first + pair < setup_.lines.size(); ++pair) {
    const auto& on_pair = setup_.lines[first + pair].meters;
    const bool has_supply = std::any_of(on_pair.begin(), on_pair.end(),
                                        [&](std::uint32_t meter) { return outages_[meter] == 0; });
    bool is_dead = false;
    for (std::size_t i = 0; i < setup_.faults.size(); ++i) {
      const auto& fault = setup_.faults[i];
      if (is_active_[i] == 0 || fault.kind != Kind::carrier_module_off) continue;
      is_dead |= fault.meter == 0 ||
                 std::find(on_pair.begin(), on_pair.end(), fault.meter - setup_.first_meter) != on_pair.end();
    }
    parts_.carrier->set_powered(pair, has_supply && !is_dead, at);
  }
}

/// Points count like meters, from 1.
void AreaFaults::note_living(std::size_t meter, core::Instant at) {
  if (setup_.concentrator.refresh_every == core::Duration(0)) return;
  parts_.concentrator.freshness().set_living(meter + 1, outages_[meter] == 0 && deafness_[meter] == 0, at);
}

/// A running count of what this fault hits; its growth within the window is the fault's effect.
std::uint64_t AreaFaults::struck_so_far(std::size_t number) const {
  const auto& fault = setup_.faults[number];
  if (fault.kind == Kind::supply_outage) return supplies_taken_[number];
  if (AreaSwitching::is_mine(fault.kind)) return parts_.grid->switching().struck_so_far(number);
  if (CollectorFaults::is_mine(fault.kind)) return collector_.struck_so_far(number);
  if (MeterFaults::is_mine(fault.kind)) return meter_faults_.struck_so_far(number);
  if (LineFaults::is_mine(fault.kind)) return line_faults_.struck_so_far(number);
  using Loss = carrier::LossCause;
  if (fault.kind == Kind::carrier_noise)
    return parts_.carrier == nullptr ? 0 : parts_.carrier->network().losses(Loss::line_noise);
  if (fault.kind == Kind::carrier_module_off)
    return parts_.carrier == nullptr ? 0
                                     : parts_.carrier->network().losses(Loss::module_off) +
                                           parts_.carrier->network().losses(Loss::relay_off);
  std::uint64_t count = 0;
  for (const auto& line : parts_.lines) count += line.unheard_count();
  return count;
}
}  // namespace model
