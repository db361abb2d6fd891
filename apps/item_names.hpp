/// The words by which people ask a meter for something, besides eight hexadecimal digits of a data
/// identifier.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/dlt645/data_identifier.hpp"

namespace app {
/// "energy", "voltage", "balance" ..., or "00010000". Nothing for anything else.
std::optional<dlt645::DataIdentifier> item_of(std::string_view word);
/// The words, for help texts.
std::string item_words();
/// What is read when nothing was asked for.
std::vector<dlt645::DataIdentifier> usual_items();
}  // namespace app
