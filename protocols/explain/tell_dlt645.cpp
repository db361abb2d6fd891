// DL/T 645-2007, told: link layer, requests by control code, values by data identifier.
#include "protocols/byte_sum.hpp"
#include "protocols/dlt645/catalogue.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/dlt645/security.hpp"
#include "protocols/dlt645/status_words.hpp"
#include "protocols/explain/story.hpp"
#include "protocols/explain/times.hpp"

namespace explain {
namespace {
using dlt645::Function;
constexpr const char* protocol = "DL/T 645-2007";

std::size_t lead_in_of(core::Bytes bytes) {
  std::size_t count = 0;
  while (count < bytes.size() && bytes[count] == dlt645::lead_in_byte) ++count;
  return count;
}

std::string reason_of(core::Fault fault, core::Bytes frame) {
  switch (fault) {
    case core::Fault::incomplete:
      return "the frame ends before its length says so: more bytes are needed";
    case core::Fault::bad_start:
      return "no second 68 seven bytes after the first";
    case core::Fault::bad_length:
      return "length " + std::to_string(frame[9]) + " is more than the 200 that a frame may hold";
    case core::Fault::bad_end:
      return "the end byte is " + hex_byte(frame[11u + frame[9]]) + ", not 16";
    default:
      break;
  }
  const std::size_t summed = 10u + frame[9];
  return "the checksum is " + hex_byte(frame[summed]) + ", the bytes sum to " +
         hex_byte(framing::byte_sum(frame.first(summed)));
}

void say_value(Node& parent, const dlt645::Value& value, dlt645::DataIdentifier item) {
  Node node{value.label.empty() ? "value" : value.label,
            value.is_absent ? "absent" : value.text,
            value.is_absent ? "" : std::string(value.unit),
            {}};
  const bool is_status =
      item.di3() == 4 && item.di2() == 0 && item.di1() == 5 && value.kind == dlt645::FieldKind::bits;
  if (is_status) {
    const int number = item.di0() == 0xFF ? static_cast<int>(parent.children.size()) + 1 : item.di0();
    for (const auto said : dlt645::describe_status_word(number, static_cast<std::uint16_t>(value.number))) {
      node.children.push_back({std::string(said), "", "", {}});
    }
  }
  parent.children.push_back(std::move(node));
}

void tell_load_records(Story& story, core::Bytes data) {
  Json records = Json::array();
  dlt645::LoadRecord record;
  while (!data.empty()) {
    const auto taken = dlt645::take_load_record(data, record);
    if (!taken) {
      story.say("raw", "not a load record", core::to_hex(data));
      break;
    }
    Node& node = story.say("load record", minute_text(record.at));
    Json one = {{"time", minute_text(record.at)}};
    constexpr std::array<const char*, 4> names{"forward active", "reverse active", "reactive 1",
                                               "reactive 2"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (record.energy_ckWh[i] == dlt645::LoadRecord::absent) continue;
      const auto text = dlt645::decimal_text(record.energy_ckWh[i], 2);
      node.children.push_back({names[i], text, i < 2 ? "kWh" : "kvarh", {}});
      one[names[i]] = text;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      if (record.voltage_dV[i] == dlt645::LoadRecord::absent) continue;
      node.children.push_back(
          {"voltage " + std::to_string(i + 1), dlt645::decimal_text(record.voltage_dV[i], 1), "V", {}});
    }
    records.push_back(std::move(one));
    data = data.subspan(*taken);
  }
  story.json["records"] = std::move(records);
}

/// The value or values after an identifier, by the catalogue; raw where it has none.
void tell_values(Story& story, dlt645::DataIdentifier identifier, core::Bytes data) {
  if (data.empty()) return;
  if (identifier.di3() == 0x06) return tell_load_records(story, data);
  const auto item = dlt645::lookup(identifier);
  const auto values = item ? dlt645::decode_values(*item, data)
                           : core::Result<std::vector<dlt645::Value>>(core::Fault::unknown_item);
  if (!values) {
    story.json["raw"] = core::to_hex(data, "");
    story.say("data, not understood", core::to_hex(data));
    return;
  }
  Node& parent = story.say("data", core::to_hex(data));
  for (const auto& value : *values) say_value(parent, value, identifier);
  if (!values->front().unit.empty()) story.json["unit"] = values->front().unit;
  const auto json_of = [](const dlt645::Value& value) {
    return value.is_absent ? Json(nullptr) : Json(value.text);
  };
  const bool is_value_and_time =
      values->size() == 2 && values->back().kind == dlt645::FieldKind::time && !item->repeats;
  if (values->size() == 1 || is_value_and_time) {
    story.json["value"] = json_of(values->front());
    if (is_value_and_time) story.json["time"] = json_of(values->back());
    if (!item->repeats) return;
  }
  Json list = Json::array(), labels = Json::array();
  for (const auto& value : *values) {
    list.push_back(json_of(value));
    labels.push_back(value.label);
  }
  story.json["values"] = std::move(list);
  story.json["labels"] = std::move(labels);
}

dlt645::DataIdentifier say_identifier(Story& story, core::Bytes data) {
  const auto identifier = dlt645::identifier_at(data);
  const auto item = dlt645::lookup(identifier);
  story.say("DI", "data identifier", dlt645::to_string(identifier) + "").children = {};
  if (item) {
    story.json["name"] = item->english;
    story.json["name_zh"] = item->chinese;
    story.tree.children.back().unit = "(" + item->english + ", " + item->chinese + ")";
  }
  return identifier;
}

void say_password(Story& story, core::Bytes data) {
  story.say("PA", "password level", hex_byte(data[0]));
  story.say("password", core::to_hex(std::array{data[3], data[2], data[1]}, ""));
  if (data.size() >= 8) story.say("operator", "operator", core::to_hex(data.subspan(4, 4), ""));
}

void say_raw(Story& story, core::Bytes data) {
  if (!data.empty()) story.say("raw", "data", core::to_hex(data, ""));
}

void tell_security(Story& story, const dlt645::Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() < 4) return say_raw(story, data);
  const auto identifier = say_identifier(story, data);
  if (frame.control.is_from_meter()) {
    const auto purse = dlt645::parse_purse_state(data.subspan(4));
    if (identifier == dlt645::item::purse_state && purse) {
      story.say("amount", "remaining money", dlt645::decimal_text(purse->remaining.count(), 2)).unit = "yuan";
      story.say("count", "purchase count", std::to_string(purse->purchase_count));
      return;
    }
    return say_raw(story, data.subspan(4));
  }
  const auto request = dlt645::parse_security(frame);
  if (!request) return say_raw(story, data.subspan(4));
  story.say("operator", "operator", core::to_hex(data.subspan(4, 4), ""));
  const auto purchase = dlt645::parse_purchase(*request);
  const bool is_purchase =
      identifier.di2() == 1 && identifier.di1() >= 1 && identifier.di0() == 0xFF && identifier.di3() == 7;
  // A vendor's dialect has more bytes (an order number); the amount stands first all the same.
  if (is_purchase && request->body.size() >= 4) {
    const auto amount = static_cast<std::int64_t>(core::little_endian(request->body.first(4)));
    story.say("amount", "amount", dlt645::decimal_text(amount, 2)).unit = "yuan";
  }
  if (is_purchase && purchase) {
    story.say("count", "purchase count", std::to_string(purchase->purchase_count));
    story.say("customer", "customer",
              dlt645::to_string(dlt645::AddressPattern(core::MeterAddress(purchase->customer))));
    return;
  }
  say_raw(story, request->body);
}

void tell_refusal(Story& story, const dlt645::Frame& frame) {
  if (const auto reasons = dlt645::security_refusal_of(frame)) {
    story.json["ERR"] = core::to_hex(frame.data, "");
    story.say("errors", "refused", dlt645::describe(*reasons));
  } else if (const auto why = dlt645::refusal_of(frame)) {
    story.json["ERR"] = hex_byte(static_cast<unsigned>(*why));
    story.say("errors", "refused", dlt645::describe(*why));
  }
}

void tell_read(Story& story, const dlt645::Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() < 4) return say_raw(story, data);
  const auto identifier = say_identifier(story, data);
  const bool is_follow_up = frame.control.function() == Function::read_follow_up;
  if (!frame.control.is_from_meter()) {
    if (is_follow_up && data.size() == 5) {
      story.json["SEQ"] = data[4];
      story.say("sequence", std::to_string(data[4]));
    } else if (const auto request = dlt645::parse_read(frame); request && request->blocks) {
      story.say("N", "records asked for", std::to_string(*request->blocks));
      if (request->from) story.say("from", "from", minute_text(*request->from));
    } else {
      say_raw(story, data.subspan(4));
    }
    return;
  }
  core::Bytes value = data.subspan(4);
  if (is_follow_up && !value.empty()) {
    story.json["SEQ"] = value.back();
    story.say("sequence", std::to_string(value.back()));
    value = value.first(value.size() - 1);
  }
  tell_values(story, identifier, value);
}

void tell_write(Story& story, const dlt645::Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() < 12) return say_raw(story, data);
  const auto identifier = say_identifier(story, data);
  say_password(story, data.subspan(4));
  tell_values(story, identifier, data.subspan(12));
}

void tell_command(Story& story, const dlt645::Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() >= 8) say_password(story, data);
  const auto request = dlt645::parse_remote_control(frame);
  if (frame.control.function() == Function::remote_control && request) {
    story.say("N1", "command", hex_byte(data[8])).unit =
        "(" + std::string(dlt645::name_of(request->command)) + ")";
    story.json["command"] = dlt645::name_of(request->command);
    story.say("valid_until", "valid until", second_text(request->valid_until));
    return;
  }
  if (data.size() >= 12 && frame.control.function() == Function::clear_events) {
    story.say("DI", "events", dlt645::to_string(dlt645::identifier_at(data.subspan(8))));
    return;
  }
  say_raw(story, data.size() >= 8 ? data.subspan(8) : data);
}

void say_time(Story& story, const char* label, const std::optional<core::CivilTime>& time, core::Bytes data) {
  if (time) {
    story.say("value", label, second_text(*time));
  } else {
    say_raw(story, data);
  }
}

void tell_data(Story& story, const dlt645::Frame& frame) {
  const core::Bytes data = frame.data;
  if (frame.control.is_abnormal()) return tell_refusal(story, frame);
  switch (frame.control.function()) {
    case Function::security:
      return tell_security(story, frame);
    case Function::read:
    case Function::read_follow_up:
      return tell_read(story, frame);
    case Function::write:
      return tell_write(story, frame);
    case Function::remote_control:
    case Function::clear_demand:
    case Function::clear_meter:
    case Function::clear_events:
      return tell_command(story, frame);
    case Function::broadcast_time:
      return say_time(story, "time", dlt645::second_time(data), data);
    case Function::read_address:
    case Function::write_address:
      if (data.size() != 6) return say_raw(story, data);
      story.say("value", "address", dlt645::to_string(dlt645::AddressPattern::from_wire(data.data())));
      return;
    case Function::freeze:
      if (data.size() != 4) return say_raw(story, data);
      story.say("value", "freeze at MMDDhhmm (99 = any)",
                core::to_hex(std::array{data[3], data[2], data[1], data[0]}, ""));
      return;
    case Function::change_baud:
      if (const auto baud = data.size() == 1 ? dlt645::baud_of_word(data[0]) : std::nullopt) {
        story.say("value", "baud", std::to_string(*baud));
        return;
      }
      return say_raw(story, data);
    case Function::change_password:
      if (data.size() == 12) {
        say_identifier(story, data);
        return say_password(story, data.subspan(4, 4));
      }
      return say_raw(story, data);
    default:
      return say_raw(story, data);
  }
}
}  // namespace

Story tell_dlt645(core::Bytes bytes) {
  const std::size_t lead_in = lead_in_of(bytes);
  dlt645::Frame frame;
  const auto taken = dlt645::decode(bytes, frame);
  if (!taken) return bad_story(protocol, taken.error(), reason_of(taken.error(), bytes.subspan(lead_in)));
  Story story;
  story.protocol = protocol;
  story.length = *taken;
  if (lead_in > 0) story.say("lead-in FE", std::to_string(lead_in));
  story.say("addr", "address", dlt645::to_string(frame.address));
  story.json["addr_wire"] = core::to_hex(bytes.subspan(lead_in + 1, 6), "");
  if (frame.address.is_broadcast()) story.tree.children.back().unit = "(broadcast)";
  const auto function = std::string(dlt645::name_of(frame.control.function()));
  const bool is_up = frame.control.is_from_meter();
  const std::string kind = !is_up ? "request" : frame.control.is_abnormal() ? "refusal" : "answer";
  story.say("C", "control", hex_byte(frame.control.byte)).unit =
      "(" + function + ", " + kind + (frame.control.has_follow_up() ? ", more follows)" : ")");
  story.json["function"] = function;
  story.json["direction"] = is_up ? "from meter" : "to meter";
  story.json["kind"] = kind;
  if (frame.control.has_follow_up()) story.json["more_follows"] = true;
  story.json["L"] = frame.data.size();
  story.json["data"] = core::to_hex(frame.data, "");
  tell_data(story, frame);
  return story;
}
}  // namespace explain
