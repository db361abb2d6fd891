#include "scenarios/roster.hpp"

#include <charconv>

#include "core/check.hpp"

namespace scenario {
std::string numbered(std::string_view prefix, std::uint32_t number) {
  const auto digits = std::to_string(number);
  std::string text(prefix);
  if (digits.size() < 4) text.append(4 - digits.size(), '0');
  return text + digits;
}

std::int64_t meter_count(const Area& area) {
  std::int64_t count = 0;
  for (const auto& group : area.meters) count += group.count;
  return count;
}

std::int64_t meter_count(const Scenario& scenario) {
  std::int64_t count = 0;
  for (const auto& area : scenario.areas) count += meter_count(area);
  return count;
}

std::vector<RosterEntry> roster(const Scenario& scenario) {
  std::vector<RosterEntry> entries;
  entries.reserve(static_cast<std::size_t>(meter_count(scenario)));
  for (std::uint32_t area = 0; area < scenario.areas.size(); ++area) {
    const auto& groups = scenario.areas[area].meters;
    const auto& line = scenario.areas[area].line;
    // Of full carrier each meter has a module, and a pair, of its own; all of them are at one port.
    const auto per_line =
        line.kind == LineKind::carrier ? 1u : static_cast<std::uint32_t>(line.meters_per_line);
    std::uint32_t index_in_area = 0;
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      for (std::uint32_t index = 0; index < static_cast<std::uint32_t>(groups[group].count);
           ++index, ++index_in_area) {
        RosterEntry entry;
        entry.id = static_cast<std::uint32_t>(entries.size()) + 1;
        entry.name = numbered(groups[group].name, entry.id);
        entry.account = numbered("A", entry.id);
        entry.address = core::MeterAddress(std::uint64_t{region_code} * 100'000'000 + entry.id);
        entry.area = area;
        entry.group = group;
        entry.index_in_area = index_in_area;
        entry.index_in_group = index;
        entry.point = static_cast<std::uint16_t>(index_in_area + 1);
        entry.line = static_cast<std::uint16_t>(index_in_area / per_line);
        entry.port =
            static_cast<std::uint8_t>(first_line_port + (line.kind == LineKind::rs485 ? entry.line : 0));
        entries.push_back(std::move(entry));
      }
    }
  }
  return entries;
}

const MeterGroup& group_of(const Scenario& scenario, std::uint32_t id) {
  std::int64_t before = 0;
  for (const auto& area : scenario.areas)
    for (const auto& group : area.meters) {
      if (id >= 1 && id <= before + group.count) return group;
      before += group.count;
    }
  METERTWIN_CHECK(id >= 1 && id <= before, id, before);
  return scenario.areas.front().meters.front();
}

std::optional<std::uint32_t> find_meter(const Scenario& scenario, std::string_view name) {
  const auto digits = name.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  std::uint32_t id = 0;
  const auto* end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(name.data() + digits, end, id);
  if (error != std::errc{} || stopped != end || id == 0 || id > meter_count(scenario)) return std::nullopt;
  if (numbered(group_of(scenario, id).name, id) != name) return std::nullopt;
  return id;
}
}  // namespace scenario
