// The night: areas one by one, then what meters showed of themselves.
#include "head-end/loss/night_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "head-end/health/prognosis.hpp"
#include "head-end/health/quantities.hpp"
#include "head-end/loss/fallen_customer.hpp"

namespace headend::loss {
namespace {
using Json = nlohmann::ordered_json;
/// Days of an area that a judgement can look back to: those compared, with as many that were not usual.
constexpr std::int64_t days_resumed = 60;
/// A customer is worth a visit of his own when what he is short of is beyond so many standard errors.
constexpr double errors_beyond_doubt = 2;
constexpr double uncertainties_of_surplus = 3;
/// Two check-ups lie within, also when one of them was in vain.
constexpr Duration signs_looked_back = 4 * 24h;
/// Below it a reversed flow may be reactive load at the starting current.
constexpr std::int64_t reverse_least_centikWh = 5;

WatchRules watch_rules(const Configuration& configuration) {
  WatchRules rules;
  rules.false_alarm_rate = configuration.night.false_alarm_rate;
  rules.after_midnight = configuration.night.after_midnight;
  for (const auto& file : configuration.concentrators)
    if (file.loss_per_square > 0) rules.models[file.id] = {.loss_per_square = file.loss_per_square};
  return rules;
}

std::string date_text(std::int64_t local_day) {
  const auto date = core::civil_from_days(local_day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

/// Which of the area's customers has this name; 0 for nobody.
MeterId customer_named(const Configuration& configuration, ConcentratorId area, const std::string& name) {
  for (const auto& file : configuration.meters)
    if (file.concentrator == area && file.name == name) return file.id;
  return 0;
}

std::string lost_text(const WatchedDay& day) {
  return fmt::format("area {} lost {:.2f} kWh of {:.2f} kWh on {}, usual {:.2f} kWh (+-{:.2f})",
                     day.area_name, day.figures.loss_kWh(), day.figures.supplied_kWh,
                     date_text(day.local_day), day.expected_kWh, 2 * day.doubt_kWh);
}
}  // namespace

NightWatch::NightWatch(const Books& books)
    : rules_(books.configuration().night), watch_(watch_rules(books.configuration())) {
  std::vector<WatchedDay> days;
  for (const auto& night : books.inspections().nights())
    if (auto day = day_of_night(night, books.configuration())) days.push_back(std::move(*day));
  if (days.empty()) return;
  const auto first = days.back().local_day - days_resumed;
  std::erase_if(days, [&](const WatchedDay& day) { return day.local_day < first; });
  watch_.resume(std::move(days));
}

Instant NightWatch::next_duty(const Books& books) const {
  if (!rules_.is_on) return core::never;
  const auto& configuration = books.configuration();
  const auto& zone = configuration.zone;
  const auto day = signs_day_ == 0 ? zone.local_day(configuration.opens) + 1 : signs_day_ + 1;
  return std::min(watch_.next_duty(books), zone.start_of_day(day) + rules_.after_midnight);
}

bool NightWatch::work(Books& books, Instant now) {
  if (next_duty(books) > now) return false;
  if (const auto judged = watch_.judge_next(books, now)) {
    WatchedNight night{judged->day.area,
                       judged->day.local_day,
                       std::string(name_of(judged->day.verdict)),
                       figures_text(judged->day),
                       {}};
    if (judged->suspicion) night.suspicion = to_json(*judged->suspicion);
    books.inspections().keep(night);
    if (judged->suspicion) open_for(*judged->suspicion, books, now);
    open_for_surplus(judged->day, books, now);
    return true;
  }
  signs_day_ = books.configuration().zone.local_day(now - rules_.after_midnight);
  bool is_any = open_for_falls(books, now);
  if (books.configuration().check_up.every == Duration::zero()) return is_any;
  for (const auto& file : books.configuration().meters) {
    is_any |= open_for_signs(file, books, now);
    is_any |= open_for_prognoses(file, books, now);
  }
  return is_any;
}

bool NightWatch::open(const WorkOrderWish& wish, Books& books, Instant now) const {
  auto& book = books.inspections();
  if (book.has_open(wish.area, wish.meter)) return false;
  const auto* before = book.latest(wish.area, wish.meter, wish.kind);
  if (before != nullptr && *before->closed_at + rules_.rest_after_close > now) return false;
  return book.open(wish, now).has_value();
}

void NightWatch::open_for(const AreaSuspicion& suspicion, Books& books, Instant now) const {
  const auto& day = suspicion.day;
  std::size_t opened = 0;
  bool is_pointed = false;
  for (const auto& sheet : suspicion.customers) {
    const bool is_beyond_doubt = sheet.missing_kWh > errors_beyond_doubt * sheet.missing_uncertainty_kWh;
    const MeterId meter = customer_named(books.configuration(), day.area, sheet.customer);
    if (!is_beyond_doubt || meter == 0 || opened == rules_.orders_a_night) continue;
    is_pointed = true;
    Json evidence{{"suspicion", {{"area", day.area_name}, {"day", date_text(day.local_day)}}},
                  {"sheet", Json::parse(to_json(sheet))}};
    WorkOrderWish wish{
        day.area, meter, WorkOrderKind::loss,
        fmt::format("{}; {} is short of perhaps {:.2f} kWh (+-{:.2f}) of the last weeks", lost_text(day),
                    sheet.customer, sheet.missing_kWh, 2 * sheet.missing_uncertainty_kWh),
        evidence.dump()};
    opened += open(wish, books, now) ? 1 : 0;
  }
  if (is_pointed) return;
  if (const auto fallen = fallen_customer(books, day, watch_.days())) {
    const auto& file = books.configuration().meters.at(fallen->meter - 1);
    open({day.area, fallen->meter, WorkOrderKind::loss,
          fmt::format("{}; {} reported {:.2f} kWh, {:.2f} kWh (+-{:.2f}) on usual days: its fall is what the "
                      "area misses",
                      lost_text(day), file.name, fallen->reported_kWh, fallen->usual_kWh,
                      2 * fallen->deviation_kWh),
          Json{{"suspicion", Json::parse(to_json(suspicion))},
               {"fall",
                {{"customer", file.name},
                 {"reported_kWh", fallen->reported_kWh},
                 {"usual_kWh", fallen->usual_kWh},
                 {"standard_deviation_kWh", fallen->deviation_kWh},
                 {"missing_in_area_kWh", day.figures.loss_kWh() - day.expected_kWh}}}}
              .dump()},
         books, now);
    return;
  }
  open({day.area, 0, WorkOrderKind::loss, lost_text(day) + "; no customer stands out", to_json(suspicion)},
       books, now);
}

void NightWatch::open_for_surplus(const WatchedDay& day, Books& books, Instant now) const {
  const double limit = -uncertainties_of_surplus * day.figures.standard_uncertainty_kWh;
  if (day.verdict == DayVerdict::not_judged || !(day.figures.loss_kWh() < limit)) return;
  open({day.area, 0, WorkOrderKind::loss,
        fmt::format("area {} sold {:.2f} kWh on {} and was supplied with {:.2f} kWh only: something feeds in "
                    "without being metered, or a meter belongs to another area",
                    day.area_name, day.figures.sold_kWh, date_text(day.local_day), day.figures.supplied_kWh),
        Json{{"day", date_text(day.local_day)}, {"figures", Json::parse(figures_text(day))}}.dump()},
       books, now);
}

bool NightWatch::open_for_falls(Books& books, Instant now) const {
  bool is_any = false;
  for (const auto& fall : books.falls_since(now - fall_seen_for)) {
    const auto& file = books.configuration().meters.at(fall.meter - 1);
    const double before_kWh = static_cast<double>(fall.before.count()) / 100;
    const double shown_kWh = static_cast<double>(fall.shown.count()) / 100;
    const auto& zone = books.configuration().zone;
    is_any |= open({file.concentrator, fall.meter, WorkOrderKind::event,
                    fmt::format("the register of {} fell: {:.2f} kWh at {}, after {:.2f} kWh", file.name,
                                shown_kWh, core::to_civil_text(fall.first, zone), before_kWh),
                    Json{{"register_before_kWh", before_kWh},
                         {"register_kWh", shown_kWh},
                         {"first", core::to_iso8601(fall.first, zone)},
                         {"readings_below", fall.readings}}
                        .dump()},
                   books, now);
  }
  return is_any;
}

/// What grew since the check-up before the last one.
bool NightWatch::open_for_signs(const MeterFile& file, Books& books, Instant now) const {
  struct Sign {
    std::string_view quantity;
    std::int64_t least;
    std::string_view sentence;
  };
  static constexpr std::array signs{
      Sign{health::cover_openings, 1, "the cover of {} was opened {} time(s) since {}"},
      Sign{health::reverse_centikWh, reverse_least_centikWh,
           "{} counted {} hundredths of a kWh the other way round since {}: current leads exchanged, or "
           "something feeds in without a word"}};
  bool is_any = false;
  for (const auto& sign : signs) {
    if (sign.quantity == health::reverse_centikWh && (file.feeds_in || file.is_supply)) continue;
    const auto told = books.inspections().conditions(file.id, sign.quantity, now - signs_looked_back);
    if (told.size() < 2) continue;
    const auto &before = told[told.size() - 2], &after = told.back();
    if (after.value - before.value < sign.least) continue;
    const auto since = core::to_civil_text(before.asked_at, books.configuration().zone);
    is_any |=
        open({file.concentrator, file.id, WorkOrderKind::event,
              fmt::format(fmt::runtime(sign.sentence), file.name, after.value - before.value, since),
              Json{{"quantity", sign.quantity}, {"before", before.value}, {"after", after.value}}.dump()},
             books, now);
  }
  return is_any;
}

bool NightWatch::open_for_prognoses(const MeterFile& file, Books& books, Instant now) const {
  const auto all = health::prognoses_of(books, file.id, now);
  if (all.empty()) return false;
  Json evidence;
  std::string reason = file.name + ": ";
  for (const auto& said : all) {
    reason += (&said == &all.front() ? "" : "; ") + said.sentence;
    evidence[std::string(health::name_of(said.weakness))] = {{"value", said.value},
                                                             {"has_failed", said.has_failed},
                                                             {"days_left", said.days_left},
                                                             {"earliest_days", said.earliest_days},
                                                             {"p_value", said.p_value}};
  }
  return open({file.concentrator, file.id, WorkOrderKind::failing_meter, reason, evidence.dump()}, books,
              now);
}
}  // namespace headend::loss
