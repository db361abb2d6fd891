#include "audit/evidence/estate.hpp"

#include <charconv>
#include <stdexcept>

namespace audit {
namespace {
/// The running number at the end of "M0017" or "A0017".
std::optional<std::size_t> number_in(std::string_view name) {
  const auto first = name.find_first_of("0123456789");
  if (first == std::string_view::npos) return std::nullopt;
  std::size_t number = 0;
  const auto* end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(name.data() + first, end, number);
  if (error != std::errc{} || stopped != end || number == 0) return std::nullopt;
  return number - 1;
}

std::uint16_t tariff_named(const scenario::Scenario& scenario, const std::string& name) {
  for (std::size_t i = 0; i < scenario.tariffs.size(); ++i)
    if (scenario.tariffs[i].name == name) return static_cast<std::uint16_t>(i);
  throw std::runtime_error("the scenario has no tariff " + name);
}
}  // namespace

Estate::Estate(const scenario::Scenario& of) : scenario(of), customers(scenario::roster(of)) {
  groups.reserve(customers.size());
  tariffs.reserve(customers.size());
  const scenario::MeterGroup* last = nullptr;
  std::uint16_t tariff = 0;
  for (const auto& customer : customers) {
    const auto* group = &of.areas[customer.area].meters[customer.group];
    if (group != last) tariff = tariff_named(of, group->tariff);
    last = group;
    groups.push_back(group);
    tariffs.push_back(tariff);
  }
}

std::optional<std::size_t> Estate::find_account(std::string_view number) const {
  const auto position = number_in(number);
  if (!position || *position >= size() || customers[*position].account != number) return std::nullopt;
  return position;
}

std::optional<std::size_t> Estate::find_meter(std::string_view name) const {
  const auto position = number_in(name);
  if (!position || *position >= size() || customers[*position].name != name) return std::nullopt;
  return position;
}
}  // namespace audit
