#include "models/line/rs485/bus_trial.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "core/check.hpp"
#include "models/line/rs485/bus_electrics.hpp"
#include "models/line/rs485/line.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/requests.hpp"

namespace model {
namespace {
constexpr std::int64_t begins_unix_s = 1'767'225'600;     // 2026-01-01T00:00Z
constexpr std::uint64_t first_address = 900'000'000'000;  // of units whose plates nobody has read yet

/// The pair with its meters and a master that asks them.
class Trial {
 public:
  Trial(const BusPlan& plan, const BusTrialSetup& setup) : setup_(setup) {
    LineSetup line;
    line.baud = plan.serial.baud;
    const auto behaviour = behaviour_of(plan, setup.seed, 1);
    BusBehaviour of_asked{{}, behaviour.master_false_start};
    const auto plate = std::make_shared<const TypePlate>();
    const auto tariff = std::make_shared<const TariffTables>();
    for (std::size_t i = 0; i < plan.units.size(); ++i) {
      if (plan.units[i].protocol != "dlt645") continue;
      MeterSetup meter;
      meter.id = static_cast<MeterId>(i + 1);
      const auto known = core::parse_meter_address(plan.units[i].address);
      meter.address = known ? *known : core::MeterAddress(first_address + i);
      meter.plate = plate;
      meter.tariff = tariff;
      meter.load = Load::constant(core::Milliwatts(500'000));
      meter.starts = now_;
      line.meters.push_back(static_cast<std::uint32_t>(meters_.size()));
      meters_.emplace_back(meter);
      units_.push_back(i);
      of_asked.places.push_back(behaviour.places[i]);
    }
    line_.emplace(line, LinePlace{setup.seed, 0, 0, meters_, happened_, tap_});
    line_->apply(of_asked);
    for (std::size_t k = 0; k < units_.size(); ++k) {
      const auto& unit = plan.units[units_[k]];
      if (unit.baud && *unit.baud != plan.serial.baud) line_->set_deaf(static_cast<std::uint32_t>(k), true);
    }
  }

  void round(BusTrial& trial) {
    const auto began = now_;
    for (std::size_t k = 0; k < meters_.size(); ++k) {
      auto& row = trial.units[units_[k]];
      row.is_asked = true;
      int attempt = 0;
      bool is_read = false;
      while (!is_read && attempt++ < setup_.attempts) is_read = read(k);
      row.rounds_read += is_read ? 1 : 0;
      row.first_try += is_read && attempt == 1 ? 1 : 0;
    }
    trial.round_longest = std::max(trial.round_longest, now_ - began);
    now_ += std::chrono::seconds(10);
  }

  void count(BusTrial& trial) {
    trial.garbled = line_->garbled_count();
    trial.false_starts = line_->troubles().counts().false_starts;
    trial.misheard = line_->troubles().counts().misheard;
  }

 private:
  bool read(std::size_t k) {
    dlt645::Wire wire;
    const auto address = meters_[k].address();
    dlt645::encode(address, dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire,
                   dlt645::lead_in_bytes_usual);
    const auto deadline = line_->transmit(now_, wire) + setup_.patience;
    framer_.silence();
    bool is_read = false;
    while (!is_read && line_->next() <= deadline) {
      now_ = line_->next();
      framer_.feed(line_->advance(), [&](const dlt645::Frame& frame) {
        is_read |= dlt645::expect_data(frame, address, dlt645::item::forward_active).has_value();
      });
    }
    happened_.clear();
    if (!is_read) now_ = deadline;
    return is_read;
  }

  const BusTrialSetup& setup_;
  core::Instant now_ = core::instant_from_seconds(begins_unix_s);
  std::vector<Meter> meters_;
  std::vector<std::size_t> units_;  ///< of the meters, in the plan
  MeterHappenings happened_;
  LineTap tap_;
  std::optional<Rs485Line> line_;
  dlt645::Framer framer_;
};
}  // namespace

BusTrial try_bus(const BusPlan& plan, const BusTrialSetup& setup) {
  METERTWIN_CHECK(setup.rounds >= 1 && setup.attempts >= 1, setup.rounds, setup.attempts);
  BusTrial trial;
  for (const auto& unit : plan.units) trial.units.push_back({unit.name, 0, 0, false});
  Trial run(plan, setup);
  for (int i = 0; i < setup.rounds; ++i) run.round(trial);
  run.count(trial);
  return trial;
}
}  // namespace model
