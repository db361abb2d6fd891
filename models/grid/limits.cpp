#include "models/grid/limits.hpp"

#include <cmath>

namespace model::grid {
namespace {
void add_section(const Section& section, std::size_t position, const PowerFlow& flow, int lane,
                 std::vector<Warning>& found) {
  if (section.rated_A <= 0 && section.fuse_A <= 0) return;
  for (int conductor = 0; conductor < conductor_max; ++conductor) {
    const double current_A = std::abs(flow.section_current_A(position, conductor, lane));
    if (section.rated_A > 0 && current_A > section.rated_A)
      found.push_back({section.name, "overload", conductor, current_A, section.rated_A, "A"});
    if (section.fuse_A > 0 && conductor != neutral && current_A > section.fuse_A)
      found.push_back({section.name, "fuse", conductor, current_A, section.fuse_A, "A"});
  }
}
}  // namespace

std::vector<Warning> warnings_of(const Network& network, const PowerFlow& flow, int lane,
                                 const VoltageBand& band) {
  std::vector<Warning> found;
  for (std::size_t i = 0; i < network.sections.size(); ++i)
    add_section(network.sections[i], i, flow, lane, found);
  for (std::size_t i = 0; i < network.consumers.size(); ++i) {
    const Consumer& consumer = network.consumers[i];
    const bool is_between_phases = consumer.to >= 0 && consumer.to != neutral;
    if (!flow.is_connected(i) || is_between_phases) continue;
    const double voltage_V = std::abs(flow.consumer_voltage_V(i, lane));
    if (voltage_V < band.low_V)
      found.push_back({consumer.name, "undervoltage", consumer.from, voltage_V, band.low_V, "V"});
    if (voltage_V > band.high_V)
      found.push_back({consumer.name, "overvoltage", consumer.from, voltage_V, band.high_V, "V"});
  }
  for (std::size_t i = 0; i < network.transformers.size(); ++i) {
    const Transformer& transformer = network.transformers[i];
    double apparent_kVA = 0;
    for (int phase = 0; phase < 3; ++phase)
      apparent_kVA += std::abs(flow.transformer_power_VA(i, phase, lane)) / 1000;
    if (apparent_kVA > transformer.rated_kVA)
      found.push_back({transformer.name, "overload", -1, apparent_kVA, transformer.rated_kVA, "kVA"});
  }
  return found;
}
}  // namespace model::grid
