// The tables of a finished run: topology, meters, bills, ledger.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apps/run_story.hpp"
#include "audit/evidence/packed_readings.hpp"
#include "core/sqlite/database.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"

namespace app {
namespace {
std::string yuan(std::int64_t fen) {
  return fmt::format("{}{}.{:02} CNY", fen < 0 ? "-" : "", std::abs(fen) / 100, std::abs(fen) % 100);
}

const char* words_of(scenario::PaymentMode mode) {
  switch (mode) {
    case scenario::PaymentMode::postpaid:
      return "postpaid";
    case scenario::PaymentMode::prepaid_head_end:
      return "prepaid in the head-end";
    case scenario::PaymentMode::prepaid_meter:
      return "prepaid in the meter";
  }
  return "";
}

/// What a concentrator reaches its meters by, as the topology shows it: full carrier is one medium for all.
std::string name_of_line(const scenario::LineSettings& settings, std::size_t number) {
  switch (settings.kind) {
    case scenario::LineKind::rs485:
      break;
    case scenario::LineKind::carrier:
      return "carrier (载波)";
    case scenario::LineKind::half_carrier:
      return fmt::format("carrier, collector {}", number + 1);
    case scenario::LineKind::both:
      return number == 0 ? "RS-485 and carrier" : fmt::format("module {}", number);
  }
  return fmt::format("RS-485 line {}", number + 1);
}

void fill_topology(const scenario::Scenario& scenario, const std::vector<scenario::RosterEntry>& roster,
                   report::RunRecord& record) {
  for (std::size_t i = 0; i < scenario.areas.size(); ++i)
    record.areas.push_back(
        {.name = scenario.areas[i].name,
         .feeder = scenario.areas[i].feeder,
         .concentrator = fmt::format("{}-{:05}", scenario::region_code, scenario::concentrator_address(i)),
         .lines = {}});
  for (const auto& entry : roster) {
    const auto& group = scenario.areas[entry.area].meters[entry.group];
    const auto& settings = scenario.areas[entry.area].line;
    auto& lines = record.areas[entry.area].lines;
    const std::size_t line = settings.kind == scenario::LineKind::carrier ? 0 : entry.line;
    while (lines.size() <= line) lines.push_back({name_of_line(settings, lines.size()), {}});
    lines[line].meters.push_back(record.meters.size());
    report::MeterRow row;
    row.name = entry.name;
    row.account = entry.account;
    row.address = core::to_string(entry.address);
    row.payment = words_of(group.payment);
    row.tariff = group.tariff;
    row.is_protected = group.is_protected;
    record.meters.push_back(std::move(row));
  }
}

/// Readings up to the end of the run; what came in while it settled was not due in it.
void fill_from_books(const scenario::Scenario& scenario, sqlite::Database& books, report::RunRecord& record) {
  const std::int64_t last_slot = core::unix_seconds(scenario.ends()) / 900;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> bounds(record.meters.size());
  audit::PackedReadings readings(books);
  for (const auto* reading = readings.next(); reading != nullptr && reading->slot <= last_slot;
       reading = readings.next()) {
    const auto position = static_cast<std::size_t>(reading->meter) - 1;
    auto& row = record.meters.at(position);
    auto& [least, greatest] = bounds[position];
    least =
        row.readings_stored == 0 ? reading->register_centikWh : std::min(least, reading->register_centikWh);
    greatest = std::max(greatest, reading->register_centikWh);
    ++row.readings_stored;
    row.energy_kWh = static_cast<double>(greatest - least) / 100;
  }
  sqlite::Statement balances(
      books,
      "SELECT account, -sum(amount_fen) FROM posting WHERE ledger IN ('customer', 'meter_credit') "
      "GROUP BY account ORDER BY account");
  while (balances.next()) {
    auto& row = record.meters.at(static_cast<std::size_t>(balances.integer(0)) - 1);
    row.has_balance = true;
    row.balance = core::Fen(balances.integer(1));
  }
}

void fill_relays(const SimulatedRun& stores, report::RunRecord& record) {
  std::map<std::string, report::MeterRow*, std::less<>> by_name;
  for (auto& row : record.meters) by_name[row.name] = &row;
  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement relays(
      truth,
      "SELECT entity, kind FROM events WHERE kind IN ('relay-opened', 'relay-closed') ORDER BY entity, seq");
  while (relays.next()) {
    const auto found = by_name.find(relays.text(0));
    if (found == by_name.end()) continue;
    found->second->is_open = relays.text(1) == "relay-opened";
    found->second->times_cut += found->second->is_open ? 1 : 0;
  }
}

std::string detail_of(sqlite::Database& books, std::int64_t account, std::int64_t month) {
  sqlite::Statement lines(
      books,
      "SELECT p.name, l.tier, l.energy_centikWh, l.price FROM bill_line l JOIN account a ON a.id = l.account "
      "JOIN "
      "tariff_period p ON p.tariff = a.tariff AND p.period = l.period WHERE l.account = ? AND l.month = ? "
      "ORDER BY l.tier, l.period");
  lines.bind(account, month);
  std::string detail;
  while (lines.next())
    detail += fmt::format("{}{} tier {}: {:.2f} kWh at {:.4f}", detail.empty() ? "" : "; ", lines.text(0),
                          lines.integer(1) + 1, static_cast<double>(lines.integer(2)) / 100,
                          static_cast<double>(lines.integer(3)) / 10'000);
  return detail;
}

void fill_bills(sqlite::Database& books, const audit::Audited& audited, report::RunRecord& record) {
  report::Verdict word = report::Verdict::unknown;
  for (const auto& check : audited.checks)
    if (check.id.starts_with("I-MONEY.bills")) word = static_cast<report::Verdict>(check.verdict);
  sqlite::Statement bills(books,
                          "SELECT a.number, b.month, b.energy_centikWh, b.amount_fen, b.is_estimated, a.id "
                          "FROM bill b JOIN account a "
                          "ON a.id = b.account ORDER BY b.month, a.id");
  while (bills.next() && record.bills.size() < events_shown_max)
    record.bills.push_back({.account = bills.text(0),
                            .month = fmt::format("{}-{:02}", bills.integer(1) / 100, bills.integer(1) % 100),
                            .energy_kWh = static_cast<double>(bills.integer(2)) / 100,
                            .amount = core::Fen(bills.integer(3)),
                            .detail = detail_of(books, bills.integer(5), bills.integer(1)),
                            .is_estimated = bills.integer(4) != 0,
                            .verdict = word});
}

void fill_figures(sqlite::Database& books, const audit::Audited& audited, report::RunRecord& record) {
  report::Figures ledger{"Ledger (sums of postings; they add up to nothing)", {}};
  sqlite::Statement sums(
      books, "SELECT ledger, sum(amount_fen), count(*) FROM posting GROUP BY ledger ORDER BY ledger");
  while (sums.next())
    ledger.rows.emplace_back(sums.text(0),
                             fmt::format("{} in {} postings", yuan(sums.integer(1)), sums.integer(2)));
  record.figures.push_back(std::move(ledger));
  report::Figures commands{"Commands to meters", {}};
  sqlite::Statement counts(
      books,
      "SELECT kind, state, count(*), sum(attempts) FROM command GROUP BY kind, state ORDER BY kind, state");
  while (counts.next())
    commands.rows.emplace_back(counts.text(0) + ", " + counts.text(1),
                               fmt::format("{} ({} attempts)", counts.integer(2), counts.integer(3)));
  if (!commands.rows.empty()) record.figures.push_back(std::move(commands));
  const auto& sum = audited.summary;
  record.figures.push_back(
      {"The run",
       {{"meters", fmt::format("{}", sum.meters)},
        {"readings stored of due", fmt::format("{} of {}", sum.readings_stored, sum.readings_due)},
        {"energy that passed", fmt::format("{:.3f} kWh", sum.energy_true_kWh)},
        {"energy in the books", fmt::format("{:.2f} kWh", sum.energy_books_kWh)},
        {"cut off, restored", fmt::format("{}, {}", sum.cut_offs, sum.restorations)},
        {"payments", fmt::format("{} of {}", sum.payments, yuan(sum.paid_fen))},
        {"bills", fmt::format("{} over {}, {} with estimates", sum.bills, yuan(sum.billed_fen),
                              sum.bills_estimated)}}});
}
}  // namespace

void fill_tables(const scenario::Scenario& scenario, const SimulatedRun& stores,
                 const audit::Audited& audited, report::RunRecord& record) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  if (scenario::meter_count(scenario) <= charted_meters_max) {
    fill_topology(scenario, scenario::roster(scenario), record);
    for (auto& row : record.meters) row.readings_due = scenario.lasts / std::chrono::minutes(15) + 1;
    fill_from_books(scenario, books, record);
    fill_relays(stores, record);
  }
  fill_bills(books, audited, record);
  fill_figures(books, audited, record);
}
}  // namespace app
