/// What a notice says to the customer. Pure.
#pragma once
#include "head-end/books.hpp"

namespace headend {
std::string notice_text(const AccountFile& account, Notice::Level level, Fen amount);
}  // namespace headend
