#include "models/fault/line_faults.hpp"

#include <algorithm>

namespace model {
namespace {
using Kind = FaultKind;
constexpr std::uint32_t burst_characters_usual = 20;
constexpr core::Duration babble_usual = std::chrono::milliseconds(200);

/// Cross-multiplied: a > b as fractions.
bool is_worse(core::Ratio a, core::Ratio b) {
  return std::uint64_t{a.numerator} * b.denominator > std::uint64_t{b.numerator} * a.denominator;
}

/// The channel whose long-run share of bad characters is `share`, in bursts of `mean` on average:
///     r = 1 / mean,  p = r share / (1 - share)
GilbertElliott burst_law(core::Ratio share, std::uint32_t mean) {
  const auto good = std::uint64_t{share.denominator} - share.numerator;
  std::uint64_t numerator = share.numerator, denominator = good * mean;
  if (numerator >= denominator) return {.to_bad = {1, 1}, .to_good = {1, mean}};
  while (denominator > UINT32_MAX) {
    numerator = (numerator + 1) / 2;
    denominator /= 2;
  }
  return {.to_bad = {static_cast<std::uint32_t>(numerator), static_cast<std::uint32_t>(denominator)},
          .to_good = {1, mean}};
}

std::uint64_t count_of(FaultKind kind, const TroubleCounts& counts) {
  switch (kind) {
    case Kind::line_burst:
      return counts.burst_characters;
    case Kind::line_broken:
      return counts.cut_off;
    case Kind::line_swapped:
      return counts.swapped;
    case Kind::line_unbiased:
      return counts.false_starts;
    case Kind::line_echo:
      return counts.echoes;
    case Kind::babbling_node:
      return counts.babbled_characters;
    case Kind::driver_clipped:
      return counts.clipped_characters;
    case Kind::station_noise:
      return counts.misheard;
    case Kind::double_address:
      return counts.doubled;
    case Kind::answer_late:
      return counts.late;
    default:
      return 0;
  }
}

bool is_of_stations(const FaultWindow& fault) {
  return fault.kind == Kind::station_noise || fault.kind == Kind::double_address ||
         fault.kind == Kind::answer_late || (fault.kind == Kind::line_swapped && fault.meter != 0);
}
}  // namespace

LineFaults::LineFaults(const AreaSetup& setup, std::span<Meter> meters, std::deque<Rs485Line>& lines)
    : setup_(setup), meters_(meters), lines_(lines), is_active_(setup.faults.size(), 0) {}

bool LineFaults::is_mine(FaultKind kind) {
  switch (kind) {
    case Kind::line_noise:
    case Kind::frame_lost:
    case Kind::frame_garbled:
    case Kind::line_burst:
    case Kind::line_broken:
    case Kind::line_swapped:
    case Kind::line_unbiased:
    case Kind::line_echo:
    case Kind::babbling_node:
    case Kind::driver_clipped:
    case Kind::station_noise:
    case Kind::double_address:
    case Kind::answer_late:
      return true;
    default:
      return false;
  }
}

void LineFaults::begin(std::size_t number) {
  is_active_[number] = 1;
  const auto kind = fault(number).kind;
  if (kind == Kind::frame_lost || kind == Kind::frame_garbled) return refresh_gate(number, true);
  refresh(kind);
}

void LineFaults::end(std::size_t number) {
  is_active_[number] = 0;
  const auto kind = fault(number).kind;
  if (kind == Kind::frame_lost || kind == Kind::frame_garbled) return refresh_gate(number, false);
  refresh(kind);
}

bool LineFaults::reaches(const FaultWindow& fault, std::size_t line) const {
  if (fault.line != 0) return static_cast<std::size_t>(fault.line) == line + 1;
  return fault.meter == 0 || !meters_on(fault, line).empty();
}

/// The meters of a line that the fault is about, by position in the area.
std::vector<std::uint32_t> LineFaults::meters_on(const FaultWindow& fault, std::size_t line) const {
  const auto& on_line = setup_.lines[line].meters;
  if (fault.meter == 0) return on_line;
  const auto wanted = fault.meter - setup_.first_meter;
  return std::find(on_line.begin(), on_line.end(), wanted) == on_line.end()
             ? std::vector<std::uint32_t>{}
             : std::vector<std::uint32_t>{wanted};
}

/// The last active window of this kind that is about the whole of the line.
const FaultWindow* LineFaults::active(FaultKind kind, std::size_t line) const {
  for (std::size_t i = setup_.faults.size(); i-- > 0;)
    if (is_active_[i] != 0 && fault(i).kind == kind && !is_of_stations(fault(i)) && reaches(fault(i), line))
      return &fault(i);
  return nullptr;
}

/// The last one that is about this station.
const FaultWindow* LineFaults::active_at(FaultKind kind, std::size_t line, std::uint32_t meter) const {
  for (std::size_t i = setup_.faults.size(); i-- > 0;) {
    const auto& window = fault(i);
    if (is_active_[i] == 0 || window.kind != kind || !is_of_stations(window)) continue;
    if (!reaches(window, line)) continue;
    if (window.meter == 0 || window.meter - setup_.first_meter == meter) return &window;
  }
  return nullptr;
}

void LineFaults::refresh(FaultKind kind) {
  if (kind == Kind::line_noise) return refresh_noise();
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const bool is_about = std::any_of(setup_.faults.begin(), setup_.faults.end(), [&](const auto& window) {
      return window.kind == kind && reaches(window, line);
    });
    if (!is_about) continue;
    refresh_pair(kind, line);
    refresh_stations(kind, line);
  }
}

void LineFaults::refresh_noise() {
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    auto worst = setup_.lines[line].bit_error;
    for (std::size_t i = 0; i < setup_.faults.size(); ++i)
      if (is_active_[i] != 0 && fault(i).kind == Kind::line_noise && is_worse(fault(i).bit_error, worst))
        worst = fault(i).bit_error;
    lines_[line].set_bit_error(worst);
  }
}

void LineFaults::refresh_pair(FaultKind kind, std::size_t line) {
  const auto* window = active(kind, line);
  auto& pair = lines_[line].troubles();
  switch (kind) {
    case Kind::line_burst:
      if (window == nullptr) return pair.set_bursts(std::nullopt);
      return pair.set_bursts(
          burst_law(window->chance,
                    window->count == 0 ? burst_characters_usual : static_cast<std::uint32_t>(window->count)),
          static_cast<std::uint32_t>(window - setup_.faults.data()));
    case Kind::line_broken:
      if (window == nullptr) return pair.set_break(std::nullopt);
      return pair.set_break(static_cast<std::size_t>(window->count));
    case Kind::line_swapped:
      return pair.set_master_swapped(window != nullptr);
    case Kind::line_unbiased:
      return pair.set_idle_noise(window == nullptr ? core::Ratio{0, 1} : window->chance);
    case Kind::line_echo:
      return pair.set_echo(window != nullptr);
    case Kind::babbling_node:
      if (window == nullptr) return pair.set_babble(std::nullopt);
      return pair.set_babble(
          Babble{.lasts = window->delay == core::Duration(0) ? babble_usual : window->delay});
    case Kind::driver_clipped:
      return pair.set_master_driver(
          {.lead = {}, .tail = window == nullptr ? core::Duration(0) : -window->delay});
    default:
      return;
  }
}

void LineFaults::refresh_stations(FaultKind kind, std::size_t line) {
  auto& pair = lines_[line].troubles();
  for (const auto meter : setup_.lines[line].meters) {
    const auto* window = active_at(kind, line, meter);
    switch (kind) {
      case Kind::line_swapped:
        pair.set_swapped(meter, window != nullptr);
        break;
      case Kind::station_noise:
        pair.set_place_error(meter, window == nullptr ? core::Ratio{0, 1} : window->bit_error);
        break;
      case Kind::double_address:
        pair.set_double(meter, window == nullptr ? std::nullopt : std::optional(address_of(window->other)));
        break;
      case Kind::answer_late:
        pair.set_late(meter, window == nullptr ? std::nullopt
                                               : std::optional(LateAnswers{window->chance, window->delay}));
        break;
      default:
        return;
    }
  }
}

dlt645::AddressPattern LineFaults::address_of(MeterId meter) const {
  return meters_[meter - setup_.first_meter].address();
}

void LineFaults::refresh_gate(std::size_t number, bool is_begin) {
  const auto& window = fault(number);
  gates_.resize(lines_.size());
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    if (!reaches(window, line)) continue;
    auto& gate = gates_[line];
    if (!gate)
      gate = std::make_unique<FrameGate>(setup_.seed, setup_.id * 32 + static_cast<std::uint32_t>(line));
    if (is_begin)
      gate->begin(number, window, window.meter == 0 ? std::nullopt : std::optional(address_of(window.meter)));
    else
      gate->end(number);
    lines_[line].troubles().set_filter(gate->is_idle() ? nullptr : gate.get());
  }
}

std::uint64_t LineFaults::struck_so_far(std::size_t number) const {
  const auto& window = fault(number);
  std::uint64_t count = 0;
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    if (!reaches(window, line)) continue;
    if (window.kind == Kind::line_noise) {
      count += lines_[line].garbled_count();
      continue;
    }
    if (window.kind == Kind::frame_lost || window.kind == Kind::frame_garbled) {
      if (line < gates_.size() && gates_[line]) count += gates_[line]->struck(number);
      continue;
    }
    if (!lines_[line].is_troubled()) continue;
    count += count_of(window.kind, lines_[line].troubles().counts());
  }
  return count;
}
}  // namespace model
