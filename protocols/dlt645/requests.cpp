#include "protocols/dlt645/requests.hpp"

#include "protocols/dlt645/civil_fields.hpp"

namespace dlt645 {
namespace {
constexpr std::array<int, 6> bauds_from_bit_1{600, 1200, 2400, 4800, 9600, 19200};

void put_identifier(Data& data, DataIdentifier item) {
  data.append_little_endian(item.code, DataIdentifier::width);
}

void put_password(Data& data, Password password) {
  data.push_back(password.level);
  core::put_bcd_little_endian(data.grow(3), password.digits);
}

/// Range: four bytes.
std::optional<Password> password_at(core::Bytes bytes) {
  // Levels 98 and 99 hand the check to the ESAM; whatever stands in the digits is then no password.
  const auto digits = core::bcd_little_endian(bytes.subspan(1, 3));
  if (!digits && bytes[0] != 0x98 && bytes[0] != 0x99) return std::nullopt;
  return Password{bytes[0], static_cast<std::uint32_t>(digits.value_or(0))};
}

OperatorCode operator_at(core::Bytes bytes) {
  return static_cast<OperatorCode>(core::little_endian(bytes.first(4)));
}

void send(AddressPattern to, Function function, const Data& data, Wire& out, std::size_t lead_in) {
  encode(to, Control::request(function), data, out, lead_in);
}

std::optional<std::uint8_t> freeze_pair(std::uint8_t byte, unsigned high) {
  if (!core::is_bcd(byte)) return std::nullopt;
  const unsigned value = core::bcd_value(byte);
  if (value > high && value != FreezeRequest::any) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}
}  // namespace

std::string_view name_of(Control1C command) {
  switch (command) {
    case Control1C::trip:
      return "trip";
    case Control1C::close_allow:
      return "allow closing";
    case Control1C::close:
      return "close";
    case Control1C::alarm:
      return "alarm";
    case Control1C::alarm_off:
      return "alarm off";
    case Control1C::keep_power:
      return "keep power";
    case Control1C::keep_power_off:
      return "keep power off";
  }
  return "unknown";
}

void encode(AddressPattern to, const ReadRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_identifier(data, request.item);
  if (request.blocks) data.push_back(*request.blocks);
  if (request.from) put_minute_time(data.grow(minute_time_bytes), *request.from);
  send(to, Function::read, data, out, lead_in);
}

void encode(AddressPattern to, const FollowUpRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_identifier(data, request.item);
  data.push_back(request.sequence);
  send(to, Function::read_follow_up, data, out, lead_in);
}

void encode(AddressPattern to, const ReadAddressRequest&, Wire& out, std::size_t lead_in) {
  send(to, Function::read_address, {}, out, lead_in);
}

void encode(AddressPattern to, const WriteRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_identifier(data, request.item);
  put_password(data, request.password);
  data.append_little_endian(request.operator_code, 4);
  data.append(request.value);
  send(to, Function::write, data, out, lead_in);
}

void encode(AddressPattern to, const WriteAddressRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  AddressPattern(request.address).to_wire(data.grow(AddressPattern::width).data());
  send(to, Function::write_address, data, out, lead_in);
}

void encode(AddressPattern to, const FreezeRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  for (const auto value : {request.minute, request.hour, request.day, request.month})
    data.push_back(core::bcd_byte(value));
  send(to, Function::freeze, data, out, lead_in);
}

void encode(AddressPattern to, const BaudRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  data.push_back(baud_word(request.baud));
  send(to, Function::change_baud, data, out, lead_in);
}

void encode(AddressPattern to, const PasswordRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_identifier(data, request.item);
  put_password(data, request.old_password);
  put_password(data, request.new_password);
  send(to, Function::change_password, data, out, lead_in);
}

void encode(AddressPattern to, const ClearRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_password(data, request.password);
  data.append_little_endian(request.operator_code, 4);
  if (request.what == Function::clear_events) put_identifier(data, request.events);
  send(to, request.what, data, out, lead_in);
}

void encode(AddressPattern to, const RemoteControlRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_password(data, request.password);
  data.append_little_endian(request.operator_code, 4);
  data.push_back(static_cast<std::uint8_t>(request.command));
  data.push_back(request.reserved);
  put_second_time(data.grow(second_time_bytes), request.valid_until);
  send(to, Function::remote_control, data, out, lead_in);
}

void encode(AddressPattern to, const TimeRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  put_second_time(data.grow(second_time_bytes), request.time);
  send(to, Function::broadcast_time, data, out, lead_in);
}

void encode(AddressPattern to, const TerminalOutputRequest& request, Wire& out, std::size_t lead_in) {
  Data data;
  data.push_back(request.signal);
  send(to, Function::terminal_output, data, out, lead_in);
}

core::Result<ReadRequest> parse_read(const Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() != 4 && data.size() != 5 && data.size() != 10) return core::Fault::bad_length;
  ReadRequest request{identifier_at(data), {}, {}};
  if (data.size() >= 5) request.blocks = data[4];
  if (data.size() == 10) {
    request.from = minute_time(data.subspan(5, minute_time_bytes));
    if (!request.from) return core::Fault::bad_field;
  }
  return request;
}

core::Result<FollowUpRequest> parse_follow_up(const Frame& frame) {
  if (frame.data.size() != 5) return core::Fault::bad_length;
  return FollowUpRequest{identifier_at(frame.data), frame.data[4]};
}

core::Result<WriteRequest> parse_write(const Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() < 12) return core::Fault::bad_length;
  const auto password = password_at(data.subspan(4));
  if (!password) return core::Fault::bad_field;
  return WriteRequest{identifier_at(data), *password, operator_at(data.subspan(8)), data.subspan(12)};
}

core::Result<WriteAddressRequest> parse_write_address(const Frame& frame) {
  if (frame.data.size() != AddressPattern::width) return core::Fault::bad_length;
  const auto address = AddressPattern::from_wire(frame.data.data()).address();
  if (!address) return core::Fault::bad_field;
  return WriteAddressRequest{*address};
}

core::Result<FreezeRequest> parse_freeze(const Frame& frame) {
  if (frame.data.size() != 4) return core::Fault::bad_length;
  const auto minute = freeze_pair(frame.data[0], 59), hour = freeze_pair(frame.data[1], 23);
  const auto day = freeze_pair(frame.data[2], 31), month = freeze_pair(frame.data[3], 12);
  if (!minute || !hour || !day || !month) return core::Fault::bad_field;
  return FreezeRequest{.month = *month, .day = *day, .hour = *hour, .minute = *minute};
}

core::Result<BaudRequest> parse_change_baud(const Frame& frame) {
  if (frame.data.size() != 1) return core::Fault::bad_length;
  const auto baud = baud_of_word(frame.data[0]);
  if (!baud) return core::Fault::bad_field;
  return BaudRequest{*baud};
}

core::Result<PasswordRequest> parse_change_password(const Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() != 12) return core::Fault::bad_length;
  const auto old_password = password_at(data.subspan(4)), new_password = password_at(data.subspan(8));
  if (!old_password || !new_password) return core::Fault::bad_field;
  return PasswordRequest{identifier_at(data), *old_password, *new_password};
}

core::Result<ClearRequest> parse_clear(const Frame& frame) {
  const core::Bytes data = frame.data;
  const Function what = frame.control.function();
  if (data.size() != (what == Function::clear_events ? 12u : 8u)) return core::Fault::bad_length;
  const auto password = password_at(data);
  if (!password) return core::Fault::bad_field;
  ClearRequest request{what, *password, operator_at(data.subspan(4)), DataIdentifier(0xFFFFFFFF)};
  if (what == Function::clear_events) request.events = identifier_at(data.subspan(8));
  return request;
}

core::Result<RemoteControlRequest> parse_remote_control(const Frame& frame) {
  const core::Bytes data = frame.data;
  if (data.size() != 16) return core::Fault::bad_length;
  const auto password = password_at(data);
  const auto valid_until = second_time(data.subspan(10, second_time_bytes));
  const auto command = static_cast<Control1C>(data[8]);
  if (!password || !valid_until || name_of(command) == "unknown") return core::Fault::bad_field;
  return RemoteControlRequest{command, *password, operator_at(data.subspan(4)), *valid_until, data[9]};
}

core::Result<TimeRequest> parse_time(const Frame& frame) {
  if (frame.data.size() != second_time_bytes) return core::Fault::bad_length;
  const auto time = second_time(frame.data);
  if (!time) return core::Fault::bad_field;
  return TimeRequest{*time};
}

core::Result<TerminalOutputRequest> parse_terminal_output(const Frame& frame) {
  if (frame.data.size() != 1) return core::Fault::bad_length;
  return TerminalOutputRequest{frame.data[0]};
}

std::uint8_t baud_word(int baud) {
  for (std::size_t i = 0; i < bauds_from_bit_1.size(); ++i)
    if (bauds_from_bit_1[i] == baud) return static_cast<std::uint8_t>(2u << i);
  return 0;
}

std::optional<int> baud_of_word(std::uint8_t word) {
  for (std::size_t i = 0; i < bauds_from_bit_1.size(); ++i)
    if (word == 2u << i) return bauds_from_bit_1[i];
  return std::nullopt;
}
}  // namespace dlt645
