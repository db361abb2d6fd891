// What no single field shows: names that are not there, days with holes, windows outside of the run.
#include "tests/scenarios/small_scenario.hpp"

using namespace scenario_test;

namespace {
std::string small_plus(const std::string& more) { return small_scenario + more; }
std::string fault(const std::string& fields) { return small_plus("faults:\n  - { " + fields + " }\n"); }
const std::string in_the_run = "from: 2026-07-01T01:00, till: 2026-07-01T02:00";
}  // namespace

TEST_CASE("overlapping tariff slots are refused with both slots") {
  CHECK(refusal(small_with("\"22:00-08:00\"", "\"21:00-08:00\"")) ==
        "s.yaml:8:32: tariff slots overlap: 21:00-24:00 of 'valley' and 08:00-22:00 of 'peak'");
  CHECK(refusal(small_with("\"22:00-08:00\"", "[\"22:00-08:00\", \"23:00-24:00\"]")) ==
        "s.yaml:8:32: tariff slots overlap: 23:00-24:00 of 'valley' and 22:00-24:00 of 'valley'");
}

TEST_CASE("a tariff with a hole is refused with the hole") {
  CHECK(refusal(small_with("\"22:00-08:00\"", "\"22:30-08:00\"")) ==
        "s.yaml:7:7: tariff 'tou' has a hole: no period covers 22:00-22:30");
  CHECK(refusal(small_with("\"22:00-08:00\"", "\"00:00-08:00\"")) ==
        "s.yaml:7:7: tariff 'tou' has a hole: no period covers 22:00-24:00");
}

TEST_CASE("a negative price is refused") {
  CHECK(refusal(small_with("0.338 CNY/kWh", "-0.338 CNY/kWh")) ==
        "s.yaml:8:71: 'prices' is -0.338 CNY/kWh: it must not be negative");
}

TEST_CASE("tariffs that contradict themselves are refused") {
  CHECK(refusal(small_with(", 0.338 CNY/kWh", "")) ==
        "s.yaml:8:55: period 'valley' has 1 prices for 2 tiers");
  CHECK(refusal(small_with("[200 kWh]", "[200 kWh, 200 kWh]")) ==
        "s.yaml:10:23: tier bounds must rise: 200 kWh comes after 200 kWh");
  CHECK(refusal(small_with("    resets: monthly\n", "")) ==
        "s.yaml:9:13: 'bounds' need 'resets: monthly' or 'resets: yearly'");
  CHECK(refusal(small_with("    bounds: [200 kWh]\n", "")) == "s.yaml:9:13: tiers that reset need 'bounds'");
  CHECK(refusal(small_with("name: valley", "name: peak")) == "s.yaml:8:17: a second period 'peak'");
  CHECK(refusal(small_with("name: valley", "name: vally")) ==
        "s.yaml:8:17: period 'vally' is not one of sharp, peak, flat, valley; did you mean 'valley'?");
  CHECK(refusal(small_with("\"08:00-22:00\"", "\"08:05-22:00\"")) ==
        "s.yaml:7:30: slot 08:05-22:00 of 'peak' does not begin and end on a quarter hour");
}

TEST_CASE("a tier surcharge that differs between periods is no tariff for a meter that keeps money") {
  CHECK(refusal(with(small_with("0.338", "0.348"), "prepaid-head-end", "prepaid-meter")) ==
        "s.yaml:18:17: tariff 'tou' is none for prepaid-meter: a meter adds a tier's surcharge to the rate's "
        "price (040501nn, "
        "040601nn), and that of tier 2 differs between 'peak' and 'valley'");
}

TEST_CASE("names that are not there are refused") {
  CHECK(refusal(small_with("tariff: tou", "tariff: tuo")) ==
        "s.yaml:15:17: unknown tariff 'tuo'; did you mean 'tou'?");
  CHECK(refusal(small_with("    meters:", "    feeder: nowhere\n    meters:")) ==
        "s.yaml:13:13: unknown feeder 'nowhere': no nowhere.yaml or .dss in scenarios/feeders, "
        "and not ieee-csv");
  CHECK(refusal(fault("kind: meter-silent, meter: M0099, " + in_the_run)) ==
        "s.yaml:21:34: no meter 'M0099': the scenario has M0001 to M0005");
  CHECK(refusal(fault("kind: uplink-outage, area: nroth, " + in_the_run)) ==
        "s.yaml:21:34: no area 'nroth'; did you mean 'north'?");
  CHECK(refusal(small_plus("payments:\n  - { at: 2026-07-01T01:00, meter: M5, amount: 1 CNY }\n")) ==
        "s.yaml:21:36: no meter 'M5': the scenario has M0001 to M0005");
}

TEST_CASE("a network that cannot be computed, or is measured by nobody knows whom, is refused") {
  const auto in_area = [](const std::string& keys) {
    return refusal(small_with("    meters:", "    " + keys + "\n    meters:"));
  };
  CHECK(in_area("grid: true") ==
        "s.yaml:13:11: 'grid' needs the network to compute: give area 'north' a 'feeder'");
  CHECK(in_area("voltage_low_V: 260") ==
        "s.yaml:12:5: 'voltage_high_V' (253) is not above 'voltage_low_V' (260)");
  const auto group = [](const std::string& grid, const std::string& keys) {
    return refusal(with(small_with("        tariff: tou\n", "        tariff: tou\n        " + keys + "\n"),
                        "    meters:", grid + "    meters:"));
  };
  const std::string grid = "    feeder: european-lv\n    grid: true\n";
  CHECK(group("", "load: feeder-head").ends_with("'load: feeder-head' needs 'grid: true' in its area"));
  CHECK(group(grid, "current_ratio: 40").ends_with("only 'load: feeder-head' has a 'current_ratio'"));
  CHECK(group("", "rated_power: 7 kW").ends_with("'load: household' has no 'rated_power'"));
  CHECK(group("", "load: shop\n        load_scale: 0").find("'load_scale' is 0") != std::string::npos);
}

TEST_CASE("theft needs a meter and what it takes") {
  CHECK(refusal(fault("kind: theft-bypass, " + in_the_run)).ends_with("theft-bypass needs a 'meter'"));
  CHECK(refusal(fault("kind: theft-hook, meter: M0001, " + in_the_run))
            .ends_with("theft-hook needs a 'power' above 0"));
  CHECK(refusal(fault("kind: theft-rollback, meter: M0001, " + in_the_run))
            .ends_with("theft-rollback needs an 'energy' above 0"));
  CHECK(refusal(fault("kind: theft-bypass, meter: M0001, share: 0, " + in_the_run))
            .ends_with("'share' is 0: the fault would hide nothing"));
  CHECK(refusal(fault("kind: theft-bypass, meter: M0001, share: 120 %, " + in_the_run)).find("share") !=
        std::string::npos);
  CHECK(refusal(fault("kind: cover-open, meter: M0001, share: 1/2, " + in_the_run))
            .ends_with("cover-open takes no 'share'"));
  CHECK(refusal(fault("kind: theft-feed, meter: M0001, other: M0001, " + in_the_run))
            .ends_with("'other' is the same meter as 'meter'"));
}

TEST_CASE("a holiday is a date") {
  for (const char* wrong : {"2026-13-01", "2026-1-1", "tomorrow", "2026-02-30"})
    CHECK(refusal(small_plus("climate: { holidays: [\"" + std::string(wrong) + "\"] }\n"))
              .ends_with("'" + std::string(wrong) + "' is no date such as 2026-10-01"));
}

TEST_CASE("fault windows that make no sense are refused") {
  CHECK(refusal(fault("kind: uplink-outage, from: 2026-07-01T02:00, till: 2026-07-01T02:00")) ==
        "s.yaml:21:58: the fault ends (2026-07-01T02:00:00+08:00) before it begins "
        "(2026-07-01T02:00:00+08:00)");
  CHECK(refusal(fault("kind: uplink-outage, from: 2026-06-30T02:00, till: 2026-07-01T02:00")) ==
        "s.yaml:21:34: the fault is not within the run, 2026-07-01T00:00:00+08:00 to "
        "2026-07-02T00:00:00+08:00");
  CHECK(refusal(fault("kind: uplink-outage, from: 2026-07-01T02:00, till: 2026-07-02T00:00:01")) ==
        "s.yaml:21:58: the fault is not within the run, 2026-07-01T00:00:00+08:00 to "
        "2026-07-02T00:00:00+08:00");
  CHECK(refusal(fault("kind: uplink-outge, " + in_the_run)).ends_with("did you mean 'uplink-outage'?"));
  CHECK(refusal(fault("kind: head-end-crash, area: north, " + in_the_run)) ==
        "s.yaml:21:35: head-end-crash takes no 'area'");
  CHECK(refusal(fault("kind: line-noise, " + in_the_run)) ==
        "s.yaml:21:5: line-noise needs a 'bit_error' above 0");
  CHECK(refusal(fault("kind: uplink-outage, bit_error: 1 %, " + in_the_run)) ==
        "s.yaml:21:39: uplink-outage takes no 'bit_error'");
  CHECK(refusal(
            fault("kind: head-end-crash, " + in_the_run + " }\n  - { kind: head-end-crash, " + in_the_run)) ==
        "s.yaml:22:35: the head-end is down already, until 2026-07-01T02:00:00+08:00");
}

TEST_CASE("a meter of another area is refused") {
  const auto two_areas = with(small_scenario, "areas:\n",
                              "areas:\n  - { name: south, meters: [ { count: 2, tariff: tou } ] }\n");
  CHECK(refusal(two_areas + "faults:\n  - { kind: meter-silent, area: north, meter: M0002, " + in_the_run +
                " }\n") == "s.yaml:22:47: meter 'M0002' is not in area 'north'");
  CHECK(refusal(two_areas + "faults:\n  - { kind: meter-silent, area: north, meter: M0003, " + in_the_run +
                " }\n") == "");
}

TEST_CASE("times off the quarter hour are refused") {
  CHECK(refusal(small_with("lasts: 1d", "lasts: 20min")) ==
        "s.yaml:3:8: 'lasts' is 20min: not a multiple of 15min");
  CHECK(refusal(small_with("T00:00:00+08:00", "T00:07:00+08:00")) ==
        "s.yaml:2:9: 'starts' is not on a quarter hour");
  CHECK(refusal(small_with("2026-07-01T00:00:00+08:00", "2026-02-30")) ==
        "s.yaml:2:9: 'starts': '2026-02-30' is not an instant such as 2026-07-01T00:15 or "
        "2026-07-01T00:15:00+08:00");
  CHECK(refusal(small_with("2026-07-01T00:00:00+08:00", "1999-07-01T00:00:00+08:00")) ==
        "s.yaml:2:9: 'starts': the run must lie in the years 2000 to 2099 (DL/T 645 dates have two digits)");
}

TEST_CASE("more meters than a concentrator has ports for are refused") {
  CHECK(refusal(small_with("count: 3", "count: 959")) ==
        "s.yaml:14:7: 961 meters in area 'north': a concentrator has 30 RS-485 ports, so at most 960 here; "
        "use copies of the area");
  CHECK(refusal(small_with("count: 3", "count: 958")) == "");
  CHECK(refusal(small_with("  - name: north\n", "  - name: north\n    copies: 65535\n")) == "");
}

TEST_CASE("money that contradicts itself is refused") {
  CHECK(refusal(small_plus("        alarm1: 1 CNY\n        alarm2: 2 CNY\n")) ==
        "s.yaml:21:17: the second warning (2 CNY) comes before the first (1 CNY)");
  CHECK(refusal(small_plus("        hoarding_cap: 9 CNY\n")) ==
        "s.yaml:19:26: 'opening_balance' is above 'hoarding_cap', 9 CNY");
  CHECK(refusal(small_with("prepaid-head-end", "postpaid")) ==
        "s.yaml:19:26: a postpaid customer has no 'opening_balance'");
  CHECK(refusal(small_plus("        pays: { when: warned, after_min: 3h, after_max: 2h }\n")) ==
        "s.yaml:20:57: 'after_max' (2h) is less than 'after_min' (3h)");
}

TEST_CASE("a zone that the machine does not know is refused") {
  CHECK(refusal(small_with("lasts: 1d", "lasts: 1d\nzone: Asia/Shangai")) ==
        "s.yaml:4:7: 'zone': the time-zone database of this machine (package tzdata) has no zone "
        "'Asia/Shangai'; write a name "
        "like Asia/Shanghai or an offset like +08:00");
}

TEST_CASE("tricks with meters are refused where the meter cannot suffer them") {
  const auto trick = [](const std::string& fields) { return refusal(fault(fields + ", " + in_the_run)); };
  CHECK(
      trick("kind: theft-false-data, meter: M0001, attack: m15") ==
      "s.yaml:21:53: 'm15' is no attack: m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, h1, h2, "
      "h3, h4, h5, h6; did you mean 'm1'?");
  CHECK(trick("kind: theft-false-data, meter: M0001").ends_with("theft-false-data needs an 'attack'"));
  CHECK(trick("kind: theft-false-data, meter: M0001, attack: m12").ends_with("it needs an 'other'"));
  CHECK(trick("kind: theft-false-data, meter: M0001, attack: m1, other: M0002")
            .ends_with("attack m1 takes no 'other'"));
  CHECK(trick("kind: theft-false-data, meter: M0001, attack: m12, other: M0002").empty());
  CHECK(trick("kind: theft-bypass, meter: M0001, attack: m1").ends_with("theft-bypass takes no 'attack'"));
  CHECK(trick("kind: phase-swap, meter: M0001").find("'M0001' has one phase") != std::string::npos);
  CHECK(trick("kind: recharge-replay, meter: M0004, count: 2")
            .ends_with("'M0004' takes no recharges: that needs 'payment: prepaid-meter'"));
  CHECK(trick("kind: recharge-replay, meter: M0001").ends_with("recharge-replay needs a 'count' above 0"));
  CHECK(trick("kind: meter-clock-shift, meter: M0001").ends_with("meter-clock-shift needs a 'step'"));
  CHECK(trick("kind: theft-adaptive, meter: M0001").empty());
  CHECK(trick("kind: theft-adaptive, meter: M0001, share: 1/2, hours: \"01:00-02:00\"")
            .find("chooses its hours itself") != std::string::npos);
  CHECK(trick("kind: theft-collusion, meter: M0001, other: M0001")
            .ends_with("'other' is the same meter as 'meter'"));
}

TEST_CASE("attacks and thieves need a customer whose load is known ahead and only draws") {
  const auto roofed = small_with("count: 3\n", "count: 3\n        load: solar-home\n");
  CHECK(refusal(roofed + "faults:\n  - { kind: theft-false-data, meter: M0001, attack: m9, " + in_the_run +
                " }\n")
            .find("'M0001' feeds in at times") != std::string::npos);
}

TEST_CASE("inspectors work by day, on some weekday, and reach their meter before they give up") {
  const auto inspectors = [](const std::string& fields) {
    return refusal(small_plus("inspectors: { crews: 1, " + fields + " }\n"));
  };
  CHECK(inspectors("hours: \"08:00-17:00\"").empty());
  CHECK(inspectors("hours: \"22:00-06:00\"") ==
        "s.yaml:20:32: inspectors work by day: 'hours' must not go over midnight");
  CHECK(inspectors("weekdays: []").ends_with("inspectors work on at least one weekday"));
  CHECK(inspectors("weekdays: [mon, tuesday]").find("'tuesday' is no weekday") != std::string::npos);
  CHECK(inspectors("way_min: 6h").ends_with("'way_max' (5h) is less than 'way_min' (6h)"));
  CHECK(inspectors("hours: \"08:00-09:00\", stays: 2h").ends_with("does not fit into working hours"));
  CHECK(inspectors("crews: 1").find("s.yaml:20") == 0);  // twice the same key
}
