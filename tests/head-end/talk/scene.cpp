#include "tests/head-end/talk/scene.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "audit/evidence/packed_readings.hpp"

namespace talk_test {
Instant at(int hour, int minute, int second, int day) {
  return core::Zone(8h).instant({2026, 7, day, hour, minute, second});
}

Configuration make_configuration(const EstatePlan& plan) {
  Configuration configuration;
  configuration.zone = core::Zone(8h);
  configuration.opens = at(0);
  headend::Tariff tariff;
  tariff.name = "flat";
  tariff.periods = {{"flat", {{0, 86'400}}, {core::Price(5000)}}};
  configuration.tariffs = {tariff};
  configuration.spread_seed = 7;
  configuration.durability = Configuration::Durability::commit_on_process_death;
  for (std::size_t c = 0; c < plan.meters_per_concentrator.size(); ++c) {
    headend::ConcentratorFile file;
    file.id = static_cast<headend::ConcentratorId>(c + 1);
    file.name = "concentrator " + std::to_string(c + 1);
    file.region = 3301;
    file.address = static_cast<std::uint16_t>(c + 1);
    configuration.concentrators.push_back(file);
    for (int p = 1; p <= plan.meters_per_concentrator[c]; ++p) {
      headend::MeterFile meter;
      meter.id = static_cast<MeterId>(configuration.meters.size() + 1);
      meter.name = "M" + std::to_string(1000 + meter.id).substr(1);
      meter.address = core::MeterAddress(201000000000ull + meter.id);
      meter.concentrator = file.id;
      meter.point = static_cast<std::uint16_t>(p);
      meter.account = meter.id;
      meter.interval_energy_max = core::CentiKilowattHours(2000);
      configuration.meters.push_back(meter);
      headend::AccountFile account;
      account.id = meter.id;
      account.number = "A" + std::to_string(10000 + meter.id).substr(1);
      account.payment = plan.payment;
      account.meter = meter.id;
      account.hoarding_cap = core::Fen(100'000'00);
      configuration.accounts.push_back(account);
    }
  }
  return configuration;
}

void CounterClient::dial(seam::VirtualWorld& world) {
  partial_.clear();
  line_ = seam::VirtualField(world.clock(), *this, "counter");
  world.counter().offer(line_.connect());
}

void CounterClient::say(const std::string& line) { say_raw(line + "\n"); }

void CounterClient::say_raw(const std::string& text) {
  line_.deliver(core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void CounterClient::head_end_wrote(core::Bytes bytes) {
  partial_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
    lines.push_back(partial_.substr(0, end));
    partial_.erase(0, end + 1);
    if (on_line) on_line(lines.back());
  }
}

Scene::Scene(Configuration its_configuration)
    : configuration(std::move(its_configuration)), now_(configuration.opens) {
  static std::atomic<int> serial{0};
  folder_ = std::filesystem::temp_directory_path() /
            ("metertwin-talk-" + std::to_string(::getpid()) + "-" + std::to_string(serial++));
  std::filesystem::create_directories(folder_);
  for (std::size_t i = 0; i < configuration.concentrators.size(); ++i)
    concentrators.push_back(std::make_unique<ScriptedConcentrator>(configuration, i));
  redial_at_.assign(concentrators.size(), core::never);
}

Scene::~Scene() {
  crash();
  std::filesystem::remove_all(folder_);
}

void Scene::start(bool all_dial) {
  world_ = std::make_unique<seam::VirtualWorld>(now_);
  head_end_ = std::make_unique<headend::HeadEnd>(configuration, folder_ / "books.db", world_->clock(),
                                                 headend::Doors(world_->uplinks(), world_->counter()));
  head_end_->start();
  if (!all_dial) return;
  for (auto& concentrator : concentrators) concentrator->dial(*world_);
  counter.dial(*world_);
  world_->clock().settle();
}

void Scene::crash() {
  if (world_) world_->kill();
  head_end_.reset();
  for (auto& concentrator : concentrators) concentrator->hang_up();
  world_.reset();
  std::fill(redial_at_.begin(), redial_at_.end(), core::never);
}

void Scene::restart_after(Duration down) {
  now_ += down;
  start();
}

void Scene::step(Instant t) {
  world_->clock().settle();  // what a test has just said or offered happens now, not at the next instant
  Instant next = std::min(t, world_->clock().next_deadline());
  for (std::size_t i = 0; i < concentrators.size(); ++i) {
    auto& concentrator = *concentrators[i];
    if (redials && !concentrator.is_connected() && redial_at_[i] == core::never) redial_at_[i] = now_ + 10s;
    next = std::min({next, concentrator.next(), redial_at_[i]});
  }
  next = std::max(next, now_);
  world_->clock().arrive_at(next);
  now_ = next;
  for (std::size_t i = 0; i < concentrators.size(); ++i) {
    concentrators[i]->advance(next);
    if (redial_at_[i] > next) continue;
    redial_at_[i] = core::never;
    if (!concentrators[i]->is_connected()) concentrators[i]->dial(*world_);
  }
  world_->clock().advance_to(next);
}

void Scene::run_until(Instant t) {
  while (now_ < t) step(t);
}

bool Scene::run_until_holds(Instant t, const std::function<bool()>& condition) {
  while (!condition() && now_ < t) step(t);
  return condition();
}

std::int64_t Scene::committed(const std::string& query) const {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::int64_t count = -1;
  const auto path = (folder_ / "books.db").string();
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    count = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

std::int64_t Scene::right_readings(MeterId meter) const {
  const auto slot_of_opening = core::unix_seconds(configuration.opens) / 900;
  sqlite::Database store(folder_ / "books.db", sqlite::Database::Use::read);
  audit::PackedReadings readings(store);
  std::int64_t count = 0;
  while (const auto* reading = readings.next()) {
    if (reading->meter != std::int64_t{meter}) continue;
    const std::int64_t right =
        1000 * std::int64_t{meter} + (reading->slot - slot_of_opening) * (1 + meter % 7);
    if (reading->register_centikWh != right) return -1;
    ++count;
  }
  return count;
}

std::int64_t Scene::committed_from(headend::ReadingSource source) const {
  sqlite::Database store(folder_ / "books.db", sqlite::Database::Use::read);
  audit::PackedReadings readings(store);
  std::int64_t count = 0;
  while (const auto* reading = readings.next())
    count += reading->source == static_cast<std::uint8_t>(source) ? 1 : 0;
  return count;
}
}  // namespace talk_test
