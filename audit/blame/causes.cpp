// Injected faults as causes: which belong together, which are likely, and how an answer reads.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "audit/blame/attribution.hpp"

namespace audit {
namespace {
std::string words_of(const Estate& estate, const Blame& blame, const Cause& cause) {
  const auto& first = estate.scenario.faults[cause.faults.front()];
  if (cause.faults.size() == 1) return blame.describe(cause.faults.front());
  return fmt::format("{} \"{}\" ({} windows, the first: {})", first.kind, first.name, cause.faults.size(),
                     blame.describe(cause.faults.front()));
}
}  // namespace

bool reaches(const Blame& blame, const Cause& cause, std::size_t position) {
  return std::any_of(cause.faults.begin(), cause.faults.end(),
                     [&](std::size_t fault) { return blame.strikes(fault, position); });
}

bool meets(const Estate& estate, const Blame& blame, const Cause& cause, const Difference& difference) {
  const auto& faults = estate.scenario.faults;
  return std::any_of(cause.faults.begin(), cause.faults.end(), [&](std::size_t fault) {
    return faults[fault].from <= difference.last &&
           difference.first <= faults[fault].till + blame.recovery(faults[fault]);
  });
}

std::vector<Cause> causes_of_area(const Estate& estate, const Blame& blame, std::size_t area) {
  const auto& faults = estate.scenario.faults;
  std::vector<Cause> causes;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    bool is_here = false;
    for (std::size_t position = 0; position < estate.size() && !is_here; ++position)
      is_here = estate.customers[position].area == area && blame.strikes(i, position);
    if (!is_here) continue;
    const auto same = std::find_if(causes.begin(), causes.end(), [&](const Cause& cause) {
      const auto& other = faults[cause.faults.front()];
      const auto identity = [](const auto& fault) {
        return std::tie(fault.name, fault.kind, fault.area, fault.meter, fault.line);
      };
      return !faults[i].name.empty() && identity(other) == identity(faults[i]);
    });
    if (same == causes.end())
      causes.push_back({{i}, {}, faults[i].from});
    else
      same->faults.push_back(i);
  }
  for (auto& cause : causes) {
    for (const auto fault : cause.faults) cause.from = std::min(cause.from, faults[fault].from);
    cause.words = words_of(estate, blame, cause);
  }
  return causes;
}

std::vector<std::size_t> likely_causes(const Estate& estate, const Blame& blame,
                                       const std::vector<Cause>& causes, const Difference& difference) {
  const auto& faults = estate.scenario.faults;
  const auto rank = [&](std::size_t i) {
    const auto& cause = causes[i];
    const bool is_far = !reaches(blame, cause, difference.position);
    return std::tuple(is_far, !meets(estate, blame, cause, difference),
                      faults[cause.faults.front()].meter.empty(), i);
  };
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < causes.size(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return rank(a) < rank(b); });
  return order;
}

std::string sentence_of(const Estate& estate, const AccountMonth& month, const Attributed& attributed,
                        const std::vector<Cause>& causes) {
  auto text = sentence_of(estate, month, attributed.difference);
  if (attributed.is_natural) return text + "; so it is without any injected fault, too";
  if (!attributed.is_explained) text += "; not isolated within the limit of runs";
  for (std::size_t i = 0; i < attributed.groups.size(); ++i) {
    const auto& group = attributed.groups[i];
    text += i == 0 ? "; cause: " : "; and: ";
    for (std::size_t k = 0; k < group.causes.size(); ++k)
      text += (k == 0 ? "" : " together with ") + causes[group.causes[k]].words;
    if (attributed.groups.size() > 1) text += " (by itself " + signed_CNY_text(group.amount_fen) + ")";
  }
  return text;
}
}  // namespace audit
