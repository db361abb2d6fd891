// I-READ and I-ENERGY: each way a reading can be wrong, planted and found.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/audit/town.hpp"

using audit::Verdict;
using namespace std::chrono_literals;

namespace {
/// Forgets the readings of a customer at these quarter hours.
void forget(town::Town& town, int meter, std::int64_t first, std::int64_t last) {
  for (auto index = first; index <= last; ++index)
    town.books(fmt::format("DELETE FROM reading WHERE key = {}", town.key(index, meter)));
}
scenario::FaultSpec fault(const town::Town& town, const char* kind, std::int64_t first, std::int64_t last) {
  scenario::FaultSpec spec;
  spec.kind = kind;
  spec.from = town.at(first) - 1min;
  spec.till = town.at(last) + 1min;
  return spec;
}
}  // namespace

TEST_CASE("a reading one unit off is found, with both figures") {
  const int by = GENERATE(-1, 1);
  town::Town town;
  town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh + {} WHERE key = {}", by,
                         town.key(77, 1)));
  const auto audited = town.audited();
  const auto check = town::check_of(audited, "I-READ.value");
  CHECK(check.verdict == Verdict::fail);
  CHECK(check.violations == 1);
  CHECK(town::names(check, "M0001", "the meter showed"));
  CHECK(audited.verdict == Verdict::fail);
}

TEST_CASE("the reading of another meter is found, and whose it is") {
  town::Town town;
  town.books(fmt::format("UPDATE reading SET register_centikWh = {} WHERE key = {}",
                         town.records[2].shown[60], town.key(60, 1)));
  const auto check = town::check_of(town.audited(), "I-READ.value");
  CHECK(check.verdict == Verdict::fail);
  CHECK(town::names(check, "M0001", "that is what M0003 showed"));
}

TEST_CASE("readings of nobody, before the start and after the end are invented") {
  town::Town town;
  town.books(fmt::format("INSERT INTO reading VALUES({}, 5, 0), ({}, 5, 0), ({}, 5, 0)", town.key(10, 9),
                         town.key(-3, 1), town.key(192 + 40, 2)));
  const auto check = town::check_of(town.audited(), "I-READ.value");
  CHECK(check.violations == 3);
  CHECK(town::names(check, "meter 9", "does not exist"));
  CHECK(town::names(check, "M0001", "not due"));
  CHECK(town::names(check, "M0002", "not due"));
}

TEST_CASE("one missing reading without a fault fails, though coverage is still enough") {
  town::Town town;
  forget(town, 1, 100, 100);
  const auto audited = town.audited();
  CHECK(town::check_of(audited, "I-READ.coverage").verdict == Verdict::pass);
  CHECK(town::check_of(audited, "I-READ.missing").verdict == Verdict::fail);
  CHECK(town::names(town::check_of(audited, "I-READ.missing"), "M0001",
                    "2026-06-30 13:00:00, and no fault was near"));
}

TEST_CASE("coverage below the scenario's limit fails") {
  town::Town town;
  forget(town, 1, 100, 104);  // 5 of 772: 99.35 %
  CHECK(town::check_of(town.audited(), "I-READ.coverage").verdict == Verdict::fail);
}

TEST_CASE("a reading that was due while the meter had no mains is explained by the outage") {
  town::Town town;
  forget(town, 1, 100, 101);
  auto outage = fault(town, "supply-outage", 100, 101);
  outage.meter = "M0001";
  town.scenario.faults = {outage};
  const auto check = town::check_of(town.audited(), "I-READ.missing");
  CHECK(check.verdict == Verdict::pass);
  CHECK(check.explained == 2);
  REQUIRE(check.findings.size() == 2);
  CHECK(check.findings.front().cause == "supply-outage of M0001, 2026-06-30 12:59:00 to 13:16:00");
}

TEST_CASE("another meter's outage, or another area's, explains nothing") {
  town::Town town;
  forget(town, 1, 100, 101);
  auto outage = fault(town, "supply-outage", 100, 101);
  outage.meter = "M0002";
  town.scenario.faults = {outage};
  CHECK(town::check_of(town.audited(), "I-READ.missing").violations == 2);
}

TEST_CASE("a lost uplink delays readings but loses none: a gap that was not filled is not explained by it") {
  town::Town town;
  forget(town, 1, 100, 101);
  auto outage = fault(town, "uplink-outage", 100, 101);
  outage.area = "north";
  town.scenario.faults = {outage};
  const auto check = town::check_of(town.audited(), "I-READ.missing");
  CHECK(check.violations == 2);
  CHECK(town::names(check, "M0001", "not filled after the end of: uplink-outage of area north"));
}

TEST_CASE("a lost uplink that lasts to the end of the run explains what is missing") {
  town::Town town;
  forget(town, 1, 190, 192);
  auto outage = fault(town, "uplink-outage", 190, 192);
  outage.till = town.scenario.ends() + town.scenario.settles;
  town.scenario.faults = {outage};
  const auto check = town::check_of(town.audited(), "I-READ.missing");
  CHECK(check.verdict == Verdict::pass);
  CHECK(check.explained == 3);
}

TEST_CASE("a reading may be shifted by as much as the meter's clock was wrong, in its direction") {
  town::Town town;
  std::int64_t index = 80;
  const auto& shown = town.records[0].shown;
  while (shown[static_cast<std::size_t>(index)] == shown[static_cast<std::size_t>(index) - 1]) ++index;
  town.truth("UPDATE meters SET clock_drift_ppb = 5787 WHERE meter = 1");  // fast: its records are early
  town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh - 1 WHERE key = {}",
                         town.key(index, 1)));
  CHECK(town::check_of(town.audited(), "I-READ.value").verdict == Verdict::pass);
  town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh + 2 WHERE key = {}",
                         town.key(index, 1)));
  CHECK(town::check_of(town.audited(), "I-READ.value").verdict == Verdict::fail);
}

TEST_CASE("readings that are off by one more often than clocks explain fail together") {
  town::Town town;
  town.truth("UPDATE meters SET clock_drift_ppb = 5787 WHERE meter = 1");
  const auto& shown = town.records[0].shown;
  for (std::int64_t index = 60; index < 120; ++index) {
    const auto i = static_cast<std::size_t>(index);
    if (shown[i] != shown[i - 1])
      town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh - 1 WHERE key = {}",
                             town.key(index, 1)));
  }
  const auto check = town::check_of(town.audited(), "I-READ.value");
  CHECK(check.verdict == Verdict::fail);
  CHECK(town::names(check, "all meters", "the meters' clocks explain"));
}

TEST_CASE("a register that counts what did not pass fails I-ENERGY, even by two hundredths of a kWh a day") {
  town::Town town;
  // Truth's register of M0001 runs on two units from index 100, and books follow it: only physics knows
  // better.
  for (std::int64_t index = 100; index < town.slots(); ++index) {
    const auto i = static_cast<std::size_t>(index);
    std::string blob;
    for (std::size_t meter = 0; meter < 4; ++meter) {
      const auto shown = town.records[meter].shown[i] + (meter == 0 ? 2u : 0u);
      for (int byte = 0; byte < 4; ++byte) blob += fmt::format("{:02X}", shown >> (8 * byte) & 0xFF);
    }
    town.truth(fmt::format("UPDATE samples SET shown = x'{}' WHERE sample_key = {}", blob,
                           (town.first_slot() + index) << 20));
    town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh + 2 WHERE key = {}",
                           town.key(index, 1)));
  }
  const auto audited = town.audited();
  CHECK(town::check_of(audited, "I-READ.value").verdict == Verdict::pass);
  CHECK(town::check_of(audited, "I-ENERGY.register").violations == 1);
  CHECK(town::names(town::check_of(audited, "I-ENERGY.register"), "M0001",
                    "in the day till 2026-07-01 00:00:00"));
}

TEST_CASE("a meter's error outside its class fails") {
  town::Town town;
  town.truth("UPDATE meters SET error_ppm = 20001 WHERE meter = 2");
  CHECK(town::names(town::check_of(town.audited(), "I-ENERGY.register"), "M0002", "outside class 2"));
}

TEST_CASE("a midnight reading that is wrong shows in the energy of both days") {
  town::Town town;
  town.books(fmt::format("UPDATE reading SET register_centikWh = register_centikWh + 3 WHERE key = {}",
                         town.key(48, 1)));
  CHECK(town::check_of(town.audited(), "I-ENERGY.books").violations == 2);
}

TEST_CASE("a reading given up before its patience was over is named") {
  town::Town town;
  forget(town, 1, 100, 100);
  const auto due = core::unix_seconds(town.at(100));
  town.books(
      fmt::format("INSERT INTO estimate VALUES(1, {0}, {0}, {1})", due, (due + 35 * 3600) * 1'000'000'000));
  CHECK(town::names(town::check_of(town.audited(), "I-READ.estimate"), "M0001", "after only 35 h"));
}

TEST_CASE(
    "readings below what the books hold already are refused, and a register that was set back explains "
    "them") {
  town::Town town;
  const auto set_back = [&] {
    auto rollback = fault(town, "theft-rollback", 95, 96);
    rollback.meter = "M0001";
    return rollback;
  };
  // As if the register had fallen after the 90th quarter hour, and had come back by the 110th.
  town.books(fmt::format("UPDATE reading SET register_centikWh = {} WHERE key = {}",
                         town.records[0].shown[110], town.key(90, 1)));
  forget(town, 1, 100, 105);
  CHECK(town::check_of(town.audited(), "I-READ.missing").violations == 6);
  town.scenario.faults = {set_back()};
  const auto check = town::check_of(town.audited(), "I-READ.missing");
  CHECK(check.verdict == Verdict::pass);
  CHECK(check.explained == 6);
  CHECK(check.findings.front().cause == "theft-rollback of M0001, 2026-06-30 11:44:00 to 12:01:00");
  forget(town, 1, 120, 120);  // his register is past it again
  CHECK(town::check_of(town.audited(), "I-READ.missing").violations == 1);
  town.scenario.faults.front().meter = "M0002";
  CHECK(town::check_of(town.audited(), "I-READ.missing").violations == 7);
}
