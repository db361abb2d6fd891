#include "models/meter/parameters.hpp"

#include <algorithm>
#include <iterator>

namespace model {
namespace {
/// `count` identifiers from `first` on that share width and default.
struct Row {
  std::uint32_t first;
  std::uint8_t count;
  std::uint8_t bytes;
  bool is_bcd;
  std::uint64_t digits;
};
constexpr Row rows[] = {
    {0x04000103, 1, 1, true, 0x15},          // demand period, min
    {0x04000104, 1, 1, true, 0x15},          // slip, min: blocks
    {0x04000105, 1, 2, true, 0x0080},        // test pulse width, ms
    {0x04000205, 1, 2, true, 0},             // public holidays
    {0x04000206, 1, 1, true, 0},             // harmonics analysed
    {0x04000301, 1, 1, true, 0x05},          // screens shown in turn
    {0x04000302, 1, 1, true, 0x05},          // seconds each
    {0x04000303, 1, 1, true, 0x02},          // decimals of energy
    {0x04000304, 1, 1, true, 0x04},          // decimals of power
    {0x04000305, 1, 1, true, 0x08},          // screens by the button
    {0x04000601, 3, 1, false, 0x05},         // how combined energies are made up
    {0x04000701, 5, 1, false, 0x08},         // baud words: 2400
    {0x04000901, 1, 1, false, 0x08},         // load record: class 4, energies
    {0x04000902, 1, 1, false, 0x03},         // what a freeze holds
    {0x04000A01, 1, 4, true, 0x01010000},    // load record since MMDDhhmm
    {0x04000A02, 6, 2, true, 0x0015},        // its interval, min, by class
    {0x04000B02, 2, 2, true, 0x9999},        // second and third billing day: not used
    {0x04000D01, 12, 2, true, 0},            // line constants
    {0x04000E01, 2, 3, true, 0x999999},      // power limits, 0.0001 kW
    {0x04000E03, 1, 2, true, 0x2640},        // voltage limits, 0.1 V: 264.0
    {0x04000E04, 1, 2, true, 0x1540},        // 154.0
    {0x04000F01, 4, 4, true, 0},             // alarms and limits of an account in energy
    {0x04001301, 1, 1, true, 0},             // wireless signal
    {0x04030001, 16, 4, true, 0},            // public holidays YYMMDDNN
    {0x04040101, 16, 4, false, 0x00010000},  // screens: forward active energy
    {0x04040201, 16, 4, false, 0x00010000},
};
}  // namespace

std::optional<ParameterDefault> find_parameter(std::uint32_t item) {
  const auto row = std::find_if(std::begin(rows), std::end(rows),
                                [&](const Row& r) { return item >= r.first && item < r.first + r.count; });
  if (row == std::end(rows)) return std::nullopt;
  return ParameterDefault{item, row->bytes, row->is_bcd, row->digits};
}
}  // namespace model
