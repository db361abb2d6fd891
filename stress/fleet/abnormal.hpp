/// The abnormal input of a flood: what broken, confused or hostile collectors put on the uplink.
///
/// Each kind is what its name says and nothing more: the bytes of neighbouring frames stay good, and values
/// in abnormal frames are never the truth (`falsified`), so one that is wrongly taken shows in the store.
/// Pure. Randomness: Purpose::fleet_abnormal, addressed by the index of the intended event.
#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "stress/fleet/report_writer.hpp"

namespace stress {
enum class AbnormalKind : std::uint8_t {
  bad_checksum,        ///< a report whose CS is off by one; not answered
  truncated,           ///< a report that ends in its middle, good frames behind it; not answered
  oversized,           ///< a head that announces the longest frame, and more filler behind it; not answered
  wrong_address,       ///< a good report in the name of another concentrator; not answered
  replay,              ///< a report that was confirmed long ago, the same bytes; confirmed again, stored once
  time_travel,         ///< a report of a quarter hour in 2099 or before the estate opened; rejected
  huge_value,          ///< a report of 999,999.99 kWh for readings that come next; rejected
  protocol_confusion,  ///< DL/T 645, Modbus-TCP or HTTP bytes on the uplink; not answered
  slow_loris,          ///< another connection that begins a login and sends a byte a second; never answered
  half_open,           ///< another connection on which nothing ever comes
  reconnect_storm,     ///< sixteen collectors in a row hang up and dial again at once
};
inline constexpr std::size_t abnormal_kinds = 11;
std::string_view name_of(AbnormalKind kind);
std::optional<AbnormalKind> abnormal_kind_of(std::string_view name);

/// How often each kind is drawn, in proportion to the sum. All zero: no abnormal traffic.
using AbnormalWeights = std::array<std::uint16_t, abnormal_kinds>;
/// Every kind; those that take a connection of their own more rarely.
inline constexpr AbnormalWeights abnormal_usual{20, 20, 2, 20, 20, 20, 20, 20, 1, 1, 1};
std::optional<AbnormalKind> draw_kind(const AbnormalWeights& weights, std::uint64_t seed,
                                      std::uint64_t event);

/// Is there an abnormal event beside well-formed event `event`?
bool draw_is_abnormal(std::uint32_t permille, std::uint64_t seed, std::uint64_t event);

/// True where the head-end must answer (it judges and writes down).
constexpr bool is_answerable(AbnormalKind kind) {
  return kind == AbnormalKind::replay || kind == AbnormalKind::time_travel ||
         kind == AbnormalKind::huge_value;
}
/// True for kinds that are bytes on a collector's own connection.
constexpr bool is_in_band(AbnormalKind kind) { return kind < AbnormalKind::slow_loris; }

/// Appends the bytes of an in-band kind. `frame` is the number of a report of this concentrator: for `replay`
/// one that was confirmed, else the next it will make. `event` addresses draws (where to cut, which
/// protocol).
void put_abnormal(AbnormalKind kind, ReportWriter& writer, const CollectorPlan& collector,
                  std::uint32_t frame, unsigned counter, std::uint64_t event, std::vector<std::uint8_t>& out);
}  // namespace stress
