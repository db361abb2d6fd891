/// A meter's communication address (表地址): twelve decimal digits, DL/T 645-2007 link layer.
///
/// On the wire six BCD bytes, lowest pair first, never offset by 33H. 999999999999 is broadcast: heard by
/// all, answered by none. Bytes AA in the high positions are wildcards (reading only); an address with
/// wildcards is not a MeterAddress but an AddressPattern of the dlt645 codec.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {
class MeterAddress {
 public:
  constexpr MeterAddress() = default;
  /// Range: digits < 10^12.
  constexpr explicit MeterAddress(std::uint64_t digits) : digits_(digits) {}
  constexpr std::uint64_t digits() const { return digits_; }
  constexpr bool is_broadcast() const { return digits_ == 999'999'999'999ull; }
  constexpr auto operator<=>(const MeterAddress&) const = default;

 private:
  std::uint64_t digits_ = 0;
};

/// Twelve digits, zero-padded.
std::string to_string(MeterAddress address);
/// One to twelve decimal digits, short ones padded with zeros in front; nothing for anything else.
std::optional<MeterAddress> parse_meter_address(std::string_view text);
}  // namespace core
