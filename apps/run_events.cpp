// The timeline of a finished run: what customers, relays and the head-end did, in one order.
#include <fmt/format.h>

#include <algorithm>

#include "apps/run_story.hpp"
#include "core/sqlite/database.hpp"

namespace app {
namespace {
using Kind = report::Event::Kind;

core::Instant instant_of(std::int64_t nanoseconds) { return core::Instant(core::Duration(nanoseconds)); }
std::string yuan(std::int64_t fen) {
  return fmt::format("{}{}.{:02} CNY", fen < 0 ? "-" : "", std::abs(fen) / 100, std::abs(fen) % 100);
}

void add_notices_and_sales(sqlite::Database& books, report::RunRecord& record) {
  sqlite::Statement notices(books,
                            "SELECT n.at_ns, a.number, n.level, n.text FROM notice n JOIN account a ON a.id "
                            "= n.account ORDER BY n.id");
  while (notices.next()) {
    const auto level = notices.integer(2);
    const bool is_bill = level == 6;
    record.events.push_back({instant_of(notices.integer(0)), is_bill ? Kind::bill : Kind::notice,
                             notices.text(1), notices.text(3)});
  }
  sqlite::Statement sales(books,
                          "SELECT s.at_ns, a.number, s.amount_fen, s.id FROM sale s JOIN account a ON a.id = "
                          "s.account ORDER BY s.id");
  while (sales.next())
    record.events.push_back({instant_of(sales.integer(0)), Kind::sale, sales.text(1),
                             fmt::format("paid {}, receipt {}", yuan(sales.integer(2)), sales.integer(3))});
}

std::pair<Kind, std::string> told(const std::string& kind, const std::string& text) {
  if (kind == "relay-opened") return {Kind::cut_off, "relay opened: " + text};
  if (kind == "relay-closed") return {Kind::restored, "relay closed: " + text};
  if (kind == "crashed") return {Kind::crash, "head-end crashed"};
  if (kind == "restarted") return {Kind::restart, "head-end up again, on its store"};
  if (kind == "concentrator-restarted") return {Kind::restart, "concentrator restarted"};
  const bool is_outage = kind == "supply-lost" || kind == "uplink-lost" || kind == "fuse-blown" ||
                         kind == "section-dead" || kind == "feeder-diverged";
  if (is_outage) return {Kind::outage, kind + (text.empty() ? "" : ": " + text)};
  return {Kind::other, kind + (text.empty() ? "" : ": " + text)};
}
}  // namespace

void fill_events(const scenario::Scenario&, const SimulatedRun& stores, report::RunRecord& record) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  add_notices_and_sales(books, record);
  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement happenings(truth,
                               "SELECT at_ns, entity, kind, text FROM events WHERE kind IN ('relay-opened', "
                               "'relay-closed', 'crashed', 'restarted', "
                               "'concentrator-restarted', 'supply-lost', 'supply-restored', 'uplink-lost', "
                               "'uplink-restored', 'recharge-refused', 'fuse-blown', 'fuse-replaced', "
                               "'section-dead', 'section-live', 'switch-refused', 'feeder-diverged', "
                               "'feeder-solved') "
                               "ORDER BY at_ns, entity, seq");
  while (happenings.next()) {
    const auto [kind, text] = told(happenings.text(2), happenings.text(3));
    record.events.push_back({instant_of(happenings.integer(0)), kind, happenings.text(1), text});
  }
  std::stable_sort(record.events.begin(), record.events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  if (record.events.size() > events_shown_max) record.events.resize(events_shown_max);
}
}  // namespace app
