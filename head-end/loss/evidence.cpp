// Evidence sheets.
#include "head-end/loss/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "head-end/loss/shape.hpp"

namespace headend::loss {
namespace {
constexpr std::size_t evidence_max = 6;
constexpr double p_value_worth_telling = 0.2;
constexpr double fall_worth_telling = 4;  // standard errors

int busiest_hour_of(const AreaView& area) {
  std::vector<double> by_hour(24, 0.0);
  const auto per_day = static_cast<std::size_t>(area.readings().intervals_per_day);
  for (std::size_t k = 0; k < area.usable().size(); ++k)
    by_hour[area.slot_of(area.usable()[k]) * 24 / per_day] += area.loss_kWh()[k];
  return static_cast<int>(std::max_element(by_hour.begin(), by_hour.end()) - by_hour.begin());
}

std::vector<Evidence> evidence_of(const AreaView& area, const Judgement& judgement, std::size_t customer,
                                  const std::vector<double>& scores) {
  const auto weights = judgement.ensemble->contributions(scores);
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  std::vector<Evidence> evidence;
  for (const std::size_t d : order) {
    if (evidence.size() == evidence_max || !(weights[d] > 0)) break;
    if (judgement.ensemble->p_value(d, scores[d]) > p_value_worth_telling) continue;
    const auto& detector = *(*judgement.detectors)[d];
    evidence.push_back({std::string(detector.name()), detector.explain(area, customer),
                        judgement.ensemble->p_value(d, scores[d]), weights[d]});
  }
  return evidence;
}

bool speaks(const EvidenceSheet& sheet, std::string_view start) {
  return std::any_of(sheet.evidence.begin(), sheet.evidence.end(),
                     [&](const Evidence& e) { return std::string_view(e.detector).starts_with(start); });
}

/// Which way of stealing or of failing leaves such traces, most likely first.
std::vector<std::string> to_look_at(const EvidenceSheet& sheet) {
  std::vector<std::string> steps;
  if (speaks(sheet, "meter-events"))
    steps.emplace_back("read the meter's event log; check seals, covers and for magnets");
  if (speaks(sheet, "voltage-residual"))
    steps.emplace_back("follow the service cable to this connection for a tap before the meter");
  if (speaks(sheet, "loss-"))
    steps.emplace_back("measure the current before and after the meter: bypass, shunt, a phase not counted");
  if (speaks(sheet, "timing-displaced") || speaks(sheet, "timing-reversed") || speaks(sheet, "counter"))
    steps.emplace_back("compare the meter's clock and its stored load curve with what was collected");
  if (speaks(sheet, "standstill") || speaks(sheet, "zeros") || speaks(sheet, "timing-stopped"))
    steps.emplace_back("ask whether the home stood empty; watch the meter while a known load is on");
  if (speaks(sheet, "flatness") || speaks(sheet, "ceiling") || speaks(sheet, "memoryless") ||
      speaks(sheet, "low-peaks"))
    steps.emplace_back("read the register by eye: the series does not look like a home's");
  if (speaks(sheet, "fallen"))
    steps.emplace_back("ask what changed on the day of the fall: tenants, appliances, meter work");
  steps.emplace_back("test the meter on load: a slow, stuck or half-dead meter looks the same as theft");
  return steps;
}

EvidenceSheet sheet_of(const AreaView& area, const Judgement& judgement, std::size_t customer,
                       const std::vector<double>& scores) {
  EvidenceSheet sheet;
  sheet.area = area.readings().name;
  sheet.customer = area.readings().customers[customer].name;
  sheet.score = judgement.ensemble->score(scores);
  sheet.threshold = judgement.threshold;
  sheet.false_alarm_rate = judgement.false_alarm_rate;
  const int kind = judgement.ensemble->likeliest_kind(scores);
  if (kind >= 0 && static_cast<std::size_t>(kind) < judgement.kinds.size())
    sheet.likely_kind = judgement.kinds[static_cast<std::size_t>(kind)];
  const auto& series = area.reported(customer);
  sheet.reported_kWh = std::accumulate(series.begin(), series.end(), 0.0);
  const auto& fit = area.regression();
  if (fit.standard_error[customer] < 1e9 && fit.coefficient[customer] > 0) {
    sheet.missing_kWh = fit.coefficient[customer] * sheet.reported_kWh;
    sheet.missing_uncertainty_kWh = fit.standard_error[customer] * sheet.reported_kWh;
  }
  sheet.unread_share = area.missing_share(customer);
  sheet.busiest_hour = busiest_hour_of(area);
  const auto change = shape::change_point(area, customer);
  if (change.score > fall_worth_telling) sheet.change_day = change.day;
  sheet.evidence = evidence_of(area, judgement, customer, scores);
  sheet.to_look_at = to_look_at(sheet);
  return sheet;
}
}  // namespace

std::vector<EvidenceSheet> evidence_sheets(const AreaView& area, const Judgement& judgement) {
  const auto rows = scores_of(*judgement.detectors, area);
  std::vector<EvidenceSheet> sheets;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (judgement.ensemble->score(rows[i]) > judgement.threshold)
      sheets.push_back(sheet_of(area, judgement, i, rows[i]));
  std::stable_sort(sheets.begin(), sheets.end(),
                   [](const EvidenceSheet& a, const EvidenceSheet& b) { return a.score > b.score; });
  for (std::size_t k = 0; k < sheets.size(); ++k) sheets[k].rank = k + 1;
  return sheets;
}

std::string to_text(const EvidenceSheet& sheet) {
  std::string text =
      fmt::format("Suspicion {} of area {}: customer {}\n", sheet.rank, sheet.area, sheet.customer);
  text += fmt::format(
      "  score {:.2f}, threshold {:.2f}; of 1000 honest customers about {:.0f} would be listed too\n",
      sheet.score, sheet.threshold, 1000 * sheet.false_alarm_rate);
  if (!sheet.likely_kind.empty()) text += fmt::format("  most like: {}\n", sheet.likely_kind);
  text += fmt::format("  reported {:.1f} kWh", sheet.reported_kWh);
  if (sheet.missing_kWh > 0)
    text += fmt::format("; missing perhaps {:.1f} kWh (+-{:.1f})", sheet.missing_kWh,
                        2 * sheet.missing_uncertainty_kWh);
  text += fmt::format("; {:.1f} % of the intervals not read\n", 100 * sheet.unread_share);
  if (sheet.change_day > 0)
    text += fmt::format("  reports fell on day {} of the period\n", sheet.change_day + 1);
  text += fmt::format("  the area misses most between {:02}:00 and {:02}:00\n", sheet.busiest_hour,
                      sheet.busiest_hour + 1);
  for (const auto& e : sheet.evidence)
    text += fmt::format("  - {} [{}; {:.2g} of honest customers show as much]\n", e.sentence, e.detector,
                        e.p_value);
  for (std::size_t k = 0; k < sheet.to_look_at.size(); ++k)
    text += fmt::format("  {}. {}\n", k + 1, sheet.to_look_at[k]);
  return text;
}

std::string to_json(const EvidenceSheet& sheet) {
  nlohmann::ordered_json json{{"area", sheet.area},
                              {"customer", sheet.customer},
                              {"rank", sheet.rank},
                              {"score", sheet.score},
                              {"threshold", sheet.threshold},
                              {"false_alarm_rate", sheet.false_alarm_rate},
                              {"likely_kind", sheet.likely_kind},
                              {"reported_kWh", sheet.reported_kWh},
                              {"missing_kWh", sheet.missing_kWh},
                              {"missing_standard_uncertainty_kWh", sheet.missing_uncertainty_kWh},
                              {"unread_share", sheet.unread_share},
                              {"busiest_hour", sheet.busiest_hour}};
  json["change_day"] =
      sheet.change_day > 0 ? nlohmann::ordered_json(sheet.change_day + 1) : nlohmann::ordered_json();
  json["evidence"] = nlohmann::ordered_json::array();
  for (const auto& e : sheet.evidence)
    json["evidence"].push_back(
        {{"detector", e.detector}, {"sentence", e.sentence}, {"p_value", e.p_value}, {"weight", e.weight}});
  json["to_look_at"] = sheet.to_look_at;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}
}  // namespace headend::loss
