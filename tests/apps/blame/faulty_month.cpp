#include "tests/apps/blame/faulty_month.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "apps/simulate.hpp"
#include "core/random.hpp"
#include "models/fault/registry.hpp"
#include "models/theft/attack.hpp"
#include "scenarios/load.hpp"
#include "sim/kernel/fork_runner.hpp"

namespace blame_test {
namespace {
/// One row of draws, used one after another.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_(seed, 0, core::Purpose::test) {}
  std::int64_t between(std::int64_t low, std::int64_t high) { return stream_.between(low, high, index_++); }
  bool happens(core::Ratio chance) { return stream_.happens(chance, index_++); }

 private:
  core::RandomStream stream_;
  std::uint64_t index_ = 0;
};

/// A window of twenty minutes to five days (a third of a shorter run), long ones as often as short ones.
struct Window {
  std::int64_t from_min, till_min;
};
Window draw_window(Dice& dice, std::int64_t minutes) {
  const auto octave = dice.between(0, 8);
  const auto least = std::int64_t{20} << octave;
  const auto length = std::min<std::int64_t>(dice.between(least, 2 * least),
                                             std::min<std::int64_t>(5 * 24 * 60, minutes / 3));
  const auto from = dice.between(0, minutes - length);
  return {from, from + length};
}

/// So long after the run's beginning; the run ends with July.
std::string instant_text(std::int64_t minute, int days) {
  const auto day = 32 - days + minute / 1440;
  return fmt::format("2026-{:02}-{:02}T{:02}:{:02}", day > 31 ? 8 : 7, day > 31 ? 1 : day, minute / 60 % 24,
                     minute % 60);
}

/// What a month's area is like.
enum class Shape { plain, carrier, prepaid };
struct Yard {
  Shape shape = Shape::plain;
  std::int64_t meters = 3;
};
/// The meter that holds money, of a yard that has one: the last.
std::string groups_text(const Yard& yard, Dice& dice) {
  if (yard.shape != Shape::prepaid)
    return fmt::format("      - {{ count: {}, payment: postpaid, tariff: tou }}\n", yard.meters);
  return fmt::format(R"(      - {{ count: {}, payment: postpaid, tariff: tou }}
      - {{ count: 1, payment: prepaid-head-end, tariff: tou, opening_balance: {} CNY,
          pays: {{ when: {}, after_min: 1h, after_max: 9h, amount: 30 CNY }} }}
      - {{ count: 1, payment: prepaid-meter, tariff: tou, opening_balance: {} CNY,
          pays: {{ when: cut-off, after_min: 30min, after_max: 8h, amount: 20 CNY }} }}
)",
                     yard.meters - 2, dice.between(5, 40), dice.happens({1, 2}) ? "warned" : "cut-off",
                     dice.between(5, 40));
}

/// The value of a field, as a scenario writes it; empty for a field this generator does not know.
std::string field_text(model::FaultField field, const std::string& kind, Dice& dice, std::int64_t meters) {
  switch (field) {
    case model::fault_bit_error:
      return fmt::format("1/{}", dice.between(300, 5000));
    case model::fault_chance:
      return fmt::format("{} %", dice.between(5, 90));
    case model::fault_delay:
      return fmt::format("{}ms", dice.between(300, 5000));
    case model::fault_step:
      return fmt::format("{}{}s", dice.happens({1, 2}) ? "-" : "", dice.between(60, 1800));
    case model::fault_count:
      return fmt::format("{}", kind == "line-broken" ? dice.between(0, meters - 1) : dice.between(4, 60));
    case model::fault_age:
      return fmt::format("{}min", dice.between(30, 600));
    case model::fault_share:
      return fmt::format("{} %", dice.between(20, 100));
    case model::fault_power:
      return fmt::format("{} W", dice.between(50, 500));
    case model::fault_energy:
      return fmt::format("{} kWh", dice.between(1, 30));
    case model::fault_noise:
      return fmt::format("{}", dice.between(5, 40));
    case model::fault_attack: {
      const auto attacks = model::theft::every_attack();
      const auto drawn = dice.between(0, static_cast<std::int64_t>(attacks.size()) - 1);
      return std::string(model::theft::name_of(attacks[static_cast<std::size_t>(drawn)]));
    }
    default:
      return {};
  }
}

bool is_possible(const model::FaultEntry& entry, Shape shape) {
  using Kind = model::FaultKind;
  const auto known = model::fault_area | model::fault_meter | model::fault_bit_error | model::fault_chance |
                     model::fault_delay | model::fault_step | model::fault_count | model::fault_age |
                     model::fault_other | model::fault_noise | model::fault_share | model::fault_power |
                     model::fault_energy | model::fault_attack;
  if ((entry.needs & ~static_cast<std::uint32_t>(known)) != 0) return false;
  switch (entry.kind) {
    case Kind::nat_timeout:  // of a bearer with a data sheet
    case Kind::cell_crowded:
    case Kind::phase_swap:  // of a meter at a transformer
      return false;
    case Kind::recharge_replay:
      return shape == Shape::prepaid;
    case Kind::double_address:  // of two meters on one pair
      return shape != Shape::carrier;
    default:
      if (entry.name.starts_with("carrier")) return shape == Shape::carrier;
      return shape != Shape::carrier || entry.site != model::FaultSite::line;
  }
}

std::string fault_text(const model::FaultEntry& entry, Dice& dice, const Yard& yard, int days) {
  const std::string kind(entry.name);
  auto window = draw_window(dice, days * 24 * 60);
  if (kind == "head-end-crash") window.till_min = std::min(window.till_min, window.from_min + 600);
  auto text = fmt::format("{{ kind: {}, from: \"{}\", till: \"{}\"", kind,
                          instant_text(window.from_min, days), instant_text(window.till_min, days));
  const auto meters = yard.meters;
  const auto meter = entry.kind == model::FaultKind::recharge_replay ? meters : dice.between(1, meters);
  const bool names_meter = entry.needs_field(model::fault_meter) ||
                           (entry.takes_field(model::fault_meter) && dice.happens({2, 3}));
  if (names_meter) text += fmt::format(", meter: M{:04}", meter);
  if (entry.needs_field(model::fault_other)) text += fmt::format(", other: M{:04}", meter % meters + 1);
  for (const auto field : model::fault_fields())
    if (entry.needs_field(field)) {
      const auto value = field_text(field, kind, dice, meters);
      if (!value.empty()) text += fmt::format(", {}: {}", model::key_of(field), value);
      if (value == model::theft::name_of(model::theft::Attack::m12))
        text += fmt::format(", other: M{:04}", meter % meters + 1);
    }
  return text + " }";
}
}  // namespace

std::string faulty_month_text(std::uint64_t seed, MonthSize size) {
  Dice dice(seed);
  static constexpr Shape shapes[] = {Shape::plain, Shape::plain, Shape::carrier, Shape::prepaid};
  Yard yard{shapes[dice.between(0, 3)], dice.between(3, size.meters_max)};
  auto text = fmt::format(R"(story: faulty-month-{0}
seed: {0}
starts: "2026-07-{3:02}T00:00:00+08:00"
lasts: {4}d
settles: 4h
tariffs:
  - name: tou
    periods:
      - {{ name: peak, slots: "08:00-22:00", prices: [0.568 CNY/kWh, 0.618 CNY/kWh, 0.868 CNY/kWh] }}
      - {{ name: valley, slots: "22:00-08:00", prices: [0.288 CNY/kWh, 0.338 CNY/kWh, 0.588 CNY/kWh] }}
    resets: monthly
    bounds: [100 kWh, 200 kWh]
areas:
  - name: yard
    line: {{ kind: {5}
    meters:
{1}head_end: {{ collect: {{ gap_patience: {2}h }} }}
faults:
)",
                          seed, groups_text(yard, dice), dice.between(6, 36), 32 - size.days, size.days,
                          yard.shape == Shape::carrier ? "carrier }\n    feeder: lane" : "rs485 }");
  std::vector<const model::FaultEntry*> kinds, telling;
  for (const auto& entry : model::fault_registry()) {
    if (!is_possible(entry, yard.shape)) continue;
    kinds.push_back(&entry);
    if (model::hides_energy(entry.kind)) telling.push_back(&entry);
  }
  for (int times = 0; times < 4; ++times)  // as many as there are ways to hide energy
    for (const auto kind : {model::FaultKind::supply_outage, model::FaultKind::meter_silent,
                            model::FaultKind::clock_step, model::FaultKind::line_broken})
      if (is_possible(model::fault_entry(kind), yard.shape)) telling.push_back(&model::fault_entry(kind));
  const auto faults = dice.between(2, size.faults_max);
  bool has_crash = false;
  for (std::int64_t i = 0; i < faults; ++i) {
    // Two of three faults are of the kinds that do more than delay.
    const auto pick = [&](const auto& from) {
      return from[static_cast<std::size_t>(dice.between(0, static_cast<std::int64_t>(from.size()) - 1))];
    };
    const auto& entry = *(dice.happens({2, 3}) ? pick(telling) : pick(kinds));
    const bool is_crash = entry.kind == model::FaultKind::head_end_crash;
    if (is_crash && has_crash) continue;  // crashes may not overlap
    has_crash |= is_crash;
    text += "  - " + fault_text(entry, dice, yard, size.days) + "\n";
  }
  return text;
}

std::vector<audit::AccountMonth> months_of(const scenario::Scenario& scenario) {
  const app::ScratchFolder scratch("blame-test");
  const auto outcomes = sim::run_forked({{"month",
                                          [&](std::string&) {
                                            app::simulate(scenario, {}, scratch.path());
                                            return static_cast<int>(app::exit_pass);
                                          }}},
                                        {.at_once = 1, .deadline = {}, .on_outcome = {}});
  if (outcomes.front().exit_code != 0) throw std::runtime_error(outcomes.front().trouble);
  return audit::find_differences(scenario, scratch.path() / "truth.db", scratch.path() / "books.db");
}

std::set<std::size_t> named_by(const audit::Attributed& attributed) {
  std::set<std::size_t> named;
  for (const auto& group : attributed.groups) named.insert(group.causes.begin(), group.causes.end());
  return named;
}

JudgedMonth judge_month(const scenario::Scenario& scenario, int at_once) {
  JudgedMonth judged;
  judged.scenario = scenario;
  const audit::Estate estate(judged.scenario);
  const audit::Blame blame(estate);
  judged.causes = audit::causes_of_area(estate, blame, 0);
  judged.months = months_of(judged.scenario);
  const auto all = audit::shown_of(judged.months);
  const app::BlameRuns runs(judged.scenario, judged.causes, {0, at_once});
  audit::Attribution attribution(judged.causes.size(), all, runs, {200, static_cast<std::size_t>(at_once)});
  for (const auto& [key, difference] : all)
    judged.attributed.push_back(
        attribution.attribute(difference, audit::likely_causes(estate, blame, judged.causes, difference)));
  judged.runs = attribution.runs();

  std::vector<audit::Present> subsets;
  if (!all.empty())
    for (std::size_t bits = 0; bits < std::size_t{1} << judged.causes.size(); ++bits) {
      subsets.emplace_back(judged.causes.size());
      for (std::size_t i = 0; i < judged.causes.size(); ++i) subsets.back()[i] = (bits >> i & 1) != 0;
    }
  const auto outcomes = runs(subsets);
  for (const auto& attributed : judged.attributed) {
    const auto key = audit::key_of(attributed.difference);
    const auto count = [&](std::size_t bits) {
      const auto found = outcomes[bits].find(key);
      return found == outcomes[bits].end() ? 0 : found->second.count;
    };
    const auto natural = count(0);
    judged.is_natural.push_back(attributed.difference.count <= natural);
    std::set<std::size_t> right;
    for (std::size_t bits = 0; bits < outcomes.size(); ++bits)
      for (std::size_t i = 0; i < judged.causes.size(); ++i)
        if ((bits >> i & 1) == 0 && (count(bits) > natural) != (count(bits | std::size_t{1} << i) > natural))
          right.insert(i);
    judged.right.push_back(std::move(right));
  }
  return judged;
}
}  // namespace blame_test
