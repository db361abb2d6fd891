/// A lane of three customers behind a transformer's meter, in the books: days of registers that a test bends.
#pragma once
#include "core/random.hpp"
#include "tests/head-end/books/small_estate.hpp"

namespace loss_test {
using namespace books_test;  // NOLINT: the tests speak the books' language

/// Meter 1 stands at the transformer, 2 to 4 are customers.
inline headend::Configuration estate() {
  auto configuration = small_estate(one_yuan());
  configuration.meters[0].is_supply = true;
  return configuration;
}

/// Registers of the four meters that turn as told, in hundredths of a kWh.
struct Lane {
  explicit Lane(std::uint64_t seed, const headend::Configuration& configuration = estate())
      : office(configuration), draws(seed, 1, core::Purpose::test) {
    for (headend::MeterId meter = 1; meter <= 4; ++meter) tell(meter);
  }
  void tell(headend::MeterId meter) {
    office.books->accept_reading(meter, now, headend::CentiKilowattHours(shown[meter]),
                                 headend::ReadingSource::curve, now + 4min);
  }
  std::uint64_t draw(std::uint64_t below) { return draws.below(below, drawn++); }
  /// A day of quarter hours; the last customer reports `share_percent` of what he draws, and the first draws
  /// `from_roof` more than comes through the transformer.
  void pass_day(std::int64_t share_percent, std::int64_t from_roof = 0) {
    for (int quarter = 0; quarter < 96; ++quarter) {
      now += 15min;
      std::int64_t supplied = 0;
      for (headend::MeterId meter = 2; meter <= 4; ++meter) {
        const auto energy = static_cast<std::int64_t>(10 + draw(90));
        supplied += energy;
        shown[meter] += meter == 4 ? energy * share_percent / 100 : energy;
      }
      shown[2] += from_roof;
      owed += supplied * supplied;  // I2R: 2 % of 150
      shown[1] += supplied + owed / 7500;
      owed %= 7500;
      for (headend::MeterId meter = 1; meter <= 4; ++meter) tell(meter);
    }
  }
  Office office;
  core::RandomStream draws;
  std::uint64_t drawn = 0;
  Instant now = at("2026-07-01T00:00");
  std::int64_t shown[5] = {0, 1000, 1000, 1000, 1000}, owed = 0;
};
}  // namespace loss_test
