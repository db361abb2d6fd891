/// What can wait in a home in summer: an air conditioner and a boiler, minute by minute.
///
/// Air conditioner: holds 26 C, gains heat with the temperature outside, cycles at rated power,
///     share of the half hour = clamp((T - 24) / 10, 0, 1) x presence:   no pause from 34 C on
/// with a presence of 0.3 from 8:00 to 17:00 on workdays, 1 in the evening, 0.6 from midnight on (a
/// set-back). Below 24 C it is off. Boiler: 1.5 kW once an evening, about 20:15, for 3 kWh on average
/// (log-normal). The figures are our own, of the usual order: room units of 0.8..1.5 kW, set to 26 C as the
/// State Council asks of public buildings (2007, No. 42). Unit: mW, mvar (the compressor's power factor is
/// 0.95). Range: rated 0.1..20 kW. Errors: METERTWIN_CHECK. Randomness: Purpose::demand_day by (seed,
/// entity). Time: local days; asking twice gives the same.
#pragma once
#include "models/load/demand.hpp"
#include "models/load/load.hpp"

namespace model {
struct CoolingSetup {
  std::uint64_t seed = 0;
  std::uint32_t entity = 0;
  double rated_kW = 1.5;
  Climate climate;
  std::chrono::seconds utc_offset{8 * 3600};
};
DemandDay cooling_of_day(const CoolingSetup& setup, std::int64_t local_day);
DemandDay boiler_of_day(const CoolingSetup& setup, std::int64_t local_day);
Load cooling_load(const CoolingSetup& setup, const HomeSeed& place);
}  // namespace model
