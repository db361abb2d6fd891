/// Fields of an untrusted JSON object, taken one by one.
///
/// The first complaint is kept in our own words, which name the field that was asked for and never what came.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace headend {
namespace json = boost::json;

/// Takes fields out of one object and remembers the first complaint.
class JsonFields {
 public:
  explicit JsonFields(const json::object& object) : object_(object) {}

  std::string text(std::string_view name, std::size_t bytes_max) {
    const json::value* field = find(name);
    if (field == nullptr) return {};
    const json::string* found = field->if_string();
    if (found == nullptr || found->empty() || found->size() > bytes_max) {
      complain(name, "a text of 1 to " + std::to_string(bytes_max) + " bytes is needed");
      return {};
    }
    return std::string(found->data(), found->size());
  }
  std::int64_t integer(std::string_view name) {
    const json::value* field = find(name);
    if (field == nullptr) return 0;
    json::error_code problem;
    const auto number = field->is_double() ? 0 : field->to_number<std::int64_t>(problem);
    if (problem.failed() || field->is_double()) complain(name, "an integer is needed");
    return number;
  }
  bool has(std::string_view name) const { return object_.contains(name); }
  void complain(std::string_view name, std::string_view what) {
    if (complaint_.empty()) complaint_ = std::string(name) + ": " + std::string(what);
  }
  const std::string& complaint() const { return complaint_; }

 private:
  const json::value* find(std::string_view name) {
    const json::value* field = object_.if_contains(name);
    if (field == nullptr) complain(name, "missing");
    return field;
  }
  const json::object& object_;
  std::string complaint_;
};
}  // namespace headend
