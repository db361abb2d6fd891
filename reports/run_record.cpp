#include "reports/run_record.hpp"

#include <algorithm>

namespace report {
const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::unknown:
      return "unknown";
    case Verdict::blocked:
      return "blocked";
  }
  return "unknown";
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

Verdict worst(Verdict a, Verdict b) {
  for (const auto verdict : {Verdict::fail, Verdict::blocked, Verdict::unknown})
    if (a == verdict || b == verdict) return verdict;
  return Verdict::pass;
}

const char* name_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::notice:
      return "notice";
    case Event::Kind::sale:
      return "payment";
    case Event::Kind::cut_off:
      return "cut off";
    case Event::Kind::restored:
      return "restored";
    case Event::Kind::bill:
      return "bill";
    case Event::Kind::outage:
      return "outage";
    case Event::Kind::restart:
      return "restart";
    case Event::Kind::crash:
      return "crash";
    case Event::Kind::alarm:
      return "alarm";
    case Event::Kind::other:
      return "other";
  }
  return "other";
}

std::string reason_of(const RunRecord& record) {
  if (!record.reason.empty()) return record.reason;
  const auto count = [&](Verdict verdict) {
    return std::count_if(record.checks.begin(), record.checks.end(),
                         [&](const Check& c) { return c.verdict == verdict; });
  };
  if (record.checks.empty()) return "nothing was checked";
  if (record.verdict == Verdict::pass && record.checks.size() == 1) return "the only check passes";
  if (record.verdict == Verdict::pass) return "all " + std::to_string(record.checks.size()) + " checks pass";
  const auto first = std::find_if(record.checks.begin(), record.checks.end(),
                                  [&](const Check& c) { return c.verdict == record.verdict; });
  const std::string share =
      std::to_string(count(record.verdict)) + " of " + std::to_string(record.checks.size()) + " checks " +
      (record.verdict == Verdict::fail ? "failed" : std::string("are ") + name_of(record.verdict));
  if (first == record.checks.end()) return share;
  return share + ", first " + first->id + ": " + (first->reason.empty() ? first->measured : first->reason);
}
}  // namespace report
