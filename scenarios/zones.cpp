#include "scenarios/zones.hpp"

#include <date/tz.h>

#include <exception>

namespace scenario {
namespace {
std::optional<std::chrono::seconds> fixed_offset(const std::string& name) {
  if (name == "UTC" || name == "Z") return std::chrono::seconds(0);
  if (name.size() != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':') return std::nullopt;
  for (const int i : {1, 2, 4, 5})
    if (name[static_cast<std::size_t>(i)] < '0' || name[static_cast<std::size_t>(i)] > '9')
      return std::nullopt;
  const int minutes = ((name[1] - '0') * 10 + name[2] - '0') * 60 + (name[4] - '0') * 10 + name[5] - '0';
  if (name[4] > '5' || minutes > 18 * 60) return std::nullopt;
  return std::chrono::minutes(name[0] == '-' ? -minutes : minutes);
}

date::sys_seconds sys_time(core::Instant at) {
  return date::sys_seconds(std::chrono::seconds(core::unix_seconds(at)));
}
}  // namespace

std::optional<core::Zone> find_zone(const std::string& name, core::Instant from, core::Instant till,
                                    std::string& why) {
  if (const auto offset = fixed_offset(name)) {
    const bool is_named = name[0] != '+' && name[0] != '-';
    return is_named ? core::Zone(name, {{core::Instant::min(), *offset}}) : core::Zone(*offset);
  }
  const date::time_zone* zone = nullptr;
  try {
    zone = date::locate_zone(name);
  } catch (const std::exception&) {
    why = "the time-zone database of this machine (package tzdata) has no zone '" + name +
          "'; write a name like Asia/Shanghai or an offset like +08:00";
    return std::nullopt;
  }
  std::vector<core::Zone::Transition> transitions;
  auto at = sys_time(from);
  const auto last = sys_time(till);
  while (at <= last) {
    const auto info = zone->get_info(at);
    const auto begin = transitions.empty()
                           ? core::Instant::min()
                           : core::instant_from_seconds(info.begin.time_since_epoch().count());
    if (transitions.empty() || transitions.back().offset != info.offset)
      transitions.push_back({begin, info.offset});
    if (info.end <= at) break;
    at = info.end;
  }
  return core::Zone(name, std::move(transitions));
}
}  // namespace scenario
