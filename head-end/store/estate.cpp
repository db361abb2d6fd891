#include "head-end/store/estate.hpp"

#include "core/digest.hpp"
#include "head-end/store/slot.hpp"

namespace headend {
namespace {
constexpr MeterId meter_id_end = 1u << 24;  // the low bits of a reading's key

template <class Items, class Text>
std::string joined(const Items& items, Text&& text) {
  std::string all;
  for (const auto& item : items) all += (all.empty() ? "" : ",") + text(item);
  return all;
}

std::string bounds_text(const Tariff& tariff) {
  return joined(tariff.bounds, [](CentiKilowattHours bound) { return std::to_string(bound.count()); });
}
std::string slots_text(const TariffPeriod& period) {
  return joined(period.slots, [](const DaySlot& slot) {
    return std::to_string(slot.from_s) + "-" + std::to_string(slot.till_s);
  });
}
std::string prices_text(const TariffPeriod& period) {
  return joined(period.prices, [](Price price) { return std::to_string(price.count()); });
}

const char* name_of(Tariff::Reset reset) {
  switch (reset) {
    case Tariff::Reset::never:
      return "never";
    case Tariff::Reset::monthly:
      return "monthly";
    case Tariff::Reset::yearly:
      return "yearly";
  }
  return "";
}

const char* name_of(PaymentMode payment) {
  switch (payment) {
    case PaymentMode::postpaid:
      return "postpaid";
    case PaymentMode::prepaid_head_end:
      return "prepaid_head_end";
    case PaymentMode::prepaid_meter:
      return "prepaid_meter";
  }
  return "";
}

void check_estate(const Configuration& configuration) {
  const auto require = [](bool holds, const std::string& sentence) {
    if (!holds) throw StoreFailure("the customer file: " + sentence);
  };
  require(core::unix_seconds(configuration.opens) % slot_s == 0, "opens is not at a quarter hour");
  require(configuration.meters.size() < meter_id_end, "too many meters for one store");
  for (const auto& tariff : configuration.tariffs) {
    for (const auto& period : tariff.periods) {
      require(period.prices.size() == tariff.bounds.size() + 1,
              "tariff " + tariff.name + ", period " + period.name + ": one price per tier is needed");
    }
  }
  for (std::size_t i = 0; i < configuration.concentrators.size(); ++i) {
    require(configuration.concentrators[i].id == i + 1,
            "concentrator ids have a hole at " + std::to_string(i + 1));
  }
  for (std::size_t i = 0; i < configuration.meters.size(); ++i) {
    const auto& meter = configuration.meters[i];
    require(meter.id == i + 1, "meter ids have a hole at " + std::to_string(i + 1));
    require(meter.concentrator >= 1 && meter.concentrator <= configuration.concentrators.size(),
            "meter " + meter.name + " is behind an unknown concentrator");
    require(meter.account <= configuration.accounts.size(),
            "meter " + meter.name + " belongs to an unknown account");
  }
  for (std::size_t i = 0; i < configuration.accounts.size(); ++i) {
    const auto& account = configuration.accounts[i];
    require(account.id == i + 1, "account ids have a hole at " + std::to_string(i + 1));
    require(account.tariff < configuration.tariffs.size(),
            "account " + account.number + " has an unknown tariff");
    require(account.meter >= 1 && account.meter <= configuration.meters.size() &&
                configuration.meters[account.meter - 1].account == account.id,
            "account " + account.number + " and its meter do not point at each other");
  }
}

std::string digest_of(const Configuration& configuration) {
  core::Digest digest;
  digest.add(core::unix_seconds(configuration.opens));
  digest.add(std::string_view(configuration.zone.name()));
  for (const auto& tariff : configuration.tariffs) {
    digest.add(std::string_view(tariff.name + name_of(tariff.reset) + bounds_text(tariff)));
    for (const auto& period : tariff.periods)
      digest.add(std::string_view(slots_text(period) + " " + prices_text(period)));
  }
  for (const auto& concentrator : configuration.concentrators) {
    digest.add(std::uint64_t{concentrator.region} << 16 | concentrator.address);
  }
  for (const auto& meter : configuration.meters) {
    digest.add(meter.address.digits());
    digest.add(std::uint64_t{meter.concentrator} << 32 | meter.account);
    digest.add(std::uint64_t{meter.point} << 8 | meter.port);
  }
  for (const auto& account : configuration.accounts) {
    digest.add(std::string_view(account.number));
    digest.add(std::uint64_t{account.tariff} << 8 | static_cast<std::uint64_t>(account.payment));
  }
  return digest.hex();
}

void insert_tariffs(Database& database, const Configuration& configuration) {
  Statement add_tariff(database, "INSERT INTO tariff VALUES(?,?,?,?)");
  Statement add_period(database, "INSERT INTO tariff_period VALUES(?,?,?,?,?)");
  std::int64_t id = 0;
  for (const auto& tariff : configuration.tariffs) {
    add_tariff.bind(id, tariff.name, name_of(tariff.reset), bounds_text(tariff)).run();
    int position = 0;
    for (const auto& period : tariff.periods) {
      add_period.bind(id, position++, period.name, slots_text(period), prices_text(period)).run();
    }
    ++id;
  }
}

void insert_estate(Database& database, const Configuration& configuration) {
  Statement add_meta(database, "INSERT INTO meta VALUES(?,?)");
  add_meta.bind("estate", digest_of(configuration)).run();
  add_meta.bind("opens_s", std::to_string(core::unix_seconds(configuration.opens))).run();
  add_meta.bind("zone", configuration.zone.name()).run();
  insert_tariffs(database, configuration);
  Statement add_concentrator(database, "INSERT INTO concentrator VALUES(?,?,?,?,NULL)");
  for (const auto& concentrator : configuration.concentrators) {
    add_concentrator
        .bind(concentrator.id, concentrator.name, int{concentrator.region}, int{concentrator.address})
        .run();
  }
  Statement add_meter(database, "INSERT INTO meter VALUES(?,?,?,?,?,?,?,?)");
  for (const auto& meter : configuration.meters) {
    add_meter
        .bind(meter.id, meter.name, core::to_string(meter.address), meter.concentrator, int{meter.point},
              int{meter.port}, meter.account, meter.interval_energy_max)
        .run();
  }
  Statement add_account(database, "INSERT INTO account VALUES(?,?,?,?,?,?,?,?,?,?)");
  for (const auto& account : configuration.accounts) {
    add_account
        .bind(account.id, account.number, name_of(account.payment), std::uint64_t{account.tariff},
              account.meter, account.is_protected, account.alarm1, account.alarm2, account.overdraft,
              account.hoarding_cap)
        .run();
  }
}
}  // namespace

EstateIs import_estate(Database& database, const Configuration& configuration,
                       const std::filesystem::path& file) {
  check_estate(configuration);
  Statement query(database, "SELECT value FROM meta WHERE key = 'estate'");
  if (query.next()) {
    if (query.text(0) == digest_of(configuration)) return EstateIs::known;
    throw StoreFailure(file.string() +
                       ": this store belongs to another estate (other meters, accounts or tariffs)");
  }
  query.reset();
  database.begin();
  insert_estate(database, configuration);
  return EstateIs::new_in_store;
}
}  // namespace headend
