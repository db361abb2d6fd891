// Weeks of thieves who watch the inspectors.
#include "models/fault/adaptive_faults.hpp"

#include <algorithm>
#include <cmath>

namespace model {
namespace {
constexpr core::Duration week = std::chrono::hours(7 * 24);
constexpr std::int64_t quarters_a_week = 7 * 96;

std::int64_t quarter_of(core::Instant at) { return core::unix_milliseconds(at) / QuarterSeries::quarter_ms; }

std::int32_t ppm_of(double share) { return static_cast<std::int32_t>(std::llround(share * 1e6)); }

std::string_view word_of(const theft::AdaptiveThief& thief) {
  using Way = theft::AdaptiveThief::Way;
  if (thief.has_given_up()) return "gave up";
  if (thief.is_lying_low()) return "lies low";
  switch (thief.way()) {
    case Way::steady:
      return "steady";
    case Way::night:
      return "night";
    case Way::drift:
      return "drift";
    case Way::random:
      break;
  }
  return "random";
}
}  // namespace

AdaptiveFaults::AdaptiveFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened,
                               TruthSink& truth)
    : setup_(setup), meters_(meters), happened_(happened), truth_(truth) {}

core::Instant AdaptiveFaults::next() const {
  auto next = core::never;
  for (const auto& [number, work] : at_work_) next = std::min(next, work.week_ends);
  return next;
}

std::shared_ptr<const QuarterSeries> AdaptiveFaults::plan_of(const AtWork& work, core::Instant from) const {
  auto plan = std::make_shared<QuarterSeries>();
  plan->first = quarter_of(from);
  const auto offset_s = setup_.zone.offset_at(setup_.starts).count();
  const auto begins = static_cast<std::size_t>(plan->first - work.first_quarter);
  for (std::int64_t i = 0; i <= quarters_a_week; ++i) {  // a week may begin within a quarter hour
    const std::int64_t local_s = (plan->first + i) * QuarterSeries::quarter_ms / 1000 + offset_s;
    const double hour = static_cast<double>(local_s % 86'400) / 3600.0;
    const auto t = begins + static_cast<std::size_t>(i);
    plan->values.push_back(ppm_of(work.thief.taken(hour, t, begins, begins + quarters_a_week)));
  }
  return plan;
}

void AdaptiveFaults::begin_week(std::size_t number, core::Instant at) {
  auto& work = at_work_.at(number);
  work.week_ends = at + week;
  work.was_visited = work.is_taken_off = false;
  work.plan = plan_of(work, at);
  const auto key = static_cast<std::uint32_t>(number);
  meter(number).begin_tampering(key, {.way = Tampering::Way::by_quarter, .series = work.plan}, at, happened_);
}

void AdaptiveFaults::begin(std::size_t number, core::Instant at) {
  const auto& fault = setup_.faults[number];
  const double share = fault.share_ppm / 1e6;
  theft::AdaptiveSettings settings;
  settings.share_first = share;
  settings.share_max = std::max(settings.share_max, share);
  const core::RandomStream draws(setup_.seed, fault.meter, core::Purpose::adaptive_thief);
  at_work_.insert_or_assign(number, AtWork{.thief = theft::AdaptiveThief(draws, settings),
                                           .first_quarter = quarter_of(at),
                                           .week_ends = {},
                                           .plan = {}});
  begin_week(number, at);
}

void AdaptiveFaults::end(std::size_t number, core::Instant at) {
  if (at_work_.erase(number) == 0) return;
  meter(number).end_tampering(static_cast<std::uint32_t>(number), at, happened_);
}

void AdaptiveFaults::advance() {
  const auto due = std::min_element(at_work_.begin(), at_work_.end(), [](const auto& a, const auto& b) {
    return a.second.week_ends < b.second.week_ends;
  });
  const auto number = due->first;
  auto& work = due->second;
  const auto at = work.week_ends;
  work.thief.learn(work.was_visited);
  if (!work.is_taken_off) meter(number).end_tampering(static_cast<std::uint32_t>(number), at, happened_);
  const auto share = work.thief.has_given_up() ? 0.0 : work.thief.share();
  truth_.event({at, setup_.meter_names[setup_.faults[number].meter - setup_.first_meter], "thief-adapted",
                ppm_of(share), std::string(word_of(work.thief))});
  begin_week(number, at);
}

bool AdaptiveFaults::is_taking(std::size_t number, core::Instant at) const {
  const auto found = at_work_.find(number);
  if (found == at_work_.end() || found->second.is_taken_off) return false;
  return found->second.plan->at_ms(core::unix_milliseconds(at)).value_or(0) > 0;
}

void AdaptiveFaults::visited(std::size_t number, core::Instant at) {
  const auto found = at_work_.find(number);
  if (found == at_work_.end()) return;
  found->second.was_visited = true;
  if (!is_taking(number, at)) return;
  found->second.is_taken_off = true;
  meter(number).end_tampering(static_cast<std::uint32_t>(number), at, happened_);
}
}  // namespace model
