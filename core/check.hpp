/// Our own bugs: an invariant that the code itself promised.
///
/// `METERTWIN_CHECK(condition, values...)` is always on. It prints the condition, the place and the values,
/// and aborts; the fork runner reports which scenario died. Weather (time-outs, bad sums, refusals) is
/// `Result`, never this.
#pragma once
#include <sstream>
#include <string>

namespace core::detail {
[[noreturn]] void check_failed(const char* condition, const char* file, int line, const std::string& values);

template <class... Values>
std::string show_values(const Values&... values) {
  std::ostringstream out;
  ((out << ' ' << values), ...);
  return out.str();
}
}  // namespace core::detail

#define METERTWIN_CHECK(condition, ...)                                       \
  do {                                                                        \
    if (!(condition)) [[unlikely]]                                            \
      ::core::detail::check_failed(#condition, __FILE__, __LINE__,            \
                                   ::core::detail::show_values(__VA_ARGS__)); \
  } while (false)
