#include "audit/verdict.hpp"

namespace audit {
std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::unknown:
      return "unknown";
    case Verdict::blocked:
      break;
  }
  return "blocked";
}

Verdict combined(std::span<const Check> checks) {
  const auto any = [checks](Verdict verdict) {
    for (const auto& check : checks)
      if (check.verdict == verdict) return true;
    return false;
  };
  for (const auto verdict : {Verdict::fail, Verdict::blocked, Verdict::unknown})
    if (any(verdict)) return verdict;
  return checks.empty() ? Verdict::unknown : Verdict::pass;
}

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return 0;
    case Verdict::fail:
      return 1;
    case Verdict::unknown:
    case Verdict::blocked:
      break;
  }
  return 2;
}
}  // namespace audit
