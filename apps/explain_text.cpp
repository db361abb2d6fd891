// A bill's explanation for people.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apps/explain_bill.hpp"
#include "audit/checks/checking.hpp"
#include "core/units.hpp"

namespace app {
namespace {
using audit::CNY_text;
using audit::CNY_text_exact;
using audit::kWh_text;

class Writer {
 public:
  Writer(const FinishedRun& run, const BillExplanation& bill)
      : scenario_(run.scenario),
        estate_(run.scenario),
        bill_(bill),
        month_(bill.month),
        tariff_(run.scenario.tariffs[estate_.tariffs[bill.position]]) {}

  std::string text(bool with_intervals) {
    head();
    lines();
    readings();
    days();
    if (with_intervals) intervals();
    bookings();
    truth();
    causes();
    return std::move(text_);
  }

 private:
  template <class... Values>
  void say(fmt::format_string<Values...> pattern, Values&&... values) {
    text_ += fmt::format(pattern, std::forward<Values>(values)...) + "\n";
  }
  std::string at(std::int64_t slot) const {
    return core::to_civil_text(audit::instant_of_slot(slot), scenario_.zone_rules);
  }

  void head() {
    const auto& customer = estate_.customers[bill_.position];
    static constexpr const char* modes[] = {"postpaid", "prepaid in the head-end", "prepaid in the meter"};
    say("Bill of {} for {}: meter {} in area {}, {}", customer.account, audit::month_text(month_.month),
        customer.name, scenario_.areas[customer.area].name,
        modes[static_cast<std::size_t>(estate_.payment(bill_.position))]);
    if (month_.booked)
      say("  {}, {}{}, issued {}", kWh_text(month_.booked->energy_centikWh),
          CNY_text(month_.booked->amount_fen), month_.booked->is_estimated ? ", partly estimated" : "",
          core::to_civil_text(month_.booked->issued_at, scenario_.zone_rules));
    else
      say("  none was issued");
  }

  /// What each price was asked for.
  void lines() {
    struct Line {
      std::int64_t energy = 0, amount_uYuan = 0, estimated = 0, price = 0, intervals = 0;
    };
    std::map<std::pair<std::size_t, std::size_t>, Line> lines;
    std::int64_t sum_uYuan = 0;
    for (const auto& interval : bill_.trace.intervals)
      for (const auto& part : interval.parts) {
        auto& line = lines[{part.tier, interval.period}];
        line.energy += part.energy_centikWh;
        line.amount_uYuan += part.amount_uYuan;
        line.estimated += interval.is_estimated ? part.energy_centikWh : 0;
        line.price = part.price;
        ++line.intervals;
        sum_uYuan += part.amount_uYuan;
      }
    say("\nTariff {}{}", tariff_.name, tariff_.source.empty() ? "" : ": " + tariff_.source);
    for (const auto& [where, line] : lines) {
      say("  tier {} {:<8} {:>14} in {:4} quarter hours at {}.{:04} CNY/kWh = {}{}", where.first + 1,
          tariff_.periods[where.second].name, kWh_text(line.energy), line.intervals, line.price / 10'000,
          line.price % 10'000, CNY_text_exact(line.amount_uYuan),
          line.estimated == 0 ? "" : ", of it estimated " + kWh_text(line.estimated));
    }
    const auto quarters = month_.till_slot - month_.from_slot;
    if (static_cast<std::int64_t>(bill_.trace.intervals.size()) < quarters)
      say("  {} of {} quarter hours have no energy: a gap was neither filled nor given up",
          quarters - static_cast<std::int64_t>(bill_.trace.intervals.size()), quarters);
    else
      say("  sum {}, rounded once, half up: {}", CNY_text_exact(sum_uYuan),
          CNY_text(audit::fen_owed(sum_uYuan)));
  }

  void readings() {
    std::int64_t by_source[3] = {};
    for (const auto& reading : bill_.trace.readings) ++by_source[static_cast<std::size_t>(reading.source)];
    const auto due = month_.till_slot - month_.from_slot + 1;
    say("\nReadings: {} of {} stored: {} at their time, {} filled in later from load records, {} opening",
        bill_.trace.readings.size(), due, by_source[0], by_source[1], by_source[2]);
    if (!bill_.trace.readings.empty()) {
      const auto& first = bill_.trace.readings.front();
      const auto& last = bill_.trace.readings.back();
      say("  {} at {} ({}) to {} at {} ({})", kWh_text(first.register_centikWh), at(first.slot),
          name_of(first.source), kWh_text(last.register_centikWh), at(last.slot), name_of(last.source));
    }
    for (const auto& run : month_.missing)
      say("  missing: {} from {} to {}", run.last - run.first + 1, at(run.first), at(run.last));
  }

  void days() {
    struct Day {
      std::int64_t energy = 0, amount_uYuan = 0, estimated = 0;
    };
    std::map<std::string, Day> days;
    for (const auto& interval : bill_.trace.intervals) {
      auto& day = days[at(interval.slot).substr(0, 10)];
      day.energy += interval.energy_centikWh;
      day.estimated += interval.is_estimated ? interval.energy_centikWh : 0;
      for (const auto& part : interval.parts) day.amount_uYuan += part.amount_uYuan;
    }
    say("\nDays");
    for (const auto& [date, day] : days)
      say("  {}  {:>12}  {:>16}{}", date, kWh_text(day.energy), CNY_text_exact(day.amount_uYuan),
          day.estimated == 0 ? "" : "  estimated " + kWh_text(day.estimated));
  }

  void intervals() {
    std::map<std::int64_t, const audit::StoredReading*> stored;
    for (const auto& reading : bill_.trace.readings) stored[reading.slot] = &reading;
    say("\nQuarter hours (energy, period, tier and price; the reading at their end)");
    for (const auto& interval : bill_.trace.intervals) {
      std::string parts;
      for (const auto& part : interval.parts)
        parts += fmt::format("  tier {} {} x {}.{:04} = {}", part.tier + 1, kWh_text(part.energy_centikWh),
                             part.price / 10'000, part.price % 10'000, CNY_text_exact(part.amount_uYuan));
      const auto end = stored.find(interval.slot + 1);
      const auto reading =
          end == stored.end()
              ? std::string("no reading, estimated")
              : fmt::format("{} {}{}", kWh_text(end->second->register_centikWh), name_of(end->second->source),
                            interval.is_estimated ? ", estimated" : "");
      say("  {}  {:>9}  {:<7} [{}]{}", at(interval.slot), kWh_text(interval.energy_centikWh),
          tariff_.periods[interval.period].name, reading, parts);
    }
  }

  void bookings() {
    if (bill_.bookings.empty()) return;
    say("\nPayments, ledger, commands");
    for (const auto& booking : bill_.bookings)
      say("  {}  {}", core::to_civil_text(booking.at, scenario_.zone_rules), booking.what);
  }

  void step(const char* name, std::int64_t energy_uJ, std::int64_t amount_fen, const std::string& words) {
    say("  {:<11} {:>16} {:>13}   {}", name, audit::signed_kWh_text(energy_uJ),
        audit::signed_CNY_text(amount_fen), words);
  }

  void truth() {
    const auto uJ = [](std::int64_t centikWh) { return centikWh * core::microjoules_per_centikWh; };
    const auto& [passed, counted, shown, recorded] =
        std::tie(month_.passed, month_.counted, month_.shown, month_.recorded);
    say("\nTruth beside it");
    say("  {:<11} {:>16} {:>13}   the ideal bill: what physically passed", "passed",
        audit::signed_kWh_text(passed.energy_uJ).substr(1), CNY_text(passed.amount_fen));
    step("accuracy", counted.energy_uJ - passed.energy_uJ, counted.amount_fen - passed.amount_fen,
         fmt::format("the meter's own error, {:+} ppm", bill_.error_ppm));
    step("metering", shown.energy_uJ - counted.energy_uJ, shown.amount_fen - counted.amount_fen,
         "what the register showed: resolution, starting current, theft");
    step("recording", recorded.energy_uJ - shown.energy_uJ, recorded.amount_fen - shown.amount_fen,
         fmt::format("{} readings beside the register at their instant", month_.shifted));
    if (month_.collected) {
      const auto energy = uJ(month_.collected->energy());
      step("collection", energy - recorded.energy_uJ, month_.collected_fen - recorded.amount_fen,
           "missing readings, billed by estimate");
      if (month_.booked)
        step("rating", uJ(month_.booked->energy_centikWh) - energy,
             month_.booked->amount_fen - month_.collected_fen, "the head-end's own arithmetic");
    }
    if (month_.booked)
      say("  {:<11} {:>16} {:>13}   {} beside the ideal bill", "billed",
          audit::signed_kWh_text(uJ(month_.booked->energy_centikWh)).substr(1),
          CNY_text(month_.booked->amount_fen), audit::signed_CNY_text(month_.whole_fen()));
  }

  void causes() {
    say("\nDifferences and their causes");
    if (month_.differences.empty())
      say("  none beyond the meter's accuracy, 0.01 kWh and the drift of clocks");
    if (!bill_.blame.repeats) {
      say("  the area run again does not give what this folder holds (another version?): no cause is named");
      for (const auto& difference : month_.differences)
        say("  {}", audit::sentence_of(estate_, month_, difference));
    }
    for (const auto& attributed : bill_.blame.attributed)
      say("  {}", audit::sentence_of(estate_, month_, attributed, bill_.blame.causes));
    if (bill_.blame.runs > 0)
      say("  ({} runs of area {} with fewer of its {} faults)", bill_.blame.runs,
          scenario_.areas[bill_.blame.area].name, bill_.blame.causes.size());
  }

  const scenario::Scenario& scenario_;
  audit::Estate estate_;
  const BillExplanation& bill_;
  const audit::AccountMonth& month_;
  const scenario::Tariff& tariff_;
  std::string text_;
};
}  // namespace

std::string explanation_text(const FinishedRun& run, const BillExplanation& bill, bool with_intervals) {
  return Writer(run, bill).text(with_intervals);
}
}  // namespace app
