/// A YAML file as it was typed: scalars as text, every key and value with its line and column.
///
/// Nothing is converted here, so the YAML traps cannot bite: 22:00 stays "22:00" (YAML 1.1 reads 1320), `on`
/// stays a word, 8E1 and 012 stay text. Duplicate keys, merge keys, several documents, text that is not
/// UTF-8, and files beyond the limits are errors with their place. Pure; Randomness: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.hpp"

namespace scenario {
struct Node;

struct Entry;

/// One value of the document.
struct Node {
  enum class Kind { empty, scalar, list, map };
  Kind kind = Kind::empty;
  Place place;
  std::string text;            ///< scalar
  std::vector<Node> items;     ///< list
  std::vector<Entry> entries;  ///< map, in the order of the file, no key twice

  const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;
  Node value;
};

/// Reads `text`; `file` is for messages. Throws BadScenario.
Node parse_document(const std::string& text, const std::string& file);

/// `--set areas.north.meters.0.count=5`: replaces or adds one value. A step is a key of a map, or in a list a
/// number from 0 or an item's `name`. The value is YAML. Throws BadScenario with "--set" for the file.
void apply_override(Node& root, const std::string& assignment);
}  // namespace scenario
