/// What the operating system and the allocator know of this process. Linux with glibc.
#pragma once
#include <cstdint>

namespace seam {
struct ProcessFigures {
  std::uint64_t heap_bytes = 0;      ///< handed out by malloc and not freed, mapped blocks included
  std::uint64_t resident_bytes = 0;  ///< RSS
  double cpu_s = 0;                  ///< user and system, since the start
  std::uint64_t threads = 0;
};
/// Takes some ten microseconds: for once a second, not for once a reading.
ProcessFigures process_figures();
}  // namespace seam
