#include "audit/blame/attribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace audit {
DifferenceKey key_of(const Difference& difference) {
  return {difference.position, difference.month, difference.step};
}

Shown shown_of(const std::vector<AccountMonth>& months) {
  Shown shown;
  for (const auto& month : months)
    for (const auto& difference : month.differences) shown[key_of(difference)] = difference;
  return shown;
}

Attribution::Attribution(std::size_t causes, Shown all, Rerun rerun, Limits limits)
    : causes_(causes), rerun_(std::move(rerun)), limits_(limits) {
  known_[Present(causes, true)] = std::move(all);
}

/// Runs what is not known yet, as far as the limit lets it.
void Attribution::prefetch(const std::vector<Present>& wanted) {
  std::vector<Present> missing;
  for (const auto& present : wanted)
    if (known_.find(present) == known_.end() &&
        std::find(missing.begin(), missing.end(), present) == missing.end())
      missing.push_back(present);
  const auto room = limits_.runs_max - runs_;
  if (missing.size() > room) missing.resize(room);
  if (missing.empty()) return;
  runs_ += missing.size();
  auto outcomes = rerun_(missing);
  for (std::size_t i = 0; i < missing.size(); ++i) known_[missing[i]] = std::move(outcomes.at(i));
}

/// Null: the limit of runs is reached.
const Shown* Attribution::outcome(const Present& present) {
  prefetch({present});
  const auto found = known_.find(present);
  is_exhausted_ |= found == known_.end();
  return found == known_.end() ? nullptr : &found->second;
}

bool Attribution::shows(const Present& present, const DifferenceKey& key, std::int64_t natural) {
  const auto* shown = outcome(present);
  if (shown == nullptr) return false;
  const auto found = shown->find(key);
  return found != shown->end() && found->second.count > natural;
}

Present Attribution::without(const Attributed& answer) const {
  Present present(causes_, true);
  for (const auto& group : answer.groups)
    for (const auto cause : group.causes) present[cause] = false;
  return present;
}

bool Attribution::is_gone(const DifferenceKey& key, std::int64_t natural, const Attributed& answer) {
  return !shows(without(answer), key, natural) && !is_exhausted_;
}

void Attribution::add_group(std::vector<std::size_t> causes, const Present& alone, const DifferenceKey& key,
                            Attributed& answer) {
  Together group;
  group.causes = std::move(causes);
  const auto& difference = known_.at(alone).at(key);
  group.count = difference.count;
  group.energy_uJ = difference.energy_uJ;
  group.amount_fen = difference.amount_fen;
  answer.groups.push_back(std::move(group));
}

/// Each cause by itself, until without those found the difference is gone.
void Attribution::find_single(const DifferenceKey& key, std::int64_t natural,
                              const std::vector<std::size_t>& order, Attributed& answer) {
  const auto only = [this](std::size_t cause) {
    Present present(causes_, false);
    present[cause] = true;
    return present;
  };
  for (std::size_t i = 0; i < order.size() && !is_exhausted_; ++i) {
    std::vector<Present> next;
    for (auto j = i; j < order.size() && next.size() < limits_.at_once; ++j) next.push_back(only(order[j]));
    if (known_.find(next.front()) == known_.end()) prefetch(next);
    if (!shows(next.front(), key, natural)) continue;
    add_group({order[i]}, next.front(), key, answer);
    if (is_gone(key, natural, answer)) return;
  }
}

/// A minimal sufficient set of what is left.
void Attribution::find_together(const DifferenceKey& key, std::int64_t natural, Attributed& answer) {
  auto present = without(answer);
  for (std::size_t cause = 0; cause < causes_; ++cause) {
    if (!present[cause]) continue;
    present[cause] = false;
    if (!shows(present, key, natural)) present[cause] = true;
  }
  if (is_exhausted_) return;
  std::vector<std::size_t> causes;
  for (std::size_t cause = 0; cause < causes_; ++cause)
    if (present[cause]) causes.push_back(cause);
  add_group(std::move(causes), present, key, answer);
}

Attributed Attribution::attribute(const Difference& difference, const std::vector<std::size_t>& likely) {
  Attributed answer;
  answer.difference = difference;
  const auto key = key_of(difference);
  const auto* none = outcome(Present(causes_, false));
  if (none == nullptr) return answer;
  const auto found = none->find(key);
  const auto natural = found == none->end() ? 0 : found->second.count;
  if (difference.count <= natural) {
    answer.is_natural = answer.is_explained = true;
    return answer;
  }
  auto order = likely;
  for (std::size_t cause = 0; cause < causes_; ++cause)
    if (std::find(order.begin(), order.end(), cause) == order.end()) order.push_back(cause);
  find_single(key, natural, order, answer);
  while (!is_exhausted_ && !is_gone(key, natural, answer)) find_together(key, natural, answer);
  answer.is_explained = !is_exhausted_;
  return answer;
}
}  // namespace audit
