/// Money and prices, in integers.
///
/// A price counts 1e-4 CNY per kWh (DL/T 645-2007 format NNNN.NNNN), an energy 1e-2 kWh, so their product
/// counts exactly one micro-yuan (1e-6 CNY): a bill is summed without rounding and rounded once, to fen (0.01
/// CNY).
#pragma once
#include "core/units.hpp"

namespace core {
using Fen = Quantity<struct FenTag>;              ///< 0.01 CNY (分): ledgers, receipts, bills
using MicroYuan = Quantity<struct MicroYuanTag>;  ///< 1e-6 CNY: rated energy before the one rounding
using Price = Quantity<struct PriceTag>;          ///< 1e-4 CNY per kWh

inline constexpr std::int64_t microyuan_per_fen = 10'000;

/// Exact. Range: |energy x price| < 9.2e18.
constexpr MicroYuan operator*(CentiKilowattHours energy, Price price) {
  return MicroYuan(energy.count() * price.count());
}
constexpr MicroYuan operator*(Price price, CentiKilowattHours energy) { return energy * price; }
constexpr MicroYuan to_microyuan(Fen fen) { return MicroYuan(fen.count() * microyuan_per_fen); }

/// The one rounding of this product: half away from zero (四舍五入), as bills in the field are.
constexpr Fen round_half_up(MicroYuan amount) {
  const std::int64_t half = microyuan_per_fen / 2;
  return Fen(amount.count() >= 0 ? (amount.count() + half) / microyuan_per_fen
                                 : -((-amount.count() + half) / microyuan_per_fen));
}
/// Rounded towards minus infinity: what a balance can at least be trusted for.
constexpr Fen floor_to_fen(MicroYuan amount) {
  const std::int64_t q = amount.count() / microyuan_per_fen;
  return Fen(amount.count() % microyuan_per_fen < 0 ? q - 1 : q);
}
}  // namespace core
