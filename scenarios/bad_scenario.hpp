/// What is wrong with a scenario file, in one line that an editor can jump to.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace scenario {
/// `what()` is "file:line:column: message", always one line.
class BadScenario : public std::runtime_error {
 public:
  BadScenario(const Place& place, const std::string& message);
};

/// "; did you mean 'count'?" when one of `known` is at most a typing error or two away from `word`, else "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);
/// "a, b, c".
std::string joined(const std::vector<std::string>& words);
}  // namespace scenario
