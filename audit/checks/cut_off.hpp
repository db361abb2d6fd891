/// I-CUT: relays follow the money, in time, and only the money; who is protected keeps power.
///
/// Money of a prepaid-head-end customer at a quarter hour = payments handed over - the oracle's charge for
/// the register that the meter showed then; of a prepaid-meter customer, what truth says is in his meter.
/// - Below -overdraft he must be cut off within `cut_off_latest` (+ grace, + trip delay); money above 0 again
/// must restore
///   him within `restore_latest` of the payment. Both count again from the end of each fault and of quiet
///   hours (cutting only); a deadline after the end of the run is not judged.
/// - A relay opens only where money was at or below -overdraft, given that a command may be under way for as
/// long as it is
///   valid; it closes only where money is above -overdraft; an operator's order is a reason for both.
/// Zero cases where the scenario must have some: unknown.
#pragma once
#include "audit/blame/blame.hpp"
#include "audit/checks/checking.hpp"
#include "audit/evidence/truth.hpp"
#include "audit/oracle/rater.hpp"

namespace audit {
class CutOffChecks : public DueVisitor {
 public:
  struct Raters {
    const Rater& truth;
    const Rater& books;
  };
  /// The raters visit before this.
  CutOffChecks(const Estate& estate, const Truth& truth, const Books& books, Raters raters,
               const Blame& blame, const Options& options);
  void visit(const Due& due) override;
  std::vector<Check> finish(Summary& summary);

 private:
  struct Row {
    std::size_t position = 0;
    bool has_purse = false;  ///< the money is in the meter
    bool is_open = false;
    bool is_in_arrears = false;
    std::int64_t paid_fen = 0;
    std::int64_t in_transit_fen = 0;  ///< has_purse: paid, not yet in the meter
    std::int64_t money_before_fen =
        0;  ///< at the last due instant; head-end: less charges, without later payments
    std::int64_t money_now_fen = 0;  ///< at the coming one
    std::int64_t books_now_fen = 0;  ///< the same by the readings in the books
    std::int64_t moved_fen = 0;      ///< credited since the last due instant
    Instant arrears_since = core::never;
    Instant restore_since = core::never;
    std::vector<std::pair<Instant, std::int64_t>> payments;
  };
  void take_money(Row& row, const Due& due);
  void judge_until(Instant till);
  void on_happening(Row& row, const Happening& happening);
  void on_opened(Row& row, const Happening& happening);
  void on_closed(Row& row, const Happening& happening);
  void on_money(Row& row, Instant at);
  void end_arrears(Row& row, Instant at);
  bool has_reason_to_open(const Row& row, Instant at) const;
  bool is_ordered(std::size_t position, std::string_view kind, Instant at) const;
  std::int64_t money_of(const Row& row) const;
  std::int64_t floor_of(const Row& row) const;
  Duration allowed_to_open(const Row& row) const;
  Instant must_be_open_by(const Row& row) const;
  Instant must_be_closed_by(const Row& row) const;

  const Estate& estate_;
  const Truth& truth_;
  const Books& books_;
  Raters raters_;
  const Blame& blame_;
  Checking opened_, closed_, reason_, protected_;
  std::vector<Row> rows_;
  std::vector<std::int32_t> row_of_;  ///< by position; -1 = postpaid
  std::size_t next_ = 0;              ///< in Truth::happenings
  Instant taken_at_{};                ///< the due instant of money_now_fen
  std::int64_t times_opened_ = 0, times_closed_ = 0;
  Duration slowest_cut_{0}, slowest_restore_{0};
};
}  // namespace audit
