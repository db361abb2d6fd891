#include "models/meter/firmware.hpp"

namespace model {
using dlt645::Function;

bool Firmware::hear(const Frame& frame) {
  if (frame.control.is_from_meter()) return false;  // an answer, or the echo of one
  if (frame.address.is_broadcast()) {
    hear_broadcast(frame);
    return false;
  }
  const dlt645::AddressPattern own(meter_.address_);
  if (!frame.address.matches(own)) return false;
  const Function function = frame.control.function();
  const bool is_open_to_wildcards = function == Function::read || function == Function::read_follow_up ||
                                    function == Function::read_address || function == Function::write_address;
  if (frame.address != own && !is_open_to_wildcards) return false;
  return obey(frame);
}

void Firmware::hear_broadcast(const Frame& frame) {
  switch (frame.control.function()) {
    case Function::broadcast_time:
      return take_broadcast_time(frame);
    case Function::freeze:
      static_cast<void>(freeze(frame));
      return out_.clear();
    default:
      return;
  }
}

bool Firmware::obey(const Frame& frame) {
  switch (frame.control.function()) {
    case Function::read:
      return read(frame);
    case Function::read_follow_up:
      return read_follow_up(frame);
    case Function::read_address:
      dlt645::answer_address(meter_.address_, start_answer());
      return true;
    case Function::write:
      return write(frame);
    case Function::write_address:
      return write_address(frame);
    case Function::freeze:
      return freeze(frame);
    case Function::change_baud:
      return change_baud(frame);
    case Function::change_password:
      return change_password(frame);
    case Function::clear_demand:
    case Function::clear_meter:
    case Function::clear_events:
      return clear(frame);
    case Function::remote_control:
      return remote_control(frame);
    case Function::security:
      return security(frame);
    case Function::broadcast_time:
      take_broadcast_time(frame);
      return false;
    case Function::terminal_output: {
      const auto request = dlt645::parse_terminal_output(frame);
      if (!request || request->signal > 2) return refuse(Function::terminal_output, Refusal::other);
      dlt645::answer_terminal_output(meter_.address_, request->signal, start_answer());
      return true;
    }
    case Function::reserved:
      break;
  }
  return false;
}

dlt645::Wire& Firmware::start_answer() {
  for (std::size_t i = 0; i < dlt645::lead_in_bytes_usual; ++i) out_.push_back(dlt645::lead_in_byte);
  return out_;
}

bool Firmware::say_done(Function function) {
  dlt645::answer_done(meter_.address_, function, start_answer());
  return true;
}

bool Firmware::refuse(Function function, Refusal reason) {
  dlt645::refuse(meter_.address_, function, reason, start_answer());
  return true;
}

bool Firmware::is_allowed(const dlt645::Password& password, int level_needed) {
  // 98 and 99: the security module vouches, as long as a session that began with mutual authentication lasts.
  if (password.level == 0x98 || password.level == 0x99) return civil_s_ < memory_.authenticated_till_civil_s;
  const int level = core::is_bcd(password.level) ? static_cast<int>(core::bcd_value(password.level)) : -1;
  return memory_.passwords.allow(level, password.digits, level_needed, civil_s_);
}
}  // namespace model
