#include "protocols/dlt645/answers.hpp"

namespace dlt645 {
namespace {
constexpr std::array<std::string_view, 8> refusal_words{"other error",
                                                        "no requested data",
                                                        "password wrong or unauthorised",
                                                        "baud rate cannot change",
                                                        "too many year zones",
                                                        "too many day slots",
                                                        "too many rates",
                                                        "bit 7"};
constexpr std::array<std::string_view, 7> security_words{"other error",
                                                         "repeated recharge",
                                                         "ESAM check failed",
                                                         "identity authentication failed",
                                                         "customer number wrong",
                                                         "recharge count wrong",
                                                         "over the hoarding limit"};

template <std::size_t n>
std::string join_bits(unsigned bits, const std::array<std::string_view, n>& words) {
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) {
    if ((bits >> i & 1u) == 0) continue;
    if (!text.empty()) text += ", ";
    text += i < n ? std::string(words[i]) : "bit " + std::to_string(i);
  }
  return text.empty() ? "no reason given" : text;
}

/// The checks that every expectation begins with.
core::Result<void> expect_answer(const Frame& frame, AddressPattern expected, Function function) {
  if (!frame.control.is_from_meter()) return core::Fault::unexpected_answer;
  if (!expected.matches(frame.address)) return core::Fault::wrong_address;
  if (frame.control.function() != function) return core::Fault::unexpected_answer;
  if (frame.control.is_abnormal()) return core::Fault::refused;
  return {};
}
}  // namespace

std::string describe(Refusal reasons) { return join_bits(static_cast<unsigned>(reasons), refusal_words); }
std::string describe(SecurityRefusal reasons) {
  return join_bits(static_cast<unsigned>(reasons), security_words);
}

void answer_data(core::MeterAddress from, DataIdentifier item, core::Bytes value, Wire& out,
                 bool more_follows) {
  Data data;
  data.append_little_endian(item.code, DataIdentifier::width);
  data.append(value);
  encode(from, Control::answer(Function::read, more_follows), data, out);
}

void answer_follow_up(core::MeterAddress from, DataIdentifier item, core::Bytes value, std::uint8_t sequence,
                      Wire& out, bool more_follows) {
  Data data;
  data.append_little_endian(item.code, DataIdentifier::width);
  data.append(value);
  data.push_back(sequence);
  encode(from, Control::answer(Function::read_follow_up, more_follows), data, out);
}

void answer_address(core::MeterAddress from, Wire& out) {
  std::array<std::uint8_t, AddressPattern::width> own{};
  AddressPattern(from).to_wire(own.data());
  encode(from, Control::answer(Function::read_address), own, out);
}

void answer_done(core::MeterAddress from, Function function, Wire& out) {
  encode(from, Control::answer(function), {}, out);
}

void answer_baud(core::MeterAddress from, int baud, Wire& out) {
  const std::array<std::uint8_t, 1> word{baud_word(baud)};
  encode(from, Control::answer(Function::change_baud), word, out);
}

void answer_new_password(core::MeterAddress from, Password password, Wire& out) {
  std::array<std::uint8_t, 4> bytes{password.level, 0, 0, 0};
  core::put_bcd_little_endian(std::span(bytes).subspan(1), password.digits);
  encode(from, Control::answer(Function::change_password), bytes, out);
}

void answer_terminal_output(core::MeterAddress from, std::uint8_t signal, Wire& out) {
  encode(from, Control::answer(Function::terminal_output), std::array<std::uint8_t, 1>{signal}, out);
}

void refuse(core::MeterAddress from, Function function, Refusal reasons, Wire& out) {
  encode(from, Control::refusal(function), std::array<std::uint8_t, 1>{static_cast<std::uint8_t>(reasons)},
         out);
}

void refuse_security(core::MeterAddress from, SecurityRefusal reasons, Wire& out) {
  const auto bits = static_cast<std::uint16_t>(reasons);
  const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(bits),
                                          static_cast<std::uint8_t>(bits >> 8)};
  encode(from, Control::refusal(Function::security), bytes, out);
}

core::Result<DataAnswer> parse_data_answer(const Frame& frame) {
  const Function function = frame.control.function();
  const bool is_follow_up = function == Function::read_follow_up;
  if (!frame.control.is_from_meter() || (function != Function::read && !is_follow_up)) {
    return core::Fault::unexpected_answer;
  }
  if (frame.control.is_abnormal()) return core::Fault::refused;
  const core::Bytes data = frame.data;
  if (data.size() < (is_follow_up ? 5u : 4u)) return core::Fault::bad_length;
  DataAnswer answer{identifier_at(data), data.subspan(4), frame.control.has_follow_up(), 0};
  if (is_follow_up) {
    answer.sequence = data.back();
    answer.value = answer.value.first(answer.value.size() - 1);
  }
  return answer;
}

core::Result<core::Bytes> expect_data(const Frame& frame, AddressPattern expected, DataIdentifier item) {
  if (const auto checked = expect_answer(frame, expected, Function::read); !checked) return checked.error();
  const core::Bytes data = frame.data;
  if (data.size() < DataIdentifier::width) return core::Fault::bad_length;
  if (identifier_at(data) != item) return core::Fault::unexpected_answer;
  return data.subspan(DataIdentifier::width);
}

core::Result<void> expect_done(const Frame& frame, AddressPattern expected, Function function) {
  return expect_answer(frame, expected, function);
}

core::Result<core::MeterAddress> parse_address_answer(const Frame& frame) {
  if (!(frame.control == Control::answer(Function::read_address))) return core::Fault::unexpected_answer;
  if (frame.data.size() != AddressPattern::width) return core::Fault::bad_length;
  const auto address = AddressPattern::from_wire(frame.data.data()).address();
  if (!address) return core::Fault::bad_field;
  return *address;
}

std::optional<Refusal> refusal_of(const Frame& frame) {
  if (!frame.control.is_from_meter() || !frame.control.is_abnormal() || frame.data.empty())
    return std::nullopt;
  return static_cast<Refusal>(frame.data[0]);
}

std::optional<SecurityRefusal> security_refusal_of(const Frame& frame) {
  if (!(frame.control == Control::refusal(Function::security)) || frame.data.empty()) return std::nullopt;
  const unsigned high = frame.data.size() >= 2 ? frame.data[1] : 0u;
  return static_cast<SecurityRefusal>(frame.data[0] | high << 8);
}
}  // namespace dlt645
