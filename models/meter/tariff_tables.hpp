/// The parameters a meter rates energy by: time zones of the year, day tables, prices, ladder; each in two
/// sets.
///
/// Q/GDW-type meters hold a set in force and one prepared, and change over at a programmed time
/// (04000106..09). Price of 0.01 kWh at rate r and step k = rate_price[r] + ladder_price[k] (040501nn +
/// 040601nn, NNNN.NNNN yuan/kWh). Shared by pointer between meters; a meter that is programmed takes a copy
/// of its own first. Unit: civil minutes and seconds of the meter's own clock. Errors: none. Randomness:
/// none. Time: none.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/money.hpp"

namespace model {
inline constexpr int rates = 4;  ///< sharp 尖, peak 峰, flat 平, valley 谷: 1..4 on the wire, 0..3 here
inline constexpr int ladder_steps_max = 5;  ///< four bounds, five prices
inline constexpr int day_tables_max = 8;
inline constexpr int slots_max = 14;
inline constexpr int season_starts_max = 14;

/// hhmmNN: from this minute of the day the rate holds until the next slot; the last one holds over midnight.
struct SlotStart {
  std::int16_t minute = 0;
  std::uint8_t rate = 2;
  bool operator==(const SlotStart&) const = default;
};
struct DayTable {
  std::array<SlotStart, slots_max> slots{};
  std::uint8_t count = 1;
};
/// MMDDNN: from this date on day table NN (0-based here) holds until the next start; the last holds over new
/// year.
struct SeasonStart {
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t day_table = 0;
};
struct SeasonTable {
  std::array<SeasonStart, season_starts_max> starts{};
  std::uint8_t count = 1;
};
struct Ladder {
  std::array<core::CentiKilowattHours, ladder_steps_max - 1>
      bounds{};                                        ///< rising; step k ends at bounds[k] inclusive
  std::array<core::Price, ladder_steps_max> prices{};  ///< added to the rate's price
  std::uint8_t steps = 1;
};
enum class LadderReset : std::uint8_t { never, monthly, yearly };

/// Which of the two sets is in force, by kind. Kept by each meter, since each meter's clock decides when it
/// changes.
struct ActiveSets {
  std::uint8_t seasons : 1 = 0;
  std::uint8_t day_tables : 1 = 0;
  std::uint8_t rate_prices : 1 = 0;
  std::uint8_t ladder : 1 = 0;
};

struct TariffTables {
  std::array<SeasonTable, 2> seasons{};
  std::array<std::array<DayTable, day_tables_max>, 2> day_tables{};
  std::array<std::array<core::Price, rates>, 2> rate_prices{};
  std::array<Ladder, 2> ladder{};
  std::array<std::int64_t, 4>
      change_at_civil_s{};  ///< seasons, day tables, prices, ladder; 0 = no change planned
  LadderReset ladder_reset = LadderReset::never;
  std::uint8_t rest_day_mask = 0;   ///< bit 0 = Sunday .. bit 6 = Saturday (04000801)
  std::uint8_t rest_day_table = 0;  ///< day table of those days (04000802)

  /// Rate (0..3) in force at a civil second (local seconds since 1970).
  int rate_at(std::int64_t civil_s, ActiveSets active) const;
  /// The next civil second after `civil_s` at which a slot begins or a day ends, whichever is first.
  std::int64_t next_change(std::int64_t civil_s, ActiveSets active) const;
  core::Price price(int rate, int step, ActiveSets active) const {
    return rate_prices[active.rate_prices][static_cast<std::size_t>(rate)] +
           ladder[active.ladder].prices[static_cast<std::size_t>(step)];
  }

 private:
  const DayTable& day_table_of(std::int64_t civil_day, ActiveSets active) const;
};

/// A tariff as a price list states it: periods of the day and a price for each period and step.
struct TariffPlan {
  struct Slot {
    int from_s = 0;  ///< seconds of the local day, whole minutes
    int till_s = 86'400;
    int rate = 2;  ///< 0..3
  };
  std::vector<Slot> slots;                             ///< cover the day once
  std::array<std::vector<core::Price>, rates> prices;  ///< per rate one price a step; empty = rate unused
  std::vector<core::CentiKilowattHours> bounds;        ///< steps - 1 rising bounds
  LadderReset reset = LadderReset::never;
};
/// The tables that state the plan; both sets alike. Nothing if the meter cannot hold it: more than 14 slots
/// or 5 steps, a day not covered once, or steps whose surcharge is not the same in every period (a meter only
/// adds).
std::optional<TariffTables> tables_from(const TariffPlan& plan);
}  // namespace model
