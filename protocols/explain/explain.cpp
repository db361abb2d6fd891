#include "protocols/explain/explain.hpp"

#include <array>

#include "protocols/explain/story.hpp"

namespace explain {
namespace {
/// The word a machine compares: what is wrong with the frame.
std::string_view error_word(core::Fault fault) {
  switch (fault) {
    case core::Fault::bad_end:
      return "end";
    case core::Fault::incomplete:
      return "incomplete";
    case core::Fault::bad_checksum:
      return "checksum";
    case core::Fault::bad_length:
      return "length";
    case core::Fault::bad_start:
      return "start";
    default:
      return core::name_of(fault);
  }
}

/// How near a bad frame came to being good: of several tellings the nearest is the one worth hearing.
int nearness(core::Fault fault) {
  switch (fault) {
    case core::Fault::bad_checksum:
      return 5;
    case core::Fault::bad_end:
      return 4;
    case core::Fault::incomplete:
      return 3;
    case core::Fault::bad_length:
      return 2;
    default:
      return 0;
  }
}

Explanation finished(Story story, core::Bytes frame, std::size_t noise) {
  Explanation explanation;
  explanation.is_good = !story.fault;
  explanation.protocol = story.protocol;
  explanation.fault = story.fault;
  explanation.reason = story.reason;
  Json json = Json::object();
  json["protocol"] = story.protocol;
  json["ok"] = explanation.is_good;
  if (story.fault) {
    json["error"] = error_word(*story.fault);
    json["fault"] = core::name_of(*story.fault);
    json["reason"] = story.reason;
  }
  if (noise > 0) json["noise_before"] = core::to_hex(frame.first(noise), "");
  if (explanation.is_good && noise + story.length < frame.size()) {
    const auto surplus = core::to_hex(frame.subspan(noise + story.length), "");
    story.say("surplus_after", "after the frame", surplus);
  }
  json.update(story.json);
  explanation.json = json.dump();
  explanation.tree = std::move(story.tree);
  explanation.tree.label = story.protocol.empty() ? "unknown frame" : story.protocol;
  return explanation;
}

Story best_telling(core::Bytes frame) {
  Story best = bad_story("", core::Fault::bad_start,
                         "no frame that this tool knows: no start byte 68 and no Modbus CRC");
  for (const auto tell : {tell_dlt645, tell_gdw3761, tell_dlt698, tell_gdw3762, tell_modbus}) {
    Story story = tell(frame);
    if (!story.fault) return story;
    if (nearness(*story.fault) > nearness(*best.fault)) best = std::move(story);
  }
  return best;
}

void write(const Node& node, int depth, std::string& out) {
  out.append(static_cast<std::size_t>(2 * depth), ' ');
  out += node.label;
  if (!node.value.empty()) out += ": " + node.value;
  if (!node.unit.empty()) out += " " + node.unit;
  out += '\n';
  for (const auto& child : node.children) write(child, depth + 1, out);
}
}  // namespace

std::string hex_byte(unsigned byte) {
  const std::array<std::uint8_t, 1> one{static_cast<std::uint8_t>(byte)};
  return core::to_hex(one);
}

Story bad_story(std::string protocol, core::Fault fault, std::string reason) {
  Story story;
  story.protocol = std::move(protocol);
  story.fault = fault;
  story.reason = std::move(reason);
  return story;
}

Explanation explain(core::Bytes frame) {
  if (frame.empty()) return finished(bad_story("", core::Fault::incomplete, "no bytes"), frame, 0);
  Story first = best_telling(frame);
  if (!first.fault) return finished(std::move(first), frame, 0);
  // Perhaps noise stands before a good frame.
  for (std::size_t at = 1; at < frame.size(); ++at) {
    if (frame[at] != 0x68) continue;
    Story story = best_telling(frame.subspan(at));
    if (!story.fault) return finished(std::move(story), frame, at);
    if (nearness(*story.fault) > nearness(*first.fault)) first = std::move(story);
  }
  return finished(std::move(first), frame, 0);
}

std::string to_text(const Explanation& explanation) {
  std::string text;
  write(explanation.tree, 0, text);
  if (!explanation.is_good) text += "  bad frame: " + explanation.reason + '\n';
  return text;
}
}  // namespace explain
