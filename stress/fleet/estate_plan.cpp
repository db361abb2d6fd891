#include "stress/fleet/estate_plan.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace stress {
namespace {
std::uint32_t parts(std::uint32_t whole, std::uint32_t part) { return (whole + part - 1) / part; }

std::string numbered(char letter, std::uint32_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return letter + std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}
}  // namespace

std::uint32_t EstatePlan::meters_behind_managers() const {
  return static_cast<std::uint32_t>(std::uint64_t{meters} * std::min(manager_permille, 1000u) / 1000);
}

std::uint32_t EstatePlan::concentrators() const {
  METERTWIN_CHECK(meters_per_concentrator >= 1 && meters_per_concentrator <= 2040, meters_per_concentrator);
  return parts(meters - meters_behind_managers(), meters_per_concentrator);
}

std::uint32_t EstatePlan::managers() const { return parts(meters_behind_managers(), meters_per_manager); }

CollectorPlan EstatePlan::collector(std::uint32_t position) const {
  METERTWIN_CHECK(position < collectors(), position);
  CollectorPlan plan;
  plan.id = position + 1;
  plan.region = region;
  plan.number = static_cast<std::uint16_t>(position + 1);
  const std::uint32_t behind_concentrators = meters - meters_behind_managers();
  plan.is_manager = position >= concentrators();
  const std::uint32_t each = plan.is_manager ? meters_per_manager : meters_per_concentrator;
  const std::uint32_t skipped = plan.is_manager ? position - concentrators() : position;
  const std::uint32_t end = plan.is_manager ? meters : behind_concentrators;
  const std::uint32_t before = (plan.is_manager ? behind_concentrators : 0) + skipped * each;
  plan.first_meter = before + 1;
  plan.meters = std::min(each, end - before);
  return plan;
}

std::uint32_t EstatePlan::collector_of(std::uint32_t meter) const {
  METERTWIN_CHECK(meter >= 1 && meter <= meters, meter);
  const std::uint32_t behind_concentrators = meters - meters_behind_managers();
  if (meter <= behind_concentrators) return (meter - 1) / meters_per_concentrator;
  return concentrators() + (meter - behind_concentrators - 1) / meters_per_manager;
}

std::uint16_t EstatePlan::point_of(std::uint32_t meter) const {
  return static_cast<std::uint16_t>(meter - collector(collector_of(meter)).first_meter + 1);
}

std::string EstatePlan::meter_name(std::uint32_t meter) { return numbered('M', meter, 6); }
std::string EstatePlan::account_number(std::uint32_t meter) { return numbered('A', meter, 6); }
std::string EstatePlan::collector_name(const CollectorPlan& collector) {
  return numbered(collector.is_manager ? 'G' : 'C', collector.id, 5);
}

MeterLaw law_of(std::uint64_t seed, std::uint32_t meter) {
  constexpr std::uint32_t base_end = 1'000'000, mean_min = 5, mean_max = 60;
  const auto words = core::RandomStream(seed, meter, core::Purpose::fleet_meter).block(0);
  const auto below = [](std::uint32_t word, std::uint32_t bound) {
    return static_cast<std::uint32_t>(std::uint64_t{word} * bound >> 32);
  };
  return {below(words[0], base_end), mean_min + below(words[1], mean_max - mean_min + 1)};
}
}  // namespace stress
