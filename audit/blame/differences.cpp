#include "audit/blame/differences.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "audit/checks/energy.hpp"
#include "core/units.hpp"

namespace audit {
namespace {
// A clock is set over a line and an uplink: so far beside the mark at most, when nothing is wrong.
constexpr core::Duration setting_grain = std::chrono::seconds(5);
enum : std::size_t { passed, counted, shown, recorded, series_count };

void note(Difference& difference, Instant first, Instant last) {
  if (difference.count++ == 0) difference.first = first;
  difference.last = last;
}
}  // namespace

DifferenceFinder::DifferenceFinder(const Estate& estate, const Truth& truth, const RegisterBounds& bounds,
                                   std::optional<std::size_t> area)
    : estate_(estate), truth_(truth), bounds_(bounds), rows_(estate.size()) {
  for (const auto& tariff : estate.scenario.tariffs)
    oracles_.emplace_back(tariff, estate.scenario.zone_rules);
  quarters_.resize(oracles_.size());
  for (std::size_t position = 0; position < rows_.size(); ++position)
    if (!area || estate.customers[position].area == *area)
      rows_[position].series.assign(series_count, RatedSeries(oracles_[estate.tariffs[position]]));
}

/// What a register of this meter's error would have counted of what passed; |error| <= 2e4 ppm.
std::int64_t DifferenceFinder::counted_of(std::size_t position, std::int64_t passed_uJ) const {
  const auto error_ppm = truth_.plates[position].error_ppm;
  return passed_uJ + passed_uJ / 1'000'000 * error_ppm + passed_uJ % 1'000'000 * error_ppm / 1'000'000;
}

core::Duration DifferenceFinder::natural_clock_error(std::size_t position, Instant at) const {
  const auto& scenario = estate_.scenario;
  const auto& zone = scenario.zone_rules;
  const auto days = (at - scenario.starts) / std::chrono::hours(24) + 1;
  const auto& concentrator = scenario.areas[estate_.customers[position].area].concentrator;
  const auto season = zone.offset_at(at) - zone.offset_at(scenario.starts);
  return days * (estate_.groups[position]->clock_drift_per_day_max + concentrator.clock_drift_per_day_max) +
         setting_grain + (season < season.zero() ? -season : season);
}

void DifferenceFinder::visit(const Due& due) {
  if (due.at < estate_.scenario.starts || due.at > estate_.scenario.ends() || !due.now.exists) return;
  const auto slot = due.slot - 1;
  for (std::size_t tariff = 0; tariff < oracles_.size(); ++tariff)
    quarters_[tariff] = {slot, oracles_[tariff].period_at(instant_of_slot(slot)),
                         oracles_[tariff].resets_at(instant_of_slot(slot))};
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    auto& row = rows_[position];
    if (row.series.empty() || due.now.shown[position] == no_register) continue;
    if (!row.has_begun) {
      begin(position, due);
      continue;
    }
    step_quarter(position, due);
    judge_reading(position, due);
    if (!due.is_midnight && due.at != estate_.scenario.ends()) continue;
    judge_day(position, due);
    if (due.is_month) close_month(position, due);
  }
}

void DifferenceFinder::begin(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  row.has_begun = true;
  row.passed_uJ = due.now.passed_uJ[position];
  row.counted_uJ = row.day_counted_uJ = counted_of(position, row.passed_uJ);
  row.shown = row.recorded = row.day_shown = due.now.shown[position];
  row.day_began = due.at;
  row.month_slot = due.slot;
  judge_reading(position, due);
}

void DifferenceFinder::step_quarter(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  const auto& quarter = quarters_[estate_.tariffs[position]];
  if (quarter.resets) row.has_strayed_since_reset = false;
  const auto passed_now = due.now.passed_uJ[position];
  const auto counted_now = counted_of(position, passed_now);
  const auto shown_now = static_cast<std::int64_t>(due.now.shown[position]);
  const auto stored = due.stored[position];
  const auto recorded_now = stored == no_register ? shown_now : static_cast<std::int64_t>(stored);
  const auto idle_uJ = idle_energy_uJ(passed_now - row.passed_uJ, truth_.plates[position].accuracy_class);
  row.idle_uJ += idle_uJ;
  note_period(row, quarter,
              (shown_now - row.shown) * core::microjoules_per_centikWh - (counted_now - row.counted_uJ),
              idle_uJ);
  row.series[passed].add(quarter, passed_now - row.passed_uJ);
  row.series[counted].add(quarter, counted_now - row.counted_uJ);
  row.series[shown].add(quarter, (shown_now - row.shown) * core::microjoules_per_centikWh);
  row.series[recorded].add(quarter, (recorded_now - row.recorded) * core::microjoules_per_centikWh);
  row.passed_uJ = passed_now;
  row.counted_uJ = counted_now;
  row.shown = shown_now;
  row.recorded = std::max(row.recorded, recorded_now);  // as rule 1 rates a register that went back
}

void DifferenceFinder::judge_reading(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  const auto stored = due.stored[position];
  if (stored == no_register) {
    auto& missing = row.month.missing;
    if (!missing.empty() && missing.back().last == due.slot - 1)
      missing.back().last = due.slot;
    else
      missing.push_back({due.slot, due.slot});
    return;
  }
  if (stored == due.now.shown[position]) return;
  ++row.month.shifted;
  const auto error = bounds_.clock_error(position);
  const bool is_beyond_clock = stored < bounds_.low(position) || stored > bounds_.high(position);
  const bool is_beyond_drift = std::chrono::abs(error) > natural_clock_error(position, due.at);
  if (is_beyond_clock || is_beyond_drift) note(row.recording, due.at, due.at);
}

/// Energy that is told at another hour costs another price, though the day's sum is right.
void DifferenceFinder::note_period(Row& row, const QuarterHour& quarter, std::int64_t deviation_uJ,
                                   std::int64_t idle_uJ) {
  if (row.periods.size() <= quarter.period) row.periods.resize(quarter.period + 1);
  auto& period = row.periods[quarter.period];
  period.deviation_uJ += deviation_uJ;
  period.idle_uJ += idle_uJ;
  period.visits += row.period == quarter.period ? 0 : 1;
  row.period = quarter.period;
}

/// Each visit of a period begins and ends with a register that shows whole units.
bool DifferenceFinder::has_strayed(const Row& row, std::int64_t grain_uJ) const {
  const auto deviation =
      (row.shown - row.day_shown) * core::microjoules_per_centikWh - (row.counted_uJ - row.day_counted_uJ);
  if (deviation > grain_uJ || deviation < -grain_uJ - row.idle_uJ) return true;
  return std::any_of(row.periods.begin(), row.periods.end(), [&](const Row::PeriodOfDay& period) {
    const auto allowed = period.visits * grain_uJ;
    return period.deviation_uJ > allowed || period.deviation_uJ < -allowed - period.idle_uJ;
  });
}

void DifferenceFinder::judge_day(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  const auto grain =
      core::microjoules_per_centikWh + core::microjoules_per_kWh / estate_.groups[position]->pulses_per_kWh;
  if (has_strayed(row, grain)) {
    row.has_strayed_since_reset = true;
    note(row.metering, row.day_began, due.at);
  }
  row.day_counted_uJ = row.counted_uJ;
  row.day_shown = row.shown;
  row.day_began = due.at;
  row.idle_uJ = 0;
  row.periods.clear();
  row.period = SIZE_MAX;
}

void DifferenceFinder::close_month(std::size_t position, const Due& due) {
  auto& row = rows_[position];
  auto& month = row.month;
  const auto civil = estate_.scenario.zone_rules.civil(due.at - std::chrono::seconds(1));
  month.position = position;
  month.month = civil.year * 100 + civil.month;
  month.from_slot = row.month_slot;
  month.till_slot = due.slot;
  month.passed = row.series[passed].close_month();
  month.counted = row.series[counted].close_month();
  month.shown = row.series[shown].close_month();
  month.recorded = row.series[recorded].close_month();
  // Energy that was hidden earlier in the year makes later months cheaper by the ladder.
  const bool is_on_wrong_rung = row.has_strayed_since_reset && row.metering.count == 0 &&
                                month.shown.amount_fen != month.counted.amount_fen;
  if (is_on_wrong_rung)
    note(row.metering, instant_of_slot(month.from_slot), instant_of_slot(month.till_slot));
  for (auto* stray : {&row.metering, &row.recording}) {
    if (stray->count == 0) continue;
    const bool is_metering = stray == &row.metering;
    const auto& before = is_metering ? month.counted : month.shown;
    const auto& after = is_metering ? month.shown : month.recorded;
    stray->position = position;
    stray->month = month.month;
    stray->step = is_metering ? Step::metering : Step::recording;
    stray->energy_uJ = after.energy_uJ - before.energy_uJ;
    stray->amount_fen = after.amount_fen - before.amount_fen;
    month.differences.push_back(*stray);
    *stray = {};
  }
  months_.push_back(std::exchange(month, {}));
  row.month_slot = due.slot;
}

/// What only the books can tell: collection and rating.
void DifferenceFinder::judge(AccountMonth& month) const {
  const auto add = [&](Step step, std::int64_t count, std::int64_t energy_uJ, std::int64_t amount_fen,
                       std::int64_t first, std::int64_t last) {
    month.differences.push_back({month.position, month.month, step, count, energy_uJ, amount_fen,
                                 instant_of_slot(first), instant_of_slot(last)});
  };
  std::int64_t missing = 0;
  for (const auto& run : month.missing) missing += run.last - run.first + 1;
  const auto collected_uJ = month.collected ? month.collected->energy() * core::microjoules_per_centikWh : 0;
  const bool is_lost = !month.collected;
  if (missing != 0 || is_lost)
    add(Step::collection, std::max<std::int64_t>(missing, 1), collected_uJ - month.recorded.energy_uJ,
        month.collected_fen - month.recorded.amount_fen,
        missing != 0 ? month.missing.front().first : month.from_slot,
        missing != 0 ? month.missing.back().last : month.till_slot);
  if (is_lost && !month.booked) return;
  const auto booked_fen = month.booked ? month.booked->amount_fen : 0;
  const auto booked_uJ = month.booked ? month.booked->energy_centikWh * core::microjoules_per_centikWh : 0;
  if (!month.booked || booked_fen != month.collected_fen || booked_uJ != collected_uJ)
    add(Step::rating, 1, booked_uJ - collected_uJ, booked_fen - month.collected_fen, month.from_slot,
        month.till_slot);
}

std::vector<AccountMonth> DifferenceFinder::finish(const Rater& books_rater, sqlite::Database& books) {
  using Key = std::pair<std::size_t, int>;
  std::map<Key, const OracleBill*> right;
  for (const auto& bill : books_rater.bills()) right[{bill.position, bill.month}] = &bill;
  std::map<Key, BookedBill> booked;
  sqlite::Statement rows(books,
                         "SELECT account, month, energy_centikWh, amount_fen, is_estimated, issued_at_ns"
                         " FROM bill ORDER BY account, month");
  while (rows.next())
    booked[{static_cast<std::size_t>(rows.integer(0)) - 1, static_cast<int>(rows.integer(1))}] = {
        rows.integer(2), rows.integer(3), rows.integer(4) != 0, instant_from_ns(rows.integer(5))};
  for (auto& month : months_) {
    const Key key{month.position, month.month};
    if (const auto found = right.find(key); found != right.end()) {
      month.collected = *found->second;
      const auto& oracle = oracles_[estate_.tariffs[month.position]];
      month.collected_fen = oracle.amount_fen(found->second->energies);
    }
    if (const auto found = booked.find(key); found != booked.end()) month.booked = found->second;
    judge(month);
  }
  std::stable_sort(months_.begin(), months_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.position, a.month) < std::pair(b.position, b.month);
  });
  return std::move(months_);
}

std::vector<AccountMonth> find_differences(const scenario::Scenario& scenario,
                                           const std::filesystem::path& truth_db,
                                           const std::filesystem::path& books_db,
                                           std::optional<std::size_t> area) {
  const Estate estate(scenario);
  sqlite::Database truth_store(truth_db, sqlite::Database::Use::read);
  sqlite::Database books_store(books_db, sqlite::Database::Use::read);
  const Truth truth(truth_store, estate);
  if (!truth.is_complete) throw std::runtime_error("truth is of a run that did not come to its end");
  const Books books(books_store, estate);
  RegisterBounds bounds(estate, truth);
  Rater rater(estate, Rater::Follows::books, &books);
  DifferenceFinder finder(estate, truth, bounds, area);
  DueVisitor* const visitors[] = {&bounds, &rater, &finder};
  scan({estate.size(), scenario.zone_rules}, truth_store, books_store, visitors);
  return finder.finish(rater, books_store);
}
}  // namespace audit
