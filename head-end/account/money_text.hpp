/// Money for people: "12.34 CNY", "-0.05 CNY". Pure, no locale.
#pragma once
#include <string>

#include "core/money.hpp"

namespace headend {
std::string money_text(core::Fen amount);
}  // namespace headend
