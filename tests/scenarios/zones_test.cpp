// Zones by name agree with what their countries decreed.
#include "scenarios/zones.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {
core::Zone zone(const std::string& name, const char* from, const char* till) {
  std::string why;
  const core::Zone utc(0s);
  const auto found =
      scenario::find_zone(name, *core::parse_iso8601(from, utc), *core::parse_iso8601(till, utc), why);
  INFO(why);
  REQUIRE(found);
  return *found;
}
core::Instant at(const char* text) { return *core::parse_iso8601(text, core::Zone(0s)); }
}  // namespace

TEST_CASE("China is eight hours ahead the year round since 1991") {
  const auto china = zone("Asia/Shanghai", "2000-01-01", "2099-12-31");
  CHECK(china.offset_at(at("2026-01-01")) == 8h);
  CHECK(china.offset_at(at("2026-07-01")) == 8h);
  CHECK(china.name() == "Asia/Shanghai");
}

TEST_CASE("Berlin's summer time of 2026 begins on 29 March and ends on 25 October at 01:00 UTC") {
  const auto berlin = zone("Europe/Berlin", "2025-06-01", "2027-06-01");
  CHECK(berlin.offset_at(at("2026-03-29T00:59:59")) == 1h);
  CHECK(berlin.offset_at(at("2026-03-29T01:00")) == 2h);
  CHECK(berlin.offset_at(at("2026-10-25T00:59:59")) == 2h);
  CHECK(berlin.offset_at(at("2026-10-25T01:00")) == 1h);
}

TEST_CASE("an offset is a zone too, and nonsense is none") {
  CHECK(zone("+05:30", "2026-01-01", "2026-01-02").offset_at(at("2026-01-01")) == 5h + 30min);
  CHECK(zone("UTC", "2026-01-01", "2026-01-02").offset_at(at("2026-01-01")) == 0s);
  std::string why;
  for (const auto* name : {"", "+8", "+25:00", "Mars/Phobos", "../../etc/passwd"})
    CHECK_FALSE(scenario::find_zone(name, at("2026-01-01"), at("2026-01-02"), why));
}
