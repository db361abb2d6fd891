/// What a meter does by itself that truth must know: relays, money, supply. The area drains the list into
/// truth events.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "models/truth.hpp"

namespace model {
/// Why a relay moved or was asked to.
enum class RelayCause : std::uint8_t {
  none,
  remote_command,
  arrears,
  alarm2,
  recharge,
  button,
  keep_power,
  power_limit,
  limit_released
};
std::string_view name_of(RelayCause cause);

struct MeterHappening {
  enum class Kind : std::uint8_t {
    relay_opened,      ///< value: shown register, 0.01 kWh
    relay_closed,      ///< value: shown register, 0.01 kWh
    close_allowed,     ///< the customer may now press the button
    trip_commanded,    ///< accepted; value: delay in minutes
    command_refused,   ///< a relay command was refused; value: ERR byte
    recharge_applied,  ///< value: fen; detail: purchase count
    recharge_refused,  ///< value: fen; detail: SERR bits
    money_exhausted,   ///< balance came down to minus the overdraft limit; value: balance in micro-yuan
    alarm1_reached,    ///< value: balance in micro-yuan
    alarm2_reached,    ///< value: balance in micro-yuan
    supply_lost,
    supply_restored,
    keep_power_on,
    keep_power_off,
    clock_set,  ///< value: the step in milliseconds, positive = forward
    // Demand-side management (load_limit.hpp)
    limit_set,       ///< value: W
    limit_released,  ///< taken back, or over; value: trips since the last button
    call_heard,      ///< value: share asked for, %
    call_answered,   ///< value: 1 yes, 0 no
    load_shed,       ///< a reaction is over; value: what the customer gave up, mWh
    load_withheld,   ///< the relay closes; value: what an equipped customer would have drawn meanwhile, mWh
  };
  core::Instant at;
  std::int64_t value = 0;
  MeterId meter = 0;
  std::uint32_t detail = 0;
  Kind kind = Kind::relay_opened;
  RelayCause cause = RelayCause::none;
};
/// "relay-opened", "recharge-applied" ...: the kinds of docs/truth-events.md.
std::string_view name_of(MeterHappening::Kind kind);
using MeterHappenings = std::vector<MeterHappening>;
}  // namespace model
