/// I-MONEY.meter: the money inside prepaid-meter meters, in truth, in transit and in the books.
///
/// At each local midnight and at the end, per meter, exact to the micro-yuan:
///     money = recharges applied - oracle's charge for the registers shown
/// but for units that complete between a price switch by true time and by the meter's clock, at most the
/// spread of prices each. Each report in the books lies between what the meter held before it was asked and
/// after it had answered, in whole fen. And in the ledger, per customer, to the fen:
///     sold = applied in the meter + recharges not applied yet;   in_transit = recharges not known to be done
///     meter_credit = last report + credits with a later purchase count
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/checks/register_bounds.hpp"
#include "audit/oracle/rater.hpp"

namespace audit {
class MeterMoneyChecks : public DueVisitor {
 public:
  /// `rater` follows truth, and visits before this.
  MeterMoneyChecks(const Estate& estate, const Truth& truth, const Books& books, const Rater& rater,
                   const RegisterBounds& bounds, const Options& options);
  void visit(const Due& due) override;
  /// Left out in an estate without such meters.
  std::vector<Check> finish();

 private:
  struct Row {
    std::size_t position = 0;
    std::int64_t applied_fen = 0;  ///< up to the due instant
    std::int64_t tolerance_uYuan = 0;
    std::size_t next_recharge = 0;      ///< in recharges_
    std::uint32_t shown = no_register;  ///< at the last due instant
    bool has_strayed = false;           ///< its clock has been further off than a quarter hour
  };
  std::int64_t applied_between(std::size_t position, Instant after, Instant till) const;
  void allow_for_clock(Row& row, const Due& due) const;
  void judge_purse(Row& row, const Due& due);
  void judge_reports(const Due& due);
  void judge_ledger();

  const Estate& estate_;
  const Books& books_;
  const Rater& rater_;
  const RegisterBounds& bounds_;
  Checking purse_, reports_, ledger_;
  std::vector<Row> rows_;
  std::vector<Happening> recharges_;  ///< by (position, instant)
  std::size_t next_report_ = 0;
};
}  // namespace audit
