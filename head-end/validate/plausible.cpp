#include "head-end/validate/plausible.hpp"

namespace headend {
ReadingVerdict judge_register(CentiKilowattHours shown, const std::optional<Neighbour>& earlier,
                              const std::optional<Neighbour>& later, CentiKilowattHours interval_energy_max) {
  if (shown.count() < 0 || shown.count() >= register_end_centikWh) return ReadingVerdict::too_large;
  if (earlier) {
    if (shown < earlier->register_shown) return ReadingVerdict::runs_backwards;
    if (shown - earlier->register_shown > interval_energy_max * earlier->quarters_away)
      return ReadingVerdict::too_large;
  }
  if (later) {
    if (shown > later->register_shown) return ReadingVerdict::runs_backwards;
    if (later->register_shown - shown > interval_energy_max * later->quarters_away)
      return ReadingVerdict::too_large;
  }
  return ReadingVerdict::accepted;
}

ReadingVerdict judge_repetition(CentiKilowattHours shown, CentiKilowattHours stored) {
  return shown == stored ? ReadingVerdict::repeated : ReadingVerdict::contradicts_stored;
}

const char* name_of(ReadingVerdict verdict) {
  switch (verdict) {
    case ReadingVerdict::accepted:
      return "accepted";
    case ReadingVerdict::repeated:
      return "repeated";
    case ReadingVerdict::contradicts_stored:
      return "contradicts_stored";
    case ReadingVerdict::runs_backwards:
      return "runs_backwards";
    case ReadingVerdict::too_large:
      return "too_large";
    case ReadingVerdict::not_due:
      return "not_due";
    case ReadingVerdict::unknown_meter:
      return "unknown_meter";
  }
  return "unknown";
}
}  // namespace headend
