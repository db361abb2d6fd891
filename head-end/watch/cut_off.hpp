/// Cut-off and restoring of customers whose money the head-end keeps (远程费控): what is to be done about one
/// supply now.
///
///   supplied --(spendable <= -overdraft)--> due --(grace over, not in quiet hours)--> cut
///   cut --(spendable > 0)--> supplied
///
/// `due` falls back when money comes; keep-power (保电) ends every cut and allows none. Restoring asks for
/// more than the cut-off level: the overdraft is repaid before the supply returns. Restoring knows no quiet
/// hours. Unit: fen. Errors, randomness: none. Time: told.
#pragma once
#include <optional>

#include "head-end/configuration.hpp"

namespace headend {
enum class Supply : std::uint8_t { supplied, due, cut, cut_by_order };

struct SupplyFacts {
  Supply supply = Supply::supplied;
  Instant since{};       ///< when it became due
  bool is_kept = false;  ///< keep-power
  Fen spendable{0};
  Fen overdraft{0};
};

enum class SupplyStep { none, becomes_due, withdraw, trip, close, wait };
struct SupplyDecision {
  SupplyStep step = SupplyStep::none;
  Instant look_again = core::never;  ///< for becomes_due and wait
};

SupplyDecision decide_supply(const SupplyFacts& facts, const CutOffRules& rules, const core::Zone& zone,
                             Instant now);

/// Where `at` is in quiet hours: when they end. A slot whose end is not after its start wraps over midnight.
std::optional<Instant> quiet_until(const std::optional<DaySlot>& never_between, const core::Zone& zone,
                                   Instant at);

const char* name_of(Supply supply);
}  // namespace headend
