// Charts of a finished run: load per area, energy per day and tariff period, balances of prepaid customers.
#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "apps/run_story.hpp"
#include "core/sqlite/database.hpp"
#include "scenarios/roster.hpp"

namespace app {
namespace {
constexpr double microjoules_per_kilowatt_quarter_hour = 900.0 * 1e9;

template <class Word>
std::vector<Word> words_of(std::span<const std::uint8_t> blob) {
  std::vector<Word> words(blob.size() / sizeof(Word));
  if (!words.empty()) std::memcpy(words.data(), blob.data(), words.size() * sizeof(Word));
  return words;
}

/// Which period of its tariff a second of the local day belongs to; -1 for none.
int period_at(const scenario::Tariff& tariff, std::int64_t second_of_day) {
  for (std::size_t p = 0; p < tariff.periods.size(); ++p)
    for (const auto& slot : tariff.periods[p].slots)
      if (second_of_day >= slot.from_s && second_of_day < slot.till_s) return static_cast<int>(p);
  return -1;
}

/// Adds up energies by local day and period name while samples pass in order of time.
class EnergyByDay {
 public:
  EnergyByDay(const scenario::Scenario& scenario, const std::vector<scenario::RosterEntry>& roster)
      : scenario_(scenario) {
    for (const auto& entry : roster) {
      const auto& name = scenario.areas[entry.area].meters[entry.group].tariff;
      const auto found = std::find_if(scenario.tariffs.begin(), scenario.tariffs.end(),
                                      [&](const auto& t) { return t.name == name; });
      tariff_of_.push_back(static_cast<std::size_t>(found - scenario.tariffs.begin()));
    }
    for (const char* known : {"sharp", "peak", "flat", "valley"})
      for (const auto& tariff : scenario.tariffs)
        for (const auto& period : tariff.periods)
          if (period.name == known && (names_.empty() || names_.back() != known)) names_.push_back(known);
  }

  void add(std::size_t meter, core::Instant interval_start, double energy_kWh) {
    const auto& tariff = scenario_.tariffs[tariff_of_[meter]];
    const int period = period_at(tariff, scenario_.zone_rules.second_of_day(interval_start));
    if (period < 0) return;
    const auto name =
        std::find(names_.begin(), names_.end(), tariff.periods[static_cast<std::size_t>(period)].name);
    if (name == names_.end()) return;
    auto& parts = days_[scenario_.zone_rules.local_day(interval_start)];
    parts.resize(names_.size());
    parts[static_cast<std::size_t>(name - names_.begin())] += energy_kWh;
  }

  report::BarChart chart() const {
    report::BarChart out{.part_names = names_, .bars = {}};
    for (const auto& [day, parts] : days_)
      out.bars.push_back({scenario_.zone_rules.start_of_day(day), parts});
    return out;
  }

 private:
  const scenario::Scenario& scenario_;
  std::vector<std::size_t> tariff_of_;
  std::vector<std::string> names_;
  std::map<std::int64_t, std::vector<double>> days_;
};

/// One pass over the samples: area loads, energies, balances inside meters.
void fill_from_samples(const scenario::Scenario& scenario, const SimulatedRun& stores,
                       report::RunRecord& record) {
  const auto roster = scenario::roster(scenario);
  EnergyByDay energy(scenario, roster);
  std::vector<std::vector<std::uint32_t>> last_shown(scenario.areas.size());
  std::vector<std::optional<double>> last_passed(scenario.areas.size());
  std::map<std::uint32_t, report::Series> in_meter;
  for (const auto& area : scenario.areas) record.load_kW.push_back({area.name, {}});

  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement rows(
      truth, "SELECT area, due_s, first_meter, shown, passed, money FROM samples ORDER BY sample_key");
  while (rows.next()) {
    const auto area = static_cast<std::size_t>(rows.integer(0));
    const auto due = core::instant_from_seconds(rows.integer(1));
    const auto first = static_cast<std::uint32_t>(rows.integer(2));
    const auto shown = words_of<std::uint32_t>(rows.bytes(3));
    double passed = 0;
    for (const auto microjoules : words_of<std::int64_t>(rows.bytes(4)))
      passed += static_cast<double>(microjoules);
    if (last_passed[area])
      record.load_kW[area].points.emplace_back(
          due, (passed - *last_passed[area]) / microjoules_per_kilowatt_quarter_hour);
    last_passed[area] = passed;
    const auto interval_start = due - std::chrono::minutes(15);
    for (std::size_t i = 0; i < last_shown[area].size(); ++i)
      energy.add(first - 1 + i, interval_start, (shown[i] - last_shown[area][i]) / 100.0);
    last_shown[area] = shown;
    const auto money = words_of<std::int64_t>(rows.bytes(5));
    for (std::size_t i = 0; i < money.size(); ++i) {
      const auto& entry = roster[first - 1 + i];
      if (scenario.areas[entry.area].meters[entry.group].payment != scenario::PaymentMode::prepaid_meter)
        continue;
      auto& series = in_meter[entry.id];
      series.name = entry.account + " (in the meter)";
      series.points.emplace_back(due, static_cast<double>(money[i]) / 1e6);
    }
  }
  record.energy_kWh = energy.chart();
  for (auto& [meter, series] : in_meter)
    if (record.balance_CNY.size() < balance_charts_max / 2) record.balance_CNY.push_back(std::move(series));
}

/// Posted balances kept in the head-end, as steps. Accounts that were cut or came near it first.
void fill_posted_balances(const scenario::Scenario& scenario, const SimulatedRun& stores,
                          report::RunRecord& record) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  sqlite::Statement rows(
      books,
      "SELECT a.number, e.at_ns, -p.amount_fen FROM posting p JOIN entry e ON e.id = p.entry JOIN account a "
      "ON a.id = p.account WHERE p.ledger = 'customer' ORDER BY a.id, e.id, p.line");
  std::vector<report::Series> all;
  std::int64_t balance_fen = 0;
  while (rows.next()) {
    const auto name = rows.text(0);
    if (all.empty() || all.back().name != name) {
      all.push_back({name, {}});
      balance_fen = 0;
    }
    const core::Instant at{core::Duration(rows.integer(1))};
    if (!all.back().points.empty())
      all.back().points.emplace_back(at, static_cast<double>(balance_fen) / 100);
    balance_fen += rows.integer(2);
    all.back().points.emplace_back(at, static_cast<double>(balance_fen) / 100);
  }
  const auto lowest = [](const report::Series& series) {
    double low = 1e18;
    for (const auto& [at, value] : series.points) low = std::min(low, value);
    return low;
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const auto& a, const auto& b) { return lowest(a) < lowest(b); });
  for (auto& series : all) {
    if (record.balance_CNY.size() >= balance_charts_max) break;
    if (!series.points.empty())
      series.points.emplace_back(scenario.ends() + scenario.settles, series.points.back().second);
    record.balance_CNY.push_back(std::move(series));
  }
}
}  // namespace

void fill_charts(const scenario::Scenario& scenario, const SimulatedRun& stores, report::RunRecord& record) {
  if (scenario::meter_count(scenario) > charted_meters_max) return;
  fill_from_samples(scenario, stores, record);
  fill_posted_balances(scenario, stores, record);
}
}  // namespace app
