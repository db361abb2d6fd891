// Every public vector of ../shared/facts/vectors, field by field against what `explain` says. Skips visibly
// where the folder is not there; the golden frames of the other tests do not need it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "protocols/explain/explain.hpp"
#include "tests/protocols/frames.hpp"

namespace {
using nlohmann::json;

std::filesystem::path vectors_folder() {
  const char* named = std::getenv("METERTWIN_SHARED");
  const std::filesystem::path shared = named != nullptr ? named : METERTWIN_PROJECT_FOLDER "/../shared";
  return shared / "facts/vectors";
}

std::vector<json> read_vectors(const std::string& name) {
  std::ifstream file(vectors_folder() / name);
  std::vector<json> vectors;
  if (!file) {
    std::cout << "SKIPPED: " << (vectors_folder() / name).string() << " not found\n";
    return vectors;
  }
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) vectors.push_back(json::parse(line));
  REQUIRE_FALSE(vectors.empty());
  return vectors;
}

/// "000230.93" and "230.93" are one number; "220.0V" and "2017-06-05 10:22:51" are texts. Exact: no floating
/// point.
std::string canonical(const json& value) {
  if (value.is_null()) return "null";
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.find_first_not_of("0123456789.") != std::string::npos) return text;
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text.empty() || text[0] == '.' ? "0" + text : text;
}

void compare(const json& expected, const json& said) {
  for (const auto& [key, value] : expected.items()) {
    INFO("key " << key << ", expected " << value << ", said " << said.dump());
    REQUIRE(said.contains(key));
    if (value.is_array()) {
      REQUIRE(value.size() == said[key].size());
      for (std::size_t i = 0; i < value.size(); ++i) CHECK(canonical(value[i]) == canonical(said[key][i]));
    } else {
      CHECK(canonical(value) == canonical(said[key]));
    }
  }
}

void check_vectors(const std::string& name, const std::string& protocol, bool must_be_good) {
  for (const auto& vector : read_vectors(name)) {
    INFO(name << ": " << vector["hex"] << " " << vector["meaning"]);
    const auto explanation = explain::explain(protocol_test::bytes_of(vector["hex"].get<std::string>()));
    CHECK(explanation.is_good == must_be_good);
    CHECK(explanation.protocol == protocol);
    if (vector["decoded"].is_object()) compare(vector["decoded"], json::parse(explanation.json));
  }
}
}  // namespace

TEST_CASE("every public DL/T 645 vector decodes to what its source says") {
  check_vectors("dlt645.jsonl", "DL/T 645-2007", true);
}
TEST_CASE("every public DL/T 645 negative vector is refused for its reason") {
  check_vectors("dlt645_negative.jsonl", "DL/T 645-2007", false);
}
TEST_CASE("every public Q/GDW 376.1 vector decodes to what its source says") {
  check_vectors("gdw3761.jsonl", "Q/GDW 1376.1", true);
}
TEST_CASE("every public Modbus vector is recognised") {
  check_vectors("modbus_acrel.jsonl", "Modbus RTU", true);
}
TEST_CASE("frames of DL/T 698.45 and Q/GDW 1376.2 are recognised by their checks") {
  check_vectors("dlt698.jsonl", "DL/T 698.45", true);
  check_vectors("gdw3762.jsonl", "Q/GDW 1376.2", true);
}
