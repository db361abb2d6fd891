// The European LV feeder: our YAML against the published CSV files, and the published energies of its day.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "models/grid/feeder.hpp"

using namespace model;
namespace fs = std::filesystem;

namespace {
const fs::path root = METERTWIN_ROOT;
const fs::path feeder_file = root / "scenarios/feeders/european-lv.yaml";

/// The published CSV folder, if it lies beside the project.
fs::path ieee_folder() {
  const char* shared = std::getenv("METERTWIN_SHARED");
  return (shared ? fs::path(shared) : root.parent_path() / "shared") / "data/feeder/ieee_input";
}
bool is_skipped() {
  if (fs::is_directory(ieee_folder())) return false;
  std::cout << "SKIPPED: " << ieee_folder().string() << " not found\n";
  return true;
}
std::string complaint_about(const std::string& text) {
  const fs::path file = fs::temp_directory_path() / "metertwin-feeder-test.yaml";
  std::ofstream(file) << text;
  try {
    load_feeder(file);
  } catch (const BadFeederFile& bad) {
    return std::string(bad.what()).substr(file.string().size());
  }
  return "";
}
std::string good_yaml() {
  std::ifstream in(feeder_file);
  return {std::istreambuf_iterator<char>(in), {}};
}
std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto place = text.find(old);
  REQUIRE(place != std::string::npos);
  return text.replace(place, old.size(), replacement);
}
}  // namespace

TEST_CASE("the feeder has 55 customers on 905 lines, 21, 19 and 15 on the three phases") {
  const Feeder feeder = load_feeder(feeder_file);
  CHECK(feeder.loads.size() == 55);
  CHECK(feeder.lines.size() == 905);
  CHECK(feeder.line_codes.size() == 10);
  int by_phase[3] = {};
  for (const auto& load : feeder.loads) ++by_phase[static_cast<char>(load.phase) - 'A'];
  CHECK(by_phase[0] == 21);
  CHECK(by_phase[1] == 19);
  CHECK(by_phase[2] == 15);
  CHECK(feeder.transformer.secondary_kV == Approx(0.416));
}

TEST_CASE("our form and the published files are the same feeder") {
  if (is_skipped()) return;
  const Feeder ours = load_feeder(feeder_file);
  const Feeder theirs = read_ieee_folder(ieee_folder()).feeder;
  CHECK(ours.name == theirs.name);
  CHECK(ours.grid == theirs.grid);
  CHECK(ours.transformer == theirs.transformer);
  CHECK(ours.line_codes == theirs.line_codes);
  CHECK(ours.lines == theirs.lines);
  CHECK(ours.loads == theirs.loads);
}

TEST_CASE("the published day sells 483.914150 kWh, split over the phases as published") {
  if (is_skipped()) return;
  const IeeeFeeder ieee = read_ieee_folder(ieee_folder());
  REQUIRE(ieee.profiles.size() == 55);
  // One-minute values are whole watts, so the sums are exact: mW minutes.
  std::int64_t total = 0, by_phase[3] = {}, least = INT64_MAX, most = 0;
  std::vector<std::int64_t> by_minute(1440);
  for (std::size_t i = 0; i < ieee.profiles.size(); ++i) {
    std::int64_t sum = 0;
    for (std::size_t minute = 0; minute < 1440; ++minute) {
      sum += ieee.profiles[i]->power_mW[minute];
      by_minute[minute] += ieee.profiles[i]->power_mW[minute];
    }
    total += sum;
    by_phase[static_cast<char>(ieee.feeder.loads[i].phase) - 'A'] += sum;
    least = std::min(least, sum);
    most = std::max(most, sum);
  }
  CHECK(total == 483'914'150ll * 60);          // 483.914150 kWh in mWh, times 60
  CHECK(by_phase[0] / 60 / 10 == 17'983'731);  // 179.83732 kWh, rounded to 5 digits when published
  CHECK((by_phase[0] + 300) / 600 == 17'983'732);
  CHECK((by_phase[1] + 300) / 600 == 17'347'183);
  CHECK((by_phase[2] + 300) / 600 == 13'060'500);
  CHECK((least + 30'000) / 60'000 == 1'823);  // 1.823 kWh
  CHECK((most + 30'000) / 60'000 == 19'352);
  CHECK(*std::max_element(by_minute.begin(), by_minute.end()) == 57'358'000);  // 57.358 kW
  CHECK(std::max_element(by_minute.begin(), by_minute.end()) - by_minute.begin() == 566 - 1);
  CHECK(*std::min_element(by_minute.begin(), by_minute.end()) == 2'797'000);
}

TEST_CASE("a missing folder or file is one line that names it") {
  CHECK_THROWS_WITH(read_ieee_folder("/nowhere/ieee"), "/nowhere/ieee: no such folder of feeder files");
  CHECK_THROWS_WITH(load_feeder("/nowhere/f.yaml"), "/nowhere/f.yaml: no such file, or it cannot be read");
  const fs::path empty = fs::temp_directory_path() / "metertwin-empty-feeder";
  fs::create_directories(empty);
  CHECK_THROWS_WITH(read_ieee_folder(empty),
                    (empty / "Source.csv").string() + ": no such file, or it cannot be read");
}

TEST_CASE("a broken table is refused with file and line") {
  const fs::path folder = fs::temp_directory_path() / "metertwin-broken-feeder";
  fs::create_directories(folder);
  std::ofstream(folder / "Source.csv") << "# Source\n[Source]\nVoltage=11 kV\npu=much\n";
  CHECK_THROWS_WITH(read_ieee_folder(folder),
                    (folder / "Source.csv").string() + ":4: \"much\" is not a number");
}

TEST_CASE("a broken YAML feeder is refused with file, line and column") {
  const std::string good = good_yaml();
  CHECK(complaint_about(good).empty());
  CHECK(complaint_about(with(good, "name: european-lv", "nome: european-lv")) ==
        ":5:1: unknown key \"nome\"");
  CHECK(complaint_about(with(good, "[34, A, 1]", "[34, D, 1]")).find("expected phase A, B or C") !=
        std::string::npos);
  CHECK(complaint_about(with(good, "[1, 2, 1.098, 4c_70]", "[1, 2, 1.098, 4c_71]"))
            .find("no line code \"4c_71\"") != std::string::npos);
  CHECK(complaint_about(with(good, "[34, A, 1]", "[3400, A, 1]")) ==
        ":30:3: a load stands on bus 3400, which is not there");
  CHECK(complaint_about(with(good, "[2, 3, 0.11511, 4c_70]", "[2, 4, 0.11511, 4c_70]")) ==
        ":41:49: line 3-4: bus 4 is fed twice; the lines must form a tree from bus 1");
  CHECK_FALSE(complaint_about("lines: [[1, 2").empty());
}
