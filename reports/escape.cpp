#include "reports/escape.hpp"

#include <cstdint>

namespace report {
namespace {
constexpr std::uint32_t no_character = 0xFFFFFFFF;

/// The character at the front of `text` and its length; `no_character` and length 1 for a broken sequence.
std::uint32_t decode(std::string_view text, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  length = 1;
  if (byte(0) < 0x80) return byte(0);
  const std::size_t wanted = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4) return no_character;
  std::uint32_t character = byte(0) & (0xFFu >> (wanted + 1));
  for (std::size_t i = 1; i < wanted; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return no_character;
    character = character << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (character < shortest[wanted] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
    return no_character;
  length = wanted;
  return character;
}

bool is_xml_character(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' ||
         (c >= 0x20 && c != 0x7F && c != 0xFFFE && c != 0xFFFF && c != no_character);
}

bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}
}  // namespace

std::string clean_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = 1;
    if (is_xml_character(decode(text, length)))
      out += text.substr(0, length);
    else
      out += "\xEF\xBF\xBD";
    text.remove_prefix(length);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : clean_utf8(text)) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string json_for_script(std::string json) {
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    std::size_t length = 1;
    columns += is_wide(decode(text, length)) ? 2 : 1;
    text.remove_prefix(length);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  std::string clean = clean_utf8(text);
  for (auto& c : clean)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (columns_of(clean) <= columns) return clean;
  std::string out;
  std::size_t used = 1;  // the ellipsis
  for (std::string_view rest = clean; !rest.empty();) {
    std::size_t length = 1;
    const std::size_t width = is_wide(decode(rest, length)) ? 2 : 1;
    if (used + width > columns) break;
    out += rest.substr(0, length);
    used += width;
    rest.remove_prefix(length);
  }
  return out + "\u2026";
}

std::string padded(std::string_view text, std::size_t columns) {
  const auto used = columns_of(text);
  return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}
}  // namespace report
