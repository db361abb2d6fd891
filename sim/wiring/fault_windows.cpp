#include <algorithm>

#include "core/check.hpp"
#include "scenarios/roster.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
namespace {
model::FrameType frame_type(const std::string& name) {
  using Type = model::FrameType;
  if (name == "read") return Type::read;
  if (name == "write") return Type::write;
  if (name == "control") return Type::control;
  if (name == "security") return Type::security;
  if (name == "time") return Type::time;
  return Type::any;
}

/// The area of each meter by its number: meters are numbered area after area.
std::size_t area_of(const scenario::Scenario& scenario, std::uint32_t meter) {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < scenario.areas.size(); ++i) {
    last += scenario::meter_count(scenario.areas[i]);
    if (std::int64_t{meter} <= last) return i;
  }
  METERTWIN_CHECK(false, meter);
  return 0;
}

std::uint8_t phases_of(const std::string& letters) {
  if (letters.empty()) return 0b0111;
  std::uint8_t phases = 0;
  for (const char letter : letters) phases = static_cast<std::uint8_t>(phases | 1 << (letter - 'A'));
  return phases;
}

model::FaultWindow window_of(const scenario::FaultSpec& fault, model::FaultKind kind, model::MeterId meter,
                             model::MeterId other) {
  return {.kind = kind,
          .from = fault.from,
          .till = fault.till,
          .meter = meter,
          .bit_error = fault.bit_error,
          .line = fault.line,
          .chance = fault.chance,
          .nth = static_cast<std::uint32_t>(fault.nth),
          .every_nth = static_cast<std::uint32_t>(fault.every_nth),
          .frame = frame_type(fault.frame),
          .delay = fault.delay,
          .step = fault.step,
          .age = fault.age,
          .count = fault.count,
          .noise_dB = fault.noise_dB,
          .other = other,
          .share_ppm = static_cast<std::int32_t>(std::uint64_t{fault.share.numerator} * 1'000'000 /
                                                 fault.share.denominator),
          .power = fault.power,
          .energy = fault.energy,
          .section = fault.section,
          .phases = phases_of(fault.phases),
          .attack = fault.attack,
          .name = fault.name,
          .when = fault.when,
          .wait = fault.wait,
          .lasts = fault.lasts};
}
}  // namespace

std::vector<model::FaultWindow> fault_windows(const scenario::Scenario& scenario, std::size_t area) {
  std::vector<model::FaultWindow> windows;
  for (const auto& fault : scenario.faults) {
    const auto kind = model::find_fault(fault.kind);
    METERTWIN_CHECK(kind.has_value(), fault.kind);
    if (*kind == model::FaultKind::head_end_crash) continue;
    if (!fault.area.empty() && fault.area != scenario.areas[area].name) continue;
    model::MeterId meter = 0, other = 0;
    if (!fault.meter.empty()) {
      meter = *scenario::find_meter(scenario, fault.meter);
      if (area_of(scenario, meter) != area) continue;
    }
    if (!fault.other.empty()) other = *scenario::find_meter(scenario, fault.other);
    windows.push_back(window_of(fault, *kind, meter, other));
  }
  return windows;
}
}  // namespace sim
