#include "tests/audit/town.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/random.hpp"
#include "core/sqlite/database.hpp"
#include "tests/audit/town_stores.hpp"

namespace town {
namespace {
using namespace std::chrono_literals;
constexpr std::int64_t bound = 300;
constexpr std::int64_t prices[cells] = {5680, 6180, 2880, 3380};

scenario::Scenario make_scenario() {
  scenario::Scenario s;
  s.story = "town";
  s.zone_rules = core::Zone(8h);
  s.starts = *core::parse_iso8601("2026-06-29T12:00:00+08:00", s.zone_rules);
  s.lasts = 48h;
  s.settles = 2h;
  scenario::Tariff tariff;
  tariff.name = "ladder";
  tariff.resets = scenario::TierReset::monthly;
  tariff.bounds = {core::CentiKilowattHours(bound)};
  tariff.periods = {
      {"peak", {{8 * 3600, 22 * 3600}}, {core::Price(prices[0]), core::Price(prices[1])}},
      {"valley", {{0, 8 * 3600}, {22 * 3600, 86'400}}, {core::Price(prices[2]), core::Price(prices[3])}}};
  s.tariffs = {tariff};
  scenario::Area area;
  area.name = "north";
  const scenario::PaymentMode modes[] = {
      scenario::PaymentMode::postpaid, scenario::PaymentMode::prepaid_head_end,
      scenario::PaymentMode::prepaid_meter, scenario::PaymentMode::prepaid_head_end};
  for (const auto mode : modes) {
    scenario::MeterGroup group;
    group.payment = mode;
    group.tariff = "ladder";
    area.meters.push_back(group);
  }
  area.meters[3].is_protected = true;
  s.areas = {area};
  s.expect.must_bill = s.expect.must_cut = true;
  return s;
}

bool is_peak(const scenario::Scenario& s, std::int64_t slot) {
  const auto hour = s.zone_rules.civil(core::instant_from_seconds(slot * 900)).hour;
  return hour >= 8 && hour < 22;
}

std::int64_t usual_units(std::size_t customer, std::int64_t index) {
  const core::RandomStream stream(7, static_cast<std::uint32_t>(customer), core::Purpose::test);
  return static_cast<std::int64_t>(stream.below(10, static_cast<std::uint64_t>(index)));
}

std::int64_t half_up(std::int64_t uYuan) { return (uYuan + 5'000) / 10'000; }

Record live_by_bill(const Town& town, std::size_t customer) {
  Record record{{100'000}, {0}};
  for (std::int64_t i = 0; i + 1 < town.slots(); ++i) {
    record.shown.push_back(record.shown.back() + static_cast<std::uint32_t>(usual_units(customer, i)));
    record.money_uYuan.push_back(0);
  }
  return record;
}

/// M0002: below zero at index t, cut 20 minutes later, pays 6 hours later, restored after 3 minutes.
Record live_by_head_end(Town& town) {
  Record record{{5'000}, {0}};
  UnitPricer month;
  std::int64_t below = -1;
  for (std::int64_t i = 0; i + 1 < town.slots(); ++i) {
    if (below < 0 && half_up(month.uYuan) > opening_fen) {
      below = i;
      town.cut_at = town.at(i) + 20min;
      town.paid_at = town.at(i + 24) + 7min;
      town.restored_at = town.paid_at + 3min;
    }
    if (town.first_slot() + i == town.month_slot()) month = UnitPricer();
    auto units = usual_units(1, i);
    if (below >= 0 && i == below + 1) units = 1;
    if (below >= 0 && i > below + 1 && i < below + 25) units = 0;
    month.add(town.scenario, town.first_slot() + i, units);
    record.shown.push_back(record.shown.back() + static_cast<std::uint32_t>(units));
    record.money_uYuan.push_back(0);
  }
  return record;
}
}  // namespace

void UnitPricer::add(const scenario::Scenario& s, std::int64_t slot, std::int64_t units) {
  const std::int64_t before = uYuan;
  const std::int64_t period = is_peak(s, slot - slots_late) ? 0 : 1;
  for (std::int64_t unit = 0; unit < units; ++unit) {
    const std::int64_t cell = period * 2 + (consumed < bound + bound_shift ? 0 : 1);
    ++energies[cell];
    ++consumed;
    uYuan += prices[cell];
  }
  rounded_each_fen += half_up(uYuan - before);
}

Town::Town() : scenario(make_scenario()) {
  static int made = 0;
  folder_ = std::filesystem::temp_directory_path() / fmt::format("audit-town-{}-{}", ::getpid(), made++);
  std::filesystem::create_directories(folder_);
  records.push_back(live_by_bill(*this, 0));
  records.push_back(live_by_head_end(*this));
  PurseStory purse;
  records.push_back(live_by_purse(*this, purse, usual_units));
  records.push_back(live_by_bill(*this, 3));
  write_truth(*this, purse);
  write_books(*this, purse);
}
Town::~Town() { std::filesystem::remove_all(folder_); }

std::int64_t Town::first_slot() const { return core::unix_seconds(scenario.starts) / 900; }
std::int64_t Town::month_slot() const { return first_slot() + 144; }
Instant Town::at(std::int64_t index) const { return scenario.starts + index * 15min; }
std::int64_t Town::key(std::int64_t index, int meter) const { return (first_slot() + index) << 24 | meter; }

UnitPricer Town::june(int meter, UnitPricer mistaken) const {
  const auto& shown = records[static_cast<std::size_t>(meter - 1)].shown;
  for (std::size_t i = 0; i < 144; ++i)
    mistaken.add(scenario, first_slot() + static_cast<std::int64_t>(i), shown[i + 1] - shown[i]);
  return mistaken;
}

void Town::truth(const std::string& sql) {
  sqlite::Database database(truth_db(), sqlite::Database::Use::keep);
  database.execute(sql.c_str());
}
void Town::books(const std::string& sql) {
  sqlite::Database database(books_db(), sqlite::Database::Use::keep);
  database.begin();
  database.execute((std::string(drop_ledger_triggers) + sql + ";" + ledger_triggers).c_str());
  tell_readings(database);
  database.commit();
}
std::int64_t Town::number(const std::string& sql) {
  sqlite::Database database(books_db(), sqlite::Database::Use::read);
  return database.integer(sql.c_str());
}
audit::Audited Town::audited(const audit::Options& options) const {
  return audit::audit_run(scenario, truth_db(), books_db(), options);
}
audit::RunDigest Town::digest() const { return audit::digest_run(truth_db(), books_db()); }

audit::Check check_of(const audit::Audited& audited, const std::string& id) {
  for (const auto& check : audited.checks)
    if (check.id == id) return check;
  audit::Check none;
  none.verdict = audit::Verdict::blocked;
  none.measured = "left out";
  return none;
}

bool names(const audit::Check& check, const std::string& entity, const std::string& words) {
  return std::any_of(check.findings.begin(), check.findings.end(), [&](const audit::Finding& finding) {
    return finding.entity == entity && finding.sentence.find(words) != std::string::npos;
  });
}

std::string complaints(const audit::Audited& audited) {
  std::string text;
  for (const auto& check : audited.checks) {
    if (check.verdict == audit::Verdict::pass) continue;
    text += fmt::format("{} {}: {}\n", check.id, audit::name_of(check.verdict), check.measured);
    for (const auto& finding : check.findings)
      text += fmt::format("    {}: {} [{}]\n", finding.entity, finding.sentence, finding.cause);
  }
  return text;
}
}  // namespace town
