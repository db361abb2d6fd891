/// truth.db: what is told is what is read back, and nothing depends on who told first.
#include "sim/truth/truth_store.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "sim/truth/truth_reader.hpp"

namespace {
using namespace std::chrono_literals;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);  // 2026-07-01T00:00:00+08:00

/// A file of this test alone, gone afterwards.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("metertwin-" + std::to_string(::getpid()) + "-" + name)) {}
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void tell_sample(sim::TruthStore& store, model::AreaId area, Instant due, model::MeterId first,
                 const std::vector<std::uint32_t>& shown, const std::vector<std::int64_t>& passed,
                 const std::vector<std::int64_t>& money) {
  store.sample({.area = area,
                .due = due,
                .first_meter = first,
                .shown_centikWh = shown,
                .passed_uJ = passed,
                .meter_money_uYuan = money});
}

/// Everything a reader can see, as text.
std::string dump(const std::filesystem::path& file) {
  sim::TruthReader reader(file);
  std::string text;
  reader.for_each_sample([&](const model::TruthSample& s) {
    text += std::to_string(core::unix_seconds(s.due)) + " area " + std::to_string(s.area) + " from " +
            std::to_string(s.first_meter) + ":";
    for (std::size_t i = 0; i < s.shown_centikWh.size(); ++i)
      text += " " + std::to_string(s.shown_centikWh[i]) + "/" + std::to_string(s.passed_uJ[i]) + "/" +
              std::to_string(s.meter_money_uYuan[i]);
    text += "\n";
  });
  reader.for_each_event([&](const model::TruthEvent& e) {
    text += e.entity + " " + std::to_string(core::unix_nanoseconds(e.at)) + " " + e.kind + " " +
            std::to_string(e.value) + " [" + e.text + "]\n";
  });
  return text;
}

TEST_CASE("what is told is read back, in order of time and area, entity and number") {
  const ScratchFile file("round-trip.db");
  {
    sim::TruthStore store(file.path());
    store.note_run("story", "first-day");
    store.note_run("story", "second-day");
    store.add_area(0, "north", 1, 2);
    store.add_meter({.meter = 1,
                     .name = "M0001",
                     .address = core::MeterAddress(202'607'000'001),
                     .account = "A0001",
                     .payment = "postpaid",
                     .tariff = "flat",
                     .load = "household",
                     .error_ppm = -1234});
    store.add_fault({.fault = 0,
                     .kind = "supply-outage",
                     .area = "north",
                     .meter = "",
                     .from = start,
                     .till = start + 1h});
    tell_sample(store, 1, start, 3, {7}, {70}, {});
    tell_sample(store, 0, start, 1, {0, 99'999'999}, {5, 9'000'000'000'000'000'000}, {0, 0});
    tell_sample(store, 0, start + 15min, 1, {1, 2}, {-3, 4}, {-5'000'000, 6});
    store.event(
        {.at = start + 1ns, .entity = "M0002", .kind = "relay-opened", .value = -1, .text = "it's \"open\""});
    store.event({.at = start + 1ns, .entity = "M0002", .kind = "relay-closed", .value = 2, .text = ""});
    store.event(
        {.at = start, .entity = "concentrator north", .kind = "restarted", .value = 0, .text = "断电"});
    CHECK(store.sample_count() == 5);
    CHECK(store.event_count() == 3);
    store.finish();
  }
  CHECK(dump(file.path()) ==
        "1782835200 area 0 from 1: 0/5/0 99999999/9000000000000000000/0\n"
        "1782835200 area 1 from 3: 7/70/0\n"
        "1782836100 area 0 from 1: 1/-3/-5000000 2/4/6\n"
        "M0002 1782835200000000001 relay-opened -1 [it's \"open\"]\n"
        "M0002 1782835200000000001 relay-closed 2 []\n"
        "concentrator north 1782835200000000000 restarted 0 [断电]\n");
  sim::TruthReader reader(file.path());
  CHECK(reader.run_note("story") == "second-day");
  CHECK_FALSE(reader.run_note("no such key"));
  int closed = 0;
  reader.for_each_event_of("relay-closed",
                           [&](const model::TruthEvent& e) { closed += e.value == 2 ? 1 : 100; });
  CHECK(closed == 1);
}

TEST_CASE("the file is as schema.sql says, for readers that bring their own SQL") {
  const ScratchFile file("layout.db");
  {
    sim::TruthStore store(file.path());
    tell_sample(store, 5, start, 17, {0x01020304, 1}, {-1, 258}, {});
    tell_sample(store, 5, start + 15min, 17, {2, 3}, {1, 2}, {0, 3});
    store.finish();
  }
  sqlite::Database database(file.path(), sqlite::Database::Use::read);
  sqlite::Statement row(
      database,
      "SELECT sample_key, hex(shown), hex(passed), money IS NULL, hex(money) FROM samples ORDER BY 1");
  REQUIRE(row.next());
  CHECK(row.integer(0) == std::int64_t{1'980'928} * 1'048'576 + 5);
  CHECK(row.text(1) == "0403020101000000");
  CHECK(row.text(2) == "FFFFFFFFFFFFFFFF0201000000000000");
  CHECK(row.integer(3) == 1);
  REQUIRE(row.next());
  CHECK(row.integer(3) == 0);
  CHECK(row.text(4) == "00000000000000000300000000000000");
  CHECK_FALSE(row.next());
}

/// A run of random truth, told area by area or quarter hour by quarter hour, forwards or backwards.
core::Digest tell_run(const std::filesystem::path& file, bool by_area, bool is_reversed, std::uint64_t seed,
                      bool is_spoiled = false) {
  constexpr std::uint32_t areas = 4;
  constexpr std::uint32_t quarters = 10;
  constexpr std::uint32_t meters = 5;
  const core::RandomStream random(seed, 3, core::Purpose::test);
  sim::TruthStore store(file);
  const auto tell = [&](std::uint32_t area, std::uint32_t quarter) {
    std::vector<std::uint32_t> shown;
    std::vector<std::int64_t> passed;
    for (std::uint32_t i = 0; i < meters; ++i) {
      const auto word = random.word(std::uint64_t{area} * 1000 + quarter * 10 + i);
      shown.push_back(static_cast<std::uint32_t>(word));
      passed.push_back(static_cast<std::int64_t>(word >> 8));
    }
    if (is_spoiled && area == 2 && quarter == 7) passed[3] ^= 1;
    tell_sample(store, area, start + quarter * 15min, 1 + area * meters, shown, passed, {});
    store.event({.at = start + quarter * 15min,
                 .entity = "concentrator " + std::to_string(area),
                 .kind = "passed",
                 .value = quarter,
                 .text = ""});
  };
  const std::uint32_t outer = by_area ? areas : quarters;
  for (std::uint32_t i = 0; i < outer; ++i)
    for (std::uint32_t k = 0; k < (by_area ? quarters : areas); ++k) {
      const std::uint32_t area = by_area ? i : k;
      tell(is_reversed ? areas - 1 - area : area, by_area ? k : i);
    }
  return store.finish();
}

TEST_CASE("the order in which areas tell leaves no trace in digest or rows") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 6)));
  INFO("seed " << seed);
  const ScratchFile file("order.db");
  const auto digest = tell_run(file.path(), false, false, seed).hex();
  const auto rows = dump(file.path());
  for (const bool by_area : {false, true})
    for (const bool is_reversed : {false, true}) {
      const ScratchFile other("other-order.db");
      CHECK(tell_run(other.path(), by_area, is_reversed, seed).hex() == digest);
      CHECK((dump(other.path()) == rows));
    }
}

TEST_CASE("one bit of one meter's energy changes the run's digest and that meter's, no other") {
  const ScratchFile good("good.db");
  const ScratchFile spoiled("spoiled.db");
  CHECK(tell_run(good.path(), false, false, 9).hex() !=
        tell_run(spoiled.path(), false, false, 9, true).hex());
  const auto digests = [](const std::filesystem::path& file) {
    sqlite::Database database(file, sqlite::Database::Use::read);
    sqlite::Statement rows(database, "SELECT entity, digest FROM digests ORDER BY entity");
    std::vector<std::pair<std::string, std::string>> all;
    while (rows.next()) all.emplace_back(rows.text(0), rows.text(1));
    return all;
  };
  const auto a = digests(good.path());
  const auto b = digests(spoiled.path());
  REQUIRE(a.size() == 24);
  REQUIRE(b.size() == 24);
  std::string differing;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) differing += a[i].first + ";";
  CHECK(differing == "samples meter 14;");
}

TEST_CASE("a file of a run that died, a strange file and no file are refused in one line") {
  const ScratchFile file("dead.db");
  CHECK_THROWS_WITH(sim::TruthReader(file.path()), Catch::Contains("cannot open"));
  { sim::TruthStore store(file.path()); }
  CHECK_THROWS_AS(sim::TruthReader(file.path()), std::runtime_error);
  CHECK_THROWS_WITH(sim::TruthStore("/no/such/folder/truth.db"),
                    Catch::Contains("/no/such/folder/truth.db: cannot open"));
}
}  // namespace
