/// The data sheet of a bearer between a concentrator and its head-end: one model, many networks.
///
/// A terminal registers (attach), gets an address (PDP context, PDN connection, PPP), and sends over a
/// channel that must be asked for again after a silence (TBF, RRC connection). Addresses are borrowed: a
/// translator (NAT) forgets an idle connection, a dropped session comes back with another. Bytes are paid
/// for, headers included. Sheets hold published figures where there are any, and say which are assumptions.
/// Unit: as named. Range: see `is_valid`. Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "core/ratio.hpp"

namespace model {
struct BearerSheet {
  std::string name;
  std::string source;  ///< of the figures, and which of them are assumed
  // The way of a message
  core::Duration latency_min{}, latency_max{};  ///< one way, uniform
  int up_bps = 0, down_bps = 0;
  core::Ratio loss{0, 1};           ///< of a segment
  core::Duration retransmission{};  ///< until it comes after all
  // Getting in
  core::Duration attach_min{}, attach_max{};
  core::Ratio attach_fails{0, 1};
  core::Duration activation_min{}, activation_max{};
  core::Ratio activation_fails{0, 1};
  // The channel
  core::Duration channel_set_up{};  ///< before the first bytes after a silence
  core::Duration channel_kept{};    ///< how long it outlives the last byte
  core::Ratio duty{1, 1};           ///< share of time a terminal may be on the air
  // What ends a session
  core::Duration idle_forgotten{};  ///< by the address translator; 0: never
  core::Duration session_mean{};    ///< exponential, until the network drops it; 0: never
  core::Ratio new_address{0, 1};    ///< chance that a new session has another address
  // The bill
  int segment_bytes = 1'400, header_bytes = 40;  ///< TCP/IP over it
  std::int64_t price_uYuan_per_kB = 0;           ///< of 1,024 bytes, begun ones in full
  int billed_step_kB = 1;                        ///< each session is rounded up to this

  bool is_valid() const;
};

/// The GPRS delay class (1 best .. 4 best effort) that this sheet keeps for messages of 128 octets, once it
/// has its channel: mean and 95 % of the delays below 0.5 and 1.5 s, 5 and 25 s, 50 and 250 s. [3GPP 22.060,
/// makers' manuals]
int delay_class_of(const BearerSheet& sheet);

/// "gprs", "4g", "nb-iot", "lora", "fibre", "telephone", "ethernet", in this order.
const std::vector<BearerSheet>& bearer_sheets();
/// Nothing if there is none of that name.
const BearerSheet* find_bearer(std::string_view name);
}  // namespace model
