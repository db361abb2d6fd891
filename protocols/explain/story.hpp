/// A frame's tree and its JSON object, written side by side by one recogniser.
#pragma once
#include <nlohmann/json.hpp>

#include "protocols/explain/explain.hpp"

namespace explain {
using Json = nlohmann::ordered_json;

/// What a recogniser found: either `fault` and `reason`, or the story.
struct Story {
  std::string protocol;
  std::optional<core::Fault> fault;
  std::string reason;
  std::size_t length = 0;  ///< bytes that belong to the frame, lead-in included
  Node tree;
  Json json = Json::object();

  Node& say(std::string label, std::string value = {}, std::string unit = {}) {
    tree.children.push_back({std::move(label), std::move(value), std::move(unit), {}});
    return tree.children.back();
  }
  /// The same under a machine's name too.
  Node& say(const char* key, std::string label, const std::string& value) {
    json[key] = value;
    return say(std::move(label), value);
  }
};
std::string hex_byte(unsigned byte);
/// "one meter's frame: checksum is 8A, the bytes sum to 8B" and the like.
Story bad_story(std::string protocol, core::Fault fault, std::string reason);

Story tell_dlt645(core::Bytes bytes);
Story tell_gdw3761(core::Bytes bytes);
Story tell_dlt698(core::Bytes bytes);
Story tell_gdw3762(core::Bytes bytes);
Story tell_modbus(core::Bytes bytes);
}  // namespace explain
