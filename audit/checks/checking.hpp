/// A check in the making: it counts everything and keeps the first few violations in words.
///
/// Verdict: fail with any violation beyond what is allowed, unknown with nothing looked at, else pass.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "audit/audit.hpp"
#include "audit/verdict.hpp"

namespace audit {
class Checking {
 public:
  Checking(std::string id, std::string title, std::string limit, const Options& options);

  void looked(std::int64_t samples = 1) { check_.samples += samples; }
  /// `sentence` is a callable that gives the text: not called when there is no room for it.
  template <class Sentence>
  void violation(const std::string& entity, core::Instant at, Sentence sentence) {
    if (check_.violations++ < room_) check_.findings.push_back({entity, at, sentence(), ""});
  }
  /// Not as it should be, but an injected fault accounts for it.
  template <class Sentence>
  void explained(const std::string& entity, core::Instant at, std::string cause, Sentence sentence) {
    if (check_.explained++ < room_) explained_.push_back({entity, at, sentence(), std::move(cause)});
  }
  std::int64_t samples() const { return check_.samples; }
  std::int64_t violations() const { return check_.violations; }
  std::int64_t explained_count() const { return check_.explained; }

  /// Closes the check. `violations_allowed`: what the scenario puts up with.
  Check finish(std::string measured, std::int64_t violations_allowed = 0);

 private:
  Check check_;
  std::vector<Finding> explained_;
  std::int64_t room_;
};

/// "12.34 kWh", "-0.05 CNY": integers in words, without floating point.
std::string kWh_text(std::int64_t centikWh);
std::string CNY_text(std::int64_t fen);
std::string CNY_text_exact(std::int64_t microyuan);
/// "3 h 15 min", "47 min", "12 s".
std::string duration_text(core::Duration duration);
}  // namespace audit
