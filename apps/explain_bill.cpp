#include "apps/explain_bill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apps/blame_runs.hpp"
#include "apps/commands.hpp"
#include "audit/checks/checking.hpp"
#include "core/sqlite/database.hpp"
#include "scenarios/load.hpp"

namespace app {
namespace fs = std::filesystem;
namespace {
bool is_run(const fs::path& folder) {
  return fs::exists(folder / "scenario.yaml") && fs::exists(folder / "truth.db") &&
         fs::exists(folder / "books.db");
}

fs::path youngest_run(const fs::path& out) {
  fs::path youngest;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(out, none)) {
    const auto is_later = [&] {
      const auto stamp = fs::last_write_time(entry.path() / "books.db");
      const auto other = youngest.empty() ? stamp : fs::last_write_time(youngest / "books.db");
      return youngest.empty() || stamp > other || (stamp == other && entry.path() < youngest);
    };
    if (is_run(entry.path()) && is_later()) youngest = entry.path();
  }
  if (youngest.empty())
    throw BadArguments("no finished run under " + out.string() + "/: name the run's folder");
  return youngest;
}

std::string ended_months(const std::vector<audit::AccountMonth>& months) {
  std::set<int> ended;
  for (const auto& month : months) ended.insert(month.month);
  std::string text;
  for (const auto month : ended) text += (text.empty() ? "" : ", ") + audit::month_text(month);
  return text.empty() ? "none" : text;
}

void add_ledger(sqlite::Database& store, std::int64_t account, const audit::AccountMonth& month,
                core::Instant from, core::Instant till, std::vector<Booking>& out) {
  sqlite::Statement sales(store,
                          "SELECT at_ns, id, amount_fen, idempotency_key FROM sale"
                          " WHERE account = ? AND at_ns >= ? AND at_ns < ? ORDER BY id");
  sales.bind(account, from, till);
  while (sales.next())
    out.push_back(
        {audit::instant_from_ns(sales.integer(0)),
         fmt::format("payment: receipt {}, {}", sales.integer(1), audit::CNY_text(sales.integer(2)))});
  sqlite::Statement charges(
      store,
      "SELECT e.at_ns, e.kind, p.ledger, p.amount_fen FROM entry e JOIN posting p ON p.entry = e.id"
      " WHERE e.account = ?1 AND p.ledger != 'revenue' AND ((e.kind = 'bill' AND e.reference = ?4)"
      " OR (e.kind IN ('charge', 'consumption') AND e.at_ns >= ?2 AND e.at_ns < ?3)) ORDER BY e.id, p.line");
  charges.bind(account, from, till, static_cast<std::int64_t>(month.month));
  while (charges.next())
    out.push_back({audit::instant_from_ns(charges.integer(0)),
                   fmt::format("ledger: {} of {} to {}", charges.text(1), audit::CNY_text(charges.integer(3)),
                               charges.text(2))});
}

std::vector<Booking> bookings_of(sqlite::Database& store, std::size_t position,
                                 const audit::AccountMonth& month) {
  const auto from = audit::instant_of_slot(month.from_slot);
  const auto till = audit::instant_of_slot(month.till_slot);
  const auto id = static_cast<std::int64_t>(position) + 1;
  std::vector<Booking> out;
  add_ledger(store, id, month, from, till, out);
  sqlite::Statement commands(store,
                             "SELECT wanted_at_ns, kind, state, attempts, amount_fen, reason FROM command"
                             " WHERE meter = ? AND wanted_at_ns >= ? AND wanted_at_ns < ? ORDER BY id");
  commands.bind(id, from, till);
  while (commands.next())
    out.push_back(
        {audit::instant_from_ns(commands.integer(0)),
         fmt::format("command: {}{} ({}): {} after {} {}", commands.text(1),
                     commands.integer(4) != 0 ? " of " + audit::CNY_text(commands.integer(4)) : std::string(),
                     commands.text(5), commands.text(2), commands.integer(3),
                     commands.integer(3) == 1 ? "attempt" : "attempts")});
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return out;
}

/// Equal in everything that a re-run can tell.
bool is_same(const audit::Shown& a, const audit::Shown& b) {
  const auto equal = [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.count == y.second.count &&
           x.second.energy_uJ == y.second.energy_uJ && x.second.amount_fen == y.second.amount_fen;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}
}  // namespace

BillName parse_bill_name(const std::string& text) {
  const auto at = text.find('@');
  const auto wrong = [&](const std::string& why) {
    return BadArguments(
        fmt::format("--bill: '{}' {}; it wants ACCOUNT@MONTH, e.g. A0003@2026-07", text, why));
  };
  if (at == std::string::npos || at == 0) throw wrong("names no bill");
  const auto month = text.substr(at + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_shaped = month.size() == 7 && month[4] == '-' &&
                         std::all_of(month.begin(), month.begin() + 4, is_digit) && is_digit(month[5]) &&
                         is_digit(month[6]);
  if (!is_shaped) throw wrong("has no month like 2026-07");
  const int number = std::stoi(month.substr(0, 4)) * 100 + std::stoi(month.substr(5));
  if (number % 100 < 1 || number % 100 > 12) throw wrong("has no month like 2026-07");
  return {text.substr(0, at), number};
}

FinishedRun open_run(const fs::path& folder) {
  const auto found = folder.empty() ? youngest_run("out") : folder;
  if (!is_run(found))
    throw BadArguments(found.string() +
                       " is no finished run: scenario.yaml, truth.db and books.db are not all there");
  return {found, scenario::load(found)};
}

AreaBlame blame_area(const FinishedRun& run, std::size_t area, const std::vector<audit::AccountMonth>& months,
                     const std::vector<audit::Difference>& wanted, const BlameOptions& options) {
  const audit::Estate estate(run.scenario);
  const audit::Blame blame(estate);
  AreaBlame out;
  out.area = area;
  out.causes = audit::causes_of_area(estate, blame, area);
  if (wanted.empty()) return out;
  const BlameRuns runs(run.scenario, out.causes, {area, options.at_once});
  const auto all = audit::shown_of(months);
  out.repeats = is_same(runs({audit::Present(out.causes.size(), true)}).front(), all);
  if (!out.repeats) return out;
  audit::Attribution attribution(out.causes.size(), all, runs,
                                 {options.runs_max, static_cast<std::size_t>(options.at_once)});
  for (const auto& difference : wanted)
    out.attributed.push_back(
        attribution.attribute(difference, audit::likely_causes(estate, blame, out.causes, difference)));
  out.runs = attribution.runs() + 1;
  return out;
}

BillExplanation explain_bill(const FinishedRun& run, const BillName& name, const BlameOptions& options) {
  const audit::Estate estate(run.scenario);
  const auto position = estate.find_account(name.account);
  if (!position)
    throw BadArguments(fmt::format("{} has no account '{}': its accounts are {} to {}", run.scenario.story,
                                   name.account, estate.customers.front().account,
                                   estate.customers.back().account));
  BillExplanation bill;
  bill.position = *position;
  const auto area = estate.customers[*position].area;
  const auto months = audit::find_differences(run.scenario, run.truth_db(), run.books_db(), area);
  const auto found = std::find_if(months.begin(), months.end(), [&](const auto& month) {
    return month.position == *position && month.month == name.month;
  });
  if (found == months.end())
    throw BadArguments(fmt::format("{} did not end in this run: the months that ended are {}",
                                   audit::month_text(name.month), ended_months(months)));
  bill.month = *found;
  {
    sqlite::Database store(run.books_db(), sqlite::Database::Use::read);
    sqlite::Database truth(run.truth_db(), sqlite::Database::Use::read);
    const audit::Books books(store, estate);
    bill.trace =
        audit::trace_bill(estate, store, books, *position, bill.month.from_slot, bill.month.till_slot);
    bill.bookings = bookings_of(store, *position, bill.month);
    bill.error_ppm = audit::Truth(truth, estate).plates[*position].error_ppm;
  }
  bill.blame = blame_area(run, area, months, bill.month.differences, options);
  return bill;
}
}  // namespace app
