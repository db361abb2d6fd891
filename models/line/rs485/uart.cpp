#include "models/line/rs485/uart.hpp"

namespace model {
std::optional<std::uint8_t> Uart::hear(bool is_mark) {
  switch (state_) {
    case State::idle:
      if (is_mark) return std::nullopt;
      state_ = State::data;
      byte_ = 0;
      bits_ = 0;
      is_odd_ = has_bad_parity_ = false;
      return std::nullopt;
    case State::data:
      if (is_mark) byte_ = static_cast<std::uint8_t>(byte_ | 1u << bits_);
      is_odd_ ^= is_mark;
      if (++bits_ == format_.data_bits) state_ = format_.parity == Parity::none ? State::stop : State::parity;
      return std::nullopt;
    case State::parity:
      has_bad_parity_ = (is_odd_ != is_mark) == (format_.parity == Parity::even);
      state_ = State::stop;
      return std::nullopt;
    case State::stop:
      state_ = is_mark ? State::idle : State::broken;
      if (!is_mark)
        ++errors_.framing;
      else if (has_bad_parity_)
        ++errors_.parity;
      else
        return byte_;
      return std::nullopt;
    case State::broken:
      if (is_mark) state_ = State::idle;
      return std::nullopt;
  }
  return std::nullopt;
}
}  // namespace model
