#include "core/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace core::detail {
void check_failed(const char* condition, const char* file, int line, const std::string& values) {
  std::fprintf(stderr, "metertwin: internal error: %s:%d: check failed: %s%s\n", file, line, condition,
               values.c_str());
  std::fflush(stderr);
  std::abort();
}
}  // namespace core::detail
