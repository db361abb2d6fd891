// The purchase counter: what makes sure that no recharge is credited twice.
#include <catch2/catch.hpp>

#include "tests/models/meter/bench_meter.hpp"

using namespace model;
using dlt645::SecurityRefusal;

namespace {
constexpr auto code(SecurityRefusal refusal) { return static_cast<std::uint16_t>(refusal); }
MeterSetup prepaid() {
  auto setup = bench_setup();
  setup.load = Load();
  setup.has_purse = true;
  setup.customer_number = 17;
  setup.purchase_count = 4;
  setup.opening_balance = core::MicroYuan(50'000'000);
  setup.limits.hoarding_cap = core::Fen(20'000);
  return setup;
}
}  // namespace

TEST_CASE("only the next purchase count is taken") {
  BenchMeter bench(prepaid());
  CHECK(bench.recharge(1000, 4) == code(SecurityRefusal::repeated_recharge));
  CHECK(bench.recharge(1000, 6) == code(SecurityRefusal::wrong_purchase_count));
  CHECK(bench.recharge(1000, 3) == code(SecurityRefusal::wrong_purchase_count));
  CHECK(bench.recharge(1000, 0) == code(SecurityRefusal::wrong_purchase_count));
  CHECK(bench.meter.money_uYuan() == 50'000'000);
  CHECK(bench.recharge(1000, 5) == 0);
  CHECK(bench.meter.money_uYuan() == 60'000'000);
  CHECK(bench.recharge(1000, 5) == code(SecurityRefusal::repeated_recharge));
  CHECK(bench.meter.money_uYuan() == 60'000'000);
  CHECK(bench.count(Kind::recharge_applied) == 1);
  CHECK(bench.last(Kind::recharge_applied)->value == 1000);
  CHECK(bench.last(Kind::recharge_applied)->detail == 5);
  CHECK(bench.count(Kind::recharge_refused) == 5);
  CHECK(bench.number(0x03330201) == 5);
  CHECK(bench.number(0x03330301) == 1000);
  CHECK(bench.number(0x03330401) == 5000);
  CHECK(bench.number(0x03330501) == 6000);
  CHECK(bench.number(0x03330601) == 6000);
}

TEST_CASE("a recharge above the hoarding cap is refused and its count stays free") {
  BenchMeter bench(prepaid());
  CHECK(bench.recharge(15'001, 5) == code(SecurityRefusal::over_hoarding));
  CHECK(bench.recharge(15'000, 5) == 0);
  CHECK(bench.meter.money_uYuan() == 200'000'000);
}

TEST_CASE("another customer's money is refused") {
  BenchMeter bench(prepaid());
  CHECK(bench.recharge(1000, 5, 18) == code(SecurityRefusal::wrong_customer));
  CHECK(bench.meter.purchase_count() == 4);
}

TEST_CASE("a meter without an account takes no recharge until one is opened") {
  auto setup = bench_setup();
  BenchMeter bench(setup);
  CHECK(bench.recharge(1000, 1) == code(SecurityRefusal::other));
  dlt645::PurchaseRequest open{
      .item = dlt645::item::open_account, .amount = core::Fen(1000), .purchase_count = 1, .customer = 17};
  bench.run_for(10h);
  REQUIRE(bench.ask(open));
  CHECK(bench.meter.money_uYuan() == 10'000'000);
  CHECK(bench.number(0x0400040E) == 17);
  CHECK((bench.word3() & 0x0300) == 0x0200);  // money prepaid
  CHECK(bench.recharge(1000, 2) == 0);
  const auto again = bench.ask(open);
  REQUIRE(again);
  CHECK(dlt645::security_refusal_of(*again) == SecurityRefusal::other);
}

TEST_CASE("the purse state says money, count and customer in binary") {
  BenchMeter bench(prepaid());
  const auto frame = bench.ask(dlt645::SecurityRequest{dlt645::item::purse_state, 0, {}});
  REQUIRE(frame);
  const auto value = dlt645::expect_security(*frame, bench.meter.address(), dlt645::item::purse_state);
  REQUIRE(value.has_value());
  const auto state = dlt645::parse_purse_state(*value);
  REQUIRE(state.has_value());
  CHECK(state->remaining == core::Fen(5000));
  CHECK(state->purchase_count == 4);
  CHECK(state->customer == 17);
}

TEST_CASE("a remote trip is not undone by paying") {
  BenchMeter bench(prepaid());
  CHECK(bench.done(dlt645::Control1C::trip));
  CHECK(bench.recharge(1000, 5) == 0);
  CHECK_FALSE(bench.meter.is_supplied());
  CHECK(bench.done(dlt645::Control1C::close));
  CHECK(bench.meter.is_supplied());
}
