/// The stages of a flood: how much comes when, of which kinds, and what is called what.
///
/// A stage is open loop: every frame has an intended time that does not depend on what became of the frames
/// before it. Rates are readings a second of well-formed traffic; abnormal events come on top of them. A
/// `StagePlan` together with the estate's seed says everything: it can be written down and run again alone
/// (stage_text.hpp). Pure. Errors: none. Randomness: none here.
#pragma once
#include <string>
#include <vector>

#include "stress/fleet/abnormal.hpp"
#include "stress/fleet/api_messages.hpp"
#include "stress/record.hpp"

namespace stress {
using namespace std::chrono_literals;

/// A rate for so long.
struct RateStep {
  Duration lasts{};
  std::uint64_t readings_per_s = 0;  ///< 0: silence
  bool operator==(const RateStep&) const = default;
};

struct StagePlan {
  std::string name;
  StageKind kind = StageKind::ladder;
  std::vector<RateStep> rates;          ///< one behind the other
  std::uint32_t abnormal_permille = 0;  ///< abnormal events beside each 1000 well-formed frames
  AbnormalWeights abnormal = abnormal_usual;
  std::uint32_t api_per_s = 0;  ///< requests a second beside ingest
  ApiWeights api = api_usual;
  Duration grace = 5s;            ///< how long answers are waited for behind the last intended time
  std::uint64_t first_event = 0;  ///< where the addressed draws of this stage begin: stages do not repeat
                                  ///< each other's
  bool operator==(const StagePlan&) const = default;

  Duration lasts() const;
  /// Well-formed readings per second, the mean over the stage.
  double mean_rate() const;
};
std::string_view name_of(StageKind kind);
std::optional<StageKind> stage_kind_of(std::string_view name);

/// What all stages of a run share.
struct Mix {
  std::uint32_t abnormal_permille = 0;
  AbnormalWeights abnormal = abnormal_usual;
  std::uint32_t api_per_s = 0;
  ApiWeights api = api_usual;
};

StagePlan steady(std::string name, StageKind kind, std::uint64_t readings_per_s, Duration lasts,
                 const Mix& mix = {});
/// `count` stages that rise in equal steps from `from` to `till`: 10k, 20k ... 100k.
std::vector<StagePlan> ladder(std::uint64_t from, std::uint64_t till, int count, Duration each,
                              const Mix& mix = {});
/// One stage whose rate rises from `from` to `till` in equal steps of `step_every`, milliseconds apart.
StagePlan stepped(std::uint64_t from, std::uint64_t till, int steps, Duration step_every,
                  const Mix& mix = {});
/// Calm, a spike of `factor` times the calm rate, calm again.
StagePlan spike(std::uint64_t calm, std::uint64_t factor, Duration calm_for, Duration spike_for,
                const Mix& mix = {});
StagePlan soak(std::uint64_t readings_per_s, Duration lasts, const Mix& mix = {});
/// Each stage brings twice the readings of the one before: exponential growth of the data.
std::vector<StagePlan> doubling(std::uint64_t from, int count, Duration each, const Mix& mix = {});
/// Twice the knee (or `factor_percent` of it) for `lasts`; its grace is long: queues must empty.
StagePlan over_capacity(std::uint64_t knee, Duration lasts = 60s, std::uint64_t factor_percent = 200,
                        const Mix& mix = {});
StagePlan recovery(std::uint64_t readings_per_s, Duration lasts = 20s, const Mix& mix = {});
/// Gives each stage its own range of draws, in order.
void number_events(std::vector<StagePlan>& stages);
}  // namespace stress
