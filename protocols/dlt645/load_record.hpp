/// A load record (负荷记录): what a meter keeps of one interval, as a binary block of DL/T 645-2007 Appendix
/// B.
///
///     A0 A0 | length | mm hh DD MM YY | U I f 17 AA | P Q 24 AA | PF 8 AA | energies 16 AA | quadrants 16 AA
///     | demand 6 AA | CS = sum from the first A0 | E5
/// A class that is switched off leaves only its AA. E0 E0 instead of A0 A0 marks a damaged record. Length
/// counts the bytes after it up to CS. Read by 06cc0000 (earliest), 06cc0001 (from a given time), 06cc0002
/// (latest): the request carries how many, the answer carries them one behind the other, whole ones only.
/// Errors: bad_start, bad_length, bad_checksum, bad_end, bad_field. No allocation.
#pragma once
#include "core/civil.hpp"
#include "core/result.hpp"
#include "core/units.hpp"
#include "protocols/dlt645/frame.hpp"

namespace dlt645 {
/// Bits of `LoadRecord::classes`, as in the mode word 04000901.
namespace load_class {
inline constexpr std::uint8_t voltage_current = 1u << 0;  ///< class 1
inline constexpr std::uint8_t powers = 1u << 1;           ///< class 2
inline constexpr std::uint8_t power_factors = 1u << 2;    ///< class 3
inline constexpr std::uint8_t energies = 1u << 3;         ///< class 4
inline constexpr std::uint8_t quadrants = 1u << 4;        ///< class 5
inline constexpr std::uint8_t demands = 1u << 5;          ///< class 6
inline constexpr std::uint8_t all = 0x3F;
}  // namespace load_class

/// Whole numbers of the unit named; `absent` = not measured (FF.. on the wire).
struct LoadRecord {
  static constexpr std::int32_t absent = INT32_MIN;
  core::CivilTime at;
  std::uint8_t classes = 0;
  bool is_damaged = false;
  std::array<std::int32_t, 3> voltage_dV{absent, absent, absent};  ///< 0.1 V, phases A B C
  std::array<std::int32_t, 3> current_mA{absent, absent, absent};  ///< signed
  std::int32_t frequency_cHz = absent;                             ///< 0.01 Hz
  std::array<std::int32_t, 4> active_dW{absent, absent, absent,
                                        absent};  ///< 0.0001 kW: total, A, B, C; signed
  std::array<std::int32_t, 4> reactive_dvar{absent, absent, absent, absent};
  std::array<std::int32_t, 4> power_factor_permille{absent, absent, absent, absent};
  std::array<std::int32_t, 4> energy_ckWh{absent, absent, absent,
                                          absent};  ///< forward, reverse, reactive 1, reactive 2
  std::array<std::int32_t, 4> quadrant_ckvarh{absent, absent, absent, absent};
  std::array<std::int32_t, 2> demand_dW{absent, absent};  ///< active, reactive
};
inline constexpr std::size_t load_record_bytes_max = 3 + 5 + 17 + 24 + 8 + 16 + 16 + 6 + 6 + 2;
/// A record with energies only.
inline constexpr std::size_t energy_record_bytes = 3 + 5 + 16 + 6 + 2;
/// How many energy records fit into one answer (200 bytes less the identifier).
inline constexpr std::size_t energy_records_per_frame = (data_bytes_max - 4) / energy_record_bytes;

/// Appends one block. Range: out has room (checked).
void put_load_record(const LoadRecord& record, Data& out);
/// Fast path: class 4 only, active registers; reactive registers 0. `mm_hh_DD_MM_YY` are the five time bytes.
void put_energy_record(core::Bytes mm_hh_DD_MM_YY, core::CentiKilowattHours forward,
                       core::CentiKilowattHours reverse, Data& out);
/// Reads the block at the front of `bytes` into `record`; answers how many bytes it took.
core::Result<std::size_t> take_load_record(core::Bytes bytes, LoadRecord& record);

/// The part of a record that billing needs.
struct EnergyRecord {
  core::CivilTime at;
  core::CentiKilowattHours forward, reverse;
};
/// Fast path for class 4 only blocks; answers unexpected_answer for a good block that has other classes or no
/// energies.
core::Result<std::size_t> take_energy_record(core::Bytes bytes, EnergyRecord& record);
}  // namespace dlt645
