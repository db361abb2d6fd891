/// The relay between the mains and the customer: what it is told, what it may do, what it does.
///
/// A trip may be delayed (04001401): the command shows at once in status word 3 bit 6, the contact follows in
/// bit 4. While keep-power (保电) is on nothing may trip; keep-power that arrives during the delay cancels
/// the trip. "Close allowed" needs the customer's button. Time: instants handed in. Errors: none. Randomness:
/// none.
#pragma once
#include <cstdint>

#include "core/instant.hpp"
#include "models/meter/happening.hpp"

namespace model {
struct Relay {
  core::Instant opens_at = core::never;  ///< end of a running trip delay
  RelayCause pending_cause = RelayCause::none;
  RelayCause open_cause = RelayCause::none;  ///< why it is open
  std::uint32_t operator_code = 0;           ///< of the last remote command
  bool is_open = false;
  bool is_commanded_open = false;
  bool is_close_allowed = false;
  bool is_alarming = false;
  bool keeps_power = false;
};
}  // namespace model
