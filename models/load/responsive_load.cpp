#include "models/load/responsive_load.hpp"

#include <algorithm>
#include <limits>

#include "core/check.hpp"
#include "core/random.hpp"

namespace model {
namespace {
constexpr std::int64_t minute_ms = 60'000;
/// A manager stays so far below a limit: his own meter is not exact either.
constexpr std::int64_t margin_percent = 95;
constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

std::int64_t whole_minute_from(std::int64_t at_ms) { return (at_ms + minute_ms - 1) / minute_ms * minute_ms; }
std::int64_t part_of(std::int64_t amount, core::Ratio share) {
  return amount / share.denominator * share.numerator +
         amount % share.denominator * share.numerator / share.denominator;
}
}  // namespace

ResponsiveLoad::ResponsiveLoad(Load rest, Load appliance, const ReactionSetup& setup, const HomeSeed& place)
    : rest_(std::move(rest)), appliance_(std::move(appliance)), setup_(setup), place_(place) {
  METERTWIN_CHECK(setup.rebound.count() > 0, setup.rebound.count());
}

ResponsiveLoad::Now ResponsiveLoad::now_at(std::int64_t at_ms) const {
  const LoadSegment rest = rest_.segment_at(at_ms), appliance = appliance_.segment_at(at_ms);
  Now now;
  now.from_ms = std::max(rest.from_ms, appliance.from_ms);
  now.till_ms = std::min(rest.till_ms, appliance.till_ms);
  now.rest_mW = now.rest_shown_mW = rest.power.count();
  now.rest_mvar = rest.reactive.count();
  now.appliance_mW = now.wanted_mW = appliance.power.count();
  now.appliance_mvar = appliance.reactive.count();
  const auto holds = [&](std::int64_t from_ms, std::int64_t till_ms) {
    for (const auto edge : {from_ms, till_ms}) {
      if (edge <= at_ms) now.from_ms = std::max(now.from_ms, edge);
      if (edge > at_ms) now.till_ms = std::min(now.till_ms, edge);
    }
    return at_ms >= from_ms && at_ms < till_ms;
  };
  for (const auto& reaction : reactions_)
    if (holds(reaction.till_ms,
              reaction.till_ms == forever ? forever : reaction.till_ms + setup_.rebound.count() * 1000))
      now.wanted_mW += reaction.rebound_mW;
  now.shown_mW = now.wanted_mW;
  for (const auto& reaction : reactions_) {
    if (!holds(reaction.from_ms, reaction.till_ms)) continue;
    if (reaction.kind == Kind::call) {
      now.shown_mW = std::min(now.shown_mW, now.wanted_mW - part_of(now.wanted_mW, setup_.sheds));
      continue;
    }
    if (holds(reaction.unplugged_from_ms, reaction.till_ms))
      now.rest_shown_mW = std::min(now.rest_mW, reaction.cap_mW);
  }
  // The appliance gives way last, to what the rest then leaves.
  for (const auto& reaction : reactions_)
    if (reaction.kind == Kind::limit && at_ms >= reaction.from_ms && at_ms < reaction.till_ms)
      now.shown_mW = std::clamp<std::int64_t>(reaction.cap_mW - now.rest_shown_mW, 0, now.shown_mW);
  return now;
}

LoadSegment ResponsiveLoad::segment_at(std::int64_t at_ms) const {
  const Now now = now_at(at_ms);
  const auto scaled = [](std::int64_t mvar, std::int64_t shown, std::int64_t of) {
    return of == 0 ? mvar : mvar * shown / of;
  };
  const std::int64_t reactive = scaled(now.rest_mvar, now.rest_shown_mW, now.rest_mW) +
                                scaled(now.appliance_mvar, now.shown_mW, now.appliance_mW);
  return {now.from_ms, now.till_ms, core::Milliwatts(now.rest_shown_mW + now.shown_mW),
          core::Millivars(reactive)};
}

ResponsiveLoad::Reaction* ResponsiveLoad::running(Kind kind) {
  const auto found = std::find_if(reactions_.begin(), reactions_.end(), [&](const Reaction& reaction) {
    return reaction.kind == kind && !reaction.is_over;
  });
  return found == reactions_.end() ? nullptr : &*found;
}

void ResponsiveLoad::limited(std::int64_t at_ms, core::Milliwatts power) {
  if (running(Kind::limit) != nullptr) end(Kind::limit, at_ms);
  const std::int64_t from_ms = whole_minute_from(at_ms);
  Reaction reaction{.kind = Kind::limit, .from_ms = from_ms, .till_ms = forever};
  reaction.cap_mW = power.count() * margin_percent / 100;
  reaction.unplugged_from_ms = forever;
  // Who does not follow learns it from the relay.
  if (!follows(from_ms)) reaction.from_ms = forever;
  reactions_.push_back(reaction);
}

void ResponsiveLoad::tripped(std::int64_t at_ms) {
  Reaction* const limit = running(Kind::limit);
  if (limit == nullptr) return;
  const std::int64_t from_ms = whole_minute_from(at_ms);
  limit->from_ms = std::min(limit->from_ms, from_ms);
  limit->unplugged_from_ms = std::min(limit->unplugged_from_ms, from_ms);
}

core::Microjoules ResponsiveLoad::limit_ended(std::int64_t at_ms) { return end(Kind::limit, at_ms); }
core::Microjoules ResponsiveLoad::call_ended(std::int64_t at_ms) { return end(Kind::call, at_ms); }

bool ResponsiveLoad::follows(std::int64_t from_ms) const {
  const core::RandomStream draws(place_.seed, place_.home, core::Purpose::demand_response);
  return draws.below(setup_.follows.denominator, static_cast<std::uint64_t>(from_ms) * 2) <
         setup_.follows.numerator;
}

std::chrono::seconds ResponsiveLoad::thinks_for(std::int64_t from_ms) const {
  constexpr std::int64_t soonest_s = 30, latest_s = 600;
  const core::RandomStream draws(place_.seed, place_.home, core::Purpose::demand_response);
  return std::chrono::seconds(
      draws.between(soonest_s, latest_s, static_cast<std::uint64_t>(from_ms) * 2 + 1));
}

void ResponsiveLoad::called(std::int64_t from_ms, std::int64_t till_ms) {
  METERTWIN_CHECK(from_ms < till_ms, from_ms, till_ms);
  if (running(Kind::call) != nullptr) end(Kind::call, from_ms);
  reactions_.push_back(
      {.kind = Kind::call, .from_ms = whole_minute_from(from_ms), .till_ms = whole_minute_from(till_ms)});
}

bool ResponsiveLoad::is_anothers(const Reaction& reaction, std::int64_t at_ms) const {
  return std::any_of(reactions_.data(), &reaction, [&](const Reaction& earlier) {
    return at_ms >= earlier.from_ms && at_ms < earlier.till_ms;
  });
}

core::Microjoules ResponsiveLoad::end(Kind kind, std::int64_t at_ms) {
  Reaction* const reaction = running(kind);
  if (reaction == nullptr) return core::Microjoules(0);
  reaction->till_ms = std::min(reaction->till_ms, whole_minute_from(at_ms));
  reaction->from_ms = std::min(reaction->from_ms, reaction->till_ms);
  std::int64_t shed_uJ = 0, of_appliance_uJ = 0;
  for (std::int64_t at = reaction->from_ms; at < reaction->till_ms;) {
    const Now now = now_at(at);
    const std::int64_t span_ms = std::min(now.till_ms, reaction->till_ms) - at;
    const auto began = at;
    at += span_ms;
    if (is_anothers(*reaction, began)) continue;
    of_appliance_uJ += (now.wanted_mW - now.shown_mW) * span_ms;
    shed_uJ += (now.wanted_mW - now.shown_mW + now.rest_mW - now.rest_shown_mW) * span_ms;
  }
  reaction->is_over = true;
  reaction->rebound_mW = part_of(of_appliance_uJ, setup_.recovers) / (setup_.rebound.count() * 1000);
  return core::Microjoules(shed_uJ);
}
}  // namespace model
