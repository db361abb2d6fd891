/// Time zones by name, from the system's time-zone database (no network): "Asia/Shanghai" -> the offsets that
/// apply.
#pragma once
#include <optional>
#include <string>

#include "core/civil.hpp"

namespace scenario {
/// A zone by its IANA name or as a fixed offset ("+08:00", "UTC"), with its transitions in [from, till].
/// Nothing when the database has no such zone, with the reason in `why`.
std::optional<core::Zone> find_zone(const std::string& name, core::Instant from, core::Instant till,
                                    std::string& why);
}  // namespace scenario
