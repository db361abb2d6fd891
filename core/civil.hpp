/// Civil time: a pure function of an instant and a zone.
///
/// A `Zone` is the offsets from UTC that apply from given instants on; the scenario loader makes one from a
/// name
/// ("Asia/Shanghai", "+08:00"). Calendar arithmetic after Howard Hinnant, "chrono-compatible low-level date
/// algorithms".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"

namespace core {
/// A wall-clock reading. Weekday 0 is Sunday, as in DL/T 645-2007 data identifier 04000101.
struct CivilTime {
  int year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31
  int hour = 0;
  int minute = 0;
  int second = 0;
  auto operator<=>(const CivilTime&) const = default;
};

class Zone {
 public:
  struct Transition {
    Instant from;
    std::chrono::seconds offset;
  };
  /// A fixed offset; China is +8 h the year round.
  explicit Zone(std::chrono::seconds fixed_offset = 8h);
  /// Range: at least one transition, instants rising; before the first its offset applies too.
  Zone(std::string name, std::vector<Transition> transitions);

  std::chrono::seconds offset_at(Instant at) const {
    if (transitions_.size() == 1) return transitions_.front().offset;
    return offset_among_many(at);
  }
  const std::string& name() const { return name_; }

  CivilTime civil(Instant at) const;
  /// The instant of a wall-clock reading. In the hour that happens twice: the first; in the hour that never
  /// happens: the reading as if the old offset still held.
  Instant instant(const CivilTime& civil) const;
  /// Whole local days since 1970-01-01, and the seconds of the local day.
  std::int64_t local_day(Instant at) const;
  std::int64_t second_of_day(Instant at) const;
  Instant start_of_day(std::int64_t local_day) const;
  /// First instant of the local calendar month that holds `at`, and of the following one.
  Instant start_of_month(Instant at) const;
  Instant start_of_next_month(Instant at) const;

 private:
  std::chrono::seconds offset_among_many(Instant at) const;
  std::string name_;
  std::vector<Transition> transitions_;
};

std::int64_t days_from_civil(int year, int month, int day);
CivilTime civil_from_days(std::int64_t days);
/// 0 = Sunday.
int weekday_of(std::int64_t days);
bool is_valid_date(int year, int month, int day);

/// "2026-07-01T00:15:00+08:00": ISO 8601 in the zone, fractions only when there are any.
std::string to_iso8601(Instant at, const Zone& zone);
/// "2026-07-01 00:15:00" in the zone, for people.
std::string to_civil_text(Instant at, const Zone& zone);
/// "2026-07-01", "2026-07-01T00:15", "...:30", "...:30.250", each with or without "Z" / "+08:00"; without one
/// the zone's own offset applies. Nothing for anything else, also for a 30 February.
std::optional<Instant> parse_iso8601(std::string_view text, const Zone& zone);
}  // namespace core
