// Names and layouts after Q/GDW 1376.1-2012; lengths cross-checked with checksum-valid captures where there
// are any.
#include "protocols/gdw3761/unit_catalogue.hpp"

#include "protocols/gdw3761/formats.hpp"
#include "protocols/text.hpp"

namespace gdw3761 {
namespace {
std::string time_text(const core::CivilTime& time, std::string_view format) {
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  std::string text = std::to_string(time.year) + "-" + two(time.month);
  if (format != "t21") text += "-" + two(time.day);
  if (format == "t1" || format == "t15" || format == "c")
    text += " " + two(time.hour) + ":" + two(time.minute);
  if (format == "t1") text += ":" + two(time.second);
  return text;
}

/// Walks one layout over the bytes.
class Taker {
 public:
  Taker(core::Bytes& rest, std::vector<UnitValue>& values) : rest_(rest), values_(values) {}

  core::Result<void> field(std::string_view format, std::string_view label, std::string_view unit) {
    const bool is_optional = format[0] == '?';
    if (is_optional) format.remove_prefix(1);
    if (is_optional && rest_.empty()) return {};
    int times = 1;
    if (format[0] == '+') times = rates_ + 1;
    if (format[0] == '*') times = count_;
    if (format.size() > 2 && format[0] >= '0' && format[0] <= '9' && format[1] == 'b')
      times = format[0] - '0';
    if (format[0] == '+' || format[0] == '*' || (times > 1 && format[1] == 'b')) format.remove_prefix(1);
    for (int i = 0; i < times; ++i) {
      std::string numbered(label);
      if (times > 1)
        numbered += rates_ >= 0 && times == rates_ + 1 ? (i == 0 ? " total" : " rate " + std::to_string(i))
                                                       : " " + std::to_string(i + 1);
      if (const auto taken = one(format, numbered, unit); !taken) return taken;
    }
    return {};
  }

 private:
  core::Result<void> one(std::string_view format, const std::string& label, std::string_view unit) {
    if (const auto number = number_format(format)) return take_number(*number, label, unit);
    switch (format[0]) {
      case 't':
        return take_time(format, label);
      case 'b':
        return take_binary(static_cast<std::size_t>(format[1] - '0'), label);
      case 'M':
        return take_rates(label);
      case 'n':
        return take_count(label);
      case 'c':
        return take_curve(label);
      case 's':
        return take_supply(label);
      case 'd':
        return take_demand(label, unit);
      case 'm':
        return take_archive_row();
      case 'u':
        return take_units();
      default:
        return core::Fault::unknown_item;
    }
  }
  static std::optional<NumberFormat> number_format(std::string_view format) {
    if (format == "5") return a5;
    if (format == "7") return a7;
    if (format == "8") return a8;
    if (format == "9") return a9;
    if (format == "10") return a10;
    if (format == "11") return a11;
    if (format == "13") return a13;
    if (format == "14") return a14;
    if (format == "23") return a23;
    if (format == "25") return a25;
    return std::nullopt;
  }
  std::optional<core::Bytes> take(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    const core::Bytes part = rest_.first(width);
    rest_ = rest_.subspan(width);
    return part;
  }
  void say(const std::string& label, const std::string& text, std::string_view unit = {}) {
    values_.push_back({label, text, unit, false});
  }
  void say_missing(const std::string& label, std::string_view unit = {}) {
    values_.push_back({label, "", unit, true});
  }

  core::Result<void> take_number(NumberFormat format, const std::string& label, std::string_view unit) {
    const auto field = take(format.bytes);
    if (!field) return core::Fault::bad_length;
    const auto number = number_at(format, *field);
    if (number) {
      say(label, framing::decimal_text(*number, format.decimals), unit);
    } else if (is_missing(*field)) {
      say_missing(label, unit);
    } else {
      say(label, core::to_hex(*field));
    }
    return {};
  }
  core::Result<void> take_time(std::string_view format, const std::string& label) {
    const std::size_t width = format == "t1"    ? clock_bytes
                              : format == "t15" ? minute_time_bytes
                              : format == "t20" ? day_bytes
                                                : month_bytes;
    const auto field = take(width);
    if (!field) return core::Fault::bad_length;
    const auto time = format == "t1"    ? clock_at(*field)
                      : format == "t15" ? minute_time_at(*field)
                      : format == "t20" ? day_at(*field)
                                        : month_at(*field);
    if (time) {
      say(label, time_text(*time, format));
    } else if (is_missing(*field)) {
      say_missing(label);
    } else {
      say(label, core::to_hex(*field));
    }
    return {};
  }
  core::Result<void> take_binary(std::size_t width, const std::string& label) {
    const auto field = take(width);
    if (!field) return core::Fault::bad_length;
    const std::vector<std::uint8_t> high_first(field->rbegin(), field->rend());
    if (is_missing(*field)) {
      say_missing(label);
    } else {
      say(label, core::to_hex(high_first, "") + "H");
    }
    return {};
  }
  core::Result<void> take_rates(const std::string& label) {
    const auto field = take(1);
    if (!field) return core::Fault::bad_length;
    rates_ = (*field)[0] == missing_byte ? 0 : (*field)[0];
    if (rates_ > 63) return core::Fault::bad_field;
    say(label, std::to_string(rates_));
    return {};
  }
  core::Result<void> take_count(const std::string& label) {
    const auto field = take(2);
    if (!field) return core::Fault::bad_length;
    count_ = static_cast<int>(core::little_endian(*field));
    say(label, std::to_string(count_));
    return {};
  }
  core::Result<void> take_curve(const std::string& label) {
    const auto field = take(7);
    if (!field) return core::Fault::bad_length;
    const auto start = minute_time_at(field->first(minute_time_bytes));
    if (!start) return core::Fault::bad_field;
    count_ = (*field)[6];
    say(label == "n" ? "starts" : label, time_text(*start, "c"));
    say("density", std::to_string((*field)[5]));
    say("count", std::to_string(count_));
    return {};
  }
  core::Result<void> take_supply(const std::string& label) {
    const auto field = take(1);
    if (!field) return core::Fault::bad_length;
    const auto state = (*field)[0];
    if (state == missing_byte) {
      say_missing(label);
    } else {
      say(label, state == 0x11 ? "on" : state == 0x00 ? "off" : core::to_hex(*field));
    }
    return {};
  }
  core::Result<void> take_demand(const std::string& label, std::string_view unit) {
    if (const auto number = take_number(a23, label, unit); !number) return number;
    const auto field = take(4);  // A.17: mm hh DD MM
    if (!field) return core::Fault::bad_length;
    if (is_missing(*field)) {
      say_missing(label + " at");
    } else {
      say(label + " at", core::to_hex(field->subspan(3, 1)) + "-" + core::to_hex(field->subspan(2, 1)) + " " +
                             core::to_hex(field->subspan(1, 1)) + ":" + core::to_hex(field->first(1)));
    }
    return {};
  }
  core::Result<void> take_archive_row() {
    const auto field = take(27);
    if (!field) return core::Fault::bad_length;
    const auto address = [](core::Bytes low_first) {
      return core::to_hex(std::vector<std::uint8_t>(low_first.rbegin(), low_first.rend()), "");
    };
    say("index", std::to_string(core::little_endian(field->first(2))));
    say("point", std::to_string(core::little_endian(field->subspan(2, 2))));
    say("port", std::to_string((*field)[4] & 0x1F));
    say("baud code", std::to_string((*field)[4] >> 5));
    say("protocol", std::to_string((*field)[5]));
    say("meter", address(field->subspan(6, 6)));
    say("collector", address(field->subspan(20, 6)));
    say("rates", std::to_string((*field)[18]));
    return {};
  }
  core::Result<void> take_units() {
    while (!rest_.empty()) {
      const auto field = take(UnitId::width + 1);
      if (!field) return core::Fault::bad_length;
      const UnitId unit = UnitId::at(*field);
      say("p" + std::to_string(unit.point()) + " F" + std::to_string(unit.function()),
          (*field)[UnitId::width] == 0 ? "good" : "error " + std::to_string((*field)[UnitId::width]));
    }
    return {};
  }

  core::Bytes& rest_;
  std::vector<UnitValue>& values_;
  int rates_ = -1;
  int count_ = 0;
};
}  // namespace

core::Result<void> take_values(std::string_view layout, core::Bytes& rest, std::vector<UnitValue>& values) {
  Taker taker(rest, values);
  while (!layout.empty()) {
    std::string_view part = framing::cut_at(layout, ';');
    const std::string_view format = framing::cut_at(part, ':');
    const std::string_view label = framing::cut_at(part, ':');
    if (const auto taken = taker.field(format, label, part); !taken) return taken;
  }
  return {};
}
}  // namespace gdw3761
