/// Parameters that a meter keeps for others to read and change, without a meaning of their own in this model.
///
/// Each has a fixed width and a default as raw bytes, lowest first: display lists, baud words, record modes,
/// limits, line constants ... [DL/T 645-2007, identifiers 04xxxxxx]. Those with a meaning (clock, tariff,
/// money, passwords) are the firmware's.
#pragma once
#include <cstdint>
#include <optional>

namespace model {
struct ParameterDefault {
  std::uint32_t item = 0;
  std::uint8_t bytes = 0;
  bool is_bcd = true;
  std::uint64_t digits = 0;  ///< as the bytes say, low byte first
};
/// The parameter of that identifier; nothing if there is none.
std::optional<ParameterDefault> find_parameter(std::uint32_t item);
}  // namespace model
