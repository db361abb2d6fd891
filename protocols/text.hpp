/// Small pieces of text work that the catalogues share.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace framing {
/// "-12.3456": `number` x 10^-decimals, all decimals shown. Range: |number| < 2^63.
inline std::string decimal_text(std::int64_t number, int decimals) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - places, 1, '.');
  if (number < 0) digits.insert(0, 1, '-');
  return digits;
}

/// Takes the text before the first `at` off the front of `text`, and the mark with it; all of it where there
/// is none.
inline std::string_view cut_at(std::string_view& text, char at) {
  const auto end = text.find(at);
  const auto front = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return front;
}
}  // namespace framing
