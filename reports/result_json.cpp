#include "reports/result_json.hpp"

#include <nlohmann/json.hpp>

#include "reports/escape.hpp"

namespace report {
namespace {
using Json = nlohmann::ordered_json;

Json check_json(const Check& check) {
  Json explanation = Json::array();
  for (const auto& line : check.explanation) explanation.push_back(clean_utf8(line));
  return {{"id", clean_utf8(check.id)},         {"title", clean_utf8(check.title)},
          {"verdict", name_of(check.verdict)},  {"measured", clean_utf8(check.measured)},
          {"limit", clean_utf8(check.limit)},   {"samples", check.samples},
          {"reason", clean_utf8(check.reason)}, {"explanation", explanation}};
}
Json night_json(const NightRow& night) {
  Json json{{"area", clean_utf8(night.area)},
            {"day", clean_utf8(night.day)},
            {"verdict", clean_utf8(night.verdict)}};
  if (!night.is_judged) {
    json["reason"] = clean_utf8(night.reason);
    return json;
  }
  json["supplied_kWh"] = night.supplied_kWh;
  json["sold_kWh"] = night.sold_kWh;
  json["loss_kWh"] = night.supplied_kWh - night.sold_kWh;
  json["expanded_uncertainty_kWh"] = night.uncertainty_kWh;
  json["usual_loss_kWh"] = night.usual_kWh;
  json["p_value"] = night.p_value;
  return json;
}

Json order_json(const WorkOrderRow& order, const core::Zone& zone) {
  return {{"work_order", order.id},
          {"area", clean_utf8(order.area)},
          {"meter", order.meter.empty() ? Json() : Json(clean_utf8(order.meter))},
          {"kind", clean_utf8(order.kind)},
          {"reason", clean_utf8(order.reason)},
          {"opened_at", core::to_iso8601(order.opened_at, zone)},
          {"closed_at", order.is_closed ? Json(core::to_iso8601(order.closed_at, zone)) : Json()},
          {"finding", order.is_closed ? Json(clean_utf8(order.finding)) : Json()}};
}
}  // namespace

std::string result_json(const RunRecord& record) {
  Json json{{"metertwin", clean_utf8(record.version)},
            {"scenario", clean_utf8(record.scenario)},
            {"title", clean_utf8(record.title)},
            {"verdict", name_of(record.verdict)},
            {"reason", clean_utf8(reason_of(record))},
            {"exit_code", exit_code(record.verdict)},
            {"digest", clean_utf8(record.digest)},
            {"scenario_digest", clean_utf8(record.scenario_digest)},
            {"seed", record.seed},
            {"starts", core::to_iso8601(record.starts, record.zone)},
            {"ends", core::to_iso8601(record.ends, record.zone)},
            {"replay", clean_utf8(record.replay)}};
  json["options"] = Json::array();
  for (const auto& [name, value] : record.options)
    json["options"].push_back({{"name", clean_utf8(name)}, {"value", clean_utf8(value)}});
  json["checks"] = Json::array();
  for (const auto& check : record.checks) json["checks"].push_back(check_json(check));
  json["faults"] = Json::array();
  for (const auto& fault : record.faults)
    json["faults"].push_back({{"kind", clean_utf8(fault.kind)},
                              {"where", clean_utf8(fault.where)},
                              {"from", core::to_iso8601(fault.from, record.zone)},
                              {"till", core::to_iso8601(fault.till, record.zone)},
                              {"has_fired", fault.has_fired}});
  json["nights"] = Json::array();
  for (const auto& night : record.nights) json["nights"].push_back(night_json(night));
  json["work_orders"] = Json::array();
  for (const auto& order : record.work_orders) json["work_orders"].push_back(order_json(order, record.zone));
  json["machine"] = {{"wall_s", record.wall_s}, {"description", clean_utf8(record.machine)}};
  return json.dump(2) + "\n";
}
}  // namespace report
