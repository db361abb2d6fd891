/// `metertwin line area FEEDER`: how well meters on a feeder can be read over its mains, day by day.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace app {
struct AreaArguments {
  std::filesystem::path feeder;
  std::uint32_t modules = 200;
  int days = 1, attempts = 3, hop_tries = 3, relay_levels = -1;
  double extra_noise_dB = 0;
  std::uint64_t seed = 42;
  std::string band = "narrowband", format = "text";
};
/// Reads the feeder, reads the area, prints. Throws std::invalid_argument or model::BadFeederFile in one
/// line.
void show_area(const AreaArguments& arguments);
}  // namespace app
