/// The registry of faults: everything that metertwin can break on purpose, each under one name.
///
/// A fault has the words that people in the field use (English and Chinese), the place where it attaches, the
/// fields that a scenario may or must give it, what truth is told when it begins and ends, what must be
/// observed, and how it heals. Scenario files, the wiring, audit and `metertwin faults` all read this one
/// table. Pure data; Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace model {
/// In the order of the table; only append.
enum class FaultKind : std::uint8_t {
  supply_outage,
  uplink_outage,
  concentrator_restart,
  head_end_crash,
  line_noise,
  meter_silent,
  collector_power_loss,
  firmware_restart,
  stale_cache,
  store_overflow,
  clock_step,
  clock_drift,
  schedule_change,
  event_storm,
  frame_lost,
  frame_garbled,
  uplink_drop,
  line_burst,
  line_broken,
  line_swapped,
  line_unbiased,
  line_echo,
  babbling_node,
  driver_clipped,
  station_noise,
  double_address,
  answer_late,
  carrier_noise,
  carrier_module_off,
  nat_timeout,
  cell_crowded,
  theft_bypass,
  theft_shunt,
  theft_magnet,
  theft_reversed,
  theft_neutral,
  theft_ct_shorted,
  theft_capped,
  theft_wavering,
  theft_hook,
  theft_feed,
  theft_rollback,
  cover_open,
  slow_drift,
  stuck_register,
  dead_phase,
  phase_swap,
  meter_clock_shift,
  recharge_replay,
  theft_collusion,
  theft_false_data,
  theft_adaptive,
  section_outage,
  switch_open,
  switch_closed,
  fuse_blown,
};

/// Where a fault attaches: whose behaviour changes while it lasts.
enum class FaultSite : std::uint8_t { meter, line, collector, uplink, area, head_end };
std::string_view name_of(FaultSite site);

/// The fields of a scenario's fault, beside name, kind and schedule; a set of them is a sum.
enum FaultField : std::uint32_t {
  fault_area = 1u << 0,       ///< narrows to one area
  fault_meter = 1u << 1,      ///< narrows to one meter
  fault_line = 1u << 2,       ///< narrows to one line of an area
  fault_bit_error = 1u << 3,  ///< chance that a bit flips
  fault_chance = 1u << 4,     ///< by chance: share of the frames concerned
  fault_nth = 1u << 5,        ///< on demand: the n-th frame, or every n-th
  fault_frame = 1u << 6,      ///< on demand: frames of one type
  fault_delay = 1u << 7,      ///< how much later
  fault_step = 1u << 8,       ///< how far a clock is put forward or back
  fault_count = 1u << 9,      ///< how many
  fault_age = 1u << 10,       ///< how old
  fault_other = 1u << 11,     ///< a second meter
  fault_noise = 1u << 12,     ///< how much louder, dB
  fault_share = 1u << 13,     ///< of the energy, what is not registered or is given away
  fault_power = 1u << 14,     ///< how much power
  fault_energy = 1u << 15,    ///< how much energy
  fault_attack = 1u << 16,    ///< which function of the theft literature
  fault_section = 1u << 17,   ///< a section of the area's network
  fault_phases = 1u << 18,    ///< of that section
};

struct FaultEntry {
  FaultKind kind;
  std::string_view name;     ///< what a scenario writes: "uplink-outage"
  std::string_view words;    ///< what people in the field call it
  std::string_view chinese;  ///< and in Chinese
  FaultSite site;
  std::uint32_t takes;        ///< sum of FaultField
  std::uint32_t needs;        ///< of these, what must be given
  std::string_view meaning;   ///< one line: what happens
  std::string_view observed;  ///< what must be seen while it lasts, and what counts as an effect
  std::string_view heals;     ///< how all is well again
  std::string_view began;     ///< truth events at its edges (docs/truth-events.md)
  std::string_view ended;

  constexpr bool takes_field(FaultField field) const { return (takes & field) != 0; }
  constexpr bool needs_field(FaultField field) const { return (needs & field) != 0; }
};

/// Does energy pass unregistered while this lasts (theft, a failing meter)? Then a register that stands
/// behind what passed is this fault's work, not a meter's or a head-end's mistake.
bool hides_energy(FaultKind kind);
/// May a register also run ahead of what passed while it lasts: told falsely, or measured by the wrong
/// voltage?
bool adds_energy(FaultKind kind);
/// Does it hide energy of the second meter (`other`) as well?
bool hides_at_other(FaultKind kind);
/// Do readings hold the register of another moment while it lasts, because the meter's own clock is wrong?
bool shifts_meter_clock(FaultKind kind);

/// What `attack` may be: the functions of models/theft/attack.hpp, by name.
std::span<const std::string_view> attack_names();
/// The one of these that reports another customer's series, and so needs `other`.
inline constexpr std::string_view attack_of_two = "m12";

/// All of them; entry i has kind i.
std::span<const FaultEntry> fault_registry();
const FaultEntry& fault_entry(FaultKind kind);
/// The fault of this name; nothing when there is none.
std::optional<FaultKind> find_fault(std::string_view name);

/// The key of a field in a scenario file ("bit_error"). Range: exactly one bit.
std::string_view key_of(FaultField field);
/// Every field, in the order of the file.
std::span<const FaultField> fault_fields();
}  // namespace model
