#include "scenarios/bad_scenario.hpp"

#include <algorithm>
#include <numeric>

namespace scenario {
namespace {
std::string one_line(const Place& place, const std::string& message) {
  std::string text = (place.file.empty() ? "scenario" : place.file) + ":" +
                     std::to_string(std::max(1, place.line)) + ":" +
                     std::to_string(std::max(1, place.column)) + ": " + message;
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

/// Letters to insert, delete or replace, where two swapped neighbours count as one (optimal string
/// alignment).
std::size_t typing_errors(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      current[j] =
          std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}
}  // namespace

BadScenario::BadScenario(const Place& place, const std::string& message)
    : std::runtime_error(one_line(place, message)) {}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > 64) return "";
  const std::string* best = nullptr;
  std::size_t best_errors = word.size() <= 3 ? 1 : word.size() <= 8 ? 2 : 3;
  for (const auto& candidate : known) {
    const auto errors = typing_errors(word, candidate);
    if (errors < best_errors || (errors == best_errors && best == nullptr)) {
      best = &candidate;
      best_errors = errors;
    }
  }
  return best ? "; did you mean '" + *best + "'?" : "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}
}  // namespace scenario
