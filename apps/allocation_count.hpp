/// How often this process has asked for memory: operator new counts in the `metertwin` program, so that a
/// stress run can say what a reading costs.
#pragma once
#include <cstdint>

namespace app {
/// Calls of operator new since the start, of all threads; approximate while others allocate.
std::uint64_t allocation_count();
}  // namespace app
