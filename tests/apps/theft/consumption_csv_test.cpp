// Interval consumption from CSV: the forms it comes in, and what is refused with its place.
#include "apps/theft/consumption_csv.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "core/random.hpp"

namespace {
namespace fs = std::filesystem;
using namespace app::theft;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    std::string name = (fs::temp_directory_path() / "metertwin-consumption-XXXXXX").string();
    const int handle = mkstemp(name.data());
    REQUIRE(handle >= 0);
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { fs::remove(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

ConsumptionTable read(const std::string& text) {
  const TemporaryFile file(text);
  return read_consumption(file.path());
}
/// What follows the file's name in the refusal.
std::string refusal(const std::string& text) {
  const TemporaryFile file(text);
  try {
    read_consumption(file.path());
  } catch (const BadConsumptionFile& bad) {
    const std::string what = bad.what();
    REQUIRE(what.starts_with(file.path().string() + ":"));
    return what.substr(file.path().string().size() + 1);
  }
  return "accepted";
}
}  // namespace

TEST_CASE("customers are the columns that do not hold the time") {
  const auto table = read("week,slot15,h1,h2\nw44,1,0.5,0.25\nw44,2,1,NA\n");
  CHECK(table.interval_min == 15);
  CHECK(table.names == std::vector<std::string>{"h1", "h2"});
  CHECK(table.energy_kWh[0] == std::vector<double>{0.5, 1});
  CHECK(table.energy_kWh[1][0] == 0.25);
  CHECK(std::isnan(table.energy_kWh[1][1]));
}

TEST_CASE("the interval is found in the header or in the time stamps") {
  CHECK(read("halfhour,c1\n1,0.5\n").interval_min == 30);
  CHECK(read("t,c1\n2013-01-01 00:00,1\n2013-01-01 00:30,1\n").interval_min == 30);
  CHECK(read("t,c1\n2013-01-01 23:00,1\n2013-01-02 00:00,1\n").interval_min == 60);
  CHECK(read("c1\n1\n").interval_min == 15);
}

TEST_CASE("byte order marks, comments, quotes, spaces and carriage returns do no harm") {
  const auto table = read("\xEF\xBB\xBF\"index\",\"a\", b \r\n# a remark\r\n1, \"0.5\", 2 \r\n\r\n");
  CHECK(table.names == std::vector<std::string>{"a", "b"});
  CHECK(table.energy_kWh[0] == std::vector<double>{0.5});
  CHECK(table.energy_kWh[1] == std::vector<double>{2});
}

TEST_CASE("what is wrong is told with line and column") {
  CHECK(refusal("").starts_with("1:1: is empty"));
  CHECK(refusal("week,slot15\n1,1\n").starts_with("1:1: no column of a customer"));
  CHECK(refusal("a,b\n").starts_with("1:1: a header without rows"));
  CHECK(refusal("a,b,a\n1,2,3\n").starts_with("1:3: customer a is named twice"));
  CHECK(refusal("a,b\n1,2\n1\n").starts_with("3:2: 1 cells under a header of 2"));
  CHECK(refusal("a,b\n1,2,3\n").starts_with("2:3: 3 cells under a header of 2"));
  CHECK(refusal("a,b\n1,two\n").starts_with("2:2: \"two\" is not an energy"));
  CHECK(refusal("a,b\n1,2kWh\n").starts_with("2:2:"));
  CHECK(refusal("a,b\ninf,2\n").starts_with("2:1:"));
  CHECK(refusal("a,b\n1e300,2\n").starts_with("2:1:"));
  CHECK_THROWS_AS(read_consumption("/no/such/file.csv"), BadConsumptionFile);
  CHECK_THROWS_AS(read_consumption(fs::temp_directory_path()), BadConsumptionFile);
}

TEST_CASE("garbage is refused or read, never worse") {
  const std::string letters = "0123456789.,-eE\n\r\"# nNaA:\xEF\xBB\xBF";
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 1, core::Purpose::test);
    std::string text;
    for (std::uint64_t k = 0; k < 60; ++k) text += letters[random.below(letters.size(), k)];
    CHECK_NOTHROW(refusal(text));
  }
}
