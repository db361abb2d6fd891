#include "protocols/dlt645/security.hpp"

namespace dlt645 {
namespace {
constexpr std::size_t head_bytes = 8;  // identifier and operator
constexpr std::size_t authentication_bytes = 24, wallet_bytes = 16, validity_bytes = 6;
constexpr std::size_t purse_bytes = 26, invalidated_bytes = 18, authentication_answer_bytes = 12;

std::uint32_t word_at(core::Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(core::little_endian(bytes.subspan(at, 4)));
}

/// Twelve digits; a customer number that is not BCD is a bad field.
std::optional<std::uint64_t> customer_at(core::Bytes bytes, std::size_t at) {
  return core::bcd_little_endian(bytes.subspan(at, 6));
}

Data head(DataIdentifier item, OperatorCode operator_code) {
  Data data;
  data.append_little_endian(item.code, 4);
  data.append_little_endian(operator_code, 4);
  return data;
}

void send(AddressPattern to, const Data& data, Wire& out, std::size_t lead_in) {
  encode(to, Control::request(Function::security), data, out, lead_in);
}

void put_amount(Data& data, core::Fen amount) {
  data.append_little_endian(static_cast<std::uint64_t>(amount.count()), 4);
}
}  // namespace

core::Result<SecurityRequest> parse_security(const Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() < head_bytes) return core::Fault::bad_length;
  return SecurityRequest{identifier_at(data), word_at(data, 4), data.subspan(head_bytes)};
}

void encode(AddressPattern to, const SecurityRequest& request, Wire& out, std::size_t lead_in) {
  Data data = head(request.item, request.operator_code);
  data.append(request.body);
  send(to, data, out, lead_in);
}

void encode(AddressPattern to, const AuthenticationRequest& request, Wire& out, std::size_t lead_in) {
  Data data = head(item::identity_authentication, request.operator_code);
  data.append(request.cipher);
  data.append(request.random);
  data.append(request.dispersion);
  send(to, data, out, lead_in);
}

void encode(AddressPattern to, const PurchaseRequest& request, Wire& out, std::size_t lead_in) {
  Data data = head(request.item, request.operator_code);
  put_amount(data, request.amount);
  data.append_little_endian(request.purchase_count, 4);
  data.append_little_endian(request.mac1, 4);
  core::put_bcd_little_endian(data.grow(6), request.customer);
  data.append_little_endian(request.mac2, 4);
  send(to, data, out, lead_in);
}

void encode(AddressPattern to, const WalletRequest& request, Wire& out, std::size_t lead_in) {
  Data data = head(item::wallet_initialise, request.operator_code);
  put_amount(data, request.amount);
  data.append_little_endian(request.mac1, 4);
  data.append_little_endian(request.purchase_count, 4);
  data.append_little_endian(request.mac2, 4);
  send(to, data, out, lead_in);
}

void encode(AddressPattern to, const ValidityRequest& request, Wire& out, std::size_t lead_in) {
  Data data = head(item::authentication_validity, request.operator_code);
  core::put_bcd_little_endian(data.grow(2), static_cast<std::uint64_t>(request.minutes));
  data.append_little_endian(request.mac, 4);
  send(to, data, out, lead_in);
}

core::Result<AuthenticationRequest> parse_authentication(const SecurityRequest& request) {
  if (request.item != item::identity_authentication) return core::Fault::unknown_item;
  if (request.body.size() != authentication_bytes) return core::Fault::bad_length;
  AuthenticationRequest parsed;
  parsed.operator_code = request.operator_code;
  std::copy_n(request.body.begin(), 8, parsed.cipher.begin());
  std::copy_n(request.body.begin() + 8, 8, parsed.random.begin());
  std::copy_n(request.body.begin() + 16, 8, parsed.dispersion.begin());
  return parsed;
}

core::Result<PurchaseRequest> parse_purchase(const SecurityRequest& request) {
  if (request.body.size() != PurchaseRequest::body_bytes) return core::Fault::bad_length;
  const auto customer = customer_at(request.body, 12);
  if (!customer) return core::Fault::bad_field;
  return PurchaseRequest{request.item,
                         request.operator_code,
                         core::Fen(word_at(request.body, 0)),
                         word_at(request.body, 4),
                         word_at(request.body, 8),
                         *customer,
                         word_at(request.body, 18)};
}

core::Result<WalletRequest> parse_wallet(const SecurityRequest& request) {
  if (request.item != item::wallet_initialise) return core::Fault::unknown_item;
  if (request.body.size() != wallet_bytes) return core::Fault::bad_length;
  return WalletRequest{request.operator_code, core::Fen(word_at(request.body, 0)), word_at(request.body, 4),
                       word_at(request.body, 8), word_at(request.body, 12)};
}

core::Result<ValidityRequest> parse_validity(const SecurityRequest& request) {
  if (request.item != item::authentication_validity) return core::Fault::unknown_item;
  if (request.body.size() != validity_bytes) return core::Fault::bad_length;
  const auto minutes = core::bcd_little_endian(request.body.first(2));
  if (!minutes) return core::Fault::bad_field;
  return ValidityRequest{request.operator_code, static_cast<int>(*minutes), word_at(request.body, 2)};
}

void answer_security(core::MeterAddress from, DataIdentifier item, core::Bytes value, Wire& out) {
  Data data;
  data.append_little_endian(item.code, 4);
  data.append(value);
  encode(from, Control::answer(Function::security), data, out);
}

core::Result<core::Bytes> expect_security(const Frame& frame, AddressPattern expected, DataIdentifier item) {
  if (!frame.control.is_from_meter() || frame.control.function() != Function::security) {
    return core::Fault::unexpected_answer;
  }
  if (!expected.matches(frame.address)) return core::Fault::wrong_address;
  if (frame.control.is_abnormal()) return core::Fault::refused;
  const core::Bytes data = frame.data;
  if (data.size() < 4) return core::Fault::bad_length;
  if (identifier_at(data) != item) return core::Fault::unexpected_answer;
  return data.subspan(4);
}

void answer_security(core::MeterAddress from, const AuthenticationAnswer& answer, Wire& out) {
  core::ByteBuffer<authentication_answer_bytes> value;
  value.append_little_endian(answer.random, 4);
  value.append_little_endian(answer.esam_serial, 8);
  answer_security(from, item::identity_authentication, value, out);
}

void answer_security(core::MeterAddress from, const PurseState& state, Wire& out) {
  core::ByteBuffer<purse_bytes> value;
  value.append_little_endian(static_cast<std::uint64_t>(state.remaining.count()), 4);
  value.append_little_endian(state.money_mac, 4);
  value.append_little_endian(state.purchase_count, 4);
  value.append_little_endian(state.count_mac, 4);
  core::put_bcd_little_endian(value.grow(6), state.customer);
  value.append_little_endian(state.key_state, 4);
  answer_security(from, item::purse_state, value, out);
}

void answer_invalidated(core::MeterAddress from, const PurseState& state, Wire& out) {
  core::ByteBuffer<invalidated_bytes> value;
  core::put_bcd_little_endian(value.grow(6), state.customer);
  value.append_little_endian(static_cast<std::uint64_t>(state.remaining.count()), 4);
  value.append_little_endian(state.purchase_count, 4);
  value.append_little_endian(state.key_state, 4);
  answer_security(from, item::authentication_invalidate, value, out);
}

core::Result<AuthenticationAnswer> parse_authentication_answer(core::Bytes value) {
  if (value.size() != authentication_answer_bytes) return core::Fault::bad_length;
  return AuthenticationAnswer{word_at(value, 0), core::little_endian(value.subspan(4, 8))};
}

core::Result<PurseState> parse_purse_state(core::Bytes value) {
  if (value.size() != purse_bytes) return core::Fault::bad_length;
  const auto customer = customer_at(value, 16);
  if (!customer) return core::Fault::bad_field;
  return PurseState{core::Fen(word_at(value, 0)), word_at(value, 4), word_at(value, 8),
                    word_at(value, 12),           *customer,         word_at(value, 22)};
}

core::Result<PurseState> parse_invalidated(core::Bytes value) {
  if (value.size() != invalidated_bytes) return core::Fault::bad_length;
  const auto customer = customer_at(value, 0);
  if (!customer) return core::Fault::bad_field;
  return PurseState{core::Fen(word_at(value, 6)), 0, word_at(value, 10), 0, *customer, word_at(value, 14)};
}
}  // namespace dlt645
