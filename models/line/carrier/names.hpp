/// Names that people type, with the other spellings they are known under: "golay-24-12", "Golay(24,12)",
/// "g2412". Letters and digits count, case and everything between do not. Errors: nothing for a stranger.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace model::carrier {
template <class T>
struct Named {
  T value;
  std::string_view name;
  std::string_view others;  ///< separated by blanks, bare (see `bare_name`)
};

/// Letters in lower case and digits only.
inline std::string bare_name(std::string_view name) {
  std::string bare;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') bare += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) bare += c;
  }
  return bare;
}

template <class Table, class T>
std::string_view name_in(const Table& table, T value) {
  for (const auto& row : table)
    if (row.value == value) return row.name;
  return {};
}

template <class Table>
auto value_in(const Table& table, std::string_view name) -> std::optional<decltype(table[0].value)> {
  const auto bare = bare_name(name);
  if (bare.empty()) return std::nullopt;
  for (const auto& row : table) {
    if (bare_name(row.name) == bare) return row.value;
    const std::string others = " " + std::string(row.others) + " ";
    if (others.find(" " + bare + " ") != std::string::npos) return row.value;
  }
  return std::nullopt;
}

template <class Table>
std::string all_names(const Table& table) {
  std::string text;
  for (const auto& row : table) text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}
}  // namespace model::carrier
