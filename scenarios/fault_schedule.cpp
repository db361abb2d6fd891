#include "scenarios/fault_schedule.hpp"

#include <algorithm>

#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "scenarios/bad_scenario.hpp"

namespace scenario {
namespace {
constexpr std::size_t windows_limit = 20'000;

struct Window {
  Instant from, till;
};

int weekday_number(const std::string& name) {
  static const std::vector<std::string> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// The parts of [from, till) that the calendar allows, in order; parts that touch are one.
std::vector<Window> allowed(const FaultSpec& fault, const core::Zone& zone) {
  if (fault.hours.empty() && fault.weekdays.empty()) return {{fault.from, fault.till}};
  auto slots = fault.hours;
  if (slots.empty()) slots.push_back({});
  std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
  std::vector<Window> windows;
  for (auto day = zone.local_day(fault.from); day <= zone.local_day(fault.till); ++day) {
    const auto is_today = [&](const auto& name) { return weekday_number(name) == core::weekday_of(day); };
    if (!fault.weekdays.empty() && std::none_of(fault.weekdays.begin(), fault.weekdays.end(), is_today))
      continue;
    const auto midnight = zone.start_of_day(day);
    for (const auto& slot : slots) {
      const Window window{std::max(midnight + std::chrono::seconds(slot.from_s), fault.from),
                          std::min(midnight + std::chrono::seconds(slot.till_s), fault.till)};
      if (window.from >= window.till) continue;
      if (!windows.empty() && window.from <= windows.back().till)
        windows.back().till = std::max(windows.back().till, window.till);
      else
        windows.push_back(window);
    }
  }
  return windows;
}

/// -ln U x mean, in nanoseconds, at most ten thousand years' worth of a double's exactness.
Duration exponential(Duration mean, const core::RandomStream& random, std::uint64_t index) {
  const double u = (static_cast<double>(random.word(index) >> 11) + 0.5) / 9007199254740992.0;
  return Duration(
      static_cast<std::int64_t>(-core::portable_math::log(u) * static_cast<double>(mean.count())));
}

class Expansion {
 public:
  explicit Expansion(Scenario& scenario) : scenario_(scenario) {}

  void all() {
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) expand(scenario_.faults[i], i);
    for (std::size_t i = 0; i < scenario_.storms.size(); ++i) expand(scenario_.storms[i], i);
    scenario_.faults = std::move(done_);
    scenario_.storms.clear();
  }

 private:
  void add(FaultSpec fault, Window window) {
    fault.from = window.from;
    fault.till = window.till;
    if (done_.size() >= windows_limit)
      throw BadScenario(fault.place, "more than 20000 windows of faults: the schedule is too dense");
    done_.push_back(std::move(fault));
  }

  void expand(const FaultSpec& written, std::size_t index) {
    const bool is_scheduled = !written.hours.empty() || !written.weekdays.empty() ||
                              written.every != Duration(0) || written.mean_every != Duration(0);
    if (!written.when.empty()) return add(written, {written.from, written.till});
    auto plain = written;
    plain.hours.clear();
    plain.weekdays.clear();
    plain.every = plain.mean_every = plain.lasts = Duration(0);
    if (is_scheduled && plain.name.empty()) plain.name = plain.kind + "-" + std::to_string(index + 1);
    const core::RandomStream random(scenario_.seed, static_cast<std::uint32_t>(index),
                                    core::Purpose::fault_schedule);
    std::uint64_t draws = 0;
    for (const auto& part : allowed(written, scenario_.zone_rules)) {
      auto from = part.from;
      if (written.mean_every != Duration(0)) from += exponential(written.mean_every, random, draws++);
      while (from < part.till) {
        const auto till =
            written.lasts == Duration(0) ? part.till : std::min(from + written.lasts, part.till);
        if (from < till) add(plain, {from, till});
        if (written.every != Duration(0))
          from += written.every;
        else if (written.mean_every != Duration(0))
          from = till + exponential(written.mean_every, random, draws++);
        else
          break;
      }
    }
  }

  void expand(const StormSpec& storm, std::size_t index) {
    auto areas = storm.areas;
    if (areas.empty())
      for (const auto& area : scenario_.areas) areas.push_back(area.name);
    const core::RandomStream random(scenario_.seed, static_cast<std::uint32_t>(0x8000'0000u + index),
                                    core::Purpose::fault_schedule);
    std::uint64_t draws = 0;
    for (const auto& area : areas)
      for (const auto& kind : storm.faults) {
        FaultSpec fault;
        fault.name = storm.name + "-" + kind;
        fault.kind = kind;
        fault.area = area;
        if (kind == "line-noise") fault.bit_error = storm.bit_error;
        fault.place = storm.place;
        const auto later = random.between(0, storm.spread.count(), draws++);
        const auto earlier = random.between(0, storm.spread.count(), draws++);
        add(fault, {storm.from + Duration(later), storm.till - Duration(earlier)});
      }
  }

  Scenario& scenario_;
  std::vector<FaultSpec> done_;
};
}  // namespace

void use_run_for_open_windows(Scenario& scenario) {
  for (auto& fault : scenario.faults) {
    if (fault.from == Instant{}) fault.from = scenario.starts;
    if (fault.till == Instant{}) fault.till = scenario.ends();
  }
}

void expand_faults(Scenario& scenario) { Expansion(scenario).all(); }
}  // namespace scenario
