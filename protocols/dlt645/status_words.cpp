#include "protocols/dlt645/status_words.hpp"

#include <array>

namespace dlt645 {
namespace {
using Words = std::array<std::string_view, 16>;
constexpr Words word1{"switch output is a level",
                      "demand by slip",
                      "clock battery low",
                      "read-out battery low",
                      "active power reversed",
                      "reactive power reversed",
                      "bit 6",
                      "bit 7",
                      "bit 8",
                      "ESAM error",
                      "bit 10",
                      "bit 11",
                      "program error",
                      "memory error",
                      "overdraft",
                      "clock error"};
constexpr Words word2{"phase A active reversed",
                      "phase B active reversed",
                      "phase C active reversed",
                      "bit 3",
                      "phase A reactive reversed",
                      "phase B reactive reversed",
                      "phase C reactive reversed",
                      "bit 7",
                      "bit 8",
                      "bit 9",
                      "bit 10",
                      "bit 11",
                      "bit 12",
                      "bit 13",
                      "bit 14",
                      "bit 15"};
constexpr Words word3{"second day tables",
                      "auxiliary supply",
                      "battery supply",
                      "programming allowed",
                      "relay open",
                      "second time zones",
                      "relay commanded open",
                      "trip alarm",
                      "energy prepaid",
                      "money prepaid",
                      "second prices",
                      "second ladder",
                      "keep power",
                      "authenticated",
                      "local account not opened",
                      "remote account not opened"};
constexpr Words phase{"voltage loss",  "under-voltage", "over-voltage",   "current loss",
                      "over-current",  "overload",      "power reversed", "phase break",
                      "current break", "bit 9",         "bit 10",         "bit 11",
                      "bit 12",        "bit 13",        "bit 14",         "bit 15"};
constexpr Words word7{"voltage sequence reversed",
                      "current sequence reversed",
                      "voltage unbalance",
                      "current unbalance",
                      "auxiliary supply lost",
                      "power down",
                      "demand over limit",
                      "power factor low",
                      "severe current unbalance",
                      "bit 9",
                      "bit 10",
                      "bit 11",
                      "bit 12",
                      "bit 13",
                      "bit 14",
                      "bit 15"};
constexpr std::array<const Words*, 7> words_by_number{&word1, &word2, &word3, &phase, &phase, &phase, &word7};
}  // namespace

std::vector<std::string_view> describe_status_word(int number, std::uint16_t word) {
  std::vector<std::string_view> said;
  if (number < 1 || number > 7) return said;
  const Words& words = *words_by_number[static_cast<std::size_t>(number - 1)];
  for (std::size_t bit = 0; bit < 16; ++bit)
    if ((word >> bit & 1) != 0) said.push_back(words[bit]);
  return said;
}
}  // namespace dlt645
