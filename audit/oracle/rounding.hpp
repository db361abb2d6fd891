/// Rule 4 of the tariff's text: an exact number of yuan becomes fen once, half up.
///
/// Apart from the oracle that uses it, because the numbers of unbounded length are a large header and few
/// files calculate with them. Errors: METERTWIN_CHECK for a negative amount. Randomness: none. Time: none.
#pragma once
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

namespace audit {
using Rational = boost::multiprecision::cpp_rational;

std::int64_t rounded_fen(const Rational& amount_CNY);
}  // namespace audit
