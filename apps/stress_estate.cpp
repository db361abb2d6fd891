#include "apps/stress_estate.hpp"

namespace app {
namespace {
constexpr std::uint32_t one_prepaid_in = 16;
/// 5 A or 60 A, it does not matter: what a quarter hour adds stays below 1.2 kWh
/// (stress/fleet/estate_plan.hpp).
constexpr headend::CentiKilowattHours interval_energy_max{440};
/// One million yuan: decades of a household's energy.
constexpr headend::Fen never_reached{-100'000'000};

headend::Tariff flat_tariff() {
  headend::Tariff tariff;
  tariff.name = "stress";
  tariff.periods.push_back({"peak", {{8 * 3600, 22 * 3600}}, {headend::Price(5680)}});
  tariff.periods.push_back({"valley", {{0, 8 * 3600}, {22 * 3600, 86'400}}, {headend::Price(2880)}});
  return tariff;
}

headend::AccountFile account_of(std::uint32_t meter) {
  headend::AccountFile account;
  account.id = meter;
  account.number = stress::EstatePlan::account_number(meter);
  account.meter = meter;
  if (meter % one_prepaid_in == 0) {
    account.payment = headend::PaymentMode::prepaid_head_end;
    account.alarm1 = account.alarm2 = never_reached;
    account.overdraft = -never_reached;
  }
  return account;
}
}  // namespace

headend::Configuration stress_configuration(const stress::EstatePlan& estate) {
  headend::Configuration configuration;
  configuration.opens = estate.opens;
  configuration.spread_seed = estate.seed;
  configuration.tariffs.push_back(flat_tariff());
  configuration.meters.reserve(estate.meters);
  configuration.accounts.reserve(estate.meters);
  for (std::uint32_t position = 0; position < estate.collectors(); ++position) {
    const auto collector = estate.collector(position);
    headend::ConcentratorFile file;
    file.id = collector.id;
    file.name = stress::EstatePlan::collector_name(collector);
    file.region = collector.region;
    file.address = collector.number;
    file.reports = true;
    configuration.concentrators.push_back(std::move(file));
    for (std::uint32_t i = 0; i < collector.meters; ++i) {
      const std::uint32_t meter = collector.first_meter + i;
      headend::MeterFile meter_file;
      meter_file.id = meter;
      meter_file.name = stress::EstatePlan::meter_name(meter);
      meter_file.address = stress::EstatePlan::address_of(meter);
      meter_file.concentrator = collector.id;
      meter_file.point = static_cast<std::uint16_t>(i + 1);
      meter_file.account = meter;
      meter_file.interval_energy_max = interval_energy_max;
      configuration.meters.push_back(std::move(meter_file));
      configuration.accounts.push_back(account_of(meter));
    }
  }
  return configuration;
}
}  // namespace app
