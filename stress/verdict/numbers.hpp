/// Numbers as people read them in a verdict.
#pragma once
#include <cstdint>
#include <string>

namespace stress {
/// "1,234,567".
std::string grouped(std::uint64_t number);
/// "12.3 ms", "0.45 ms", "1.20 s", "never" (infinite).
std::string milliseconds_text(double ms);
/// "512 B", "1.5 MB": powers of 1024.
std::string bytes_text(double bytes);
/// "+3.1 %".
std::string per_cent_text(double share);
}  // namespace stress
