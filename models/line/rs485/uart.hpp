/// The receiver of one station: turns levels on the pair into bytes, one bit time after the other.
///
/// It waits for mark to become space (a start bit), takes the data bits lowest first, the parity and the
/// first stop bit. A wrong parity or a stop bit at space throws the character away and is counted; after a
/// missing stop bit it waits for mark again (a break is one framing error, however long). It starts wherever
/// it sees an edge, so a false start bit in front of a frame misreads what follows until a gap comes. Unit:
/// bits; true = mark (idle). Errors: counted. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <optional>

#include "models/line/rs485/serial_timing.hpp"

namespace model {
/// Characters that a receiver threw away, by what was wrong with them.
struct CharacterErrors {
  std::uint64_t parity = 0;
  std::uint64_t framing = 0;
};

class Uart {
 public:
  explicit Uart(CharacterFormat format = {}) : format_(format) {}

  /// The level during one bit time. A byte when a good character has just ended.
  std::optional<std::uint8_t> hear(bool is_mark);
  const CharacterErrors& errors() const { return errors_; }

  /// Calls `level(bool)` for every bit of one character as a sender puts it on the pair.
  template <class Level>
  static void send(std::uint8_t byte, CharacterFormat format, Level&& level) {
    level(false);
    bool is_odd = false;
    for (int i = 0; i < format.data_bits; ++i) {
      const bool bit = (byte >> i & 1) != 0;
      is_odd ^= bit;
      level(bit);
    }
    if (format.parity != Parity::none) level(is_odd == (format.parity == Parity::even));
    for (int i = 0; i < format.stop_bits; ++i) level(true);
  }

 private:
  enum class State : std::uint8_t { idle, data, parity, stop, broken };
  State state_ = State::idle;
  CharacterFormat format_;
  std::uint8_t byte_ = 0;
  int bits_ = 0;
  bool is_odd_ = false, has_bad_parity_ = false;
  CharacterErrors errors_;
};
}  // namespace model
