/// Connections that never become a collector: slow-loris and half-open.
///
/// A slow-loris begins the login of a concentrator and sends one byte a second, never the last; a half-open
/// connection says nothing at all. At most `each_max` of a kind stand at a time; when another is due the
/// oldest hangs up for it. Pure; no randomness.
#pragma once
#include "stress/fleet/report_writer.hpp"
#include "stress/plan/lines.hpp"

namespace stress {
class Strangers {
 public:
  static constexpr std::uint32_t each_max = 64;
  static constexpr std::uint32_t lines = 2 * each_max;

  /// Lines `first` .. `first + lines - 1`: lorises, then half-open ones.
  explicit Strangers(LineId first) : first_(first) {}
  bool owns(LineId line) const { return line >= first_ && line < first_ + lines; }
  void come(Lines& all, bool is_loris);
  void ended(Lines& all, LineId line);
  /// Once a second: another byte of each loris.
  void say_a_byte(Lines& all, ReportWriter& writer);
  void leave(Lines& all);

 private:
  LineId first_;
  std::uint32_t next_loris_ = 0, next_half_open_ = 0;
  std::array<std::uint8_t, each_max> said_{};
  std::array<bool, lines> comes_again_{};
};
}  // namespace stress
