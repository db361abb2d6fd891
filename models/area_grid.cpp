// The network of an area, step by step.
#include "models/area_grid.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"

namespace model {
namespace {
constexpr std::int64_t uJ_per_mWh = 3'600'000;
constexpr std::int64_t power_max_mW = 2'000'000'000;  // what a meter's element can be asked to see
constexpr std::int64_t hysteresis_mV = 500;           // a voltage at the edge of its band does not flutter

core::Instant next_whole(core::Instant at, core::Duration step) {
  const auto since = at.time_since_epoch();
  return core::Instant(since - since % step + step);
}
/// What a customer draws is decided by his load and known to his meter, at any voltage.
grid::Network drawing_what_meters_say(grid::Network network) {
  for (auto& consumer : network.consumers) {
    if (consumer.is_fixed) continue;
    consumer.power_zip = consumer.reactive_zip = {};
    consumer.voltage_pu_min = 0;
    consumer.voltage_pu_max = 1e9;
  }
  return network;
}
std::int64_t net_uJ(const Meter& meter) { return meter.passed_uJ() - meter.fed_uJ(); }
std::string by_phase(std::array<std::int64_t, 3>& energies_uJ) {
  std::string text;
  for (auto& energy : energies_uJ) {
    text += ' ' + std::to_string(energy / uJ_per_mWh);
    energy %= uJ_per_mWh;  // what is no whole milliwatt-hour waits for the next time
  }
  return text;
}
}  // namespace

/// What a meter at the head sees. It is asked only within the step that has begun.
class AreaGrid::HeadPower final : public PowerSource {
 public:
  LoadSegment segment_at(std::int64_t) const override { return segment; }
  LoadSegment segment{0, 0, core::Milliwatts(0), core::Millivars(0)};
};

AreaGrid::AreaGrid(const AreaSetup& setup, TruthSink& truth)
    : setup_(setup),
      truth_(truth),
      solver_(drawing_what_meters_say(*setup.grid->network)),
      switching_(setup, solver_, truth),
      powers_(setup.grid->network->consumers.size()),
      customers_(setup.grid->customers.size()),
      next_(setup.starts) {
  METERTWIN_CHECK(customers_.size() <= powers_.size(), customers_.size(), powers_.size());
  for (std::size_t i = 0; i < setup.meters.size(); ++i) mains_.push_back(std::make_shared<Mains>());
  for (const auto& head : setup.grid->heads) {
    METERTWIN_CHECK(head.meter < mains_.size() && head.ratio > 0, head.meter, head.ratio);
    heads_.push_back(std::make_shared<HeadPower>());
    if (head.phase < 0) mains_[head.meter]->phases = 3;
  }
  is_head_dead_.assign(heads_.size(), 0);
  const auto& transformers = solver_.network().transformers;
  if (transformers.size() == 1 && transformers.front().rated_kVA > 0)
    transformer_.emplace(TransformerPlace{"area " + setup.name, transformers.front().rated_kVA,
                                          setup.grid->climate, setup.zone},
                         setup.starts, truth);
  for (std::size_t i = 0; i < powers_.size(); ++i)
    if (const auto& consumer = solver_.network().consumers[i]; consumer.is_fixed)
      powers_[i].reactive =
          core::Millivars(static_cast<std::int64_t>(std::llround(consumer.reactive_kvar * 1e6)));
  now_ = solver_.solve(powers_);
  if (!now_.is_valid)
    throw BadFeederFile(setup.grid->network->name + ": without any load: " + solver_.trouble());
}

void AreaGrid::outfit(std::size_t position, MeterSetup& meter) const {
  meter.mains = mains_[position];
  for (std::size_t h = 0; h < heads_.size(); ++h)
    if (setup_.grid->heads[h].meter == position)
      meter.load = Load::from(heads_[h], {.seed = setup_.seed, .home = meter.id});
}

void AreaGrid::advance(core::Instant at, std::span<Meter> meters, MeterHappenings& happened,
                       MainsHolder& mains) {
  for (auto& meter : meters) meter.advance(at, happened);
  if (began_ != core::never) end_step(at, meters);
  if (switching_.settle(at)) switch_over(at, mains);
  began_ = at;
  next_ = std::min(next_whole(at, setup_.grid->step), switching_.next());
  begin_step(at, meters);
}

/// Who is reached by the network now, and who no longer.
void AreaGrid::switch_over(core::Instant at, MainsHolder& mains) {
  std::vector<MainsHolder::Change> changes;
  std::int64_t lost = 0, back = 0;
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    const bool is_dead = !solver_.is_connected(i);
    if (is_dead == customers_[i].is_dead) continue;
    customers_[i].is_dead = is_dead;
    changes.push_back({setup_.grid->customers[i], is_dead});
    ++(is_dead ? lost : back);
  }
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    const int phase = setup_.grid->heads[h].phase;
    bool is_live = false;
    for (int p = 0; p < 3; ++p) is_live |= (phase < 0 || phase == p) && solver_.is_head_live(p);
    if (is_live == (is_head_dead_[h] == 0)) continue;
    is_head_dead_[h] = is_live ? 0 : 1;
    changes.push_back({setup_.grid->heads[h].meter, !is_live});
    ++(is_live ? back : lost);
  }
  switching_.tell_moved(at, lost, back);
  if (!changes.empty()) mains.hold_meters(changes, at);
  const bool is_dark = !is_transformer_live();
  if (is_dark != is_concentrator_dead_) mains.hold_concentrator(is_dark, at);
  is_concentrator_dead_ = is_dark;
}

/// On any phase of the low side of the first transformer, or at the head of a network that has none.
bool AreaGrid::is_transformer_live() const {
  const auto& transformers = solver_.network().transformers;
  bool is_live = false;
  for (int phase = 0; phase < 3; ++phase) {
    if (transformers.empty()) {
      is_live |= solver_.is_head_live(phase);
      continue;
    }
    const auto& first = transformers.front();
    is_live |= solver_.is_live(first.to_kV <= first.from_kV ? first.to_bus : first.from_bus, phase);
  }
  return is_live;
}

void AreaGrid::end_step(core::Instant at, std::span<Meter> meters) {
  const std::int64_t span_ms = core::unix_milliseconds(at) - core::unix_milliseconds(began_);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    auto& customer = customers_[i];
    const auto passed = net_uJ(meters[setup_.grid->customers[i]]) - customer.passed_uJ;
    customer.owed_uJ += passed - customer.given_mW * span_ms;
  }
  for (std::size_t phase = 0; phase < 3; ++phase) {
    since_told_.supplied_uJ[phase] += now_.supplied[phase].count() * span_ms;
    since_told_.delivered_uJ[phase] += now_.delivered[phase].count() * span_ms;
  }
  since_told_.transformer_uJ += now_.transformer_loss.count() * span_ms;
  switching_.carry(began_, at);
  if (transformer_) transformer_->carry(began_, at, apparent_mVA());
}

std::int64_t AreaGrid::apparent_mVA() const {
  double sum = 0;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const auto P = static_cast<double>(now_.supplied[phase].count());
    const auto Q = static_cast<double>(now_.reactive[phase].count());
    sum += std::sqrt(P * P + Q * Q);
  }
  return static_cast<std::int64_t>(sum);
}

void AreaGrid::begin_step(core::Instant at, std::span<Meter> meters) {
  const std::int64_t span_ms = core::unix_milliseconds(next_) - core::unix_milliseconds(at);
  const std::int64_t step_ms = setup_.grid->step / std::chrono::milliseconds(1);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    auto& customer = customers_[i];
    const Meter& meter = meters[setup_.grid->customers[i]];
    const auto draw = meter.draw_until(next_);
    customer.passed_uJ = net_uJ(meter);
    // An instant between two milliseconds: nothing can pass in what is left of this one.
    const bool can_pass = span_ms > 0 && !customer.is_dead;
    customer.given_mW = can_pass ? draw.energy.count() / span_ms + customer.owed_uJ / step_ms : 0;
    powers_[i].power = core::Milliwatts(customer.given_mW);
    powers_[i].reactive = core::Millivars(span_ms > 0 ? draw.reactive_uvars / span_ms : 0);
  }
  if (const auto& solved = solver_.solve(powers_); solved.is_valid) {
    if (is_diverged_) tell(at, "area " + setup_.name, "feeder-solved", 0);
    is_diverged_ = false;
    now_ = solved;
    next_ = std::min(next_, switching_.melts_at(at));
    show_customers(at);
  } else {
    hold_last(at);
  }
  show_head(at, meters);
  for (auto& meter : meters) meter.watch_voltage();
}

/// No solution: voltages stay, and what is drawn is taken to come through the head without a loss.
void AreaGrid::hold_last(core::Instant at) {
  std::array<std::int64_t, 3> power_mW{}, reactive_mvar{};
  std::int64_t sum_mW = 0;
  const auto& consumers = solver_.network().consumers;
  for (std::size_t i = 0; i < powers_.size(); ++i) {
    const auto phase = static_cast<std::size_t>(consumers[i].from);
    power_mW[phase] += powers_[i].power.count();
    reactive_mvar[phase] += powers_[i].reactive.count();
    sum_mW += powers_[i].power.count();
  }
  for (std::size_t phase = 0; phase < 3; ++phase) {
    now_.supplied[phase] = now_.delivered[phase] = core::Milliwatts(power_mW[phase]);
    now_.reactive[phase] = core::Millivars(reactive_mvar[phase]);
    now_.loss[phase] = core::Milliwatts(0);
  }
  now_.transformer_loss = core::Milliwatts(0);
  if (!is_diverged_)
    tell(at, "area " + setup_.name, "feeder-diverged", sum_mW / 1000,
         solver_.trouble() + "; " + largest_draw());
  is_diverged_ = true;
}

/// "load 24 at bus 124 asks for 200000 W": who is most likely to be behind it.
std::string AreaGrid::largest_draw() const {
  std::size_t most = 0;
  for (std::size_t i = 1; i < customers_.size(); ++i)
    if (std::abs(customers_[i].given_mW) > std::abs(customers_[most].given_mW)) most = i;
  if (customers_.empty()) return "nobody asks for power";
  const auto& network = solver_.network();
  return setup_.meter_names[setup_.grid->customers[most]] + " (" + network.consumers[most].name +
         ") asks for " + std::to_string(customers_[most].given_mW / 1000) + " W";
}

void AreaGrid::show_customers(core::Instant at) {
  const auto low_mV = static_cast<std::int64_t>(setup_.grid->band.low_V * 1000);
  const auto high_mV = static_cast<std::int64_t>(setup_.grid->band.high_V * 1000);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    const auto meter = setup_.grid->customers[i];
    const auto voltage = now_.customers[i].voltage;
    mains_[meter]->phase[0].voltage = voltage;
    if (customers_[i].is_dead) continue;  // its meter tells that it has no mains
    auto& band = customers_[i].band;
    const bool is_low = voltage.count() < low_mV + (band < 0 ? hysteresis_mV : 0);
    const bool is_high = voltage.count() > high_mV - (band > 0 ? hysteresis_mV : 0);
    const int found = is_low ? -1 : is_high ? 1 : 0;
    if (found == band) continue;
    band = found;
    tell(at, setup_.meter_names[meter],
         found < 0   ? "voltage-low"
         : found > 0 ? "voltage-high"
                     : "voltage-normal",
         voltage.count());
  }
}

void AreaGrid::show_head(core::Instant at, std::span<Meter> meters) {
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    const auto& head = setup_.grid->heads[h];
    auto& segment = heads_[h]->segment;
    segment = {core::unix_milliseconds(at), core::unix_milliseconds(next_), core::Milliwatts(0),
               core::Millivars(0)};
    for (int phase = 0; phase < 3; ++phase) {
      if (head.phase >= 0 && head.phase != phase) continue;
      const auto place = static_cast<std::size_t>(phase);
      Mains::PhaseState state{now_.head_voltage[place],
                              core::Milliwatts(now_.supplied[place].count() / head.ratio),
                              core::Millivars(now_.reactive[place].count() / head.ratio)};
      segment.power += state.power;
      segment.reactive += state.reactive;
      mains_[head.meter]->phase[head.phase < 0 ? place : 0] = state;
    }
    segment.power = core::Milliwatts(std::clamp(segment.power.count(), -power_max_mW, power_max_mW));
    segment.reactive = core::Millivars(std::clamp(segment.reactive.count(), -power_max_mW, power_max_mW));
    meters[head.meter].look_again();
  }
}

void AreaGrid::sample(core::Instant at) {
  std::int64_t supplied_uJ = 0;
  for (const auto energy : since_told_.supplied_uJ) supplied_uJ += energy;
  auto text = "mWh: supplied" + by_phase(since_told_.supplied_uJ) + ", delivered" +
              by_phase(since_told_.delivered_uJ) + ", transformer " +
              std::to_string(since_told_.transformer_uJ / uJ_per_mWh);
  since_told_.transformer_uJ %= uJ_per_mWh;
  tell(at, "area " + setup_.name, "feeder-energy", supplied_uJ / uJ_per_mWh, std::move(text));
}

void AreaGrid::tell(core::Instant at, std::string entity, std::string_view kind, std::int64_t value,
                    std::string text) {
  truth_.event({at, std::move(entity), std::string(kind), value, std::move(text)});
}
}  // namespace model
