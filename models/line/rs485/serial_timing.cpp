#include "models/line/rs485/serial_timing.hpp"

namespace model {
std::optional<CharacterFormat> parse_character_format(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  CharacterFormat format;
  if (text[0] != '7' && text[0] != '8') return std::nullopt;
  if (text[2] != '1' && text[2] != '2') return std::nullopt;
  switch (text[1]) {
    case 'N':
      format.parity = Parity::none;
      break;
    case 'E':
      format.parity = Parity::even;
      break;
    case 'O':
      format.parity = Parity::odd;
      break;
    default:
      return std::nullopt;
  }
  format.data_bits = text[0] - '0';
  format.stop_bits = text[2] - '0';
  return format;
}

std::string to_string(CharacterFormat format) {
  constexpr std::string_view letters = "NEO";
  return std::to_string(format.data_bits) + letters[static_cast<std::size_t>(format.parity)] +
         std::to_string(format.stop_bits);
}
}  // namespace model
