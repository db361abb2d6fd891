#include "tests/audit/town_stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/sqlite/database.hpp"
#include "scenarios/roster.hpp"

namespace town {
namespace {
// A town of a test need not survive a power cut, and there are hundreds of them.
constexpr const char* no_waiting = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF";

using namespace std::chrono_literals;

constexpr const char* books_schema = R"sql(
CREATE TABLE concentrator(id INTEGER PRIMARY KEY, name, region, address, archive_set_at_ns);
CREATE TABLE meter(id INTEGER PRIMARY KEY, name, address, concentrator, point, port, account,
  interval_energy_max_centikWh);
CREATE TABLE account(id INTEGER PRIMARY KEY, number, payment, tariff, meter, is_protected, alarm1_fen,
  alarm2_fen,
  overdraft_fen, hoarding_cap_fen);
CREATE TABLE reading(key INTEGER PRIMARY KEY, register_centikWh INTEGER, source INTEGER);
CREATE TABLE reading_journal(id INTEGER PRIMARY KEY, packed BLOB);
CREATE TABLE reading_block(key INTEGER PRIMARY KEY, packed BLOB);
CREATE TABLE rejected_reading(id INTEGER PRIMARY KEY, meter, due_s, register_centikWh, verdict, source,
  at_ns);
CREATE TABLE estimate(meter, first_due_s, last_due_s, at_ns, PRIMARY KEY(meter, first_due_s));
CREATE TABLE daily_freeze(key INTEGER PRIMARY KEY, total_centikWh, rate1_centikWh, rate2_centikWh,
  rate3_centikWh,
  rate4_centikWh, at_ns);
CREATE TABLE meter_balance(meter, asked_at_ns, balance_fen, purchase_count, PRIMARY KEY(meter,
  asked_at_ns));
CREATE TABLE entry(id INTEGER PRIMARY KEY, at_ns INTEGER, kind TEXT, account INTEGER, reference INTEGER);
CREATE TABLE posting(entry, line, ledger, account, amount_fen, PRIMARY KEY(entry, line));
CREATE TABLE sale(id INTEGER PRIMARY KEY, idempotency_key TEXT, account, amount_fen, at_ns, entry, command,
  balance_fen);
CREATE TABLE bill(account, month, from_s, till_s, from_register_centikWh, till_register_centikWh,
  energy_centikWh,
  amount_fen, is_estimated, issued_at_ns, PRIMARY KEY(account, month));
CREATE TABLE bill_line(account, month, tier, period, energy_centikWh, price, amount_microyuan,
  estimated_centikWh,
  PRIMARY KEY(account, month, tier, period));
CREATE TABLE command(id INTEGER PRIMARY KEY, meter, kind, state, wanted_at_ns, sent_at_ns, finished_at_ns,
  attempts,
  amount_fen, purchase_count, reason, detail, idempotency_key);
CREATE TABLE notice(id INTEGER PRIMARY KEY, account, level, amount_fen, text, at_ns, sent_at_ns);
CREATE TABLE account_state(account INTEGER PRIMARY KEY, levels_told, supply, since_ns, is_kept,
  relay_is_open,
  relay_seen_at_ns);
CREATE TABLE concentrator_event(id INTEGER PRIMARY KEY, concentrator, kind, at_ns);
CREATE TABLE anomaly(id INTEGER PRIMARY KEY, at_ns, meter, kind, detail);
CREATE TABLE meter_condition(meter, quantity, asked_at_ns, value, PRIMARY KEY(meter, quantity, asked_at_ns));
CREATE TABLE reverse_reading(key INTEGER PRIMARY KEY, register_centikWh INTEGER);
CREATE TABLE work_order(id INTEGER PRIMARY KEY, area, meter, kind, reason, opened_at_ns, closed_at_ns,
  finding);
)sql";

std::int64_t ns(Instant at) { return core::unix_nanoseconds(at); }
std::int64_t half_up(std::int64_t uYuan) { return (uYuan + 5'000) / 10'000; }

struct Payment {
  int meter;
  Instant at;
  std::int64_t fen;
  std::string key() const { return fmt::format("K{}-{}", meter, core::unix_seconds(at)); }
};

std::vector<Payment> payments(const Town& town, const PurseStory& purse) {
  const auto opening = town.scenario.starts + 30s;
  std::vector<Payment> all{{2, opening, opening_fen},
                           {3, opening + 200ms, opening_fen},
                           {4, opening + 400ms, protected_opening_fen},
                           {2, town.paid_at, later_fen},
                           {3, purse.paid_at, later_fen}};
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return all;
}

template <class T>
core::Bytes bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

class EventWriter {
 public:
  explicit EventWriter(sqlite::Database& database)
      : insert_(database,
                "INSERT INTO events(entity, seq, at_ns, kind, value, text) VALUES(?, ?, ?, ?, ?, ?)") {}
  void tell(const std::string& entity, Instant at, const char* kind, std::int64_t value,
            const std::string& text) {
    insert_.bind(entity, seq_++, at, kind, value, text).run();
  }

 private:
  sqlite::Statement insert_;
  std::int64_t seq_ = 0;
};
}  // namespace

Record live_by_purse(const Town& town, PurseStory& story, Units usual_units) {
  Record record{{70'000}, {opening_fen * 10'000}};
  UnitPricer month;
  std::int64_t applied = opening_fen * 10'000, charged_before = 0, empty = -1;
  for (std::int64_t i = 0; i + 1 < town.slots(); ++i) {
    if (town.first_slot() + i == town.month_slot()) {
      charged_before = month.uYuan;
      month = UnitPricer();
    }
    if (empty >= 0 && i == empty + 13) applied += later_fen * 10'000;
    const bool is_dark = empty >= 0 && i <= empty + 12;
    std::uint32_t used = 0;
    for (std::int64_t unit = 0;
         unit < usual_units(2, i) && !is_dark && applied - charged_before - month.uYuan > 0; ++unit, ++used)
      month.add(town.scenario, town.first_slot() + i, 1);
    const auto money = applied - charged_before - month.uYuan;
    if (empty < 0 && money <= 0) {
      empty = i;
      story = {town.at(i) + 8min, town.at(i + 12) + 5min, town.at(i + 12) + 9min};
    }
    record.shown.push_back(record.shown.back() + used);
    record.money_uYuan.push_back(empty >= 0 && i == empty + 12 ? money + later_fen * 10'000 : money);
  }
  return record;
}

void write_truth(const Town& town, const PurseStory& purse) {
  sqlite::Database database(town.truth_db(), sqlite::Database::Use::write_new);
  database.execute(no_waiting);
  std::ifstream schema(METERTWIN_TRUTH_SCHEMA);
  database.execute(std::string(std::istreambuf_iterator<char>(schema), {}).c_str());
  database.begin();
  database.execute("INSERT INTO run VALUES('complete', 'yes'); INSERT INTO areas VALUES(0, 'north', 1, 4);");
  const auto roster = scenario::roster(town.scenario);
  for (const auto& entry : roster)
    database.execute(
        fmt::format(
            "INSERT INTO meters VALUES({}, '{}', '{}', 0, 0, '{}', '-', 'ladder', 'constant', 0, 2, 0, 0)",
            entry.id, entry.name, core::to_string(entry.address), entry.account)
            .c_str());
  sqlite::Statement sample(database, "INSERT INTO samples VALUES(?, 0, ?, 1, ?, ?, ?)");
  for (std::int64_t i = 0; i < town.slots(); ++i) {
    std::vector<std::uint32_t> shown;
    std::vector<std::int64_t> passed, money;
    for (const auto& record : town.records) {
      shown.push_back(record.shown[static_cast<std::size_t>(i)]);
      passed.push_back((std::int64_t{shown.back()} - record.shown[0]) * core::microjoules_per_centikWh);
      money.push_back(record.money_uYuan[static_cast<std::size_t>(i)]);
    }
    const auto slot = town.first_slot() + i;
    sample.bind(slot << 20, slot * 900, bytes_of(shown), bytes_of(passed), bytes_of(money)).run();
  }
  EventWriter events(database);
  for (const auto& payment : payments(town, purse))
    events.tell(fmt::format("account A000{}", payment.meter), payment.at, "paid", payment.fen, payment.key());
  events.tell("M0002", town.cut_at, "relay-opened", 0, "remote command");
  events.tell("M0002", town.restored_at, "relay-closed", 0, "remote command");
  events.tell("M0003", town.scenario.starts, "recharge-applied", opening_fen, "purchase count 1");
  events.tell("M0003", purse.opened_at, "relay-opened", 0, "arrears");
  events.tell("M0003", purse.applied_at, "recharge-applied", later_fen, "purchase count 2");
  events.tell("M0003", purse.applied_at, "relay-closed", 0, "recharge");
  database.commit();
}

namespace {
struct Entry {
  Instant at;
  std::string kind;
  int account;
  std::int64_t reference;
  std::string debit, credit;
  std::int64_t fen;
};

struct Order {
  int meter;
  std::string kind;
  Instant wanted_at, finished_at;
  std::int64_t fen = 0, count = 0;
};

std::vector<Order> orders(const Town& town, const PurseStory& purse) {
  std::vector<Order> all{
      {4, "keep_power", town.scenario.starts, town.scenario.starts + 1min},
      {3, "recharge", town.scenario.starts + 31s, town.scenario.starts + 2min, opening_fen, 1},
      {2, "trip", town.cut_at - 1min, town.cut_at + 5s},
      {2, "close", town.paid_at + 1s, town.restored_at + 5s},
      {3, "recharge", purse.paid_at + 1s, purse.applied_at + 5s, later_fen, 2}};
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.wanted_at < b.wanted_at; });
  return all;
}

/// Day by day, from index 0 over midnight to midnight: 48 and 144.
void charge_days(const Town& town, std::vector<Entry>& entries) {
  for (const int meter : {2, 4}) {
    UnitPricer month;
    const auto& shown = town.records[static_cast<std::size_t>(meter - 1)].shown;
    std::int64_t charged = 0;
    for (std::int64_t i = 0; i < 144; ++i) {
      const auto index = static_cast<std::size_t>(i);
      month.add(town.scenario, town.first_slot() + i, shown[index + 1] - shown[index]);
      if (i + 1 != 48 && i + 1 != 144) continue;
      const auto day = town.scenario.zone_rules.local_day(town.at(i));
      entries.push_back({town.at(i + 1) + 5min, "charge", meter, day, "customer", "revenue",
                         half_up(month.uYuan) - charged});
      charged = half_up(month.uYuan);
    }
  }
}

void write_bills(const Town& town, sqlite::Database& database) {
  constexpr std::int64_t prices[cells] = {5680, 6180, 2880, 3380};
  for (int meter = 1; meter <= 4; ++meter) {
    const auto june = town.june(meter);
    const auto& shown = town.records[static_cast<std::size_t>(meter - 1)].shown;
    database.execute(fmt::format("INSERT INTO bill VALUES({}, 202606, {}, {}, {}, {}, {}, {}, 0, {})", meter,
                                 core::unix_seconds(town.at(0)), core::unix_seconds(town.at(144)), shown[0],
                                 shown[144], shown[144] - shown[0], half_up(june.uYuan),
                                 ns(town.at(144) + 5min))
                         .c_str());
    for (std::int64_t cell = 0; cell < cells; ++cell)
      if (june.energies[cell] != 0)
        database.execute(fmt::format("INSERT INTO bill_line VALUES({}, 202606, {}, {}, {}, {}, {}, 0)", meter,
                                     cell % 2, cell / 2, june.energies[cell], prices[cell],
                                     june.energies[cell] * prices[cell])
                             .c_str());
  }
}

void write_entries(const std::vector<Entry>& entries, sqlite::Database& database) {
  sqlite::Statement entry(database, "INSERT INTO entry VALUES(?, ?, ?, ?, ?)");
  sqlite::Statement posting(database, "INSERT INTO posting VALUES(?, ?, ?, ?, ?)");
  std::int64_t id = 0;
  const auto owner = [](const std::string& ledger, int account) {
    return ledger == "cash" || ledger == "revenue" ? 0 : account;
  };
  for (const auto& e : entries) {
    entry.bind(++id, e.at, e.kind, e.account, e.reference).run();
    posting.bind(id, 0, e.debit, owner(e.debit, e.account), e.fen).run();
    posting.bind(id, 1, e.credit, owner(e.credit, e.account), -e.fen).run();
  }
}

/// Sales and their entries, recharges and theirs, what M0003's meter reported at each midnight.
std::vector<Entry> write_business(const Town& town, const PurseStory& purse, sqlite::Database& database) {
  std::vector<Entry> entries;
  const char* ledgers[] = {"", "receivable", "customer", "in_transit", "customer"};
  std::int64_t sale = 0;
  for (const auto& payment : payments(town, purse))
    entries.push_back(
        {payment.at + 1s, "sale", payment.meter, ++sale, "cash", ledgers[payment.meter], payment.fen});
  std::int64_t command = 0;
  for (const auto& order : orders(town, purse)) {
    ++command;
    database.execute(
        fmt::format("INSERT INTO command VALUES({}, {}, '{}', 'done', {}, {}, {}, 1, {}, {}, '', '', NULL)",
                    command, order.meter, order.kind, ns(order.wanted_at), ns(order.wanted_at + 1s),
                    ns(order.finished_at), order.fen, order.count)
            .c_str());
    if (order.kind == "recharge")
      entries.push_back({order.finished_at, "credit", 3, command, "in_transit", "meter_credit", order.fen});
  }
  std::int64_t credit = 0, told = opening_fen;
  for (const std::int64_t index : {48, 144}) {
    const auto asked = town.at(index) + 5min;
    const auto balance = town.records[2].money_uYuan[static_cast<std::size_t>(index)] / 10'000;
    if (asked > purse.applied_at && credit == 0) told += credit = later_fen;
    database.execute(fmt::format("INSERT INTO meter_balance VALUES(3, {}, {}, {})", ns(asked), balance,
                                 credit == 0 ? 1 : 2)
                         .c_str());
    if (told != balance)
      entries.push_back({asked + 10s, "consumption", 3, core::unix_milliseconds(asked), "meter_credit",
                         "revenue", told - balance});
    told = balance;
  }
  return entries;
}
}  // namespace

void tell_readings(sqlite::Database& books) {
  std::vector<std::uint8_t> packed{1};
  const auto put = [&packed](std::uint64_t number) {
    for (; number > 127; number /= 128) packed.push_back(static_cast<std::uint8_t>(number % 128 + 128));
    packed.push_back(static_cast<std::uint8_t>(number));
  };
  const auto put_difference = [&put](std::int64_t step) {
    put(static_cast<std::uint64_t>(step < 0 ? -2 * step - 1 : 2 * step));
  };
  put(static_cast<std::uint64_t>(books.integer("SELECT count(*) FROM reading")));
  std::vector<std::uint8_t> registers;
  std::int64_t slot = 0, next_meter = 0;
  sqlite::Statement rows(books, "SELECT key, register_centikWh, source FROM reading ORDER BY key DESC");
  while (rows.next()) {
    const std::int64_t key = rows.integer(0);
    put_difference((key >> 24) - slot);
    put_difference((key & 0xFF'FFFF) - next_meter);
    put(static_cast<std::uint64_t>(16 + rows.integer(2)));
    slot = key >> 24;
    next_meter = (key & 0xFF'FFFF) + 1;
    for (int shift = 0; shift < 32; shift += 8)
      registers.push_back(static_cast<std::uint8_t>(rows.integer(1) >> shift));
  }
  packed.insert(packed.end(), registers.begin(), registers.end());
  books.execute("DELETE FROM reading_journal");
  if (registers.empty()) return;
  sqlite::Statement(books, "INSERT INTO reading_journal VALUES(1, ?)").bind(core::Bytes(packed)).run();
}

void write_books(const Town& town, const PurseStory& purse) {
  sqlite::Database database(town.books_db(), sqlite::Database::Use::write_new);
  database.execute(no_waiting);
  database.execute(books_schema);
  database.begin();
  database.execute("INSERT INTO concentrator VALUES(1, 'north', 3301, 1, NULL)");
  for (const auto& entry : scenario::roster(town.scenario)) {
    database.execute(fmt::format("INSERT INTO meter VALUES({0}, '{1}', '{2}', 1, {0}, 2, {0}, 0);"
                                 "INSERT INTO account VALUES({0}, '{3}', '', 0, {0}, 0, 0, 0, 0, 0)",
                                 entry.id, entry.name, core::to_string(entry.address), entry.account)
                         .c_str());
  }
  sqlite::Statement reading(database, "INSERT INTO reading VALUES(?, ?, 0)");
  for (std::int64_t i = 0; i < town.slots(); ++i)
    for (int meter = 1; meter <= 4; ++meter)
      reading
          .bind(town.key(i, meter),
                town.records[static_cast<std::size_t>(meter - 1)].shown[static_cast<std::size_t>(i)])
          .run();
  tell_readings(database);
  auto entries = write_business(town, purse, database);
  charge_days(town, entries);
  entries.push_back(
      {town.at(144) + 5min, "bill", 1, 202606, "receivable", "revenue", half_up(town.june(1).uYuan)});
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  write_entries(entries, database);
  write_bills(town, database);
  std::int64_t sale = 0;
  for (const auto& payment : payments(town, purse)) {
    ++sale;
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& e) { return e.kind == "sale" && e.reference == sale; });
    database.execute(fmt::format("INSERT INTO sale VALUES({}, '{}', {}, {}, {}, {}, NULL, 0)", sale,
                                 payment.key(), payment.meter, payment.fen, ns(payment.at + 1s),
                                 entry - entries.begin() + 1)
                         .c_str());
  }
  database.execute(ledger_triggers);
  database.commit();
}
}  // namespace town
