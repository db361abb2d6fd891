/// The generator's memory against the store: is everything that was confirmed there, once and right?
#pragma once
#include <filesystem>

#include "stress/plan/flood.hpp"

namespace app {
/// Streams the store once. Throws std::runtime_error with one line for a store that cannot be read.
stress::LossRecord compare_with_store(const stress::Flood& flood, const std::filesystem::path& store);
}  // namespace app
