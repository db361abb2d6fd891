#include "models/inspection/inspection_messages.hpp"

#include <nlohmann/json.hpp>

namespace model {
namespace {
using Json = nlohmann::json;
constexpr std::size_t finding_bytes_max = 500;
constexpr std::string_view cut_mark = " ...";

std::string text_at(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::int64_t number_at(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}
}  // namespace

std::optional<InspectionLine> parse_inspection_line(std::string_view line) {
  const auto object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto what = text_at(object, "do");
  if (what == "close-work-order") {
    const auto number = number_at(object, "work_order");
    if (number <= 0) return std::nullopt;
    return ReportAnswer{number, text_at(object, "outcome")};
  }
  const auto open = object.find("open");
  if (what != "work-orders" || open == object.end() || !open->is_array()) return std::nullopt;
  OpenOrders orders;
  for (const auto& row : *open) {
    if (!row.is_object() || number_at(row, "work_order") <= 0) return std::nullopt;
    orders.orders.push_back(
        {number_at(row, "work_order"), text_at(row, "area"), text_at(row, "meter"), text_at(row, "reason")});
  }
  const auto whole = object.find("is_whole");
  orders.is_whole = whole == object.end() || !whole->is_boolean() || whole->get<bool>();
  return orders;
}

std::string open_orders_line(std::int64_t after) {
  return Json{{"do", "work-orders"}, {"after", after}}.dump() + "\n";
}

std::string report_line(std::int64_t number, std::string finding) {
  if (finding.size() > finding_bytes_max) {
    auto size = finding_bytes_max - cut_mark.size();
    while (size > 0 && (static_cast<unsigned char>(finding[size]) & 0xC0) == 0x80) --size;
    finding = finding.substr(0, size) + std::string(cut_mark);
  }
  return Json{{"do", "close-work-order"}, {"work_order", number}, {"finding", finding}}.dump() + "\n";
}
}  // namespace model
