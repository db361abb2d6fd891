#include "stress/verdict/numbers.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace stress {
std::string grouped(std::uint64_t number) {
  const auto digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string milliseconds_text(double ms) {
  if (std::isinf(ms)) return "never";
  if (ms >= 1000) return fmt::format("{:.2f} s", ms / 1000);
  return ms >= 10 ? fmt::format("{:.1f} ms", ms) : fmt::format("{:.2f} ms", ms);
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string per_cent_text(double share) { return fmt::format("{:+.1f} %", share * 100); }
}  // namespace stress
