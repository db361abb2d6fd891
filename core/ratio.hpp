/// A probability or share as a fraction of integers, so that it prints, parses and draws exactly.
///
/// Range: 0 <= numerator <= denominator, denominator > 0; the scenario loader refuses anything else with its
/// place.
#pragma once
#include <compare>
#include <cstdint>

namespace core {
struct Ratio {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
  constexpr bool is_valid() const { return denominator > 0 && numerator <= denominator; }
  constexpr bool is_zero() const { return numerator == 0; }
  constexpr bool operator==(const Ratio& o) const {
    return std::uint64_t{numerator} * o.denominator == std::uint64_t{o.numerator} * denominator;
  }
};
}  // namespace core
