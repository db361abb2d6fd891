/// Registers in, money out: the tariff oracle carried through a whole run, for every customer at once.
///
/// One rater follows the readings in the books and says what the head-end must have charged for them; another
/// follows the registers of truth and says what the customer really owes at each quarter hour. Rule 5 applies
/// where the books say that missing readings were given up; a gap that they still hope to fill stops the
/// customer's rating there. Cost: ~10 ns a reading. Memory: ~250 bytes a meter.
#pragma once
#include <optional>
#include <vector>

#include "audit/evidence/books.hpp"
#include "audit/evidence/scan.hpp"
#include "audit/oracle/tariff_oracle.hpp"

namespace audit {
/// A month of one customer as the tariff's text has it.
struct OracleBill {
  std::size_t position = 0;
  int month = 0;  ///< yyyymm
  std::int64_t from_slot = 0;
  std::int64_t till_slot = 0;
  std::int64_t from_register = 0;  ///< 0.01 kWh; estimated when that reading is missing
  std::int64_t till_register = 0;
  std::vector<std::int64_t> energies;   ///< by cell of the tariff
  std::vector<std::int64_t> estimated;  ///< by cell: what of it rests on rule 5
  bool is_estimated() const;
  std::int64_t energy() const;
};

/// The running sum of a prepaid-head-end customer's month at the end of a local day, rounded (rule 4).
struct DayMark {
  std::size_t position = 0;
  std::int64_t day = 0;         ///< local days since 1970, the day that ends
  std::int64_t charge_fen = 0;  ///< what this day adds to the rounded sum
};

class Rater : public DueVisitor {
 public:
  enum class Follows { truth, books };
  /// `books` is needed, and kept, when books are followed.
  Rater(const Estate& estate, Follows follows, const Books* books);

  void visit(const Due& due) override;

  /// Charged since the scenario's start, months rounded each for itself, the current one as it stands.
  std::int64_t charge_fen(std::size_t position) const;
  /// The same without any rounding, in micro-yuan.
  std::int64_t charge_uYuan(std::size_t position) const;
  /// The due instant up to which the customer's readings are rated; nothing before the opening reading.
  std::optional<std::int64_t> rated_till(std::size_t position) const;

  const TariffOracle& oracle_of(std::size_t position) const { return oracles_[estate_.tariffs[position]]; }
  /// By (till, position).
  const std::vector<OracleBill>& bills() const { return bills_; }
  const std::vector<DayMark>& day_marks() const { return day_marks_; }

 private:
  struct Row {
    std::int64_t slot = -1;  ///< of the last rated register; -1 = none yet
    std::int64_t register_centikWh = 0;
    std::int64_t consumed = 0;  ///< since the ladder's last reset
    std::int64_t month_uYuan = 0;
    std::int64_t settled_uYuan = 0;  ///< months before, exact
    std::int64_t settled_fen = 0;    ///< months before, each rounded
    std::int64_t day_began_fen = 0;  ///< rounded running sum of the month when the local day began
    std::int64_t month_slot = 0;     ///< where the month (or the run) began for him
    std::int64_t month_register = 0;
    bool is_blocked = false;
  };
  /// What the calendar says of one quarter hour, for one tariff.
  struct Quarter {
    std::size_t period = 0;
    bool resets = false;  ///< at its start
    bool ends_day = false;
    bool ends_month = false;
  };
  Quarter quarter_of(std::size_t tariff, std::int64_t slot) const;
  void rate_until(std::size_t position, std::int64_t slot, std::int64_t shown, const Quarter& last);
  void add(std::size_t position, std::int64_t slot, std::int64_t energy, bool is_estimated,
           const Quarter& quarter);
  void close_day(std::size_t position, std::int64_t slot, bool ends_month);

  const Estate& estate_;
  Follows follows_;
  const Books* books_;
  std::vector<TariffOracle> oracles_;
  std::size_t cells_max_ = 0;
  std::vector<Row> rows_;
  std::vector<std::int64_t> energies_;  ///< cells_max_ a customer, this month
  std::vector<std::int64_t> estimated_;
  std::vector<OracleBill> bills_;
  std::vector<DayMark> day_marks_;
};
}  // namespace audit
