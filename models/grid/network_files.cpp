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
}  // namespace

Network read_network(const std::filesystem::path& path, const NetworkReading& reading) {
  if (std::filesystem::is_directory(path)) {
    const IeeeFeeder ieee = read_ieee_folder(path);
    Network network = network_of(ieee.feeder, ieee.profiles);
    network.file = path.string();
    return network;
  }
  if (!std::filesystem::exists(path))
    throw BadFeederFile(path.string() + ": no such file, or it cannot be read");
  if (lower_case(path.extension().string()) == ".dss")
    return network_of(read_dss_script(path), path.string(), {reading.silent_voltage_limits});
  Network network = read_yaml_network(path, reading.profiles);
  network.file = path.string();
  return network;
}
}  // namespace model::grid
