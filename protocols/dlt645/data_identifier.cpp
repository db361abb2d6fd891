#include "protocols/dlt645/data_identifier.hpp"

namespace dlt645 {
std::string to_string(DataIdentifier item) {
  const std::array<std::uint8_t, 4> high_first{item.di3(), item.di2(), item.di1(), item.di0()};
  return core::to_hex(high_first, "");
}
}  // namespace dlt645
