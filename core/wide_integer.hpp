/// 128-bit integers, for products that must not overflow. A compiler extension, admitted in this one place.
#pragma once

namespace core {
__extension__ typedef unsigned __int128
    uint128_t;                            // NOLINT(modernize-use-using): __extension__ needs the typedef form
__extension__ typedef __int128 int128_t;  // NOLINT(modernize-use-using)
}  // namespace core
