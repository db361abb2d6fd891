/// Security authentication and local prepayment, control code 03H: the commands that move money into a meter.
///
/// DATA = identifier 4, operator 4, body. Unlike balances read by 11H (BCD), amounts and counts in these
/// bodies are binary, low byte first, in fen. A recharge is only good when its purchase count is exactly the
/// meter's + 1; an equal count is a repeat and is refused as such, which makes the count the key that no
/// recharge is credited twice. Cryptograms and MACs are carried, not computed: the ESAM's secrets are outside
/// this codec. Errors of parsing: bad_length (total lengths must match exactly), unknown_item. No allocation.
#pragma once
#include "core/money.hpp"
#include "protocols/dlt645/answers.hpp"

namespace dlt645 {
namespace item {
inline constexpr DataIdentifier identity_authentication{0x070000FF};
inline constexpr DataIdentifier authentication_validity{0x070001FF};
inline constexpr DataIdentifier authentication_invalidate{0x070002FF},
    authentication_invalidate_2{0x07000201};
inline constexpr DataIdentifier open_account{0x070101FF}, recharge{0x070102FF}, wallet_initialise{0x070103FF};
inline constexpr DataIdentifier vendor_refund{0x070108FF};
inline constexpr DataIdentifier key_update_1{0x070201FF}, key_update_2{0x070202FF}, key_update_3{0x070203FF};
inline constexpr DataIdentifier read_back{0x078001FF};
inline constexpr DataIdentifier purse_state{0x078102FF}, purse_state_2{0x07810201};
}  // namespace item

/// Any 03H request: the identifier decides what the body means.
struct SecurityRequest {
  DataIdentifier item;
  OperatorCode operator_code = 0;
  core::Bytes body;
};
core::Result<SecurityRequest> parse_security(const Frame& frame);
void encode(AddressPattern to, const SecurityRequest& request, Wire& out, std::size_t lead_in = 0);

/// 070000FF, body 24 bytes.
struct AuthenticationRequest {
  std::array<std::uint8_t, 8> cipher{}, random{}, dispersion{};
  OperatorCode operator_code = 0;
};
/// Open account, recharge, refund: money, purchase count, MAC1, customer number, MAC2; body 22 bytes.
struct PurchaseRequest {
  DataIdentifier item = item::recharge;
  OperatorCode operator_code = 0;
  core::Fen amount;
  std::uint32_t purchase_count = 0;
  std::uint32_t mac1 = 0;
  std::uint64_t customer = 0;  ///< twelve digits
  std::uint32_t mac2 = 0;
  static constexpr std::size_t body_bytes = 22;
};
/// 070103FF, body 16 bytes: money, MAC, count (0), MAC.
struct WalletRequest {
  OperatorCode operator_code = 0;
  core::Fen amount;
  std::uint32_t mac1 = 0, purchase_count = 0, mac2 = 0;
};
/// 070001FF, body 6 bytes: minutes as four BCD digits, MAC.
struct ValidityRequest {
  OperatorCode operator_code = 0;
  int minutes = 5;
  std::uint32_t mac = 0;
};
/// 070002FF and 078102FF have no body.
void encode(AddressPattern to, const AuthenticationRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const PurchaseRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const WalletRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const ValidityRequest& request, Wire& out, std::size_t lead_in = 0);
core::Result<AuthenticationRequest> parse_authentication(const SecurityRequest& request);
core::Result<PurchaseRequest> parse_purchase(const SecurityRequest& request);
core::Result<WalletRequest> parse_wallet(const SecurityRequest& request);
core::Result<ValidityRequest> parse_validity(const SecurityRequest& request);

/// 83H: identifier and what belongs to it (nothing for a purchase).
void answer_security(core::MeterAddress from, DataIdentifier item, core::Bytes value, Wire& out);
/// What an 83H answer carries after the identifier. Errors: refused (C3H), wrong_address, unexpected_answer,
/// bad_length.
core::Result<core::Bytes> expect_security(const Frame& frame, AddressPattern expected, DataIdentifier item);

/// Answer to 070000FF, 12 bytes.
struct AuthenticationAnswer {
  std::uint32_t random = 0;
  std::uint64_t esam_serial = 0;
};
/// Answer to 078102FF: money 4 + MAC 4, count 4 + MAC 4, customer 6, key state 4 = 26 bytes.
struct PurseState {
  core::Fen remaining;
  std::uint32_t money_mac = 0;
  std::uint32_t purchase_count = 0;
  std::uint32_t count_mac = 0;
  std::uint64_t customer = 0;
  std::uint32_t key_state = 0;
};
void answer_security(core::MeterAddress from, const AuthenticationAnswer& answer, Wire& out);
void answer_security(core::MeterAddress from, const PurseState& state, Wire& out);
/// To 070002FF: customer 6, money 4, count 4, key state 4 = 18 bytes.
void answer_invalidated(core::MeterAddress from, const PurseState& state, Wire& out);
core::Result<AuthenticationAnswer> parse_authentication_answer(core::Bytes value);
core::Result<PurseState> parse_purse_state(core::Bytes value);
core::Result<PurseState> parse_invalidated(core::Bytes value);
}  // namespace dlt645
