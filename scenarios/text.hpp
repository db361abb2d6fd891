/// How each kind of value is written in a scenario: words to and from values, with units, exactly.
///
/// `Text<T>` has: `what`, the kind and an example, for messages; `pattern`, a regular expression (ECMA 262)
/// for the JSON Schema; `parse`, nothing for anything that is not wholly such a value, is finer than its
/// unit, or does not fit; `format`, the shortest text that parses back to the same value. No floating point
/// anywhere.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "scenarios/scenario.hpp"

namespace scenario {
template <class T>
struct Text;

#define METERTWIN_TEXT(Type)                                                         \
  template <>                                                                        \
  struct Text<Type> {                                                                \
    static const char* what();                                                       \
    static const char* pattern();                                                    \
    static std::optional<Type> parse(std::string_view text, const core::Zone& zone); \
    static std::string format(const Type& value, const core::Zone& zone);            \
  }

METERTWIN_TEXT(std::string);
METERTWIN_TEXT(bool);
METERTWIN_TEXT(int);
METERTWIN_TEXT(std::int64_t);
METERTWIN_TEXT(std::uint64_t);
METERTWIN_TEXT(core::Ratio);
METERTWIN_TEXT(core::Fen);
METERTWIN_TEXT(core::Price);
METERTWIN_TEXT(core::CentiKilowattHours);
METERTWIN_TEXT(core::Milliwatts);
METERTWIN_TEXT(core::Duration);
METERTWIN_TEXT(core::Instant);
METERTWIN_TEXT(DaySlot);
#undef METERTWIN_TEXT

/// The words of an enum, in the order of its values.
template <class E>
struct Words;
template <>
struct Words<PaymentMode> {
  static inline const std::vector<std::string> all{"postpaid", "prepaid-head-end", "prepaid-meter"};
};
template <>
struct Words<LoadKind> {
  static inline const std::vector<std::string> all{
      "household",  "ieee-profile", "constant", "dwelling", "electric-car", "heat-pump",   "solar-roof",
      "solar-home", "shop",         "workshop", "studio",   "feeder-head",  "cooled-home", "charging-home"};
};
template <>
struct Words<CampaignMeans> {
  static inline const std::vector<std::string> all{"limit", "rotate", "call"};
};
template <>
struct Words<LineKind> {
  static inline const std::vector<std::string> all{"rs485", "carrier", "half-carrier", "both"};
};
template <>
struct Words<CarrierBand> {
  static inline const std::vector<std::string> all{"narrowband", "high-speed"};
};
template <>
struct Words<Bearer> {
  static inline const std::vector<std::string> all{"plain", "gprs",  "4g",        "nb-iot",
                                                   "lora",  "fibre", "telephone", "ethernet"};
};
template <>
struct Words<TierReset> {
  static inline const std::vector<std::string> all{"never", "monthly", "yearly"};
};
template <>
struct Words<PayingHabit::When> {
  static inline const std::vector<std::string> all{"never", "warned", "in-arrears", "cut-off"};
};

/// "1h 30min".
std::string to_text(Duration value);
/// A duration on the command line. Throws BadScenario with "command line" for the file.
Duration parse_duration_argument(const std::string& text);

/// "22:00-06:00" cut at midnight: {22:00-24:00, 00:00-06:00}; others as they are.
std::vector<DaySlot> split_at_midnight(const DaySlot& slot);
}  // namespace scenario
