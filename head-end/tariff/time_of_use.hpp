/// Time of use (峰谷): which period of the tariff a quarter hour of the local day belongs to.
///
///     period of an interval = the period whose slots hold the interval's start   [tariff rule 1]
///
/// Time: the local day's seconds, told by the caller. Errors: a tariff whose slots leave a hole, overlap or
/// are not whole quarter hours throws `std::invalid_argument` with the tariff's name. Randomness: none.
#pragma once
#include <array>
#include <cstdint>

#include "head-end/configuration.hpp"

namespace headend {
inline constexpr int quarters_per_day = 96;
using PeriodsByQuarter = std::array<std::uint8_t, quarters_per_day>;

PeriodsByQuarter periods_by_quarter(const Tariff& tariff);
}  // namespace headend
