#include "models/counter/counter_messages.hpp"

#include <nlohmann/json.hpp>

namespace model {
namespace {
using Json = nlohmann::json;

std::string text_at(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
}  // namespace

std::optional<CounterLine> parse_counter_line(std::string_view line) {
  const auto object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  if (const auto notice = object.find("notice"); notice != object.end() && notice->is_number_integer())
    return NoticeLine{notice->get<std::int64_t>(), text_at(object, "account"), text_at(object, "level")};
  const auto key = text_at(object, "key");
  if (object.contains("error")) return ErrorLine{key, text_at(object, "error")};
  if (text_at(object, "do") == "sale" && !key.empty()) return SaleAnswer{key, text_at(object, "outcome")};
  return std::nullopt;
}

std::string sale_line(const std::string& key, const std::string& account, core::Fen amount) {
  return Json{{"do", "sale"}, {"key", key}, {"account", account}, {"amount_fen", amount.count()}}.dump() +
         "\n";
}

std::string notice_received_line(std::int64_t notice) {
  return Json{{"do", "notice-received"}, {"notice", notice}}.dump() + "\n";
}
}  // namespace model
