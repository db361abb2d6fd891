/// Rating: each interval's energy into (tier, period), the month's running sum, the closings of days and
/// months.
///
/// One row per account in a flat array; the energies of all (tier, period) cells lie in a second one. `rate`
/// is called for every reading and touches only these. A local midnight closes the day: the charge is posted
/// (prepaid_head_end), at a month's end the bill is written, and the row goes to the store in the same
/// transaction; a row that no posting rests on goes there every fourth day, with one of the
/// next commits. Unit: 0.01 kWh,
/// micro-yuan, fen. Range: registers below 10^6 kWh. Randomness: none. Time: slots, and `now` for the record.
#pragma once
#include <deque>
#include <limits>
#include <map>
#include <vector>

#include "core/money.hpp"
#include "head-end/account/ledger.hpp"
#include "head-end/tariff/calendar.hpp"
#include "head-end/tariff/time_of_use.hpp"

namespace headend {
struct RatingRow {
  std::int64_t running_microyuan = 0;  ///< this month's sum
  std::int64_t look_at_microyuan =
      std::numeric_limits<std::int64_t>::max();  ///< the watch wants to look from here on
  Fen paid{0};    ///< payments minus earlier months' bills (postpaid, prepaid_head_end)
  Fen posted{0};  ///< charges posted in this month
  std::uint32_t tier_energy = 0;
  std::uint32_t first_cell = 0;
  Slot month_from = 0;
  std::uint32_t month_from_register = 0;
  std::uint16_t tariff = 0;
  PaymentMode payment = PaymentMode::postpaid;
  Slot saved_slot = std::numeric_limits<Slot>::min();  ///< of the row in the store
};

struct IntervalEnergy {
  std::uint32_t energy = 0;   ///< 0.01 kWh
  bool is_estimated = false;  ///< tariff rule 5
};

struct RatingState {
  AccountId account = 0;
  Slot rated_slot = 0;
  std::uint32_t rated_register = 0;
};

class Rating {
 public:
  /// Throws `std::invalid_argument` for a tariff with a hole or an overlap.
  Rating(const Configuration& configuration, Database& database, Ledger& ledger);

  RatingRow& row(AccountId account) { return rows_[account]; }
  const RatingRow& row(AccountId account) const { return rows_[account]; }
  void open(AccountId account, Slot slot, std::uint32_t register_shown);

  /// True when the watch wants to look at this account.
  bool rate(AccountId account, const IntervalFacts& interval, IntervalEnergy consumed);

  struct Closing {
    std::optional<Fen> bill;  ///< at a month's end
    int month = 0;            ///< yyyymm
  };
  /// After `rate` of an interval that ends a day.
  Closing close_day(AccountId account, const IntervalFacts& interval, std::uint32_t register_shown,
                    const Calendar& calendar, Instant now);

  /// Writes at most so many of the rows of closed days that have waited longest.
  void save_some(std::size_t count_max);

  /// Payments minus bills minus the rounded running sum.
  Fen spendable(AccountId account) const;
  /// Where the account was at its last closed day, for each account that has one; fills the rows. In order of
  /// accounts.
  std::vector<RatingState> resume();

 private:
  struct RatedTariff {
    PeriodsByQuarter periods_by_quarter;
    std::vector<CentiKilowattHours> bounds;
    std::vector<Price> prices;  // tier x period
    std::size_t period_count = 0;
    Tariff::Reset reset = Tariff::Reset::never;
  };
  std::size_t cell_count(const RatingRow& row) const { return tariffs_[row.tariff].prices.size(); }
  Fen write_bill(AccountId account, int month, Slot till, std::uint32_t till_register, Instant now);
  /// A row as of a closed day, on its way to the store.
  struct SavedRow {
    AccountId account;
    Slot rated_slot;
    std::uint32_t register_shown;
    Slot month_from;
    std::uint32_t month_from_register;
    std::uint32_t tier_energy;
    Fen posted;
    std::vector<std::uint8_t> cells;
  };
  SavedRow saved_row(AccountId account, Slot rated_slot, std::uint32_t register_shown) const;
  void write(const SavedRow& saved);

  Database& database_;
  Ledger& ledger_;
  std::vector<RatedTariff> tariffs_;
  std::vector<RatingRow> rows_;  // by account id; row 0 is nobody's
  std::vector<std::uint32_t> energies_;
  std::deque<SavedRow> to_save_;
  std::map<std::uint32_t, std::uint32_t> estimated_;  // of the energy in a cell, by cell; few have any
  Statement add_bill_, add_line_, save_;
};
}  // namespace headend
