#include "audit/checks/bills.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace audit {
namespace {
struct Line {
  std::size_t tier = 0, period = 0;
  std::int64_t energy = 0, price = 0, amount_uYuan = 0, estimated = 0;
};

struct Issued {
  std::int64_t account = 0;
  int month = 0;
  std::int64_t from_s = 0, till_s = 0, from_register = 0, till_register = 0, energy = 0, amount_fen = 0;
  bool is_estimated = false;
  std::vector<Line> lines;
};

/// Bills with their lines, one after another, by (account, month).
class BillCursor {
 public:
  explicit BillCursor(sqlite::Database& books)
      : bills_(books,
               "SELECT account, month, from_s, till_s, from_register_centikWh, till_register_centikWh,"
               " energy_centikWh, amount_fen, is_estimated FROM bill ORDER BY account, month"),
        lines_(books,
               "SELECT account, month, tier, period, energy_centikWh, price, amount_microyuan,"
               " estimated_centikWh FROM bill_line ORDER BY account, month, tier, period") {
    has_line_ = lines_.next();
  }
  std::optional<Issued> next() {
    if (!bills_.next()) return std::nullopt;
    Issued bill{bills_.integer(0),      static_cast<int>(bills_.integer(1)),
                bills_.integer(2),      bills_.integer(3),
                bills_.integer(4),      bills_.integer(5),
                bills_.integer(6),      bills_.integer(7),
                bills_.integer(8) != 0, {}};
    const auto of_line = [this] { return std::pair(lines_.integer(0), lines_.integer(1)); };
    const auto of_bill = std::pair(bill.account, std::int64_t{bill.month});
    for (; has_line_ && of_line() < of_bill; has_line_ = lines_.next()) ++orphans_;
    for (; has_line_ && of_line() == of_bill; has_line_ = lines_.next())
      bill.lines.push_back({static_cast<std::size_t>(lines_.integer(2)),
                            static_cast<std::size_t>(lines_.integer(3)), lines_.integer(4), lines_.integer(5),
                            lines_.integer(6), lines_.integer(7)});
    return bill;
  }
  /// Lines without a bill. Call after the last bill.
  std::int64_t orphans() {
    for (; has_line_; has_line_ = lines_.next()) ++orphans_;
    return orphans_;
  }

 private:
  sqlite::Statement bills_, lines_;
  bool has_line_ = false;
  std::int64_t orphans_ = 0;
};

/// The first thing wrong with a bill, in words; empty = nothing.
std::string fault_of(const Issued& issued, const OracleBill& right, const TariffOracle& oracle) {
  if (issued.from_s != right.from_slot * quarter_s || issued.till_s != right.till_slot * quarter_s)
    return "it is for another span of time";
  if (issued.from_register != right.from_register || issued.till_register != right.till_register)
    return fmt::format("its registers are {} and {}, the readings say {} and {}",
                       kWh_text(issued.from_register), kWh_text(issued.till_register),
                       kWh_text(right.from_register), kWh_text(right.till_register));
  std::vector<std::int64_t> billed(oracle.cells());
  for (const auto& line : issued.lines) {
    if (line.tier >= oracle.tiers() || line.period >= oracle.periods())
      return "it has a line that the tariff does not know";
    const auto cell = oracle.cell(line.period, line.tier);
    const auto where = fmt::format("tier {} period {}", line.tier + 1, line.period);
    if (line.energy != right.energies[cell])
      return fmt::format("{} has {}, the tariff says {}", where, kWh_text(line.energy),
                         kWh_text(right.energies[cell]));
    if (line.price != oracle.price(cell))
      return fmt::format("{} has a price of {} e-4 CNY/kWh", where, line.price);
    if (line.amount_uYuan != line.energy * line.price)
      return fmt::format("{} costs {}, not energy times price", where, CNY_text_exact(line.amount_uYuan));
    if (line.estimated != right.estimated[cell])
      return fmt::format("{} calls {} estimated, rule 5 says {}", where, kWh_text(line.estimated),
                         kWh_text(right.estimated[cell]));
    billed[cell] += line.energy;
  }
  for (std::size_t cell = 0; cell < billed.size(); ++cell)
    if (billed[cell] != right.energies[cell])
      return fmt::format("a line for {} is missing or double", kWh_text(right.energies[cell]));
  if (issued.energy != right.energy())
    return fmt::format("its energy is {}, not {}", kWh_text(issued.energy), kWh_text(right.energy()));
  const auto amount = oracle.amount_fen(right.energies);
  if (issued.amount_fen != amount)
    return fmt::format("it asks for {}, the tariff says {}", CNY_text(issued.amount_fen), CNY_text(amount));
  if (issued.is_estimated != right.is_estimated())
    return "it hides that it is estimated, or is not and says so";
  return {};
}
}  // namespace

std::vector<Check> check_bills(const Estate& estate, sqlite::Database& books, const Rater& rater,
                               const Options& options, Summary& summary) {
  const auto allowed = estate.scenario.expect.bills_wrong_max;
  Checking check("I-MONEY.bills", "every bill is what the tariff says, to the fen",
                 fmt::format("{} wrong", allowed), options);
  std::vector<const OracleBill*> right;
  for (const auto& bill : rater.bills()) right.push_back(&bill);
  std::stable_sort(right.begin(), right.end(), [](const auto* a, const auto* b) {
    return std::pair(a->position, a->month) < std::pair(b->position, b->month);
  });
  const auto key_of = [](const OracleBill& bill) {
    return std::pair(static_cast<std::int64_t>(bill.position) + 1, bill.month);
  };
  const auto ends = slot_of(estate.scenario.ends());
  auto expected = right.begin();
  const auto missing = [&](const OracleBill& bill) {
    if (bill.till_slot > ends) return;  // it may still come
    check.looked();
    check.violation(estate.customers[bill.position].account, instant_of_slot(bill.till_slot), [&] {
      return fmt::format("the bill for {} over {} was never issued", month_text(bill.month),
                         kWh_text(bill.energy()));
    });
  };
  BillCursor cursor(books);
  while (const auto issued = cursor.next()) {
    const std::pair key(issued->account, issued->month);
    for (; expected != right.end() && key_of(**expected) < key; ++expected) missing(**expected);
    check.looked();
    ++summary.bills;
    summary.bills_estimated += issued->is_estimated ? 1 : 0;
    summary.billed_fen += issued->amount_fen;
    const auto name = estate.knows(issued->account)
                          ? estate.customers[static_cast<std::size_t>(issued->account) - 1].account
                          : fmt::format("account {}", issued->account);
    const auto at = core::instant_from_seconds(issued->till_s);
    if (expected == right.end() || key_of(**expected) != key) {
      check.violation(name, at, [&] {
        return "the readings in the books give no bill for " + month_text(issued->month);
      });
      continue;
    }
    const auto wrong = fault_of(*issued, **expected, rater.oracle_of((*expected)->position));
    if (!wrong.empty())
      check.violation(name, at, [&] { return "bill for " + month_text(issued->month) + ": " + wrong; });
    ++expected;
  }
  for (; expected != right.end(); ++expected) missing(**expected);
  if (const auto orphans = cursor.orphans(); orphans != 0)
    check.violation("bills", estate.scenario.ends(),
                    [&] { return fmt::format("{} lines belong to no bill", orphans); });
  if (check.samples() == 0 && check.violations() == 0 && !estate.scenario.expect.must_bill) return {};
  std::vector<Check> checks;
  checks.push_back(check.finish(fmt::format("{} of {} wrong, {} in all", check.violations(), check.samples(),
                                            CNY_text(summary.billed_fen)),
                                allowed));
  return checks;
}
}  // namespace audit
