#include "models/line/bearers/random_access.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
double slotted_throughput(double offered) { return offered * core::portable_math::exp(-offered); }
double pure_throughput(double offered) { return offered * core::portable_math::exp(-2 * offered); }

double alone_in_window(std::uint64_t terminals, std::uint64_t slots) {
  double chance = 1;
  for (std::uint64_t i = 1; i < terminals; ++i) chance *= 1 - 1.0 / static_cast<double>(slots);
  return chance;
}

ContentionWindow::ContentionWindow(std::uint64_t seed, std::uint32_t entity, std::uint32_t slots)
    : draws_(seed, entity, core::Purpose::bearer_access), slots_(slots), count_(slots) {
  METERTWIN_CHECK(slots > 0, slots);
}

const std::vector<std::uint32_t>& ContentionWindow::round(std::uint32_t terminals) {
  std::fill(count_.begin(), count_.end(), 0);
  picked_.resize(terminals);
  for (auto& slot : picked_) {
    slot = static_cast<std::uint32_t>(draws_.below(slots_, drawn_++));
    ++count_[slot];
  }
  alone_.clear();
  for (std::uint32_t i = 0; i < terminals; ++i)
    if (count_[picked_[i]] == 1) alone_.push_back(i);
  return alone_;
}

std::size_t undisturbed(std::span<const core::Instant> begins, core::Duration airtime) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const bool is_clear_before = i == 0 || begins[i] - begins[i - 1] >= airtime;
    const bool is_clear_after = i + 1 == begins.size() || begins[i + 1] - begins[i] >= airtime;
    count += is_clear_before && is_clear_after ? 1 : 0;
  }
  return count;
}

core::Duration BackOff::pause(int failures, std::uint64_t word) const {
  auto longest = first;
  for (int i = 0; i < failures && longest < limit; ++i) longest *= 2;
  longest = std::min(longest, limit);
  const double share = 1 - as_number(spread) * unit_interval(word);
  return core::Duration(static_cast<std::int64_t>(static_cast<double>(longest.count()) * share));
}

StormResult storm(const StormSetup& setup, std::uint64_t seed, std::uint32_t cell) {
  METERTWIN_CHECK(setup.terminals > 0 && setup.channels > 0, setup.terminals, setup.channels);
  const core::RandomStream draws(seed, cell, core::Purpose::bearer_access);
  struct Attempt {
    std::int64_t slot;
    std::uint32_t terminal;
    int failures;
    bool operator<(const Attempt& o) const { return std::tie(slot, terminal) < std::tie(o.slot, o.terminal); }
  };
  StormResult result;
  result.back_after.resize(setup.terminals);
  std::set<Attempt> waiting;
  std::uint64_t drawn = 0;
  const auto slots = [&](core::Duration span) { return span / setup.slot; };
  for (std::uint32_t i = 0; i < setup.terminals; ++i)
    waiting.insert(
        {static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(slots(setup.within)) + 1, drawn++)),
         i, 0});
  std::int64_t second = -1;
  std::uint32_t granted = 0;
  std::vector<Attempt> together;
  while (!waiting.empty()) {
    together.clear();
    const auto slot = waiting.begin()->slot;
    while (!waiting.empty() && waiting.begin()->slot == slot) {
      together.push_back(*waiting.begin());
      waiting.erase(waiting.begin());
    }
    result.attempts += together.size();
    if (const auto now = slot * setup.slot / std::chrono::seconds(1); now != second) {
      second = now;
      granted = 0;
    }
    const bool is_granted = together.size() == 1 && granted < setup.channels;
    if (is_granted) {
      ++granted;
      result.back_after[together[0].terminal] = slot * setup.slot;
      continue;
    }
    (together.size() > 1 ? result.collisions : result.refusals) += together.size();
    for (const auto& failed : together) {
      const auto pause = setup.back_off.pause(failed.failures, draws.word(drawn++));
      waiting.insert({slot + std::max<std::int64_t>(1, slots(pause)), failed.terminal, failed.failures + 1});
    }
  }
  return result;
}
}  // namespace model
