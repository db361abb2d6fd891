#include "core/civil.hpp"

#include <algorithm>
#include <cstdio>

#include "core/check.hpp"

namespace core {
namespace {
constexpr std::int64_t seconds_per_day = 86'400;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

std::string offset_name(std::chrono::seconds offset) {
  const auto minutes = offset.count() / 60;
  char text[48];
  std::snprintf(text, sizeof text, "%c%02lld:%02lld", minutes < 0 ? '-' : '+',
                static_cast<long long>(std::abs(minutes) / 60),
                static_cast<long long>(std::abs(minutes) % 60));
  return text;
}

/// Reads exactly `width` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Up to nine digits after the point, as nanoseconds.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t value = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits)
    if (digits < 9) value = value * 10 + (text.front() - '0');
  if (digits == 0 || digits > 9) return std::nullopt;
  for (; digits < 9; ++digits) value *= 10;
  return value;
}

std::optional<std::chrono::seconds> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return 0s;
  const bool is_west = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 18 || *minutes > 59) return std::nullopt;
  const std::chrono::seconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_west ? -offset : offset;
}
}  // namespace

std::int64_t days_from_civil(int y, int m, int d) {
  const std::int64_t year = m <= 2 ? y - 1 : y;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

CivilTime civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = floor_div(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t mp = (5 * day_of_year + 2) / 153;
  const auto month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {.year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)),
          .month = month,
          .day = static_cast<int>(day_of_year - (153 * mp + 2) / 5 + 1)};
}

int weekday_of(std::int64_t days) { return static_cast<int>(((days + 4) % 7 + 7) % 7); }

bool is_valid_date(int year, int month, int day) {
  if (month < 1 || month > 12 || day < 1) return false;
  const auto back = civil_from_days(days_from_civil(year, month, day));
  return back.year == year && back.month == month && back.day == day;
}

Zone::Zone(std::chrono::seconds fixed_offset)
    : Zone(offset_name(fixed_offset), {{Instant::min(), fixed_offset}}) {}

Zone::Zone(std::string name, std::vector<Transition> transitions)
    : name_(std::move(name)), transitions_(std::move(transitions)) {
  METERTWIN_CHECK(!transitions_.empty(), name_);
}

std::chrono::seconds Zone::offset_among_many(Instant at) const {
  auto after = std::upper_bound(transitions_.begin(), transitions_.end(), at,
                                [](Instant t, const Transition& transition) { return t < transition.from; });
  return after == transitions_.begin() ? after->offset : std::prev(after)->offset;
}

std::int64_t Zone::local_day(Instant at) const {
  return floor_div(unix_seconds(at) + offset_at(at).count(), seconds_per_day);
}

std::int64_t Zone::second_of_day(Instant at) const {
  return unix_seconds(at) + offset_at(at).count() - local_day(at) * seconds_per_day;
}

CivilTime Zone::civil(Instant at) const {
  auto civil = civil_from_days(local_day(at));
  const auto second = static_cast<int>(second_of_day(at));
  civil.hour = second / 3600;
  civil.minute = second / 60 % 60;
  civil.second = second % 60;
  return civil;
}

Instant Zone::instant(const CivilTime& c) const {
  const auto local = std::chrono::seconds(days_from_civil(c.year, c.month, c.day) * seconds_per_day +
                                          c.hour * 3600 + c.minute * 60 + c.second);
  // The offset before any change near this reading decides: it gives the first of two equal readings.
  const auto early = Instant(local) - 24h;
  const auto guess = Instant(local - offset_at(early));
  if (offset_at(guess) == offset_at(early)) return guess;
  const auto other = Instant(local - offset_at(guess));
  return offset_at(other) == offset_at(guess) ? other : guess;
}

Instant Zone::start_of_day(std::int64_t day) const { return instant(civil_from_days(day)); }

Instant Zone::start_of_month(Instant at) const {
  const auto c = civil(at);
  return instant({.year = c.year, .month = c.month, .day = 1});
}

Instant Zone::start_of_next_month(Instant at) const {
  const auto c = civil(at);
  return instant(
      {.year = c.month == 12 ? c.year + 1 : c.year, .month = c.month == 12 ? 1 : c.month + 1, .day = 1});
}

std::string to_civil_text(Instant at, const Zone& zone) {
  const auto c = zone.civil(at);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
                c.second);
  return text;
}

std::string to_iso8601(Instant at, const Zone& zone) {
  std::string text = to_civil_text(at, zone);
  text[10] = 'T';
  const auto fraction = unix_nanoseconds(at) - unix_seconds(at) * 1'000'000'000;
  if (fraction != 0) {
    char digits[16];
    std::snprintf(digits, sizeof digits, ".%09lld", static_cast<long long>(fraction));
    text += digits;
    while (text.back() == '0') text.pop_back();
  }
  return text + offset_name(zone.offset_at(at));
}

std::optional<Instant> parse_iso8601(std::string_view text, const Zone& zone) {
  CivilTime c;
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !is_valid_date(*year, *month, *day)) return std::nullopt;
  c = {.year = *year, .month = *month, .day = *day};
  std::int64_t fraction_ns = 0;
  if (take(text, 'T') || take(text, ' ')) {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute) return std::nullopt;
    int second = 0;
    if (take(text, ':')) {
      const auto digits = take_digits(text, 2);
      if (!digits) return std::nullopt;
      second = *digits;
      if (take(text, '.')) {
        const auto fraction = take_fraction(text);
        if (!fraction) return std::nullopt;
        fraction_ns = *fraction;
      }
    }
    if (*hour > 23 || *minute > 59 || second > 59) return std::nullopt;
    c.hour = *hour;
    c.minute = *minute;
    c.second = second;
  }
  Instant at;
  if (text.empty()) {
    at = zone.instant(c);
  } else {
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    at = Zone(*offset).instant(c);
  }
  return at + Duration(fraction_ns);
}
}  // namespace core
