// The flood against the real head-end in virtual time: everything confirmed is in its books, once and right.
#include <catch2/catch.hpp>
#include <filesystem>

#include "head-end/head_end.hpp"
#include "stress/plan/link_world.hpp"

using namespace stress;
using namespace std::chrono_literals;

namespace {
const Instant start = core::instant_from_seconds(1'767'225'600);  // 2026-01-01T00:00:00Z

EstatePlan small_estate() {
  EstatePlan estate;
  estate.meters = 300;
  estate.meters_per_concentrator = 30;
  estate.manager_permille = 400;
  estate.seed = 21;
  estate.opens = start - 60 * 24h;
  return estate;
}

headend::Configuration configuration_of(const EstatePlan& estate) {
  headend::Configuration configuration;
  configuration.opens = estate.opens;
  configuration.durability = headend::Configuration::Durability::commit_on_process_death;
  headend::Tariff tariff;
  tariff.name = "flat";
  tariff.periods.push_back({"all day", {{}}, {headend::Price(5000)}});
  configuration.tariffs.push_back(tariff);
  for (std::uint32_t position = 0; position < estate.collectors(); ++position) {
    const auto collector = estate.collector(position);
    headend::ConcentratorFile file;
    file.id = collector.id;
    file.name = EstatePlan::collector_name(collector);
    file.region = collector.region;
    file.address = collector.number;
    file.reports = true;
    configuration.concentrators.push_back(file);
  }
  for (std::uint32_t id = 1; id <= estate.meters; ++id) {
    headend::MeterFile meter;
    meter.id = id;
    meter.name = EstatePlan::meter_name(id);
    meter.address = EstatePlan::address_of(id);
    meter.concentrator = estate.collector_of(id) + 1;
    meter.point = estate.point_of(id);
    meter.account = id;
    meter.interval_energy_max = headend::CentiKilowattHours(440);
    configuration.meters.push_back(meter);
    headend::AccountFile account;
    account.id = id;
    account.number = EstatePlan::account_number(id);
    account.meter = id;
    configuration.accounts.push_back(account);
  }
  return configuration;
}

/// A head-end, its world and the flood before its doors.
struct Scene {
  Scene() : clock(start), uplinks(clock), counter(clock), managers(clock), http(clock) {
    folder = std::filesystem::temp_directory_path() / "metertwin_flood_head_end_test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    headend::Doors doors(uplinks, counter);
    doors.managers = &managers;
    doors.http = &http;
    head_end =
        std::make_unique<headend::HeadEnd>(configuration_of(estate), folder / "books.db", clock, doors);
    head_end->start();
    clock.settle();
    world = std::make_unique<LinkWorld>(clock, VirtualDoors{&uplinks, &managers, &http});
    stage = std::make_unique<VirtualStage>(flood, *world, start);
  }
  ~Scene() {
    stage.reset();
    clock.kill();
    head_end.reset();
    world.reset();
    std::filesystem::remove_all(folder);
  }

  void check_books() {
    std::uint64_t confirmed = 0;
    for (std::uint32_t meter = 1; meter <= estate.meters; ++meter) {
      const auto stored = head_end->books().readings_of(meter, estate.opens, start + 24h);
      REQUIRE(head_end->books().readings_of(meter, start + 24h, start + 1000 * 24h).empty());
      std::size_t i = 0;
      for (std::uint32_t quarter = 0; quarter < flood.quarters_end(); ++quarter) {
        const auto reading = flood.reading(meter, quarter);
        const bool is_stored = i < stored.size() && stored[i].due == estate.due(quarter);
        INFO("meter " << meter << ", quarter " << quarter);
        if (reading.state == SentReading::State::never_sent) REQUIRE_FALSE(is_stored);
        if (is_stored) REQUIRE(stored[i].shown.count() == std::int64_t{reading.register_centikWh});
        if (is_stored) ++i;
        if (reading.state != SentReading::State::confirmed) continue;
        ++confirmed;
        REQUIRE(is_stored);
      }
      REQUIRE(i == stored.size());
    }
    CHECK(confirmed == flood.acknowledged_readings());
  }

  EstatePlan estate = small_estate();
  std::filesystem::path folder;
  seam::VirtualClock clock;
  seam::VirtualListener uplinks, counter, managers, http;
  std::unique_ptr<headend::HeadEnd> head_end;
  Flood flood{estate, {}};
  std::unique_ptr<LinkWorld> world;
  std::unique_ptr<VirtualStage> stage;
};
}  // namespace

TEST_CASE("the head-end takes a flood with a tenth of abnormal input and business beside it") {
  const auto run = [](bool is_checked) {
    Scene scene;
    REQUIRE(scene.stage->connect(30s));
    Mix mix;
    mix.abnormal_permille = 100;
    mix.api_per_s = 40;
    const auto record = scene.stage->run(steady("flood", StageKind::ladder, 20'000, 5s, mix));
    if (is_checked) {
      CHECK(record.errors.empty());
      CHECK(record.api_errors.empty());
      CHECK(record.abnormal_accepted == 0);
      CHECK(record.readings.acknowledged == record.readings.intended);
      CHECK(record.readings.held_back == 0);
      CHECK(record.visible_ns.count() > 10);
      CHECK(record.control_ns.count() > 0);
      CHECK(record.acknowledge_ns.quantile(0.99) <= 100'000'000);
      for (const auto& [what, count] : record.errors) UNSCOPED_INFO(what << ": " << count);
      for (const auto& [what, count] : record.api_errors) UNSCOPED_INFO(what << ": " << count);
      CHECK(record.errors.size() + record.api_errors.size() == 0);
      scene.check_books();
    }
    return scene.stage->digest();
  };
  const auto digest = run(true);
  CHECK(run(false) == digest);
}
