// What is wrong in a file's form: each refusal is one line with file:line:column, said exactly.
#include "tests/scenarios/small_scenario.hpp"

using namespace scenario_test;

TEST_CASE("the small scenario that the refusals are made from loads") {
  CHECK(refusal(small_scenario) == "");
}

TEST_CASE("an unknown key is refused at the key, with the key that was meant") {
  CHECK(refusal(small_with("count: 3", "coutn: 3")) ==
        "s.yaml:14:9: unknown key 'coutn'; did you mean 'count'?");
  CHECK(refusal(small_with("lasts", "latss")) == "s.yaml:3:1: unknown key 'latss'; did you mean 'lasts'?");
  CHECK(refusal(small_with("resets: monthly", "colour: red")) ==
        "s.yaml:9:5: unknown key 'colour'; known: name, source, periods, resets, bounds");
}

TEST_CASE("a key that appears twice is refused at the second") {
  CHECK(refusal(small_with("lasts: 1d", "lasts: 1d\nlasts: 2d")) == "s.yaml:4:1: key 'lasts' appears twice");
}

TEST_CASE("a merge key is refused") {
  CHECK(refusal(small_with("count: 3", "<<: {count: 3}")) ==
        "s.yaml:14:9: merge keys (<<) are not supported: write the fields out");
}

TEST_CASE("a wrong unit or none is refused at the value") {
  CHECK(
      refusal(small_with("lasts: 1d", "lasts: 15 kWh")) ==
      "s.yaml:3:8: 'lasts': '15 kWh' is not a duration such as 15min or 1h 30min (ns, us, ms, s, min, h, d)");
  CHECK(refusal(small_with("lasts: 1d", "lasts: 15")) ==
        "s.yaml:3:8: 'lasts': '15' is not a duration such as 15min or 1h 30min (ns, us, ms, s, min, h, d)");
  CHECK(refusal(small_with("10 CNY", "10 USD")) ==
        "s.yaml:19:26: 'opening_balance': '10 USD' is not an amount of money such as 50 CNY (whole fen)");
  CHECK(refusal(small_with("0.568 CNY/kWh", "0.568 CNY")) ==
        "s.yaml:7:54: 'prices': '0.568 CNY' is not a price such as 0.5588 CNY/kWh (at most four decimals)");
  CHECK(refusal(small_with("200 kWh", "200 MWh")) ==
        "s.yaml:10:14: 'bounds': '200 MWh' is not an energy such as 230 kWh (at most two decimals)");
}

TEST_CASE("a wrong type is refused at the value") {
  CHECK(refusal(small_with("count: 3", "count: three")) ==
        "s.yaml:14:16: 'count': 'three' is not a whole number");
  CHECK(refusal(small_with("count: 3", "count: 8E1")) ==
        "s.yaml:14:16: 'count': '8E1' is not a whole number");
  CHECK(refusal(small_with("count: 3", "count: 012")) ==
        "s.yaml:14:16: 'count': '012' is not a whole number");
  CHECK(refusal(small_with("count: 3", "count: [3]")) ==
        "s.yaml:14:16: 'count' is a list, not a whole number");
  CHECK(refusal(small_with("count: 3", "count:")) == "s.yaml:14:9: 'count' is nothing, not a whole number");
  CHECK(refusal(small_with("    bounds: [200 kWh]", "    bounds: {a: 200 kWh}")) ==
        "s.yaml:10:13: 'bounds' is a group of keys, not a list");
  CHECK(refusal("- 1\n- 2\n").starts_with("s.yaml:1:1: a list where keys are expected: story, title, seed"));
}

TEST_CASE("a value out of its range is refused with the range") {
  CHECK(refusal(small_with("count: 3", "count: 0")) ==
        "s.yaml:14:16: 'count' is 0: it must be from 1 to 1000000");
  CHECK(refusal(small_with("10 CNY", "-10 CNY")) ==
        "s.yaml:19:26: 'opening_balance' is -10 CNY: it must not be negative");
  CHECK(refusal(small_with("    meters:", "    line: { meters_per_line: 33 }\n    meters:")) ==
        "s.yaml:13:30: 'meters_per_line' is 33: it must be from 1 to 32");
  CHECK(refusal(small_with("    meters:", "    line: { bit_error: 3/2 }\n    meters:")) ==
        "s.yaml:13:24: 'bit_error' is 3/2: it must be from 0 to 100 %");
  CHECK(refusal(small_with("    meters:", "    concentrator: { read_every: 30min }\n    meters:")) ==
        "s.yaml:13:33: 'read_every' is 30min: only 15min is possible");
}

TEST_CASE("a word that is none of the possible ones is refused with the one that was meant") {
  CHECK(refusal(small_with("prepaid-head-end", "prepaid_head_end")) ==
        "s.yaml:17:18: 'payment' is 'prepaid_head_end', not one of postpaid, prepaid-head-end, "
        "prepaid-meter; did you mean "
        "'prepaid-head-end'?");
}

TEST_CASE("a missing required key is refused at the group it belongs to") {
  CHECK(refusal(small_with("        tariff: tou\n", "")) == "s.yaml:14:9: 'tariff' is missing");
  CHECK(refusal("story: x\n") == "s.yaml:1:1: 'starts' is missing");
}

TEST_CASE("what is not YAML, not one document or not UTF-8 is refused") {
  CHECK(refusal("") == "s.yaml:1:1: the file is empty");
  CHECK(refusal("a: [1, 2\n").starts_with("s.yaml:2:1: not YAML: "));
  CHECK(refusal(small_scenario + "---\nstory: two\n") ==
        "s.yaml:21:1: a second document: one scenario a file");
  CHECK(refusal("story: caf\xE9\n") == "s.yaml:1:11: not UTF-8 text");
  CHECK(refusal(std::string("story: a\0b\n", 11)) == "s.yaml:1:9: a control character in the text");
}

TEST_CASE("aliases that repeat aliases are refused before they fill the memory") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 1; k < 10; ++k) bomb += ", " + last;
    bomb += "]\n";
  }
  CHECK(refusal(bomb).find("too many values") != std::string::npos);
}

TEST_CASE("a file that does not exist is refused in the same form") {
  CHECK_THROWS_WITH(
      scenario::load("no/such.yaml"),
      "no/such.yaml:1:1: no such file (`metertwin scenarios` lists those that come with metertwin)");
}

TEST_CASE("--set replaces and adds values by path, by name or by number") {
  const auto s =
      scenario::load_text(small_scenario, "s.yaml",
                          {"areas.north.meters.0.count=5", "areas.0.meters.1.opening_balance=12.50 CNY",
                           "seed=9", "head_end.collect.attempts=7", "expect={must_bill: true}"});
  CHECK(s.areas[0].meters[0].count == 5);
  CHECK(s.areas[0].meters[1].opening_balance == core::Fen(1250));
  CHECK(s.seed == 9);
  CHECK(s.head_end.collect.attempts == 7);
  CHECK(s.expect.must_bill);
}

TEST_CASE("--set that goes nowhere says so") {
  CHECK(refusal(small_scenario, {"areas.south.copies=2"}) ==
        "--set areas.south.copies=2:1:1: the list has no item 'south'; it has 1, counted from 0 or called by "
        "name");
  CHECK(refusal(small_scenario, {"seed"}) == "--set seed:1:1: write it as key.key=value");
  CHECK(refusal(small_scenario, {"sede=1"}) == "--set sede=1:1:1: unknown key 'sede'; did you mean 'seed'?");
  CHECK(refusal(small_scenario, {"lasts.x=1"}) ==
        "--set lasts.x=1:1:1: 'x' is looked for inside of a single value");
  CHECK(refusal(small_scenario, {"seed.x=1"}) ==
        "--set seed.x=1:1:1: 'seed' is a group of keys, not a whole number from 0");
}
