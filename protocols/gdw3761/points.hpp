/// Whom and what a data unit is about: measuring points pn and functions Fn, four bytes DA1 DA2 DT1 DT2.
///
/// DA2 counts groups of eight points from 1, DA1 has a bit per point of the group; DT2 counts groups of eight
/// functions from 0, DT1 has a bit per function. 00 00 in DA is p0, the terminal itself; DA FF 00 is "every
/// point". Several bits may be set; data then come point by point, each with its functions in order.
#pragma once
#include <compare>
#include <cstdint>

#include "core/bytes.hpp"

namespace gdw3761 {
struct UnitId {
  static constexpr std::size_t width = 4;
  std::uint8_t da1 = 0, da2 = 0, dt1 = 0, dt2 = 0;

  /// Range: pn 0..2040, fn 1..2048.
  static constexpr UnitId of(int pn, int fn) {
    UnitId id;
    id.set_function(fn);
    if (pn > 0) {
      id.da1 = static_cast<std::uint8_t>(1 << ((pn - 1) % 8));
      id.da2 = static_cast<std::uint8_t>((pn - 1) / 8 + 1);
    }
    return id;
  }
  /// Points 8 x group + 1 .. 8 x group + 8 (group from 0) whose bit is set in `mask`.
  static constexpr UnitId of_group(int group, std::uint8_t mask, int fn) {
    UnitId id;
    id.set_function(fn);
    id.da1 = mask;
    id.da2 = static_cast<std::uint8_t>(group + 1);
    return id;
  }
  static constexpr UnitId at(core::Bytes four_bytes) {
    return {four_bytes[0], four_bytes[1], four_bytes[2], four_bytes[3]};
  }
  constexpr bool is_terminal() const { return da1 == 0 && da2 == 0; }
  constexpr bool is_every_point() const { return da1 == 0xFF && da2 == 0; }
  /// The lowest function named; 0 if none.
  constexpr int function() const {
    for (int bit = 0; bit < 8; ++bit)
      if ((dt1 >> bit & 1) != 0) return dt2 * 8 + bit + 1;
    return 0;
  }
  /// The lowest point named; 0 for the terminal.
  constexpr int point() const {
    for (int bit = 0; bit < 8 && da2 > 0; ++bit)
      if ((da1 >> bit & 1) != 0) return (da2 - 1) * 8 + bit + 1;
    return 0;
  }
  /// `visit(int pn)`, rising; p0 for the terminal. "Every point" visits nothing: the receiver knows its
  /// points.
  template <class Visit>
  constexpr void each_point(Visit&& visit) const {
    if (is_terminal()) visit(0);
    for (int bit = 0; bit < 8 && da2 > 0; ++bit)
      if ((da1 >> bit & 1) != 0) visit((da2 - 1) * 8 + bit + 1);
  }
  template <class Visit>
  constexpr void each_function(Visit&& visit) const {
    for (int bit = 0; bit < 8; ++bit)
      if ((dt1 >> bit & 1) != 0) visit(dt2 * 8 + bit + 1);
  }
  constexpr auto operator<=>(const UnitId&) const = default;

 private:
  constexpr void set_function(int fn) {
    dt1 = static_cast<std::uint8_t>(1 << ((fn - 1) % 8));
    dt2 = static_cast<std::uint8_t>((fn - 1) / 8);
  }
};
}  // namespace gdw3761
