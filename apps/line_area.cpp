#include "apps/line_area.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/civil.hpp"
#include "models/grid/feeder.hpp"
#include "models/line/carrier/area_survey.hpp"

namespace app {
namespace {
namespace carrier = model::carrier;
constexpr int cycles_per_day = 96, days_max = 366;
constexpr std::uint32_t modules_max = 2'000;

template <class Number>
void require(bool is_right, std::string_view option, Number value, std::string_view range) {
  if (!is_right) throw std::invalid_argument(fmt::format("{} must be {}, not {}", option, range, value));
}

carrier::SurveyPlan plan_of(const AreaArguments& typed) {
  require(typed.modules >= 1 && typed.modules <= modules_max, "--modules", typed.modules, "1 to 2000");
  require(typed.days >= 1 && typed.days <= days_max, "--days", typed.days, "1 to 366");
  require(typed.attempts >= 1 && typed.attempts <= 10, "--attempts", typed.attempts, "1 to 10");
  require(typed.hop_tries >= 1 && typed.hop_tries <= 10, "--hop-tries", typed.hop_tries, "1 to 10");
  require(typed.relay_levels >= -1 && typed.relay_levels <= 15, "--relay-levels", typed.relay_levels,
          "0 to 15, or -1 for the band's");
  require(std::isfinite(typed.extra_noise_dB) && std::fabs(typed.extra_noise_dB) <= 100, "--noise-dB",
          typed.extra_noise_dB, "-100 to 100");
  require(typed.band == "narrowband" || typed.band == "high-speed", "--band", typed.band,
          "narrowband or high-speed");
  require(typed.format == "text" || typed.format == "csv", "--format", typed.format, "text or csv");
  carrier::SurveyPlan plan;
  plan.channel.band = typed.band == "narrowband" ? carrier::narrowband() : carrier::high_speed();
  plan.channel.seed = typed.seed;
  plan.channel.starts = core::Zone().instant({2026, 7, 1, 0, 0, 0});
  plan.channel.utc_offset = std::chrono::hours(8);
  plan.network.relay_levels = typed.relay_levels;
  plan.network.hop_tries = typed.hop_tries;
  plan.cycles = typed.days * cycles_per_day;
  plan.attempts = typed.attempts;
  plan.extra_noise_dB = typed.extra_noise_dB;
  return plan;
}

struct Day {
  std::uint64_t direct = 0, at_first = 0, in_the_end = 0;
};
std::vector<Day> days_of(const carrier::Survey& direct, const carrier::Survey& usual) {
  std::vector<Day> days(usual.cycles.size() / cycles_per_day);
  for (std::size_t i = 0; i < usual.cycles.size(); ++i) {
    auto& day = days[i / cycles_per_day];
    day.direct += direct.cycles[i].read;
    day.at_first += usual.cycles[i].read_at_first;
    day.in_the_end += usual.cycles[i].read;
  }
  return days;
}
}  // namespace

void show_area(const AreaArguments& arguments) {
  const auto plan = plan_of(arguments);
  const auto feeder = model::load_feeder(arguments.feeder);
  const auto places = carrier::spread_places(feeder, arguments.modules);
  const auto direct = carrier::survey(carrier::direct_and_once(plan), feeder, places);
  const auto usual = carrier::survey(plan, feeder, places);
  const auto days = days_of(direct, usual);
  const std::uint64_t due = std::uint64_t{arguments.modules} * cycles_per_day;
  if (arguments.format == "csv") {
    fmt::print("day,due,direct_and_once,with_relays_at_first,in_the_end\n");
    for (std::size_t day = 0; day < days.size(); ++day)
      fmt::print("{},{},{},{},{}\n", day + 1, due, days[day].direct, days[day].at_first,
                 days[day].in_the_end);
    return;
  }
  const auto percent = [](double share) { return fmt::format("{:.3f} %", 100 * share); };
  fmt::print("{} modules on {}, {}, {} days, {} reads due\n", arguments.modules, feeder.name, arguments.band,
             arguments.days, usual.due);
  fmt::print("  directly and once       {:>10}   no relays, no repetition\n", percent(direct.share()));
  fmt::print("  with relays, at first   {:>10}   each hop sent up to {} times\n",
             percent(usual.share_at_first()), arguments.hop_tries);
  fmt::print("  in the end              {:>10}   up to {} attempts a cycle\n", percent(usual.share()),
             arguments.attempts);
  const auto worst = std::min_element(usual.cycles.begin(), usual.cycles.end(),
                                      [](const auto& a, const auto& b) { return a.read < b.read; });
  fmt::print("  worst cycle             {:>10}   of {}\n", worst->read, arguments.modules);
  const auto poor = std::count_if(usual.cycles.begin(), usual.cycles.end(), [&](const auto& cycle) {
    return cycle.read * 1'000 < arguments.modules * 995;
  });
  fmt::print("  cycles below 99.5 %     {:>10}   of {}\n", poor, usual.cycles.size());
  for (const auto& [cause, count] : usual.causes)
    fmt::print("  lost to {}: {}\n", carrier::name_of(cause), count);
}
}  // namespace app
