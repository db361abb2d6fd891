#include "scenarios/schema.hpp"

#include <nlohmann/json.hpp>

#include "scenarios/fields.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
using Json = nlohmann::ordered_json;

template <class T>
Json struct_schema();

/// Schema of one value that is written as text; numbers where YAML makes one of the text by itself.
template <class T>
Json text_schema(const Rule& rule) {
  if constexpr (std::same_as<T, bool>)
    return {{"type", "boolean"}};
  else if constexpr (std::same_as<T, std::string>)
    return {{"type", "string"}};
  else if constexpr (std::is_integral_v<T>) {
    Json schema{{"type", "integer"}};
    if constexpr (std::is_unsigned_v<T>) schema["minimum"] = 0;
    if (rule.low != Rule{}.low) schema["minimum"] = rule.low;
    if (rule.high != Rule{}.high) schema["maximum"] = rule.high;
    return schema;
  } else if constexpr (std::same_as<T, core::Ratio>) {
    return {{"anyOf",
             {{{"type", "number"}, {"minimum", 0}, {"maximum", 1}},
              {{"type", "string"}, {"pattern", Text<T>::pattern()}}}}};
  } else {
    std::string pattern = Text<T>::pattern();
    if (rule.low >= 0 && pattern.starts_with("^-?")) pattern.erase(1, 2);
    if constexpr (std::same_as<T, Duration>)
      if (rule.low < 0 && rule.low != Rule{}.low) pattern.insert(1, "-?");
    return {{"type", "string"}, {"pattern", pattern}};
  }
}

template <class T>
struct SchemaOf {
  static Json make(const Rule& rule) {
    if constexpr (requires { Text<T>::what(); })
      return text_schema<T>(rule);
    else if constexpr (std::is_enum_v<T>)
      return {{"enum", Words<T>::all}};
    else
      return struct_schema<T>();
  }
};
template <class T>
struct SchemaOf<std::optional<T>> {
  static Json make(const Rule& rule) { return {{"anyOf", {{{"enum", {"none"}}}, SchemaOf<T>::make(rule)}}}; }
};
template <class T>
struct SchemaOf<std::vector<T>> {
  static Json make(const Rule& rule) {
    Json item = SchemaOf<T>::make(rule);
    Json list{{"type", "array"}, {"items", item}};
    if constexpr (requires { Text<T>::what(); })
      return {{"anyOf", {item, list}}};
    else
      return list;
  }
};

/// What a new scenario has where the file says nothing, for the editor's hover text.
template <class T>
std::string default_text(const T& member) {
  if constexpr (std::is_enum_v<T>)
    return Words<T>::all.at(static_cast<std::size_t>(member));
  else if constexpr (std::same_as<T, Instant>)
    return "";
  else if constexpr (requires { Text<T>::what(); })
    return Text<T>::format(member, core::Zone(0s));
  else
    return "";
}

struct SchemaMaker {
  Json properties = Json::object();
  Json needed = Json::array();

  template <class T>
  void field(const char* key, const T& member, const char* meaning, Rule rule = {}) {
    Json schema = SchemaOf<T>::make(rule);
    const auto usual = rule.is_required ? "" : default_text(member);
    schema["description"] = std::string(meaning) + (usual.empty() ? "" : "; default: " + usual);
    properties[key] = std::move(schema);
    if (rule.is_required) needed.push_back(key);
  }
};

template <class T>
Json struct_schema() {
  SchemaMaker maker;
  const T defaults{};
  describe(maker, defaults);
  Json schema{{"type", "object"}, {"additionalProperties", false}, {"properties", maker.properties}};
  if (!maker.needed.empty()) schema["required"] = maker.needed;
  return schema;
}
}  // namespace

std::string json_schema() {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "A metertwin scenario"}};
  schema.update(struct_schema<Scenario>());
  return schema.dump(2) + "\n";
}
}  // namespace scenario
