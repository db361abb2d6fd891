#include <catch2/catch.hpp>

#include "core/money.hpp"

using namespace core;

TEST_CASE("energy times price is exact in micro-yuan") {
  CHECK(CentiKilowattHours(100) * Price(5380) == MicroYuan(538'000));  // 1 kWh at 0.538 CNY
  CHECK(CentiKilowattHours(1) * Price(1) == MicroYuan(1));
}

TEST_CASE("a bill is rounded half up, away from zero, to fen") {
  CHECK(round_half_up(MicroYuan(4'999)) == Fen(0));
  CHECK(round_half_up(MicroYuan(5'000)) == Fen(1));
  CHECK(round_half_up(MicroYuan(14'999)) == Fen(1));
  CHECK(round_half_up(MicroYuan(-4'999)) == Fen(0));
  CHECK(round_half_up(MicroYuan(-5'000)) == Fen(-1));
}

TEST_CASE("a balance is trusted only down to the whole fen below it") {
  CHECK(floor_to_fen(MicroYuan(19'999)) == Fen(1));
  CHECK(floor_to_fen(MicroYuan(-1)) == Fen(-1));
  CHECK(floor_to_fen(MicroYuan(-10'000)) == Fen(-1));
  CHECK(floor_to_fen(MicroYuan(0)) == Fen(0));
}

TEST_CASE("the register shows only what has fully passed") {
  CHECK(shown_energy(Microjoules(microjoules_per_centikWh - 1)) == CentiKilowattHours(0));
  CHECK(shown_energy(Microjoules(microjoules_per_centikWh)) == CentiKilowattHours(1));
}
