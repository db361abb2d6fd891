// Trains, calibrates and judges.
#include "apps/theft/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "head-end/loss/evidence.hpp"

namespace app::theft {
namespace {
using headend::loss::AreaView;
using headend::loss::Detectors;
using headend::loss::Ensemble;
using headend::loss::Family;
using headend::loss::LabelledScores;
using model::theft::Attack;
using model::theft::Consumption;

constexpr std::array<int, 3> early_days{7, 14, 28};
constexpr int delays_every = 8;  // test areas: each costs three more looks
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

int home_of(const headend::loss::CustomerReadings& customer) { return std::stoi(customer.name.substr(5)); }

/// The customers of an area with the scores of every detector; thieves are of `kind`.
std::vector<LabelledScores> scored(const Detectors& detectors, const TrialArea& area, int kind, int days) {
  const AreaView view(days > 0 ? first_days(area.readings, days) : area.readings);
  auto rows = headend::loss::scores_of(detectors, view);
  std::vector<LabelledScores> customers;
  for (std::size_t i = 0; i < rows.size(); ++i)
    customers.push_back({std::move(rows[i]), area.is_thief[i] ? kind : headend::loss::honest,
                         home_of(area.readings.customers[i])});
  return customers;
}

/// Calls `work` with every number below `count`, on several threads. Each number's work is its own: what
/// comes of it must not depend on who did it when. An exception of one of them is thrown again, the lowest
/// number's.
void share_out(int count, int jobs, const std::function<void(int)>& work) {
  std::atomic<int> next{0};
  std::vector<std::exception_ptr> trouble(static_cast<std::size_t>(std::max(count, 0)));
  const auto worker = [&] {
    for (int n = next++; n < count; n = next++) {
      try {
        work(n);
      } catch (...) {
        trouble[static_cast<std::size_t>(n)] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> others;
  for (int k = 1; k < std::min(jobs, count); ++k) others.emplace_back(worker);
  worker();
  for (auto& other : others) other.join();
  for (const auto& one : trouble)
    if (one) std::rethrow_exception(one);
}

/// An ensemble with the threshold that its stated rate of false alarms asks for.
struct Judge {
  Ensemble ensemble;
  double threshold;
};

Judge make_judge(const std::vector<LabelledScores>& training, double false_alarm_rate) {
  Ensemble ensemble(training, std::vector<bool>(training.front().score.size(), true));
  const double threshold = ensemble.threshold(false_alarm_rate);
  return {std::move(ensemble), threshold};
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
      std::vector<LabelledScores> training;
      for (std::size_t k = 0; k < taught.size(); ++k) {
        if (tell_ && days == 0) tell_(fmt::format("training {}", model::theft::name_of(taught[k])));
        std::vector<std::vector<LabelledScores>> by_area(static_cast<std::size_t>(areas));
        share_out(areas, settings_.jobs, [&](int n) {
          by_area[static_cast<std::size_t>(n)] =
              scored(detectors_,
                     make_trial_area(training_homes_, {false, taught[k]}, training_seed(),
                                     static_cast<std::uint32_t>(n), settings_.trial),
                     static_cast<int>(k), days);
        });
        for (auto& customers : by_area)
          training.insert(training.end(), std::make_move_iterator(customers.begin()),
                          std::make_move_iterator(customers.end()));
      }
      judges_.push_back(make_judge(training, settings_.false_alarm_rate));
      if (days == 0) choose_detectors(training, areas);
    }
  }

  /// By attack: the detector of each family with the highest AUC on that attack's training areas.
  void choose_detectors(const std::vector<LabelledScores>& training, int areas) {
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
          judged.push_back({training[row].score[d], training[row].kind >= 0});
        const double auc = area_under_curve(std::move(judged));
        const std::size_t f = family == Family::balance ? 0 : 1;
        if (auc > best_auc[f]) best_auc[f] = auc, best[f] = d;
      }
      chosen_.push_back(best);
    }
  }

  /// What came of one test area.
  struct JudgedArea {
    TrialArea area;
    std::vector<LabelledScores> customers;
    std::vector<double> score;  ///< the ensemble's, by customer
    std::vector<int> first;     ///< days until the customer is named; 0: never; empty: not looked at
  };

  JudgedArea judge_area(const TrialKind& kind, int n) const {
    JudgedArea judged{
        make_trial_area(test_homes_, kind, test_seed(), static_cast<std::uint32_t>(n), settings_.trial),
        {},
        {},
        {}};
    judged.customers = scored(detectors_, judged.area, 0, 0);
    const Judge& judge = judges_.front();
    for (const auto& customer : judged.customers)
      judged.score.push_back(judge.ensemble.score(customer.score));
    if (n % delays_every == 0) judged.first = first_named(judged);
    // Only the first area is looked at again: its readings make the example.
    if (n > 0) judged.area.readings = {};
    return judged;
  }

  /// A thief's delay is the shortest period whose judge names him; whom only the whole period shows has its
  /// length.
  std::vector<int> first_named(const JudgedArea& judged) const {
    std::vector<int> first(judged.score.size(), 0);
    for (std::size_t i = 0; i < first.size(); ++i)
      if (judged.score[i] > judges_.front().threshold) first[i] = days_;
    for (std::size_t j = days_of_judge_.size(); j-- > 1;) {
      const auto early = scored(detectors_, judged.area, 0, days_of_judge_[j]);
      for (std::size_t i = 0; i < first.size(); ++i)
        if (judges_[j].ensemble.score(early[i].score) > judges_[j].threshold) first[i] = days_of_judge_[j];
    }
    return first;
  }

  AttackQuality judge_kind(const TrialKind& kind) {
    AttackQuality quality;
    quality.keeps_energy = !kind.is_mix && model::theft::keeps_energy(kind.attack);
    std::vector<JudgedArea> areas(static_cast<std::size_t>(settings_.areas));
    share_out(settings_.areas, settings_.jobs,
              [&](int n) { areas[static_cast<std::size_t>(n)] = judge_area(kind, n); });
    std::vector<Judged> by_ensemble;
    std::vector<std::vector<Judged>> by_detector(detectors_.size());
    std::vector<double> delays;
    std::size_t early_thieves = 0, early_found = 0;
    for (const JudgedArea& judged : areas) {
      for (std::size_t i = 0; i < judged.customers.size(); ++i) {
        const bool is_thief = judged.area.is_thief[i];
        by_ensemble.push_back({judged.score[i], is_thief});
        for (std::size_t d = 0; d < detectors_.size(); ++d)
          by_detector[d].push_back({judged.customers[i].score[d], is_thief});
        if (!is_thief) continue;
        const double stolen = judged.area.drawn_kWh[i] - judged.area.reported_kWh[i];
        quality.stolen_kWh += stolen;
        if (judged.score[i] > judges_.front().threshold) quality.found_kWh += stolen;
        if (judged.first.empty()) continue;
        ++early_thieves;
        if (judged.first[i] > 0) delays.push_back(judged.first[i]);
        if (judged.first[i] > 0 && judged.first[i] < days_) ++early_found;
      }
    }
    keep_example(areas.front().area);
    summarise(kind, by_ensemble, by_detector, quality);
    if (!delays.empty()) quality.delay_days = headend::loss::quantile(delays, 0.5);
    if (early_thieves > 0)
      quality.found_early_share = static_cast<double>(early_found) / static_cast<double>(early_thieves);
    return quality;
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
