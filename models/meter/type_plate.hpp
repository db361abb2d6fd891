/// What is printed on the front of a meter: shared by all meters of one make.
///
/// Source: GB/T 17215.321 (static meters for active energy, classes 1 and 2), DL/T 645-2007 identifiers
/// 04000404..0B.
#pragma once
#include <cstdint>
#include <string>

#include "core/units.hpp"

namespace model {
struct TypePlate {
  int accuracy_class = 2;              ///< 1 or 2
  bool is_of_transformer = false;      ///< class 0.5S instead, behind current transformers (台区总表)
  std::int32_t pulses_per_kWh = 1200;  ///< meter constant, imp/kWh (04000409)
  core::Millivolts rated_voltage{220'000};        ///< Un (04000404)
  core::Milliamperes basic_current{5'000};        ///< Ib (04000405)
  core::Milliamperes current_max{60'000};         ///< Imax (04000406)
  std::string model = "DDZY-MT";                  ///< 0400040B, at most 10 characters
  std::string made_on = "2026-01-05";             ///< 0400040C, at most 10 characters
  std::string protocol_version = "DL/T645-2007";  ///< 0400040D, at most 16 characters

  /// Below this current the meter need not turn: 0.004 Ib for class 1, 0.005 Ib for class 2, 0.001 In for
  /// 0.5S (GB/T 17215.322).
  constexpr core::Milliamperes starting_current() const {
    if (is_of_transformer) return core::Milliamperes(basic_current.count() / 1000);
    return core::Milliamperes(basic_current.count() * (accuracy_class == 1 ? 4 : 5) / 1000);
  }
  /// Largest error at reference conditions from 0.1 Ib to Imax: 1 % or 2 %; 0.5 % of class 0.5S.
  constexpr core::PartsPerMillion error_limit() const {
    return core::PartsPerMillion(is_of_transformer ? 5'000 : accuracy_class * 10'000);
  }
};

/// The error of one meter, within its class: triangular over +-limit (two uniform draws), so most are well
/// inside.
core::PartsPerMillion draw_error(std::uint64_t seed, std::uint32_t meter, const TypePlate& plate);
}  // namespace model
