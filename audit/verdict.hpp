/// What an audit may say, and how single sayings add up to one about the run.
///
/// A verdict is pass, fail, unknown or blocked. Zero samples, an injected fault that never bit, a customer
/// who never came: unknown, never pass. One failed check fails the run, whatever the others could not tell.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"

namespace audit {
/// pass: looked and right. fail: looked and wrong. unknown: had nothing to look at. blocked: could not look.
enum class Verdict : std::uint8_t { pass, fail, unknown, blocked };

/// "pass", "fail", "unknown", "blocked".
std::string_view name_of(Verdict verdict);

/// One violation, or one deviation that an injected fault explains.
struct Finding {
  std::string entity;     ///< "M0017", "account A0017", "entry 41", "fault 2"
  core::Instant instant;  ///< when it happened or was due; the epoch where no instant applies
  std::string sentence;   ///< what was expected and what was found, with figures
  std::string cause;      ///< the injected fault that explains it; empty = nothing explains it
};

/// One question that was asked of a run, with its answer.
struct Check {
  std::string id;     ///< "I-READ.coverage": stable, for machines
  std::string title;  ///< one line for people
  Verdict verdict = Verdict::unknown;
  std::string measured;         ///< "99.87 % of 96000"
  std::string limit;            ///< ">= 99.5 %"
  std::int64_t samples = 0;     ///< how many things were looked at
  std::int64_t violations = 0;  ///< all of them, also those that `findings` has no room for
  std::int64_t explained = 0;  ///< deviations that an injected fault accounts for; they do not fail the check
  std::vector<Finding> findings;  ///< violations first, at most Options::findings_max of each sort
};

/// fail over blocked over unknown over pass; no checks at all: unknown.
Verdict combined(std::span<const Check> checks);

/// 0 pass, 1 fail, 2 unknown or blocked.
int exit_code(Verdict verdict);
}  // namespace audit
