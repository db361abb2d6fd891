#include "scenarios/document.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "scenarios/bad_scenario.hpp"

namespace scenario {
namespace {
constexpr std::size_t file_bytes_limit = 16'000'000;
constexpr std::size_t nodes_limit =
    2'000'000;  // an alias of an alias of an alias ... grows without bounds otherwise
constexpr int depth_limit = 64;

Place place_of(const YAML::Mark& mark, const std::string& file) {
  return {file, mark.line + 1, mark.column + 1};
}

/// Length of the UTF-8 sequence at the front of `text`, 0 when it is none (RFC 3629: shortest form, no
/// surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  if (byte(0) < 0x80) return 1;
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF) return tail(1) ? 2 : 0;
  if (byte(0) >= 0xE0 && byte(0) <= 0xEF) {
    const bool is_long_form = byte(0) == 0xE0 && byte(1) < 0xA0;
    const bool is_surrogate = byte(0) == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !is_long_form && !is_surrogate ? 3 : 0;
  }
  if (byte(0) >= 0xF0 && byte(0) <= 0xF4) {
    const bool is_out_of_range = (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F);
    return tail(1) && tail(2) && tail(3) && !is_out_of_range ? 4 : 0;
  }
  return 0;
}

/// yaml-cpp takes any bytes; reports and databases do not.
void require_text(const std::string& text, const std::string& file) {
  Place place{file, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_length(std::string_view(text).substr(i));
    const auto c = static_cast<unsigned char>(text[i]);
    if (length == 0) throw BadScenario(place, "not UTF-8 text");
    if (c < 0x20 && c != '\n' && c != '\r' && c != '\t')
      throw BadScenario(place, "a control character in the text");
    i += length;
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Node read(const YAML::Node& yaml, int depth) {
    Node node;
    node.place = place_of(yaml.Mark(), file_);
    if (depth > depth_limit) throw BadScenario(node.place, "nested too deeply");
    if (++nodes_ > nodes_limit)
      throw BadScenario(node.place, "too many values (aliases that repeat aliases?)");
    switch (yaml.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        node.kind = Node::Kind::scalar;
        node.text = yaml.Scalar();
        break;
      case YAML::NodeType::Sequence:
        node.kind = Node::Kind::list;
        for (const auto& item : yaml) node.items.push_back(read(item, depth + 1));
        break;
      case YAML::NodeType::Map:
        read_map(yaml, depth, node);
        break;
    }
    return node;
  }

 private:
  void read_map(const YAML::Node& yaml, int depth, Node& node) {
    node.kind = Node::Kind::map;
    std::set<std::string> seen;
    for (const auto& pair : yaml) {
      const auto place = place_of(pair.first.Mark(), file_);
      if (!pair.first.IsScalar()) throw BadScenario(place, "a key must be a plain word");
      const auto& key = pair.first.Scalar();
      if (key == "<<") throw BadScenario(place, "merge keys (<<) are not supported: write the fields out");
      if (!seen.insert(key).second) throw BadScenario(place, "key '" + key + "' appears twice");
      Entry entry{key, place, read(pair.second, depth + 1)};
      if (entry.value.kind == Node::Kind::empty)
        entry.value.place = place;  // yaml-cpp has no place for what is not there
      node.entries.push_back(std::move(entry));
    }
  }

  std::string file_;
  std::size_t nodes_ = 0;
};

Node& step_into(Node& node, const std::string& step, const std::string& assignment) {
  const Place here{"--set " + assignment, 1, 1};
  if (node.kind == Node::Kind::empty) {
    node.kind = Node::Kind::map;
    node.place = here;
  }
  if (node.kind == Node::Kind::map) {
    for (auto& entry : node.entries)
      if (entry.key == step) return entry.value;
    return node.entries.emplace_back(Entry{step, here, Node{}}).value;
  }
  if (node.kind == Node::Kind::scalar)
    throw BadScenario(here, "'" + step + "' is looked for inside of a single value");
  std::size_t index = 0;
  const auto* end = step.data() + step.size();
  const auto [stopped, error] = std::from_chars(step.data(), end, index);
  if (error == std::errc{} && stopped == end && index < node.items.size()) return node.items[index];
  for (auto& item : node.items)
    if (const auto* name = item.find("name"); name && name->value.text == step) return item;
  throw BadScenario(here, "the list has no item '" + step + "'; it has " + std::to_string(node.items.size()) +
                              ", counted from 0 or called by name");
}
}  // namespace

const Entry* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

Node parse_document(const std::string& text, const std::string& file) {
  if (text.size() > file_bytes_limit) throw BadScenario({file, 1, 1}, "larger than 16 MB: not a scenario");
  require_text(text, file);
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.empty()) throw BadScenario({file, 1, 1}, "the file is empty");
    if (documents.size() > 1)
      throw BadScenario(place_of(documents[1].Mark(), file), "a second document: one scenario a file");
    return Reader(file).read(documents.front(), 0);
  } catch (const YAML::Exception& error) {
    throw BadScenario(place_of(error.mark, file), "not YAML: " + error.msg);
  }
}

void apply_override(Node& root, const std::string& assignment) {
  const Place here{"--set " + assignment, 1, 1};
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) throw BadScenario(here, "write it as key.key=value");
  Node* node = &root;
  std::size_t from = 0;
  while (from <= equals) {
    const auto dot = std::min(assignment.find('.', from), equals);
    const auto step = assignment.substr(from, dot - from);
    if (step.empty()) throw BadScenario(here, "an empty step in the path");
    node = &step_into(*node, step, assignment);
    from = dot + 1;
  }
  *node = parse_document(assignment.substr(equals + 1), here.file);
}
}  // namespace scenario
