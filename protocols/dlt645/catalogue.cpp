#include "protocols/dlt645/catalogue.hpp"

#include <algorithm>

#include "protocols/dlt645/catalogue_table.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/text.hpp"

namespace dlt645 {
namespace {
int whole_number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

Field field_of_format(std::string_view format) {
  Field field;
  const char first = format[0];
  if (first == 'X' || first == '~') {
    field.kind = FieldKind::number;
    field.is_signed = first == '~';
    const auto point = format.find('.');
    field.bytes = static_cast<int>(std::count(format.begin(), format.end(), 'X') / 2);
    field.decimals = point == std::string_view::npos ? 0 : static_cast<int>(format.size() - point - 1);
    return field;
  }
  constexpr std::string_view letters = "ABDIR";
  constexpr std::array kinds{FieldKind::text, FieldKind::bits, FieldKind::digits, FieldKind::identifier,
                             FieldKind::raw};
  const auto letter = letters.find(first);
  const bool is_sized =
      letter != std::string_view::npos && format.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (is_sized) {
    field.kind = kinds[letter];
    field.bytes = whole_number(format.substr(1));
    return field;
  }
  field.kind = FieldKind::time;
  field.pattern = format;
  field.bytes = static_cast<int>(format.size() / 2);
  return field;
}

std::string_view layout_named(std::string_view name) {
  for (const auto& named : named_layouts())
    if (named.name == name) return named.layout;
  METERTWIN_CHECK(false, name);
  return {};
}

void append_fields(std::string_view layout, std::vector<Field>& fields) {
  while (!layout.empty()) {
    std::string_view part = framing::cut_at(layout, ';');
    if (part[0] == '@') {
      append_fields(layout_named(part.substr(1)), fields);
      continue;
    }
    int times = 1;
    if (const auto star = part.find('*'); star != std::string_view::npos)
      times = whole_number(framing::cut_at(part, '*'));
    Field field = field_of_format(framing::cut_at(part, ':'));
    const std::string_view label = framing::cut_at(part, ':');
    field.unit = part;
    for (int i = 1; i <= times; ++i) {
      field.label = std::string(label);
      if (const auto mark = field.label.find('#'); times > 1 && mark != std::string::npos) {
        field.label.replace(mark, 1, std::to_string(i));
      }
      fields.push_back(field);
    }
  }
}

std::string filled_in(std::string_view name, DataIdentifier item) {
  std::string text(name);
  const auto replace = [&](std::string_view mark, const std::string& by) {
    if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), by);
  };
  constexpr std::array<std::string_view, 4> phase{"", "A", "B", "C"};
  const bool is_phase_item = item.di1() <= 3 && (item.di3() == 2 || item.di3() == 3);
  std::string letter = is_phase_item ? std::string(phase[item.di1()]) : "";
  if (!letter.empty() && (item.di3() == 2 ? item.di2() >= 3 && item.di2() <= 6 : item.di2() == 0x10))
    letter = ", phase " + letter;
  replace("{p}", letter);
  replace("{0}", std::to_string(item.di0()));
  replace("{1}", std::to_string(item.di1()));
  replace("{2}", std::to_string(item.di2()));
  return text;
}

struct EnergyPlace {
  const EnergyType* type = nullptr;
  std::string_view phase;
};

/// Phases A, B, C repeat the types 15H..1EH and 80H..86H at a distance of 20 identifiers.
EnergyPlace place_of(std::uint8_t di2) {
  constexpr int phase_step = 0x14;
  constexpr std::array<std::string_view, 3> letters{"A", "B", "C"};
  for (const auto& type : energy_types()) {
    if (type.di2 == di2) return {&type, type.di2 >= 0x15 && type.di2 <= 0x1E ? "A" : ""};
    for (int phase = 0; phase < 3; ++phase) {
      const int shifted = type.di2 + phase_step * (type.di2 >= 0x80 ? phase + 1 : phase);
      if (type.di2 >= 0x15 && shifted == di2) return {&type, letters[static_cast<std::size_t>(phase)]};
    }
  }
  return {};
}

std::optional<Item> energy_item(DataIdentifier identifier) {
  const EnergyPlace place = place_of(identifier.di2());
  if (place.type == nullptr) return std::nullopt;
  const bool is_block = identifier.di1() == 0xFF || identifier.di0() == 0xFF;
  if ((identifier.di1() > 63 && identifier.di1() != 0xFF) ||
      (identifier.di0() > 12 && identifier.di0() != 0xFF)) {
    return std::nullopt;
  }
  const bool is_demand = identifier.di3() == 0x01;
  const char quantity = place.type->quantity;
  Item item{identifier, "", "", {}, is_block};
  Field value;
  value.kind = FieldKind::number;
  value.is_signed = place.type->is_signed;
  value.label = is_block ? "total and rates #" : "";
  value.bytes = is_demand ? 3 : 4;
  value.decimals = is_demand ? 4 : 2;
  value.unit = is_demand ? (quantity == 'P'   ? "kW"
                            : quantity == 'Q' ? "kvar"
                                              : "kVA")
                         : (quantity == 'P'   ? "kWh"
                            : quantity == 'Q' ? "kvarh"
                                              : "kVAh");
  item.fields.push_back(value);
  if (is_demand) {
    Field at = field_of_format("YYMMDDhhmm");
    at.label = "at";
    item.fields.push_back(at);
  }
  const std::string rate = identifier.di1() == 0      ? "total"
                           : identifier.di1() == 0xFF ? "total and rates"
                                                      : "rate " + std::to_string(identifier.di1());
  const std::string day = identifier.di0() == 0      ? ""
                          : identifier.di0() == 0xFF ? ", all billing days"
                                                     : ", billing day -" + std::to_string(identifier.di0());
  item.english = std::string(place.type->english) + (is_demand ? " greatest demand" : " energy") +
                 (place.phase.empty() ? ", " + rate : ", phase " + std::string(place.phase)) + day;
  item.chinese =
      (identifier.di0() == 0 ? "（当前）" : "（上" + std::to_string(identifier.di0()) + "结算日）") +
      std::string(place.phase) + (place.phase.empty() ? "" : "相") + std::string(place.type->chinese) +
      (identifier.di1() == 0      ? "总"
       : identifier.di1() == 0xFF ? ""
                                  : "费率" + std::to_string(identifier.di1())) +
      (is_demand ? "最大需量" : "电能") + (is_block ? "数据块" : "");
  return item;
}

/// "2016-01-11 week 01", "18:53:32", "01-01 #03": pairs of the pattern, written highest first, sent lowest
/// first.
std::optional<std::string> time_text(std::string_view pattern, core::Bytes bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t byte = bytes[bytes.size() - 1 - i];
    if (!core::is_bcd(byte)) return std::nullopt;
    const std::string_view unit = pattern.substr(2 * i, 2);
    if (!text.empty()) {
      const bool is_clock = unit == "mm" || unit == "ss";
      text += unit == "WW" ? " week " : unit == "NN" ? " #" : is_clock ? ":" : unit == "hh" ? " " : "-";
    }
    if (unit == "YY") text += "20";
    text += core::to_hex(bytes.subspan(bytes.size() - 1 - i, 1));
  }
  return text;
}

std::string text_of(core::Bytes reversed) {
  std::string text(reversed.rbegin(), reversed.rend());
  std::erase(text, '\0');
  while (!text.empty() && text.back() == ' ') text.pop_back();
  for (auto& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

std::string high_first_hex(core::Bytes bytes) {
  const std::vector<std::uint8_t> high_first(bytes.rbegin(), bytes.rend());
  return core::to_hex(high_first, "");
}

core::Result<Value> value_of(const Field& field, core::Bytes bytes) {
  Value value{field.label, field.kind, false, 0, field.decimals, "", field.unit};
  if (field.kind != FieldKind::raw && field.kind != FieldKind::bits && is_absent(bytes)) {
    value.is_absent = true;
    return value;
  }
  switch (field.kind) {
    case FieldKind::number: {
      const auto number = field.is_signed ? signed_number(bytes) : unsigned_number(bytes);
      if (!number) return core::Fault::bad_field;
      value.number = *number;
      value.text = decimal_text(*number, field.decimals);
      break;
    }
    case FieldKind::time: {
      const auto text = time_text(field.pattern, bytes);
      if (!text) return core::Fault::bad_field;
      value.text = *text;
      break;
    }
    case FieldKind::text:
      value.text = text_of(bytes);
      break;
    case FieldKind::bits:
      value.number = static_cast<std::int64_t>(core::little_endian(bytes));
      [[fallthrough]];
    case FieldKind::digits:
    case FieldKind::identifier:
      value.text = high_first_hex(bytes);
      break;
    case FieldKind::raw:
      value.text = core::to_hex(bytes);
      break;
  }
  return value;
}
/// In blocks the first value of "total and ..." is the total; phases have letters.
void number_label(std::string& label, int round) {
  constexpr std::string_view with_total = "total and ";
  if (label.starts_with(with_total)) {
    if (round == 1) return void(label = "total");
    label = label.substr(with_total.size());
    if (const auto plural = label.find("s #"); plural != std::string::npos) label.erase(plural, 1);
    --round;
  }
  const auto mark = label.find('#');
  if (mark == std::string::npos) return;
  const bool is_phase = label.starts_with("phase") && round <= 3;
  label.replace(mark, 1,
                is_phase ? std::string(1, static_cast<char>('A' + round - 1)) : std::to_string(round));
}
}  // namespace

std::optional<Item> lookup(DataIdentifier identifier) {
  for (const auto& row : identifier.di3() < 0x04 ? measured_rows() : parameter_rows()) {
    if (!row.holds(identifier)) continue;
    Item item{
        identifier, filled_in(row.english, identifier), filled_in(row.chinese, identifier), {}, row.repeats};
    append_fields(row.layout, item.fields);
    return item;
  }
  return identifier.di3() <= 1 ? energy_item(identifier) : std::nullopt;
}

core::Result<std::vector<Value>> decode_values(const Item& item, core::Bytes data) {
  std::vector<Value> values;
  std::size_t next = 0;
  int round = 1;
  while (!data.empty()) {
    if (next == item.fields.size()) {
      if (!item.repeats) return core::Fault::bad_length;
      next = 0;
      ++round;
    }
    const Field& field = item.fields[next++];
    const std::size_t width = field.bytes == 0 ? data.size() : static_cast<std::size_t>(field.bytes);
    if (data.size() < width) return core::Fault::bad_length;
    auto value = value_of(field, data.first(width));
    if (!value) return value.error();
    number_label(value->label, round);
    values.push_back(std::move(*value));
    data = data.subspan(width);
  }
  return values;
}

std::vector<std::uint8_t> encode_number(const Field& field, std::int64_t number) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(field.bytes));
  if (field.is_signed) {
    put_signed(bytes, number);
  } else {
    put_unsigned(bytes, static_cast<std::uint64_t>(number));
  }
  return bytes;
}

std::string decimal_text(std::int64_t number, int decimals) {
  return framing::decimal_text(number, decimals);
}
}  // namespace dlt645
