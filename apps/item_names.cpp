#include "apps/item_names.hpp"

#include <array>
#include <utility>

#include "core/bytes.hpp"

namespace app {
namespace {
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 17> words{{
    {"energy", 0x00010000},
    {"rates", 0x0001FF00},
    {"reverse-energy", 0x00020000},
    {"voltage", 0x02010100},
    {"current", 0x02020100},
    {"power", 0x02030000},
    {"power-factor", 0x02060000},
    {"frequency", 0x02800002},
    {"balance", 0x00900200},
    {"overdraft", 0x00900201},
    {"date", 0x04000101},
    {"time", 0x04000102},
    {"address", 0x04000401},
    {"status", 0x04000503},
    {"daily-freeze", 0x05060101},
    {"purchases", 0x03330201},
    {"constant", 0x04000409},
}};
}  // namespace

std::optional<dlt645::DataIdentifier> item_of(std::string_view word) {
  for (const auto& [name, identifier] : words)
    if (name == word) return dlt645::DataIdentifier{identifier};
  if (word.size() != 8) return std::nullopt;
  const auto bytes = core::from_hex(word);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  std::uint32_t identifier = 0;
  for (const auto byte : *bytes) identifier = identifier << 8 | byte;
  return dlt645::DataIdentifier{identifier};
}

std::string item_words() {
  std::string text;
  for (const auto& [name, identifier] : words) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

std::vector<dlt645::DataIdentifier> usual_items() {
  std::vector<dlt645::DataIdentifier> items;
  for (const char* word : {"energy", "voltage", "current", "power", "date", "time", "status"})
    items.push_back(*item_of(word));
  return items;
}
}  // namespace app
