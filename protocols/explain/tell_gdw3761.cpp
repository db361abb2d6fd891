// Q/GDW 1376.1, told: addresses, flags, every data unit, and a meter's frame inside a forwarding.
#include "protocols/byte_sum.hpp"
#include "protocols/explain/story.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "protocols/gdw3761/unit_catalogue.hpp"

namespace explain {
namespace {
using gdw3761::Afn;
using gdw3761::UnitId;
constexpr const char* protocol = "Q/GDW 1376.1";

std::string reason_of(core::Fault fault, core::Bytes frame) {
  switch (fault) {
    case core::Fault::incomplete:
      return "the frame ends before its length says so: more bytes are needed";
    case core::Fault::bad_start:
      return "the head is not 68 L L 68 with two equal lengths";
    case core::Fault::bad_length:
      return "the user data are shorter than the eight bytes that every frame has";
    default:
      break;
  }
  const std::size_t user_bytes = static_cast<std::size_t>(frame[1] | frame[2] << 8) >> 2;
  if (fault == core::Fault::bad_end)
    return "the end byte is " + hex_byte(frame[6 + user_bytes + 1]) + ", not 16";
  return "the checksum is " + hex_byte(frame[6 + user_bytes]) + ", the user data sum to " +
         hex_byte(framing::byte_sum(frame.subspan(6, user_bytes)));
}

std::string points_text(UnitId unit) {
  if (unit.is_every_point()) return "every point";
  std::string text;
  unit.each_point([&](int point) { text += (text.empty() ? "p" : " p") + std::to_string(point); });
  return text;
}

std::string functions_text(UnitId unit) {
  std::string text;
  unit.each_function([&](int fn) { text += (text.empty() ? "F" : " F") + std::to_string(fn); });
  return text;
}

/// Units that carry nothing, so that what follows is the next unit.
bool is_without_data(const gdw3761::FrameView& frame, int fn) {
  return frame.afn == Afn::reset || (frame.afn == Afn::confirm && fn <= 2) ||
         (frame.afn == Afn::link && fn <= 2) || (frame.afn == Afn::current_data && !frame.control.is_up());
}

void tell_forward(Node& node, Json& json, const gdw3761::FrameView& frame, core::Bytes& rest) {
  const std::size_t head = frame.control.is_up() ? 3 : 6;
  if (rest.size() < head) return;
  const std::size_t count = core::little_endian(rest.subspan(head - 2, 2));
  if (rest.size() < head + count) return;
  node.children.push_back({"port", std::to_string(rest[0]), "", {}});
  json["port"] = rest[0];
  if (!frame.control.is_up()) {
    node.children.push_back({"line settings",
                             hex_byte(rest[1]),
                             "(" + std::to_string(gdw3761::baud_of_code(rest[1] >> 5)) + " baud)",
                             {}});
    node.children.push_back({"frame timeout", hex_byte(rest[2]), "", {}});
    node.children.push_back({"byte timeout", hex_byte(rest[3]), "", {}});
  }
  const core::Bytes payload = rest.subspan(head, count);
  json["payload"] = core::to_hex(payload, "");
  rest = rest.subspan(head + count);
  if (payload.empty()) {
    node.children.push_back({"no answer from the meter", "", "", {}});
    return;
  }
  const Explanation inner = explain(payload);
  node.children.push_back(inner.tree);
  json["inner"] = Json::parse(inner.json);
}

/// One point's data of one function; answers false where what follows can no longer be divided into units.
bool tell_data(Node& node, Json& json, const gdw3761::FrameView& frame, int fn, core::Bytes& rest) {
  if (frame.afn == Afn::forward && fn == 1) {
    const core::Bytes before = rest;
    tell_forward(node, json, frame, rest);
    return rest.size() < before.size();
  }
  const auto described = gdw3761::describe_unit(frame.afn, fn);
  const auto layout = frame.control.is_up() ? described.layout : described.request_layout;
  if (layout.empty()) return is_without_data(frame, fn);
  std::vector<gdw3761::UnitValue> values;
  core::Bytes left = rest;
  const auto taken = gdw3761::take_values(layout, left, values);
  Json list = Json::array();
  for (const auto& value : values) {
    node.children.push_back({value.label,
                             value.is_missing ? "missing" : value.text,
                             value.is_missing ? "" : std::string(value.unit),
                             {}});
    list.push_back({{"label", value.label},
                    {"value", value.is_missing ? Json(nullptr) : Json(value.text)},
                    {"unit", value.unit}});
  }
  if (!list.empty()) json["values"].insert(json["values"].end(), list.begin(), list.end());
  rest = left;
  return taken.has_value();
}

void tell_units(Story& story, const gdw3761::FrameView& frame) {
  core::Bytes rest = frame.units;
  Json units = Json::array();
  bool can_go_on = true;
  while (can_go_on && rest.size() >= UnitId::width) {
    const UnitId unit = UnitId::at(rest);
    if (unit.function() == 0 || (unit.da1 == 0) != (unit.da2 == 0 && !unit.is_every_point())) break;
    Json json = {{"DA", core::to_hex(rest.first(2), "")}, {"DT", core::to_hex(rest.subspan(2, 2), "")}};
    rest = rest.subspan(UnitId::width);
    json["points"] = points_text(unit);
    json["functions"] = functions_text(unit);
    json["name"] = gdw3761::name_of(frame.afn, unit.function());
    json["values"] = Json::array();
    Node& node = story.say(json["points"].get<std::string>() + " " + json["functions"].get<std::string>(),
                           json["name"].get<std::string>());
    const auto tell_point = [&](int point) {
      unit.each_function([&](int fn) {
        if (!can_go_on) return;
        node.children.push_back({"p" + std::to_string(point), "", "", {}});
        can_go_on = tell_data(node.children.back(), json, frame, fn, rest);
        if (node.children.back().children.empty()) node.children.pop_back();
      });
    };
    if (unit.is_every_point()) {
      tell_point(0);
    } else {
      unit.each_point(tell_point);
    }
    if (json["values"].empty()) json.erase("values");
    units.push_back(std::move(json));
  }
  if (!rest.empty()) story.say("rest", "further bytes", core::to_hex(rest, ""));
  if (!units.empty()) {
    for (const char* key : {"DA", "DT", "name", "inner"})
      if (units.front().contains(key)) story.json[key] = units.front()[key];
    if (units.size() == 1 && units.front().contains("values") && units.front()["values"].size() == 1) {
      story.json["value"] = units.front()["values"].front()["value"];
      story.json["unit"] = units.front()["values"].front()["unit"];
    }
  } else if (frame.units.size() >= UnitId::width) {
    story.json["DA"] = core::to_hex(frame.units.first(2), "");
    story.json["DT"] = core::to_hex(frame.units.subspan(2, 2), "");
  }
  story.json["units"] = std::move(units);
}

void tell_auxiliary(Story& story, const gdw3761::FrameView& frame) {
  if (!frame.password.empty()) story.say("PW", "password", core::to_hex(frame.password, ""));
  if (frame.event_counters) story.say("EC", "event counters", core::to_hex(*frame.event_counters, ""));
  if (const auto& label = frame.time_label) {
    const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const std::string text = "day " + two(label->day) + " " + two(label->hour) + ":" + two(label->minute) +
                             ":" + two(label->second) + ", counter " + std::to_string(label->frame_counter) +
                             ", delay " + std::to_string(label->delay_min) + " min";
    story.say("Tp", "time label", text);
  }
}

void tell_head(Story& story, const gdw3761::FrameView& frame) {
  const auto region = core::to_hex(std::array{static_cast<std::uint8_t>(frame.address.region_code >> 8),
                                              static_cast<std::uint8_t>(frame.address.region_code)},
                                   "");
  const bool is_up = frame.control.is_up();
  story.say("C", "control", hex_byte(frame.control.byte)).unit =
      std::string("(") + (is_up ? "from terminal" : "to terminal") +
      (frame.control.is_initiator() ? ", begins an exchange" : ", continues it") +
      (frame.control.has_events() ? ", events wait)" : ")");
  story.json["direction"] = is_up ? "from terminal" : "to terminal";
  story.say("A1", "region", region);
  story.json["A2"] = frame.address.terminal;
  story.say("terminal", std::to_string(frame.address.terminal));
  const int a3 = frame.address.master << 1 | (frame.address.is_group ? 1 : 0);
  story.json["A3"] = a3;
  story.say("master station", std::to_string(frame.address.master)).unit =
      frame.address.is_group ? "(group)" : "";
  story.say("AFN", "function code", hex_byte(static_cast<unsigned>(frame.afn))).unit =
      "(" + std::string(gdw3761::name_of(frame.afn)) + ")";
  story.say("SEQ", "sequence", hex_byte(frame.sequence.byte)).unit =
      "(counter " + std::to_string(frame.sequence.counter()) +
      (frame.sequence.must_confirm() ? ", to be confirmed)" : ")");
}
}  // namespace

Story tell_gdw3761(core::Bytes bytes) {
  const auto frame = gdw3761::decode(bytes);
  if (!frame) return bad_story(protocol, frame.error(), reason_of(frame.error(), bytes));
  Story story;
  story.protocol = protocol;
  story.length = frame->raw.size();
  tell_head(story, *frame);
  tell_units(story, *frame);
  tell_auxiliary(story, *frame);
  return story;
}
}  // namespace explain
