// Judged days as rows of the store: figures as JSON, exact to the last bit.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "head-end/loss/night_watch.hpp"

namespace headend::loss {
namespace {
using Json = nlohmann::ordered_json;
constexpr std::array all_verdicts{DayVerdict::usual, DayVerdict::suspected, DayVerdict::learning,
                                  DayVerdict::not_judged};
}  // namespace

std::string figures_text(const WatchedDay& day) {
  if (day.verdict == DayVerdict::not_judged) return Json{{"reason", day.reason}}.dump();
  return Json{{"supplied_kWh", day.figures.supplied_kWh},
              {"sold_kWh", day.figures.sold_kWh},
              {"loss_kWh", day.figures.loss_kWh()},
              {"standard_uncertainty_kWh", day.figures.standard_uncertainty_kWh},
              {"customers", day.figures.customers},
              {"square_kWh2", day.square_kWh2},
              {"expected_kWh", day.expected_kWh},
              {"doubt_kWh", day.doubt_kWh},
              {"register_doubt_kWh", day.register_doubt_kWh},
              {"p_value", day.p_value},
              {"p_value_of_model", day.p_value_of_model},
              {"days_compared", day.days_compared},
              {"days_in_a_row", day.days_in_a_row}}
      .dump();
}

std::optional<WatchedDay> day_of_night(const WatchedNight& night, const Configuration& configuration) {
  const auto verdict = std::find_if(all_verdicts.begin(), all_verdicts.end(),
                                    [&](DayVerdict v) { return name_of(v) == night.verdict; });
  const auto json = Json::parse(night.figures, nullptr, /*allow_exceptions=*/false);
  if (verdict == all_verdicts.end() || !json.is_object()) return std::nullopt;
  WatchedDay day;
  day.area = night.area;
  for (const auto& file : configuration.concentrators)
    if (file.id == night.area) day.area_name = file.name;
  day.local_day = night.local_day;
  day.verdict = *verdict;
  try {
    if (day.verdict == DayVerdict::not_judged) {
      day.reason = json.at("reason").get<std::string>();
      return day;
    }
    day.figures.supplied_kWh = json.at("supplied_kWh").get<double>();
    day.figures.sold_kWh = json.at("sold_kWh").get<double>();
    day.figures.standard_uncertainty_kWh = json.at("standard_uncertainty_kWh").get<double>();
    day.figures.customers = json.at("customers").get<std::size_t>();
    day.square_kWh2 = json.at("square_kWh2").get<double>();
    day.expected_kWh = json.at("expected_kWh").get<double>();
    day.doubt_kWh = json.at("doubt_kWh").get<double>();
    day.register_doubt_kWh = json.at("register_doubt_kWh").get<double>();
    day.p_value = json.at("p_value").get<double>();
    day.p_value_of_model = json.at("p_value_of_model").get<double>();
    day.days_compared = json.at("days_compared").get<int>();
    day.days_in_a_row = json.at("days_in_a_row").get<int>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return day;
}
}  // namespace headend::loss
