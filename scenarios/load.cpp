#include "scenarios/load.hpp"

#include <fstream>
#include <iterator>
#include <numeric>
#include <sstream>

#include "scenarios/document.hpp"
#include "scenarios/fault_schedule.hpp"
#include "scenarios/fields.hpp"
#include "scenarios/text.hpp"
#include "scenarios/zones.hpp"

namespace scenario {
namespace {
template <class T>
concept Textual = requires {
  Text<T>::what();
};

struct Context {
  core::Zone zone;
  Places places;
};

/// The keys that a struct has.
struct KeyCollector {
  std::vector<std::string> keys;
  template <class T>
  void field(const char* key, T&, const char*, Rule = {}) {
    keys.emplace_back(key);
  }
};

template <class T>
T from_count(std::int64_t count) {
  return T(count);
}
template <>
int from_count<int>(std::int64_t count) {
  return static_cast<int>(count);
}

template <class T>
void require_range(const T& value, const Rule& rule, const Node& node, const std::string& key,
                   const core::Zone& zone) {
  if constexpr (requires { count_of(value); }) {
    const auto count = count_of(value);
    if (count >= rule.low && count <= rule.high) return;
    const auto shown = [&](std::int64_t n) { return Text<T>::format(from_count<T>(n), zone); };
    const auto bad = "'" + key + "' is " + Text<T>::format(value, zone) + ": ";
    if (count < 0 && rule.low == 0) throw BadScenario(node.place, bad + "it must not be negative");
    if (rule.low == rule.high)
      throw BadScenario(node.place, bad + "only " + shown(rule.low) + " is possible");
    if (rule.high == Rule{}.high)
      throw BadScenario(node.place, bad + "it must be at least " + shown(rule.low));
    throw BadScenario(node.place, bad + "it must be from " + shown(rule.low) + " to " + shown(rule.high));
  }
}

std::string kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
      return "nothing";
    case Node::Kind::scalar:
      return "'" + node.text + "'";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a group of keys";
  }
  return "nothing";
}

template <class T>
void load_value(T& member, const Node& node, const std::string& path, const std::string& key,
                const Rule& rule, Context& context);

/// Loads the fields of one struct from one map.
struct StructLoader {
  const Node& node;
  std::string path;
  Context& context;

  template <class T>
  void field(const char* key, T& member, const char*, Rule rule = {}) {
    const auto* entry = node.find(key);
    if (!entry) {
      if (rule.is_required) throw BadScenario(node.place, "'" + std::string(key) + "' is missing");
      return;
    }
    load_value(member, entry->value, path.empty() ? key : path + "." + key, key, rule, context);
  }
};

template <class T>
void load_struct(T& member, const Node& node, const std::string& path, Context& context) {
  KeyCollector known;
  describe(known, member);
  if (node.kind != Node::Kind::map)
    throw BadScenario(node.place, kind_name(node) + " where keys are expected: " + joined(known.keys));
  for (const auto& entry : node.entries) {
    if (std::find(known.keys.begin(), known.keys.end(), entry.key) != known.keys.end()) continue;
    const auto hint = did_you_mean(entry.key, known.keys);
    throw BadScenario(entry.place, "unknown key '" + entry.key + "'" +
                                       (hint.empty() ? "; known: " + joined(known.keys) : hint));
  }
  if constexpr (requires { member.place; }) member.place = node.place;
  StructLoader loader{node, path, context};
  describe(loader, member);
}

template <class T>
T load_text_value(const Node& node, const std::string& key, const Rule& rule, const Context& context) {
  if (node.kind != Node::Kind::scalar)
    throw BadScenario(node.place, "'" + key + "' is " + kind_name(node) + ", not " + Text<T>::what());
  const auto value = Text<T>::parse(node.text, context.zone);
  if (!value) throw BadScenario(node.place, "'" + key + "': '" + node.text + "' is not " + Text<T>::what());
  require_range(*value, rule, node, key, context.zone);
  if constexpr (std::same_as<T, core::Ratio>)
    if (!value->is_valid())
      throw BadScenario(node.place, "'" + key + "' is " + node.text + ": it must be from 0 to 100 %");
  return *value;
}

template <class E>
E load_word(const Node& node, const std::string& key) {
  const auto& words = Words<E>::all;
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (node.kind == Node::Kind::scalar && found != words.end()) return static_cast<E>(found - words.begin());
  throw BadScenario(node.place, "'" + key + "' is " + kind_name(node) + ", not one of " + joined(words) +
                                    did_you_mean(node.text, words));
}

template <class Item>
void load_list(std::vector<Item>& list, const Node& node, const std::string& path, const std::string& key,
               const Rule& rule, Context& context) {
  list.clear();
  const bool is_single =
      Textual<Item> && node.kind == Node::Kind::scalar;  // "slots: 08:00-22:00" needs no brackets
  if (!is_single && node.kind != Node::Kind::list)
    throw BadScenario(node.place, "'" + key + "' is " + kind_name(node) + ", not a list");
  const auto& items = is_single ? std::vector<Node>{node} : node.items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item_path = path + "." + std::to_string(i);
    if constexpr (std::same_as<Item, DaySlot>) {
      context.places.note(item_path, items[i].place);
      for (const auto& slot : split_at_midnight(load_text_value<DaySlot>(items[i], key, rule, context)))
        list.push_back(slot);
    } else {
      load_value(list.emplace_back(), items[i], item_path, key, rule, context);
    }
  }
}

template <class T>
struct Optional : std::false_type {};
template <class T>
struct Optional<std::optional<T>> : std::true_type {};
template <class T>
struct List : std::false_type {};
template <class T>
struct List<std::vector<T>> : std::true_type {};

template <class T>
void load_value(T& member, const Node& node, const std::string& path, const std::string& key,
                const Rule& rule, Context& context) {
  context.places.note(path, node.place);
  if constexpr (Optional<T>::value) {
    if (node.kind == Node::Kind::scalar && node.text == "none") {
      member.reset();
      return;
    }
    member = load_text_value<typename T::value_type>(node, key, rule, context);
  } else if constexpr (List<T>::value) {
    load_list(member, node, path, key, rule, context);
  } else if constexpr (Textual<T>) {
    member = load_text_value<T>(node, key, rule, context);
  } else if constexpr (std::is_enum_v<T>) {
    member = load_word<T>(node, key);
  } else {
    load_struct(member, node, path, context);
  }
}

/// Copies of an area become areas of their own. Says where in the file each one stands.
std::vector<std::size_t> expand_copies(Scenario& scenario, const Places& places) {
  constexpr std::size_t areas_limit = 65'535;  // concentrator addresses, Q/GDW 1376.1 A2
  std::vector<Area> areas;
  std::vector<std::size_t> origin;
  for (std::size_t i = 0; i < scenario.areas.size(); ++i) {
    const auto copies = static_cast<std::size_t>(scenario.areas[i].copies);
    if (areas.size() + copies > areas_limit)
      throw BadScenario(places.at("areas." + std::to_string(i) + ".copies"),
                        "more than 65535 areas: concentrators have no more addresses");
    for (std::size_t k = 1; k <= copies; ++k) {
      areas.push_back(scenario.areas[i]);
      areas.back().copies = 1;
      if (k > 1) areas.back().name += "-" + std::to_string(k);
      origin.push_back(i);
    }
  }
  scenario.areas = std::move(areas);
  return origin;
}

core::Zone zone_or_throw(const std::string& name, const Place& place, Instant from, Instant till) {
  std::string why;
  auto zone = find_zone(name, from, till, why);
  if (!zone) throw BadScenario(place, "'zone': " + why);
  return *zone;
}

/// The years that two digits of a DL/T 645 date can mean, with room for the zone.
const Instant first_instant = core::instant_from_seconds(946'684'800);   // 2000-01-01T00:00:00Z
const Instant last_instant = core::instant_from_seconds(4'102'444'800);  // 2100-01-01T00:00:00Z
}  // namespace

Place Places::at(std::string path) const {
  for (;;) {
    if (const auto found = places_.find(path); found != places_.end()) return found->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) break;
    path.resize(dot);
  }
  const auto root = places_.find("");
  return root == places_.end() ? Place{} : root->second;
}

Scenario load_text(const std::string& text, const std::string& file,
                   const std::vector<std::string>& overrides) {
  auto root = parse_document(text, file);
  for (const auto& assignment : overrides) apply_override(root, assignment);

  Scenario scenario;
  scenario.folder = std::filesystem::path(file).parent_path().generic_string();
  Context context;
  context.places.note("", root.place);
  const auto* zone_entry = root.find("zone");
  if (zone_entry && zone_entry->value.kind == Node::Kind::scalar) scenario.zone = zone_entry->value.text;
  const auto zone_place = zone_entry ? zone_entry->value.place : root.place;
  context.zone = zone_or_throw(scenario.zone, zone_place, first_instant, last_instant);
  load_struct(scenario, root, "", context);

  if (scenario.starts < first_instant || scenario.ends() + scenario.settles > last_instant)
    throw BadScenario(
        context.places.at("starts"),
        "'starts': the run must lie in the years 2000 to 2099 (DL/T 645 dates have two digits)");
  if (scenario.story.empty())
    scenario.story = std::filesystem::path(scenario.folder).filename().generic_string();
  // Bills of the year before and after may ask for their midnights.
  scenario.zone_rules = zone_or_throw(scenario.zone, zone_place, scenario.starts - 400 * 24h,
                                      scenario.ends() + scenario.settles + 400 * 24h);
  const auto area_origin = expand_copies(scenario, context.places);
  use_run_for_open_windows(scenario);
  check(scenario, context.places, area_origin);
  expand_faults(scenario);
  return scenario;
}

Scenario load(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  std::error_code ignored;
  const auto file = std::filesystem::is_directory(path, ignored) ? path / "scenario.yaml" : path;
  const auto name = file.generic_string();
  if (!std::filesystem::exists(file, ignored))
    throw BadScenario({name, 1, 1},
                      "no such file (`metertwin scenarios` lists those that come with metertwin)");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !std::filesystem::is_regular_file(file, ignored) || !(text << in.rdbuf()))
    throw BadScenario({name, 1, 1}, "cannot be read");
  return load_text(text.str(), name, overrides);
}
}  // namespace scenario
