// A bill's explanation for machines. Energies in kWh as decimal numbers where physical, else in 0.01 kWh.
#include <nlohmann/json.hpp>

#include "apps/explain_bill.hpp"
#include "core/units.hpp"

namespace app {
namespace {
using nlohmann::json;

double kWh(std::int64_t uJ) {
  return static_cast<double>(uJ) / static_cast<double>(core::microjoules_per_kWh);
}

json count_json(const audit::RatedMonth& month) {
  return {{"energy_kWh", kWh(month.energy_uJ)}, {"amount_fen", month.amount_fen}};
}

json steps_json(const audit::AccountMonth& month) {
  json steps{{"passed", count_json(month.passed)},
             {"counted", count_json(month.counted)},
             {"shown", count_json(month.shown)},
             {"recorded", count_json(month.recorded)}};
  if (month.collected)
    steps["collected"] = {{"energy_kWh", kWh(month.collected->energy() * core::microjoules_per_centikWh)},
                          {"amount_fen", month.collected_fen}};
  if (month.booked)
    steps["billed"] = {{"energy_kWh", kWh(month.booked->energy_centikWh * core::microjoules_per_centikWh)},
                       {"amount_fen", month.booked->amount_fen}};
  return steps;
}

json trace_json(const FinishedRun& run, const audit::Estate& estate, const BillExplanation& bill) {
  const auto& zone = run.scenario.zone_rules;
  const auto& tariff = run.scenario.tariffs[estate.tariffs[bill.position]];
  json readings = json::array();
  for (const auto& reading : bill.trace.readings)
    readings.push_back({{"due", core::to_iso8601(audit::instant_of_slot(reading.slot), zone)},
                        {"register_centikWh", reading.register_centikWh},
                        {"source", name_of(reading.source)}});
  json intervals = json::array();
  for (const auto& interval : bill.trace.intervals) {
    json parts = json::array();
    for (const auto& part : interval.parts)
      parts.push_back({{"tier", part.tier + 1},
                       {"energy_centikWh", part.energy_centikWh},
                       {"price_per_10000", part.price},
                       {"amount_microyuan", part.amount_uYuan}});
    intervals.push_back({{"from", core::to_iso8601(audit::instant_of_slot(interval.slot), zone)},
                         {"energy_centikWh", interval.energy_centikWh},
                         {"period", tariff.periods[interval.period].name},
                         {"is_estimated", interval.is_estimated},
                         {"parts", std::move(parts)}});
  }
  json missing = json::array();
  for (const auto& gap : bill.month.missing)
    missing.push_back({{"first", core::to_iso8601(audit::instant_of_slot(gap.first), zone)},
                       {"last", core::to_iso8601(audit::instant_of_slot(gap.last), zone)},
                       {"readings", gap.last - gap.first + 1}});
  return {{"readings", std::move(readings)},
          {"intervals", std::move(intervals)},
          {"missing", std::move(missing)}};
}
}  // namespace

json difference_json(const audit::Estate& estate, const audit::AccountMonth& month,
                     const audit::Attributed& attributed, const std::vector<audit::Cause>& causes) {
  const auto& difference = attributed.difference;
  const auto& zone = estate.scenario.zone_rules;
  json groups = json::array();
  for (const auto& group : attributed.groups) {
    json words = json::array(), faults = json::array();
    for (const auto cause : group.causes) {
      words.push_back(causes[cause].words);
      for (const auto fault : causes[cause].faults) faults.push_back(fault);
    }
    groups.push_back({{"causes", std::move(words)},
                      {"faults", std::move(faults)},
                      {"count_alone", group.count},
                      {"energy_kWh_alone", kWh(group.energy_uJ)},
                      {"amount_fen_alone", group.amount_fen}});
  }
  return {{"account", estate.customers[difference.position].account},
          {"meter", estate.customers[difference.position].name},
          {"month", audit::month_text(difference.month)},
          {"step", name_of(difference.step)},
          {"count", difference.count},
          {"energy_kWh", kWh(difference.energy_uJ)},
          {"amount_fen", difference.amount_fen},
          {"first", core::to_iso8601(difference.first, zone)},
          {"last", core::to_iso8601(difference.last, zone)},
          {"is_natural", attributed.is_natural},
          {"is_explained", attributed.is_explained},
          {"groups", std::move(groups)},
          {"sentence", audit::sentence_of(estate, month, attributed, causes)}};
}

json explanation_json(const FinishedRun& run, const BillExplanation& bill) {
  const audit::Estate estate(run.scenario);
  const auto& zone = run.scenario.zone_rules;
  const auto& customer = estate.customers[bill.position];
  json out{{"account", customer.account},
           {"meter", customer.name},
           {"month", audit::month_text(bill.month.month)},
           {"from", core::to_iso8601(audit::instant_of_slot(bill.month.from_slot), zone)},
           {"till", core::to_iso8601(audit::instant_of_slot(bill.month.till_slot), zone)},
           {"tariff", run.scenario.tariffs[estate.tariffs[bill.position]].name},
           {"meter_error_ppm", bill.error_ppm},
           {"counts", steps_json(bill.month)}};
  if (bill.month.booked) {
    out["bill"] = {{"energy_centikWh", bill.month.booked->energy_centikWh},
                   {"amount_fen", bill.month.booked->amount_fen},
                   {"is_estimated", bill.month.booked->is_estimated},
                   {"issued_at", core::to_iso8601(bill.month.booked->issued_at, zone)}};
    out["beside_ideal_fen"] = bill.month.whole_fen();
  }
  out.update(trace_json(run, estate, bill));
  json bookings = json::array();
  for (const auto& booking : bill.bookings)
    bookings.push_back({{"at", core::to_iso8601(booking.at, zone)}, {"what", booking.what}});
  out["bookings"] = std::move(bookings);
  json differences = json::array();
  for (const auto& attributed : bill.blame.attributed)
    differences.push_back(difference_json(estate, bill.month, attributed, bill.blame.causes));
  out["differences"] = std::move(differences);
  out["runs"] = bill.blame.runs;
  out["repeats"] = bill.blame.repeats;
  return out;
}
}  // namespace app
