#include "stress/plan/stage_plan.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace stress {
namespace {
constexpr std::array<std::string_view, 8> kind_names{"warm_up", "ladder",      "step",          "spike",
                                                     "soak",    "knee_search", "over_capacity", "recovery"};
constexpr std::uint64_t events_a_stage = std::uint64_t{1} << 40;

/// "30,000/s"
std::string rate_text(std::uint64_t rate) {
  std::string text = std::to_string(rate);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text + "/s";
}

StagePlan with_mix(std::string name, StageKind kind, std::vector<RateStep> rates, const Mix& mix) {
  StagePlan stage;
  stage.name = std::move(name);
  stage.kind = kind;
  stage.rates = std::move(rates);
  stage.abnormal_permille = mix.abnormal_permille;
  stage.abnormal = mix.abnormal;
  stage.api_per_s = mix.api_per_s;
  stage.api = mix.api;
  return stage;
}

/// The i-th of `count` equal steps from `from` to `till`, both included.
std::uint64_t rung(std::uint64_t from, std::uint64_t till, int i, int count) {
  if (count == 1) return from;
  const auto rise = static_cast<std::int64_t>(till) - static_cast<std::int64_t>(from);
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(from) + rise * i / (count - 1));
}
}  // namespace

std::string_view name_of(StageKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<StageKind> stage_kind_of(std::string_view name) {
  const auto* const found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<StageKind>(found - kind_names.begin());
}

Duration StagePlan::lasts() const {
  Duration sum{};
  for (const auto& step : rates) sum += step.lasts;
  return sum;
}

double StagePlan::mean_rate() const {
  double readings = 0;
  for (const auto& step : rates)
    readings += static_cast<double>(step.readings_per_s) * std::chrono::duration<double>(step.lasts).count();
  const double seconds = std::chrono::duration<double>(lasts()).count();
  return seconds > 0 ? readings / seconds : 0;
}

StagePlan steady(std::string name, StageKind kind, std::uint64_t readings_per_s, Duration lasts,
                 const Mix& mix) {
  return with_mix(std::move(name), kind, {{lasts, readings_per_s}}, mix);
}

std::vector<StagePlan> ladder(std::uint64_t from, std::uint64_t till, int count, Duration each,
                              const Mix& mix) {
  METERTWIN_CHECK(count >= 1, count);
  std::vector<StagePlan> stages;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t rate = rung(from, till, i, count);
    stages.push_back(
        steady("ladder " + std::to_string(i + 1) + "/" + std::to_string(count) + ": " + rate_text(rate),
               StageKind::ladder, rate, each, mix));
  }
  return stages;
}

StagePlan stepped(std::uint64_t from, std::uint64_t till, int steps, Duration step_every, const Mix& mix) {
  METERTWIN_CHECK(steps >= 1, steps);
  std::vector<RateStep> rates;
  for (int i = 0; i < steps; ++i) rates.push_back({step_every, rung(from, till, i, steps)});
  const auto step_ms = std::chrono::duration_cast<std::chrono::milliseconds>(step_every).count();
  return with_mix(
      "steps of " + std::to_string(step_ms) + " ms: " + rate_text(from) + " to " + rate_text(till),
      StageKind::step, std::move(rates), mix);
}

StagePlan spike(std::uint64_t calm, std::uint64_t factor, Duration calm_for, Duration spike_for,
                const Mix& mix) {
  return with_mix("spike: " + rate_text(calm) + " x " + std::to_string(factor), StageKind::spike,
                  {{calm_for, calm}, {spike_for, calm * factor}, {calm_for, calm}}, mix);
}

StagePlan soak(std::uint64_t readings_per_s, Duration lasts, const Mix& mix) {
  return steady("soak: " + rate_text(readings_per_s), StageKind::soak, readings_per_s, lasts, mix);
}

std::vector<StagePlan> doubling(std::uint64_t from, int count, Duration each, const Mix& mix) {
  std::vector<StagePlan> stages;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t rate = from << i;
    stages.push_back(
        steady("doubling " + std::to_string(i + 1) + "/" + std::to_string(count) + ": " + rate_text(rate),
               StageKind::ladder, rate, each, mix));
  }
  return stages;
}

StagePlan over_capacity(std::uint64_t knee, Duration lasts, std::uint64_t factor_percent, const Mix& mix) {
  const std::uint64_t rate = knee * factor_percent / 100;
  StagePlan stage = steady("over capacity: " + rate_text(rate), StageKind::over_capacity, rate, lasts, mix);
  stage.grace = 10s;
  return stage;
}

StagePlan recovery(std::uint64_t readings_per_s, Duration lasts, const Mix& mix) {
  return steady("recovery: " + rate_text(readings_per_s), StageKind::recovery, readings_per_s, lasts, mix);
}

void number_events(std::vector<StagePlan>& stages) {
  std::uint64_t first = 0;
  for (auto& stage : stages) {
    stage.first_event = first;
    first += events_a_stage;
  }
}
}  // namespace stress
