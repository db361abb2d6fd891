/// How well theft is detected, told apart by the way of stealing: never one mixed number.
///
/// Homes are split once: even positions train, odd ones test, so that no customer and no area serves both.
/// Training areas of every attack teach the ensemble; the threshold for the stated rate of false alarms comes
/// from honest customers that the experts in question did not learn from (two folds of the training homes).
/// Test areas are then judged. Of each family the detector is shown that ranked best on the training areas of
/// that attack. The delay is found by judging the first 7, 14 and 28 days of every eighth area as if
/// nothing more were known. Unit: kWh, days. Range: at least 2 x 40 homes and 8 days. Errors:
/// std::invalid_argument. Randomness: the seed. Time: none.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "apps/theft/detection_quality.hpp"
#include "apps/theft/trial_area.hpp"

namespace app::theft {
struct EvaluationSettings {
  int areas = 200;         ///< test areas per attack
  int training_areas = 0;  ///< per attack; 0: a quarter of `areas`, at least 8 and at most 50
  std::uint64_t seed = 1;
  double false_alarm_rate = 0.01;
  int jobs = 1;                  ///< threads; the figures are the same for any number
  std::vector<TrialKind> kinds;  ///< what is tested; the ensemble always learns every attack
  TrialSettings trial;
};

struct DetectorQuality {
  std::string name, family;
  double auc = unknown, average_precision = unknown;
};

enum class Visibility : std::uint8_t { seen, partly_seen, not_seen };
std::string_view name_of(Visibility visibility);

struct AttackQuality {
  std::string name, meaning;
  bool keeps_energy = false;
  DetectorQuality ensemble, balance,
      shape;  ///< of the families the one that training chose; no one for a mix
  std::vector<DetectorQuality> detectors;
  double auc_error = unknown;  ///< standard error of the ensemble's AUC, customers taken as independent
  AtThreshold counts;
  double stolen_kWh = 0, found_kWh = 0;  ///< drawn and not reported; of it by thieves who are found
  double delay_days = unknown;           ///< median over thieves found
  double found_early_share = unknown;    ///< of the thieves of those areas, found within 28 days
  Visibility visibility = Visibility::not_seen;
};

struct Evaluation {
  EvaluationSettings settings;
  std::size_t training_homes = 0, test_homes = 0;
  int days = 0, intervals_per_day = 0;
  double threshold = 0;
  std::vector<AttackQuality> attacks;
  std::string sheet;  ///< the first test area's first evidence sheet, as an example
};
Evaluation evaluate(const std::vector<model::theft::Consumption>& homes, const EvaluationSettings& settings,
                    const std::function<void(const std::string&)>& tell = {});
std::string to_text(const Evaluation& evaluation);
std::string to_csv(const Evaluation& evaluation);
std::string to_json(const Evaluation& evaluation);
/// A picture for documents: bars of AUC, ensemble, balance and shape.
std::string to_svg(const Evaluation& evaluation);
}  // namespace app::theft
