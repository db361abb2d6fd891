// Which of the three forms a file is in, and the network that it holds.
#include "models/grid/csv_table.hpp"
#include "models/grid/network.hpp"
#include "models/grid/opendss.hpp"

namespace model::grid {
namespace {
Network read_yaml_network(const std::filesystem::path& path, const std::filesystem::path& table) {
  const Feeder feeder = load_feeder(path);
  std::vector<std::shared_ptr<const LoadProfile>> profiles(feeder.loads.size());
  if (!table.empty()) {
    const CsvTable read(table, CsvTable::Header::present);
    for (std::size_t i = 0; i < feeder.loads.size(); ++i)
      if (feeder.loads[i].profile > 0) profiles[i] = read_profile(read, feeder.loads[i].profile);
  }
  return network_of(feeder, profiles);
}
/// Conductors that anything brings to each bus, switched on or not.
std::vector<ConductorSet> conductors_of_buses(const Network& network) {
  std::vector<ConductorSet> brought(network.buses.size(), 0);
  const auto bring = [&](int bus, ConductorSet conductors) {
    auto& there = brought[static_cast<std::size_t>(bus)];
    there = static_cast<ConductorSet>(there | conductors);
  };
  bring(network.source.bus, four_wires);
  for (const Section& section : network.sections)
    bring(section.from_bus, section.conductors), bring(section.to_bus, section.conductors);
  for (const Transformer& transformer : network.transformers)
    bring(transformer.from_bus, four_wires), bring(transformer.to_bus, four_wires);
  return brought;
}

/// What is switched off has no voltage; what no cable brings is a mistake.
Network with_phases_checked(Network network) {
  const auto brought = conductors_of_buses(network);
  for (const Consumer& consumer : network.consumers)
    for (const int conductor : {consumer.from, consumer.to})
      if (conductor >= 0 && conductor != neutral &&
          (brought[static_cast<std::size_t>(consumer.bus)] >> conductor & 1) == 0)
        throw BadFeederFile((consumer.place.empty() ? network.file : consumer.place) + ": " + consumer.name +
                            ": bus " + network.buses[static_cast<std::size_t>(consumer.bus)] +
                            " has no phase " + std::string(1, "ABC"[conductor]));
  return network;
}
}  // namespace

Network read_network(const std::filesystem::path& path, const NetworkReading& reading) {
  if (std::filesystem::is_directory(path)) {
    const IeeeFeeder ieee = read_ieee_folder(path);
    Network network = network_of(ieee.feeder, ieee.profiles);
    network.file = path.string();
    return with_phases_checked(std::move(network));
  }
  if (!std::filesystem::exists(path))
    throw BadFeederFile(path.string() + ": no such file, or it cannot be read");
  if (lower_case(path.extension().string()) == ".dss")
    return with_phases_checked(
        network_of(read_dss_script(path), path.string(), {reading.silent_voltage_limits}));
  Network network = read_yaml_network(path, reading.profiles);
  network.file = path.string();
  return with_phases_checked(std::move(network));
}
}  // namespace model::grid
