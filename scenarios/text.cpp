#include "scenarios/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <numeric>

#include "scenarios/bad_scenario.hpp"

namespace scenario {
namespace {
using core::Zone;
__extension__ using Wide = __int128;  ///< holds the product of two 64-bit counts

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes a number like "-12.50" off the front of `text`, in units of 10^-decimals. Nothing when there is
/// none, when it has more decimals that are not zero, when it has a leading zero (012 is ten to other
/// readers), or when it does not fit.
std::optional<std::int64_t> take_decimal(std::string_view& text, int decimals) {
  const bool is_negative = !text.empty() && text.front() == '-';
  if (is_negative) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return std::nullopt;
  std::int64_t value = 0;
  const auto push = [&value](int digit) {
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_add_overflow(value, digit, &value);
  };
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1))
    if (!push(text.front() - '0')) return std::nullopt;
  int places = 0;
  if (text.size() > 1 && text[0] == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
      if (places >= decimals) {
        if (text.front() != '0') return std::nullopt;
      } else {
        if (!push(text.front() - '0')) return std::nullopt;
        ++places;
      }
    }
  }
  for (; places < decimals; ++places)
    if (!push(0)) return std::nullopt;
  return is_negative ? -value : value;
}

/// "12.5" of 1250 in hundredths: no more decimals than needed, but `decimals_min`.
std::string decimal_text(std::int64_t value, int decimals, int decimals_min = 0) {
  std::uint64_t magnitude =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= static_cast<std::size_t>(decimals))
    digits.insert(0, static_cast<std::size_t>(decimals) + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - static_cast<std::size_t>(decimals);
  std::string fraction = digits.substr(whole);
  while (fraction.size() > static_cast<std::size_t>(decimals_min) && fraction.back() == '0')
    fraction.pop_back();
  return (value < 0 ? "-" : "") + digits.substr(0, whole) + (fraction.empty() ? "" : "." + fraction);
}

struct Unit {
  std::string_view name;
  int decimals;  ///< the value counts 10^-decimals of this unit
};

/// A number with one of the units, and nothing else.
std::optional<std::int64_t> parse_with_unit(std::string_view text, std::initializer_list<Unit> units) {
  text = trimmed(text);
  for (const auto& unit : units) {
    auto rest = text;
    const auto value = take_decimal(rest, unit.decimals);
    if (value && trimmed(rest) == unit.name) return value;
  }
  return std::nullopt;
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  text = trimmed(text);
  const std::size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
  if (text.size() > sign + 1 && text[sign] == '0') return std::nullopt;
  Number value{};
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> duration_units{{{"d", 86'400'000'000'000},
                                                                                   {"h", 3'600'000'000'000},
                                                                                   {"min", 60'000'000'000},
                                                                                   {"s", 1'000'000'000},
                                                                                   {"ms", 1'000'000},
                                                                                   {"us", 1'000},
                                                                                   {"ns", 1}}};

/// One "1.5h" off the front, in nanoseconds.
std::optional<std::int64_t> take_duration(std::string_view& text) {
  // Nine decimals of any unit are whole nanoseconds or no duration.
  std::string_view rest = text;
  const auto billionths = take_decimal(rest, 9);
  std::size_t length = 0;
  while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z') ++length;
  // A space may stand before the unit: "15 min".
  if (length == 0 && !rest.empty() && rest.front() == ' ') {
    rest.remove_prefix(1);
    while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z') ++length;
  }
  const auto name = rest.substr(0, length);
  const auto unit = std::find_if(duration_units.begin(), duration_units.end(),
                                 [&](const auto& u) { return u.first == name; });
  if (!billionths || unit == duration_units.end()) return std::nullopt;
  const auto product = static_cast<Wide>(*billionths) * unit->second;
  if (product % 1'000'000'000 != 0) return std::nullopt;
  const auto ns = product / 1'000'000'000;
  if (ns > std::numeric_limits<std::int64_t>::max() || ns < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  rest.remove_prefix(length);
  text = trimmed(rest);
  return static_cast<std::int64_t>(ns);
}

/// "22:00" -> seconds of the day, up to "24:00".
std::optional<int> take_time_of_day(std::string_view& text) {
  if (text.size() < 5 || !is_digit(text[0]) || !is_digit(text[1]) || text[2] != ':' || !is_digit(text[3]) ||
      !is_digit(text[4]))
    return std::nullopt;
  const int minutes = ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
  if (text[3] > '5' || minutes > 24 * 60) return std::nullopt;
  text.remove_prefix(5);
  return minutes * 60;
}

std::string time_of_day(int seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
  return text;
}

std::optional<core::Ratio> ratio_of(std::int64_t numerator, std::int64_t denominator) {
  if (numerator < 0 || denominator <= 0) return std::nullopt;
  const auto common = std::gcd(numerator, denominator);
  numerator /= common;
  denominator /= common;
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  if (numerator > most || denominator > most) return std::nullopt;
  return core::Ratio{static_cast<std::uint32_t>(numerator), static_cast<std::uint32_t>(denominator)};
}

constexpr std::int64_t billion = 1'000'000'000;
}  // namespace

const char* Text<std::string>::what() { return "a word or a text"; }
const char* Text<std::string>::pattern() { return ""; }
std::optional<std::string> Text<std::string>::parse(std::string_view text, const Zone&) {
  return std::string(text);
}
std::string Text<std::string>::format(const std::string& value, const Zone&) { return value; }

const char* Text<bool>::what() { return "true or false"; }
const char* Text<bool>::pattern() { return "^(true|false)$"; }
std::optional<bool> Text<bool>::parse(std::string_view text, const Zone&) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}
std::string Text<bool>::format(const bool& value, const Zone&) { return value ? "true" : "false"; }

const char* Text<int>::what() { return "a whole number"; }
const char* Text<int>::pattern() { return "^-?(0|[1-9][0-9]*)$"; }
std::optional<int> Text<int>::parse(std::string_view text, const Zone&) { return parse_whole<int>(text); }
std::string Text<int>::format(const int& value, const Zone&) { return std::to_string(value); }

const char* Text<std::int64_t>::what() { return Text<int>::what(); }
const char* Text<std::int64_t>::pattern() { return Text<int>::pattern(); }
std::optional<std::int64_t> Text<std::int64_t>::parse(std::string_view t, const Zone&) {
  return parse_whole<std::int64_t>(t);
}
std::string Text<std::int64_t>::format(const std::int64_t& value, const Zone&) {
  return std::to_string(value);
}

const char* Text<std::uint64_t>::what() { return "a whole number from 0"; }
const char* Text<std::uint64_t>::pattern() { return "^(0|[1-9][0-9]*)$"; }
std::optional<std::uint64_t> Text<std::uint64_t>::parse(std::string_view t, const Zone&) {
  return parse_whole<std::uint64_t>(t);
}
std::string Text<std::uint64_t>::format(const std::uint64_t& value, const Zone&) {
  return std::to_string(value);
}

const char* Text<core::Ratio>::what() { return "a share such as 3 %, 1/100 or 0.01"; }
const char* Text<core::Ratio>::pattern() { return "^([0-9]+(\\.[0-9]+)?( ?%)?|[0-9]+/[1-9][0-9]*)$"; }
std::optional<core::Ratio> Text<core::Ratio>::parse(std::string_view text, const Zone&) {
  text = trimmed(text);
  auto rest = text;
  const auto billionths = take_decimal(rest, 9);
  if (!billionths) return std::nullopt;
  if (rest.empty()) return ratio_of(*billionths, billion);
  if (trimmed(rest) == "%") return ratio_of(*billionths, 100 * billion);
  rest = text;
  const auto numerator = take_decimal(rest, 0);
  if (!numerator || rest.empty() || rest.front() != '/') return std::nullopt;
  rest.remove_prefix(1);
  const auto denominator = take_decimal(rest, 0);
  if (!denominator || !rest.empty()) return std::nullopt;
  return ratio_of(*numerator, *denominator);
}
std::string Text<core::Ratio>::format(const core::Ratio& value, const Zone&) {
  const auto n = std::int64_t{value.numerator}, d = std::int64_t{value.denominator};
  if (n * 10'000'000 % d == 0 && n * 10'000'000 / d < billion * 10)
    return decimal_text(n * 10'000'000 / d, 5) + " %";
  return std::to_string(n) + "/" + std::to_string(d);
}

const char* Text<core::Fen>::what() { return "an amount of money such as 50 CNY (whole fen)"; }
const char* Text<core::Fen>::pattern() { return "^-?[0-9]+(\\.[0-9]{1,2}0*)? ?(CNY|yuan|元)$"; }
std::optional<core::Fen> Text<core::Fen>::parse(std::string_view text, const Zone&) {
  const auto value = parse_with_unit(text, {{"CNY", 2}, {"yuan", 2}, {"元", 2}});
  return value ? std::optional(core::Fen(*value)) : std::nullopt;
}
std::string Text<core::Fen>::format(const core::Fen& value, const Zone&) {
  return decimal_text(value.count(), 2, value.count() % 100 == 0 ? 0 : 2) + " CNY";
}

const char* Text<core::Price>::what() { return "a price such as 0.5588 CNY/kWh (at most four decimals)"; }
const char* Text<core::Price>::pattern() { return "^-?[0-9]+(\\.[0-9]{1,4}0*)? ?(CNY|yuan|元)/kWh$"; }
std::optional<core::Price> Text<core::Price>::parse(std::string_view text, const Zone&) {
  const auto value = parse_with_unit(text, {{"CNY/kWh", 4}, {"yuan/kWh", 4}, {"元/kWh", 4}});
  return value ? std::optional(core::Price(*value)) : std::nullopt;
}
std::string Text<core::Price>::format(const core::Price& value, const Zone&) {
  return decimal_text(value.count(), 4) + " CNY/kWh";
}

const char* Text<core::CentiKilowattHours>::what() {
  return "an energy such as 230 kWh (at most two decimals)";
}
const char* Text<core::CentiKilowattHours>::pattern() { return "^-?[0-9]+(\\.[0-9]{1,2}0*)? ?kWh$"; }
std::optional<core::CentiKilowattHours> Text<core::CentiKilowattHours>::parse(std::string_view text,
                                                                              const Zone&) {
  const auto value = parse_with_unit(text, {{"kWh", 2}});
  return value ? std::optional(core::CentiKilowattHours(*value)) : std::nullopt;
}
std::string Text<core::CentiKilowattHours>::format(const core::CentiKilowattHours& value, const Zone&) {
  return decimal_text(value.count(), 2) + " kWh";
}

const char* Text<core::Milliwatts>::what() { return "a power such as 500 W or 1.2 kW"; }
const char* Text<core::Milliwatts>::pattern() { return "^-?[0-9]+(\\.[0-9]+)? ?(mW|W|kW)$"; }
std::optional<core::Milliwatts> Text<core::Milliwatts>::parse(std::string_view text, const Zone&) {
  const auto value = parse_with_unit(text, {{"mW", 0}, {"W", 3}, {"kW", 6}});
  return value ? std::optional(core::Milliwatts(*value)) : std::nullopt;
}
std::string Text<core::Milliwatts>::format(const core::Milliwatts& value, const Zone&) {
  return decimal_text(value.count(), 3) + " W";
}

const char* Text<core::Duration>::what() {
  return "a duration such as 15min or 1h 30min (ns, us, ms, s, min, h, d)";
}
const char* Text<core::Duration>::pattern() { return "^([0-9]+(\\.[0-9]+)? ?(ns|us|ms|s|min|h|d) ?)+$"; }
std::optional<core::Duration> Text<core::Duration>::parse(std::string_view text, const Zone&) {
  text = trimmed(text);
  const bool is_negative = !text.empty() && text.front() == '-';
  if (is_negative) text.remove_prefix(1);
  std::int64_t total = 0;
  do {
    const auto part = !text.empty() && is_digit(text.front()) ? take_duration(text) : std::nullopt;
    if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
  } while (!text.empty());
  return core::Duration(is_negative ? -total : total);
}
std::string Text<core::Duration>::format(const core::Duration& value, const Zone&) {
  if (value.count() == 0) return "0s";
  std::uint64_t rest = value.count() < 0 ? 0 - static_cast<std::uint64_t>(value.count())
                                         : static_cast<std::uint64_t>(value.count());
  const std::string sign = value.count() < 0 ? "-" : "";
  for (const auto& [name, ns] : duration_units) {
    const auto unit = static_cast<std::uint64_t>(ns);
    if (rest % unit == 0 && rest / unit < 1000) return sign + std::to_string(rest / unit) + std::string(name);
  }
  std::string text = sign;
  for (const auto& [name, ns] : duration_units) {
    const auto unit = static_cast<std::uint64_t>(ns);
    if (rest >= unit)
      text += (text.size() > sign.size() ? " " : "") + std::to_string(rest / unit) + std::string(name);
    rest %= unit;
  }
  return text;
}

const char* Text<core::Instant>::what() {
  return "an instant such as 2026-07-01T00:15 or 2026-07-01T00:15:00+08:00";
}
const char* Text<core::Instant>::pattern() {
  return "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T "
         "][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?$";
}
std::optional<core::Instant> Text<core::Instant>::parse(std::string_view text, const Zone& zone) {
  text = trimmed(text);
  // Nanoseconds of a signed 64-bit integer reach from 1678 to 2262.
  if (text.size() < 4 || text.substr(0, 4) < "1700" || text.substr(0, 4) > "2200") return std::nullopt;
  return core::parse_iso8601(text, zone);
}
std::string Text<core::Instant>::format(const core::Instant& value, const Zone& zone) {
  return core::to_iso8601(value, zone);
}

const char* Text<DaySlot>::what() { return "a part of the day such as 08:00-22:00 or 22:00-06:00"; }
const char* Text<DaySlot>::pattern() { return "^[0-2][0-9]:[0-5][0-9] ?- ?[0-2][0-9]:[0-5][0-9]$"; }
std::optional<DaySlot> Text<DaySlot>::parse(std::string_view text, const Zone&) {
  text = trimmed(text);
  const auto from = take_time_of_day(text);
  text = trimmed(text);
  if (!from || text.empty() || text.front() != '-') return std::nullopt;
  text = trimmed(text.substr(1));
  const auto till = take_time_of_day(text);
  if (!till || !text.empty() || *from == *till || *from == 86'400) return std::nullopt;
  return DaySlot{*from, *till == 0 ? 86'400 : *till};
}
std::string Text<DaySlot>::format(const DaySlot& value, const Zone&) {
  return time_of_day(value.from_s) + "-" + time_of_day(value.till_s);
}

std::string to_text(Duration value) { return Text<Duration>::format(value, core::Zone(0s)); }

Duration parse_duration_argument(const std::string& text) {
  const auto value = Text<Duration>::parse(text, core::Zone(0s));
  if (!value) throw BadScenario({"command line", 1, 1}, "'" + text + "' is not " + Text<Duration>::what());
  return *value;
}

std::vector<DaySlot> split_at_midnight(const DaySlot& slot) {
  if (slot.from_s < slot.till_s) return {slot};
  return {{slot.from_s, 86'400}, {0, slot.till_s}};
}
}  // namespace scenario
