/// What a network must not do: carry more than it is rated for, or leave the voltage band.
///
/// Looks at one solved moment. Rated currents and fuses where the network tells them; the voltage band at the
/// consumers only (EN 50160: 230 V +- 10 %); the transformer by its apparent power.
#pragma once
#include "models/grid/power_flow.hpp"

namespace model::grid {
struct VoltageBand {
  double low_V = 207, high_V = 253;
};
struct Warning {
  std::string element;  ///< "line 1-2", "load 17", "transformer"
  std::string kind;     ///< "overload", "fuse", "undervoltage", "overvoltage"
  int phase = -1;       ///< -1: all
  double value = 0, limit = 0;
  const char* unit = "";
};
/// In the network's order: sections, consumers, transformers.
std::vector<Warning> warnings_of(const Network& network, const PowerFlow& flow, int lane,
                                 const VoltageBand& band);
}  // namespace model::grid
