/// The smallest scenario that loads, as text, and small surgery on it.
#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/load.hpp"

namespace scenario_test {
inline const std::string small_scenario =
    "story: small\n"                                                                              // line 1
    "starts: 2026-07-01T00:00:00+08:00\n"                                                         // line 2
    "lasts: 1d\n"                                                                                 // line 3
    "tariffs:\n"                                                                                  // line 4
    "  - name: tou\n"                                                                             // line 5
    "    periods:\n"                                                                              // line 6
    "      - { name: peak, slots: \"08:00-22:00\", prices: [0.568 CNY/kWh, 0.618 CNY/kWh] }\n"    // line 7
    "      - { name: valley, slots: \"22:00-08:00\", prices: [0.288 CNY/kWh, 0.338 CNY/kWh] }\n"  // line 8
    "    resets: monthly\n"                                                                       // line 9
    "    bounds: [200 kWh]\n"                                                                     // line 10
    "areas:\n"                                                                                    // line 11
    "  - name: north\n"                                                                           // line 12
    "    meters:\n"                                                                               // line 13
    "      - count: 3\n"                                                                          // line 14
    "        tariff: tou\n"                                                                       // line 15
    "      - count: 2\n"                                                                          // line 16
    "        payment: prepaid-head-end\n"                                                         // line 17
    "        tariff: tou\n"                                                                       // line 18
    "        opening_balance: 10 CNY\n";                                                          // line 19

/// `text` with its first `old` replaced; the test fails when there is none.
inline std::string with(std::string text, const std::string& old, const std::string& fresh) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), fresh);
}
inline std::string small_with(const std::string& old, const std::string& fresh) {
  return with(small_scenario, old, fresh);
}

/// What the loader says of a bad text; "" when it takes it.
inline std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    scenario::load_text(text, "s.yaml", overrides);
    return "";
  } catch (const scenario::BadScenario& bad) {
    return bad.what();
  }
}
}  // namespace scenario_test
