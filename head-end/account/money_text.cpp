#include "head-end/account/money_text.hpp"

namespace headend {
std::string money_text(core::Fen amount) {
  const auto count = amount.count();
  const auto fen = count < 0 ? -count : count;
  const auto cents = fen % 100;
  return (count < 0 ? "-" : "") + std::to_string(fen / 100) + (cents < 10 ? ".0" : ".") +
         std::to_string(cents) + " CNY";
}
}  // namespace headend
