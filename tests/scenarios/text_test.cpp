// Units are written and read exactly.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "scenarios/text.hpp"

using namespace scenario;

namespace {
const core::Zone china(8h);

template <class T>
std::optional<T> parse(std::string_view text) {
  return Text<T>::parse(text, china);
}
template <class T>
bool returns(const T& value) {
  return Text<T>::parse(Text<T>::format(value, china), china) == value;
}
}  // namespace

TEST_CASE("durations take any mixture of units, down to the nanosecond") {
  CHECK(parse<Duration>("15min") == 15min);
  CHECK(parse<Duration>("15 min") == 15min);
  CHECK(parse<Duration>("1h 30min") == 90min);
  CHECK(parse<Duration>("1h30min") == 90min);
  CHECK(parse<Duration>("0.5d") == 12h);
  CHECK(parse<Duration>("1.000000001s") == Duration(1'000'000'001));
  CHECK(parse<Duration>("1200ms") == 1200ms);
  for (const auto* bad : {"", "15", "min", "15 minutes", "1,5h", "0.5ns", "1h,2min", "--1s", "1e3s",
                          "99999999999999d", "01s", "1s -2s"})
    CHECK_FALSE(parse<Duration>(bad));
}

TEST_CASE("money, prices, energy and power are exact or refused") {
  CHECK(parse<core::Fen>("50 CNY") == core::Fen(5000));
  CHECK(parse<core::Fen>("50.05元") == core::Fen(5005));
  CHECK(parse<core::Fen>("0.5 yuan") == core::Fen(50));
  CHECK_FALSE(parse<core::Fen>("0.005 CNY"));
  CHECK(parse<core::Price>("0.5588 CNY/kWh") == core::Price(5588));
  CHECK_FALSE(parse<core::Price>("0.55881 CNY/kWh"));
  CHECK(parse<core::CentiKilowattHours>("230 kWh") == core::CentiKilowattHours(23'000));
  CHECK(parse<core::Milliwatts>("1.2 kW") == core::Milliwatts(1'200'000));
  CHECK(parse<core::Milliwatts>("500 W") == core::Milliwatts(500'000));
  CHECK_FALSE(parse<core::Milliwatts>("500 VA"));
  CHECK_FALSE(parse<core::Fen>("99999999999999999999 CNY"));
}

TEST_CASE("shares are read as per cent, fractions or decimals") {
  CHECK(parse<core::Ratio>("3 %") == core::Ratio{3, 100});
  CHECK(parse<core::Ratio>("99.5%") == core::Ratio{995, 1000});
  CHECK(parse<core::Ratio>("1/3") == core::Ratio{1, 3});
  CHECK(parse<core::Ratio>("0.01") == core::Ratio{1, 100});
  CHECK(parse<core::Ratio>("1") == core::Ratio{1, 1});
  for (const auto* bad : {"", "%", "1/0", "-1 %", "1/-2", "1/2/3", "3 percent", "1/9999999999"})
    CHECK_FALSE(parse<core::Ratio>(bad));
  CHECK(Text<core::Ratio>::format({1, 3}, china) == "1/3");
  CHECK(Text<core::Ratio>::format({1, 100'000}, china) == "0.001 %");
}

TEST_CASE("a slot over midnight is cut in two, and the day's end may be written either way") {
  const auto slots = split_at_midnight(*parse<DaySlot>("22:00-06:00"));
  REQUIRE(slots.size() == 2);
  CHECK((slots[0].from_s == 79'200 && slots[0].till_s == 86'400));
  CHECK((slots[1].from_s == 0 && slots[1].till_s == 21'600));
  CHECK(parse<DaySlot>("22:00-00:00")->till_s == 86'400);
  CHECK(split_at_midnight(*parse<DaySlot>("22:00-24:00")).size() == 1);
  for (const auto* bad :
       {"22:00", "22-06", "25:00-26:00", "12:60-13:00", "24:00-01:00", "08:00-08:00", "8:00-9:00"})
    CHECK_FALSE(parse<DaySlot>(bad));
}

TEST_CASE("every value survives being written and read again") {
  const core::RandomStream draw(20260701, 1, core::Purpose::test);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto word = static_cast<std::int64_t>(draw.word(i)) >> draw.below(60, i + 100'000);
    INFO("draw " << i << ", word " << word);
    const auto modest = word % 1'000'000'000'000;
    CHECK(returns(core::Fen(modest)));
    CHECK(returns(core::Price(modest)));
    CHECK(returns(core::CentiKilowattHours(modest)));
    CHECK(returns(core::Milliwatts(modest)));
    CHECK(returns(Duration(word)));
    const auto denominator = static_cast<std::uint32_t>(1 + draw.below(4'000'000'000, i + 200'000));
    CHECK(returns(core::Ratio{
        static_cast<std::uint32_t>(draw.below(std::uint64_t{denominator} + 1, i + 300'000)), denominator}));
    CHECK(returns(core::Instant(
        std::chrono::nanoseconds(static_cast<std::int64_t>(draw.below(4'000'000'000'000'000'000, i))))));
  }
}
