// Trains, calibrates and judges.
#include "apps/theft/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "head-end/loss/evidence.hpp"

namespace app::theft {
namespace {
using headend::loss::AreaView;
using headend::loss::Detectors;
using headend::loss::Ensemble;
using headend::loss::Family;
using headend::loss::LabelledScores;
using headend::loss::ScoreScale;
using model::theft::Attack;
using model::theft::Consumption;

constexpr std::array<int, 3> early_days{7, 14, 28};
/// What the ensemble learns; the six published pairs of equal attacks (h1 = m1 ...) count once.
constexpr std::array<Attack, 17> taught{Attack::m0,  Attack::m2, Attack::m4,  Attack::m6,  Attack::m7,
                                        Attack::m8,  Attack::m9, Attack::m10, Attack::m11, Attack::m12,
                                        Attack::m13, Attack::h1, Attack::h2,  Attack::h3,  Attack::h4,
                                        Attack::h5,  Attack::h6};

int taught_as(Attack attack) {
  const Attack same = attack == Attack::m1   ? Attack::h1
                      : attack == Attack::m3 ? Attack::h3
                      : attack == Attack::m5 ? Attack::h4
                                             : attack;
  return static_cast<int>(std::find(taught.begin(), taught.end(), same) - taught.begin());
}

/// The same thieves reporting the same: judged once.
bool is_same(const TrialKind& a, const TrialKind& b) {
  return a.is_mix == b.is_mix && (a.is_mix || taught_as(a.attack) == taught_as(b.attack));
}

/// Scored customers of some areas: rows of detector scores with labels and the home's fold.
struct Scored {
  std::vector<LabelledScores> customers;
  std::vector<bool> is_odd_home;
};

int home_of(const headend::loss::CustomerReadings& customer) { return std::stoi(customer.name.substr(5)); }

void score_area(const Detectors& detectors, const TrialArea& area, int kind, int days, Scored& scored) {
  const AreaView view(days > 0 ? first_days(area.readings, days) : area.readings);
  auto rows = headend::loss::scores_of(detectors, view);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    scored.customers.push_back({std::move(rows[i]), area.is_thief[i] ? kind : headend::loss::honest});
    scored.is_odd_home.push_back(home_of(area.readings.customers[i]) % 2 != 0);
  }
}

/// An ensemble with the threshold that its stated rate of false alarms asks for.
struct Judge {
  Ensemble ensemble;
  double threshold;
};

Judge make_judge(const Scored& training, double false_alarm_rate) {
  const std::vector<bool> every(training.customers.front().score.size(), true);
  std::array<std::vector<LabelledScores>, 2> fold;
  for (std::size_t k = 0; k < training.customers.size(); ++k)
    fold[training.is_odd_home[k] ? 1 : 0].push_back(training.customers[k]);
  std::vector<double> honest_scores;
  for (std::size_t f = 0; f < 2; ++f) {
    const Ensemble other(fold[1 - f], every);
    for (const auto& customer : fold[f])
      if (customer.kind == headend::loss::honest) honest_scores.push_back(other.score(customer.score));
  }
  return {Ensemble(training.customers, every),
          ScoreScale(std::move(honest_scores)).threshold(false_alarm_rate)};
}

class Evaluator {
 public:
  Evaluator(const std::vector<Consumption>& homes, const EvaluationSettings& settings,
            const std::function<void(const std::string&)>& tell)
      : settings_(settings), tell_(tell), detectors_(headend::loss::every_detector()) {
    for (std::size_t k = 0; k < homes.size(); ++k)
      (k % 2 == 0 ? training_homes_ : test_homes_).push_back(homes[k]);
    const auto least = static_cast<std::size_t>(settings.trial.customers);
    if (training_homes_.size() < least || test_homes_.size() < least)
      throw std::invalid_argument(fmt::format(
          "{} usable customers: two disjoint halves of at least {} are needed", homes.size(), least));
    days_ = static_cast<int>(homes.front().energy_kWh.size()) / homes.front().intervals_per_day;
    if (days_ < 8) throw std::invalid_argument(fmt::format("{} days: at least 8 are needed", days_));
    training_areas_ =
        settings.training_areas > 0 ? settings.training_areas : std::clamp(settings.areas / 4, 8, 50);
  }

  Evaluation run() {
    Evaluation evaluation;
    evaluation.settings = settings_;
    evaluation.settings.training_areas = training_areas_;
    evaluation.training_homes = training_homes_.size();
    evaluation.test_homes = test_homes_.size();
    evaluation.days = days_;
    evaluation.intervals_per_day = test_homes_.front().intervals_per_day;
    train();
    evaluation.threshold = judges_.front().threshold;
    for (std::size_t k = 0; k < settings_.kinds.size(); ++k) {
      const TrialKind& kind = settings_.kinds[k];
      const auto same =
          std::find_if(settings_.kinds.begin(), settings_.kinds.begin() + static_cast<std::ptrdiff_t>(k),
                       [&](const TrialKind& other) { return is_same(kind, other); });
      if (tell_) tell_("judging " + kind.name());
      if (same == settings_.kinds.begin() + static_cast<std::ptrdiff_t>(k))
        evaluation.attacks.push_back(judge_kind(kind));
      else
        evaluation.attacks.push_back(
            evaluation.attacks[static_cast<std::size_t>(same - settings_.kinds.begin())]);
      evaluation.attacks.back().name = kind.name();
      evaluation.attacks.back().meaning = kind.meaning();
    }
    evaluation.sheet = example_;
    return evaluation;
  }

 private:
  std::uint64_t training_seed() const { return settings_.seed * 2; }
  std::uint64_t test_seed() const { return settings_.seed * 2 + 1; }

  /// Judges by length of the period: all of it first, then the early days that are shorter.
  void train() {
    days_of_judge_ = {0};
    for (const int days : early_days)
      if (days < days_) days_of_judge_.push_back(days);
    for (const int days : days_of_judge_) {
      const int areas = days == 0 ? training_areas_ : std::max(4, training_areas_ / 4);
      Scored training;
      for (std::size_t k = 0; k < taught.size(); ++k) {
        if (tell_ && days == 0) tell_(fmt::format("training {}", model::theft::name_of(taught[k])));
        for (int n = 0; n < areas; ++n)
          score_area(detectors_,
                     make_trial_area(training_homes_, {false, taught[k]}, training_seed(),
                                     static_cast<std::uint32_t>(n), settings_.trial),
                     static_cast<int>(k), days, training);
      }
      judges_.push_back(make_judge(training, settings_.false_alarm_rate));
      if (days == 0) choose_detectors(training, areas);
    }
  }

  /// By attack: the detector of each family with the highest AUC on that attack's training areas.
  void choose_detectors(const Scored& training, int areas) {
    const auto per_kind =
        static_cast<std::size_t>(areas) * static_cast<std::size_t>(settings_.trial.customers);
    for (std::size_t k = 0; k < taught.size(); ++k) {
      std::array<std::size_t, 2> best{0, 0};
      std::array<double, 2> best_auc{-1, -1};
      for (std::size_t d = 0; d < detectors_.size(); ++d) {
        const Family family = detectors_[d]->family();
        if (family != Family::balance && family != Family::shape) continue;
        std::vector<Judged> judged;
        for (std::size_t row = k * per_kind; row < (k + 1) * per_kind; ++row)
          judged.push_back({training.customers[row].score[d], training.customers[row].kind >= 0});
        const double auc = area_under_curve(std::move(judged));
        const std::size_t f = family == Family::balance ? 0 : 1;
        if (auc > best_auc[f]) best_auc[f] = auc, best[f] = d;
      }
      chosen_.push_back(best);
    }
  }

  AttackQuality judge_kind(const TrialKind& kind) {
    AttackQuality quality;
    quality.keeps_energy = !kind.is_mix && model::theft::keeps_energy(kind.attack);
    std::vector<Judged> by_ensemble;
    std::vector<std::vector<Judged>> by_detector(detectors_.size());
    std::vector<double> delays;
    std::size_t early_thieves = 0, early_found = 0;
    for (int n = 0; n < settings_.areas; ++n) {
      const TrialArea area =
          make_trial_area(test_homes_, kind, test_seed(), static_cast<std::uint32_t>(n), settings_.trial);
      Scored scored;
      score_area(detectors_, area, 0, 0, scored);
      std::vector<bool> is_found(scored.customers.size());
      for (std::size_t i = 0; i < scored.customers.size(); ++i) {
        const bool is_thief = area.is_thief[i];
        by_ensemble.push_back({judges_.front().ensemble.score(scored.customers[i].score), is_thief});
        is_found[i] = by_ensemble.back().score > judges_.front().threshold;
        for (std::size_t d = 0; d < detectors_.size(); ++d)
          by_detector[d].push_back({scored.customers[i].score[d], is_thief});
        if (!is_thief) continue;
        const double stolen = area.drawn_kWh[i] - area.reported_kWh[i];
        quality.stolen_kWh += stolen;
        if (is_found[i]) quality.found_kWh += stolen;
      }
      if (n % 4 == 0) note_delays(area, is_found, delays, early_thieves, early_found);
      keep_example(area);
    }
    summarise(kind, by_ensemble, by_detector, quality);
    if (!delays.empty()) quality.delay_days = headend::loss::quantile(delays, 0.5);
    if (early_thieves > 0)
      quality.found_early_share = static_cast<double>(early_found) / static_cast<double>(early_thieves);
    return quality;
  }

  /// A thief's delay is the shortest period whose judge names him; whom only the whole period shows has its
  /// length.
  void note_delays(const TrialArea& area, const std::vector<bool>& is_found, std::vector<double>& delays,
                   std::size_t& thieves, std::size_t& found) {
    std::vector<int> first(is_found.size(), 0);
    for (std::size_t j = days_of_judge_.size(); j-- > 1;) {
      Scored scored;
      score_area(detectors_, area, 0, days_of_judge_[j], scored);
      for (std::size_t i = 0; i < first.size(); ++i)
        if (judges_[j].ensemble.score(scored.customers[i].score) > judges_[j].threshold)
          first[i] = days_of_judge_[j];
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (!area.is_thief[i]) continue;
      ++thieves;
      if (first[i] > 0) ++found;
      if (first[i] > 0 || is_found[i]) delays.push_back(first[i] > 0 ? first[i] : days_);
    }
  }

  void summarise(const TrialKind& kind, const std::vector<Judged>& by_ensemble,
                 const std::vector<std::vector<Judged>>& by_detector, AttackQuality& quality) {
    const auto judge = [](std::string name, std::string family, const std::vector<Judged>& judged) {
      return DetectorQuality{std::move(name), std::move(family), area_under_curve(judged),
                             average_precision(judged)};
    };
    quality.ensemble = judge("ensemble", "all", by_ensemble);
    for (std::size_t d = 0; d < detectors_.size(); ++d)
      quality.detectors.push_back(judge(std::string(detectors_[d]->name()),
                                        std::string(headend::loss::name_of(detectors_[d]->family())),
                                        by_detector[d]));
    if (!kind.is_mix) {
      const auto& chosen = chosen_[static_cast<std::size_t>(taught_as(kind.attack))];
      quality.balance = quality.detectors[chosen[0]];
      quality.shape = quality.detectors[chosen[1]];
    }
    quality.counts = at_threshold(by_ensemble, judges_.front().threshold);
    const std::size_t thieves = quality.counts.thieves_found + quality.counts.thieves_missed;
    quality.auc_error = standard_error_of_auc(quality.ensemble.auc, thieves, by_ensemble.size() - thieves);
    quality.visibility = quality.counts.recall() >= 0.5                        ? Visibility::seen
                         : quality.ensemble.auc - 3 * quality.auc_error > 0.75 ? Visibility::partly_seen
                                                                               : Visibility::not_seen;
  }

  void keep_example(const TrialArea& area) {
    if (!example_.empty()) return;
    headend::loss::Judgement judgement{
        &detectors_, &judges_.front().ensemble, judges_.front().threshold, settings_.false_alarm_rate, {}};
    for (const Attack attack : taught) judgement.kinds.emplace_back(model::theft::meaning_of(attack));
    const auto sheets = headend::loss::evidence_sheets(AreaView(area.readings), judgement);
    if (!sheets.empty()) example_ = headend::loss::to_text(sheets.front());
  }

  EvaluationSettings settings_;
  std::function<void(const std::string&)> tell_;
  Detectors detectors_;
  std::vector<Consumption> training_homes_, test_homes_;
  int days_ = 0, training_areas_ = 0;
  std::vector<int> days_of_judge_;
  std::vector<Judge> judges_;
  std::vector<std::array<std::size_t, 2>> chosen_;
  std::string example_;
};
}  // namespace

std::string_view name_of(Visibility visibility) {
  static constexpr std::array<std::string_view, 3> names{"seen", "partly seen", "not seen"};
  return names.at(static_cast<std::size_t>(visibility));
}

Evaluation evaluate(const std::vector<Consumption>& homes, const EvaluationSettings& settings,
                    const std::function<void(const std::string&)>& tell) {
  if (homes.empty()) throw std::invalid_argument("no usable customers");
  return Evaluator(homes, settings, tell).run();
}
}  // namespace app::theft
