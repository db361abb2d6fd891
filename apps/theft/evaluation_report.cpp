// The evaluation as text, CSV and JSON.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/theft/evaluation.hpp"

namespace app::theft {
namespace {
std::string figure(double value, int digits = 3) {
  if (std::isnan(value)) return "-";
  const std::string text = fmt::format("{:.{}f}", value, digits);
  return text.find_first_not_of("-0.") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}
nlohmann::ordered_json number(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}
nlohmann::ordered_json json_of(const DetectorQuality& quality) {
  return {{"name", quality.name},
          {"family", quality.family},
          {"auc", number(quality.auc)},
          {"average_precision", number(quality.average_precision)}};
}

std::string remark_of(const AttackQuality& attack) {
  std::string remark(name_of(attack.visibility));
  if (attack.visibility == Visibility::not_seen) remark += " by any of these methods";
  if (attack.keeps_energy)
    remark += "; keeps the energy: no loss of a day shows it, only intervals and shapes";
  return remark;
}
}  // namespace

std::string to_text(const Evaluation& evaluation) {
  const auto& settings = evaluation.settings;
  std::string text = fmt::format(
      "seed {}, {} test areas per attack ({} homes), {} training areas per attack ({} other homes), {} days "
      "of {} "
      "intervals\n{} customers an area, {} thieves, {:.1f} % technical loss, meters of class {:g} and {:g}; "
      "threshold "
      "{:.2f} for {:.1f} % false alarms\n\n",
      settings.seed, settings.areas, evaluation.test_homes, settings.training_areas,
      evaluation.training_homes, evaluation.days, evaluation.intervals_per_day, settings.trial.customers,
      settings.trial.thieves, 100 * settings.trial.technical_loss, 100 * settings.trial.customer_class,
      100 * settings.trial.transformer_class, evaluation.threshold, 100 * settings.false_alarm_rate);
  text += fmt::format("{:<6}{:>9}{:>8}{:>8}  {:<32}{:<24}\n", "attack", "ensemble", "AP", "+-2se",
                      "balance-based AUC", "shape-based AUC");
  for (const auto& a : evaluation.attacks)
    text += fmt::format("{:<6}{:>9}{:>8}{:>8}  {:<7}{:<25}{:<7}{:<17}\n", a.name, figure(a.ensemble.auc, 4),
                        figure(a.ensemble.average_precision), figure(2 * a.auc_error, 4),
                        figure(a.balance.auc), a.balance.name, figure(a.shape.auc), a.shape.name);
  text +=
      fmt::format("\n{:<6}{:>10}{:>8}{:>9}{:>12}{:>13}{:>12}{:>12}  {}\n", "attack", "precision", "recall",
                  "accused", "of honest", "false alarms", "at risk kWh", "found kWh", "delay d  remark");
  for (const auto& a : evaluation.attacks)
    text += fmt::format("{:<6}{:>10}{:>8}{:>9}{:>12}{:>12} %{:>12}{:>12}  {:>7}  {}\n", a.name,
                        figure(a.counts.precision()), figure(a.counts.recall()), a.counts.falsely_accused,
                        a.counts.falsely_accused + a.counts.honest_left_alone,
                        figure(100 * a.counts.false_alarm_rate(), 2), figure(a.stolen_kWh, 0),
                        figure(a.found_kWh, 0), figure(a.delay_days, 0), remark_of(a));
  text +=
      "\naccused: honest customers above the threshold. at risk: drawn and not reported. delay: median days "
      "of "
      "readings until a thief who is found is named.\n";
  if (!evaluation.sheet.empty()) text += "\nAn evidence sheet, as an inspector gets it:\n" + evaluation.sheet;
  return text;
}

std::string to_csv(const Evaluation& evaluation) {
  std::string text =
      "attack,keeps_energy,auc,auc_standard_error,average_precision,balance_detector,balance_auc,shape_"
      "detector,"
      "shape_auc,precision,recall,falsely_accused,honest,stolen_kWh,found_kWh,delay_days,visibility";
  if (!evaluation.attacks.empty())
    for (const auto& detector : evaluation.attacks.front().detectors)
      text += fmt::format(",auc:{}", detector.name);
  text += "\n";
  for (const auto& a : evaluation.attacks) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", a.name, a.keeps_energy ? 1 : 0,
                        figure(a.ensemble.auc, 4), figure(a.auc_error, 4),
                        figure(a.ensemble.average_precision, 4), a.balance.name, figure(a.balance.auc, 4),
                        a.shape.name, figure(a.shape.auc, 4), figure(a.counts.precision(), 4),
                        figure(a.counts.recall(), 4), a.counts.falsely_accused,
                        a.counts.falsely_accused + a.counts.honest_left_alone, figure(a.stolen_kWh, 3),
                        figure(a.found_kWh, 3), figure(a.delay_days, 0), name_of(a.visibility));
    for (const auto& detector : a.detectors) text += "," + figure(detector.auc, 4);
    text += "\n";
  }
  return text;
}

std::string to_json(const Evaluation& evaluation) {
  const auto& settings = evaluation.settings;
  nlohmann::ordered_json json{{"seed", settings.seed},
                              {"test_areas_per_attack", settings.areas},
                              {"training_areas_per_attack", settings.training_areas},
                              {"test_homes", evaluation.test_homes},
                              {"training_homes", evaluation.training_homes},
                              {"days", evaluation.days},
                              {"intervals_per_day", evaluation.intervals_per_day},
                              {"customers_per_area", settings.trial.customers},
                              {"thieves_per_area", settings.trial.thieves},
                              {"technical_loss", settings.trial.technical_loss},
                              {"false_alarm_rate", settings.false_alarm_rate},
                              {"threshold", evaluation.threshold}};
  json["attacks"] = nlohmann::ordered_json::array();
  for (const auto& a : evaluation.attacks) {
    nlohmann::ordered_json attack{{"attack", a.name},
                                  {"meaning", a.meaning},
                                  {"keeps_energy", a.keeps_energy},
                                  {"visibility", name_of(a.visibility)},
                                  {"ensemble", json_of(a.ensemble)},
                                  {"auc_standard_error", number(a.auc_error)},
                                  {"balance", json_of(a.balance)},
                                  {"shape", json_of(a.shape)},
                                  {"precision", number(a.counts.precision())},
                                  {"recall", number(a.counts.recall())},
                                  {"thieves_found", a.counts.thieves_found},
                                  {"thieves_missed", a.counts.thieves_missed},
                                  {"falsely_accused", a.counts.falsely_accused},
                                  {"honest_left_alone", a.counts.honest_left_alone},
                                  {"stolen_kWh", a.stolen_kWh},
                                  {"found_kWh", a.found_kWh},
                                  {"delay_days", number(a.delay_days)},
                                  {"found_within_28_days", number(a.found_early_share)}};
    attack["detectors"] = nlohmann::ordered_json::array();
    for (const auto& detector : a.detectors) attack["detectors"].push_back(json_of(detector));
    json["attacks"].push_back(std::move(attack));
  }
  return json.dump(2) + "\n";
}
}  // namespace app::theft
