/// What a meter answers: data, "done", or a refusal with its reasons.
///
/// Errors of parsing: refused (an abnormal answer; the reasons travel beside), wrong_address,
/// unexpected_answer, bad_length. Randomness: none. Time: none. No allocation.
#pragma once
#include "protocols/dlt645/requests.hpp"

namespace dlt645 {
/// The ERR byte of a refusal. Bits may be combined.
enum class Refusal : std::uint8_t {
  other = 0x01,
  no_such_data = 0x02,
  not_authorised = 0x04,  ///< wrong password or no right
  baud_fixed = 0x08,
  too_many_zones = 0x10,
  too_many_slots = 0x20,
  too_many_rates = 0x40,
};
constexpr Refusal operator|(Refusal a, Refusal b) {
  return static_cast<Refusal>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
/// "no requested data, password wrong or unauthorised"
std::string describe(Refusal reasons);

/// SERR, two bytes low first: why security or prepayment (C = 03) was refused.
enum class SecurityRefusal : std::uint16_t {
  other = 0x0001,
  repeated_recharge = 0x0002,  ///< purchase count equals the last one
  esam_failed = 0x0004,
  not_authenticated = 0x0008,
  wrong_customer = 0x0010,
  wrong_purchase_count = 0x0020,  ///< not last + 1
  over_hoarding = 0x0040,         ///< balance would pass the hoarding limit
};
std::string describe(SecurityRefusal reasons);

/// Meter side. `answer_data`: 91H (or B1H): identifier and value. Range: value at most 196 bytes (checked).
void answer_data(core::MeterAddress from, DataIdentifier item, core::Bytes value, Wire& out,
                 bool more_follows = false);
/// 92H (or B2H): identifier, value, then the sequence number as the last byte.
void answer_follow_up(core::MeterAddress from, DataIdentifier item, core::Bytes value, std::uint8_t sequence,
                      Wire& out, bool more_follows = false);
/// 93H: the six address bytes as data.
void answer_address(core::MeterAddress from, Wire& out);
/// An answer without data: 94H, 95H, 96H, 99H..9CH.
void answer_done(core::MeterAddress from, Function function, Wire& out);
/// 97H with the rate word; 98H with the new password.
void answer_baud(core::MeterAddress from, int baud, Wire& out);
void answer_new_password(core::MeterAddress from, Password password, Wire& out);
void answer_terminal_output(core::MeterAddress from, std::uint8_t signal, Wire& out);
void refuse(core::MeterAddress from, Function function, Refusal reasons, Wire& out);
void refuse_security(core::MeterAddress from, SecurityRefusal reasons, Wire& out);

/// Master side: what an answer says. `value` is a span into the frame.
struct DataAnswer {
  DataIdentifier item;
  core::Bytes value;
  bool more_follows = false;
  std::uint8_t sequence = 0;  ///< of a follow-up answer; 0 in the first
};
/// 91H, B1H, 92H, B2H.
core::Result<DataAnswer> parse_data_answer(const Frame& frame);
/// The value asked for, from that meter; every other case is its Fault. `expected` with wildcards matches any
/// that fits.
core::Result<core::Bytes> expect_data(const Frame& frame, AddressPattern expected, DataIdentifier item);
/// True success of a command without data; `refused` otherwise (see `refusal_of`).
core::Result<void> expect_done(const Frame& frame, AddressPattern expected, Function function);
/// 93H: who answered.
core::Result<core::MeterAddress> parse_address_answer(const Frame& frame);
/// The reasons in an abnormal answer; nothing if the frame is none or carries none.
std::optional<Refusal> refusal_of(const Frame& frame);
/// Two bytes by the standard; one byte from some vendors' meters is accepted.
std::optional<SecurityRefusal> security_refusal_of(const Frame& frame);
}  // namespace dlt645
