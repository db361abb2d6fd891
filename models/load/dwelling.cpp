#include "models/load/dwelling.hpp"

#include <algorithm>
#include <cmath>

namespace model::demand {
/// Workdays: the published profiles less what runs at night. Days of rest: later, and with a noon (the German
/// standard profile H25 of rest days over its workdays).
const std::array<std::array<int, 24>, 2> activity_permille = {
    {{7, 7, 5, 6, 6, 8, 19, 44, 66, 60, 42, 50, 49, 32, 34, 42, 53, 63, 76, 83, 78, 73, 62, 27},
     {8, 7, 6, 6, 6, 7, 12, 27, 57, 72, 70, 80, 79, 62, 54, 54, 64, 74, 82, 80, 72, 66, 56, 30}}};

namespace {
/// An appliance: how often a day in an average home, how much, how long, and who has one.
struct Appliance {
  double runs_a_day;
  double power_W_min, power_W_max;
  int minutes_min, minutes_max;
  double owned_by;  ///< share of homes
};
constexpr std::array<Appliance, 9> appliances = {{
    {3.6, 1'800, 2'700, 2, 4, 1.0},     // kettle
    {1.2, 1'000, 1'400, 2, 7, 0.9},     // microwave oven
    {0.9, 1'200, 2'600, 15, 45, 0.9},   // hob or oven
    {0.7, 1'900, 2'300, 12, 22, 0.9},   // washing machine, heating
    {0.6, 2'000, 2'400, 18, 35, 0.5},   // dishwasher, heating twice
    {0.9, 7'400, 9'800, 2, 5, 0.43},    // electric shower
    {0.6, 1'000, 2'200, 10, 30, 0.8},   // iron, vacuum cleaner
    {0.3, 2'200, 3'000, 30, 70, 0.25},  // tumble dryer
    {1.5, 300, 900, 20, 60, 0.9}        // rice cooker, slow hob, heated blanket
}};
/// Slots of a day's draws: the day itself, then half hours, then hours by appliance.
constexpr int day_slot = 0, screen_slots = 100, fridge_slots = 200, run_slots = 1000;

/// What stays the same about a home.
struct Traits {
  double size;
  double standby_W, fridge_W, screens_W, at_home;
  bool is_out_by_day;
  std::array<bool, appliances.size()> owns;

  Traits(const DemandSetup& setup) {
    const core::RandomStream stream(setup.seed, setup.entity, core::Purpose::demand_traits);
    const auto factor = [](std::uint32_t word, double sigma) {
      const double exponent = sigma * core::normal_q16(word) / 65'536 - sigma * sigma / 2;
      return static_cast<double>(core::exp_q16(static_cast<std::int64_t>(exponent * 65'536))) / 65'536;
    };
    const auto own = stream.block(0), more = stream.block(1), things = stream.block(2),
               rest = stream.block(3);
    size = setup.size * factor(own[0], 0.33);
    standby_W = setup.size * 57 * factor(own[1], 0.4);
    fridge_W = setup.size * 85 * factor(own[2], 0.25);
    screens_W = 285 * factor(own[3], 0.3);
    at_home = 0.5 + 0.5 * (more[2] / 4294967296.0);
    is_out_by_day = more[0] % 2 == 0;
    for (std::size_t i = 0; i < owns.size(); ++i) {
      const std::uint32_t word = i < 4 ? things[i] : i < 8 ? rest[i - 4] : more[1];
      owns[i] = word / 4294967296.0 < appliances[i].owned_by;
    }
  }
};

void add(DemandDay& day, int from, int lasts, double power_W) {
  const auto power_mW = static_cast<std::int32_t>(std::lround(power_W * 1000));
  for (int minute = from; minute < std::min(from + lasts, minutes_a_day); ++minute)
    day[static_cast<std::size_t>(minute)] += power_mW;
}

int activity(bool is_resting, int hour) {
  return activity_permille[is_resting ? 1 : 0][static_cast<std::size_t>(hour)];
}

/// Times the usual activity of an hour: who works is out from nine to four on workdays and home more at rest.
double presence(const Traits& traits, bool is_resting, int hour) {
  const bool is_daytime = hour >= 9 && hour < 16;
  if (!is_daytime) return 1;
  if (is_resting) return 1.15;
  return traits.is_out_by_day ? 0.35 : 1.4;
}

void add_refrigerator(const Traits& traits, const Draws& draws, double outside_C, DemandDay& day) {
  // Runs longer in summer; a cycle is 45 to 60 minutes.
  const double duty = std::clamp(0.35 + 0.01 * (outside_C - 17), 0.2, 0.7);
  int minute = static_cast<int>(50 * draws.share(fridge_slots, 0));
  for (int cycle = 1; minute < minutes_a_day; ++cycle) {
    const int period = 45 + static_cast<int>(16 * draws.share(fridge_slots + cycle, 0));
    add(day, minute, static_cast<int>(period * duty), traits.fridge_W);
    minute += period;
  }
}

/// Light and screens by the half hour: how many are awake follows the activity, light the darkness outside.
void add_screens(const Traits& traits, const Draws& draws, const Climate& climate, double indoors,
                 bool is_resting, std::int64_t local_day, DemandDay& day) {
  for (int half_hour = 0; half_hour < 48; ++half_hour) {
    const int hour = half_hour / 2;
    const double awake =
        traits.at_home *
        std::min(std::max(activity(is_resting, hour) / 60.0, (activity(is_resting, hour) - 12) / 52.0), 1.0);
    const double light = sun_share(climate, local_day, half_hour * 30 + 15) > 0 ? 0.8 : 1.25;
    const double level = draws.log_normal(screen_slots + half_hour, 0, 0.5);
    if (draws.share(screen_slots + half_hour, 1) < awake * presence(traits, is_resting, hour))
      add(day, half_hour * 30, 30, traits.size * traits.screens_W * light * indoors * level);
  }
}

void add_appliances(const Traits& traits, const Draws& draws, double indoors, bool is_resting,
                    DemandDay& day) {
  for (std::size_t a = 0; a < appliances.size(); ++a) {
    if (!traits.owns[a]) continue;
    const Appliance& kind = appliances[a];
    for (int hour = 0; hour < 24; ++hour) {
      const int slot = run_slots + static_cast<int>(a) * 24 + hour;
      const double chance = kind.runs_a_day * traits.size * indoors * presence(traits, is_resting, hour) *
                            activity(is_resting, hour) / 1000.0;
      if (draws.share(slot, 0) >= chance) continue;
      const int lasts = kind.minutes_min +
                        static_cast<int>((kind.minutes_max - kind.minutes_min + 1) * draws.share(slot, 2));
      add(day, hour * 60 + static_cast<int>(60 * draws.share(slot, 1)), lasts,
          kind.power_W_min + (kind.power_W_max - kind.power_W_min) * draws.share(slot, 3));
    }
  }
}
}  // namespace

void add_dwelling(const DemandSetup& setup, const Climate& climate, bool is_resting, std::int64_t local_day,
                  DemandDay& day) {
  const Traits traits(setup);
  const Draws draws(setup, local_day);
  const double noon_C = temperature_C(climate, local_day, 12);
  add(day, 0, minutes_a_day, traits.standby_W);
  add_refrigerator(traits, draws, noon_C, day);
  if (draws.share(day_slot, 0) < 1.0 / 32) return;  // nobody at home
  const double indoors = std::clamp(1 + 0.026 * (7 - noon_C), 0.7, 1.3);
  add_screens(traits, draws, climate, indoors, is_resting, local_day, day);
  add_appliances(traits, draws, indoors, is_resting, day);
  // Room air conditioning: in the larger homes, in the evening, above 27 C at noon.
  if (noon_C > 27 && traits.size > 0.8 * setup.size) {
    const double level_W = std::min(120 * (noon_C - 25), 1'100.0);
    add(day, 18 * 60 + static_cast<int>(60 * draws.share(day_slot, 1)), 240, level_W);
  }
}
}  // namespace model::demand
