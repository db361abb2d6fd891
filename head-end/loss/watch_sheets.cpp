// Whom a night's suspicion points to: detectors on the area's last weeks, and the sheet.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "head-end/loss/daily_watch.hpp"

namespace headend::loss {
namespace {
constexpr Duration quarter_hour = std::chrono::minutes(15);
constexpr std::size_t days_of_sheet_min = 3;

/// Energy of each quarter hour from one meter's registers; not_read where either end is missing.
std::vector<double> energies_of(const Books& books, const BookedMeter& meter, Instant from,
                                std::size_t intervals) {
  constexpr double kWh_per_centikWh = 0.01;
  std::vector<double> shown(intervals + 1, not_read);
  const Instant till = from + quarter_hour * static_cast<std::int64_t>(intervals);
  for (const auto& reading : books.readings_of(meter.meter, from, till)) {
    const auto since = reading.due - from;
    if (since % quarter_hour == Duration::zero())
      shown[static_cast<std::size_t>(since / quarter_hour)] = static_cast<double>(reading.shown.count());
  }
  std::vector<double> energy(intervals);
  for (std::size_t k = 0; k < intervals; ++k)
    energy[k] = static_cast<double>(meter.ratio) * kWh_per_centikWh * (shown[k + 1] - shown[k]);
  return energy;
}

/// Those that need no labels: what they ask has an answer of its own in every area.
std::vector<bool> without_labels(const Detectors& detectors) {
  std::vector<bool> use;
  for (const auto& detector : detectors)
    use.push_back(detector->name() == "loss-regression" || detector->name() == "loss-both-shares" ||
                  detector->name() == "timing-stopped");
  return use;
}

/// The customers with the highest scores, each beside the others of the same area.
std::vector<EvidenceSheet> sheets_of(const AreaReadings& readings, std::size_t listed) {
  const AreaView view(readings);
  const auto detectors = every_detector();
  std::vector<LabelledScores> all;
  for (auto& row : scores_of(detectors, view)) all.push_back({std::move(row), honest});
  if (all.size() <= listed) return {};
  const Ensemble ensemble(all, without_labels(detectors));
  std::vector<double> scores;
  for (const auto& customer : all) scores.push_back(ensemble.score(customer.score));
  std::sort(scores.rbegin(), scores.rend());
  const double rate = static_cast<double>(listed) / static_cast<double>(all.size());
  return evidence_sheets(view, {&detectors, &ensemble, scores[listed], rate, {}});
}
}  // namespace

AreaReadings readings_of_books(const Books& books, const BookedArea& area, Instant from, Instant till) {
  AreaReadings readings;
  readings.intervals_per_day = 96;
  const auto intervals = static_cast<std::size_t>(std::max<std::int64_t>(0, (till - from) / quarter_hour));
  readings.supplied_kWh.assign(intervals, 0.0);
  for (const auto& meter : area.supplies) {
    const auto energy = energies_of(books, meter, from, intervals);
    for (std::size_t k = 0; k < intervals; ++k) readings.supplied_kWh[k] += energy[k];
  }
  for (const auto& meter : area.customers) {
    const auto& name = books.configuration().meters.at(meter.meter - 1).name;  // by id, without holes
    readings.customers.push_back({name, meter.phase, energies_of(books, meter, from, intervals), {}, {}});
  }
  return readings;
}

AreaSuspicion DailyWatch::suspicion_of(const Books& books, const BookedArea& meters,
                                       const WatchedDay& day) const {
  AreaSuspicion suspicion{day, rules_.false_alarm_rate, {}};
  // The detectors ask for each quarter hour's balance: roofs are known by the day only.
  for (const auto* side : {&meters.supplies, &meters.customers})
    for (const auto& meter : *side)
      if (meter.feeds_in) return suspicion;
  const auto& zone = books.configuration().zone;
  const Instant opens = books.configuration().opens, till = zone.start_of_day(day.local_day + 1);
  std::int64_t first = day.local_day + 1 - rules_.sheet_days;
  while (zone.start_of_day(first) < opens) ++first;
  auto readings = readings_of_books(books, meters, zone.start_of_day(first), till);
  readings.name = day.area_name;
  if (readings.supplied_kWh.size() >= days_of_sheet_min * 96 && !readings.customers.empty())
    suspicion.customers = sheets_of(readings, rules_.customers_listed);
  return suspicion;
}

std::string to_text(const AreaSuspicion& suspicion) {
  const auto& day = suspicion.day;
  const auto date = core::civil_from_days(day.local_day);
  std::string text = fmt::format(
      "Area {} on {:04}-{:02}-{:02}: {:.2f} kWh lost of {:.2f} kWh ({:.2f} %), usual {:.2f} kWh "
      "(+-{:.2f})\n",
      day.area_name, date.year, date.month, date.day, day.figures.loss_kWh(), day.figures.supplied_kWh,
      100 * day.figures.loss_share(), day.expected_kWh, 2 * day.doubt_kWh);
  text += fmt::format(
      "  by chance {:.2g} of days look like this beside {} others of the area{}; suspected from {:g} on\n",
      day.p_value, day.days_compared,
      day.p_value_of_model < 1 ? fmt::format(", {:.2g} beside the network's loss", day.p_value_of_model)
                               : std::string(),
      suspicion.false_alarm_rate);
  if (day.days_in_a_row > 1) text += fmt::format("  day {} in a row\n", day.days_in_a_row);
  if (suspicion.customers.empty()) text += "  too few readings to point to customers\n";
  for (const auto& sheet : suspicion.customers) text += to_text(sheet);
  return text;
}

std::string to_json(const AreaSuspicion& suspicion) {
  const auto& day = suspicion.day;
  const auto date = core::civil_from_days(day.local_day);
  nlohmann::ordered_json json{{"area", day.area_name},
                              {"concentrator", day.area},
                              {"day", fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day)},
                              {"supplied_kWh", day.figures.supplied_kWh},
                              {"sold_kWh", day.figures.sold_kWh},
                              {"loss_kWh", day.figures.loss_kWh()},
                              {"usual_loss_kWh", day.expected_kWh},
                              {"standard_uncertainty_kWh", day.doubt_kWh},
                              {"p_value", day.p_value},
                              {"p_value_of_model", day.p_value_of_model},
                              {"days_compared", day.days_compared},
                              {"days_in_a_row", day.days_in_a_row},
                              {"false_alarm_rate", suspicion.false_alarm_rate}};
  json["customers"] = nlohmann::ordered_json::array();
  for (const auto& sheet : suspicion.customers)
    json["customers"].push_back(nlohmann::ordered_json::parse(to_json(sheet)));
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}
}  // namespace headend::loss
