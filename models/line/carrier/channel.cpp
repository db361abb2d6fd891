#include "models/line/carrier/channel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "models/line/carrier/closed_form.hpp"

namespace model::carrier {
namespace {
constexpr std::uint32_t bursts_entity = 0x4000'0000, frames_entity = 0x8000'0000;
constexpr std::int64_t ns_per_hour = 3'600'000'000'000;

double normal_at(const core::RandomStream& stream, std::uint64_t index) {
  return core::normal_q16(stream.block(index)[0]) / 65536.0;
}
}  // namespace

std::string_view name_of(LossCause cause) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(LossCause::kinds)> names{
      "none",       "weak signal",    "impulse burst", "interferer",   "appliance noise",
      "heavy load", "line noise",     "collision",     "channel busy", "module off",
      "relay off",  "not registered", "out of levels"};
  return names[static_cast<std::size_t>(cause)];
}

double access_loss_dB(const Surroundings& surroundings, double load_kW) {
  const double admittance = 1 / surroundings.empty_ohm + load_kW / surroundings.ohm_of_1_kW;
  return 2 * dB_from_ratio(1 + surroundings.source_ohm * admittance);
}

Channel::Channel(const ChannelSetup& setup, const Feeder& feeder, std::span<const Place> places)
    : setup_(setup),
      places_(places.begin(), places.end()),
      success_(setup.band.modulation, setup.band.code, setup.band.decision,
               setup.surroundings.is_mains_synchronous ? setup.band.symbol_s : 0),
      frames_(setup.seed, frames_entity + setup.area, core::Purpose::carrier_channel) {
  METERTWIN_CHECK(setup.area < 0x4'0000 && !places.empty(), setup.area);
  read_tree(feeder);
  for (const auto& place : places_)
    if (place.bus < 1 || static_cast<std::size_t>(place.bus) >= buses_.size() ||
        buses_[static_cast<std::size_t>(place.bus)].depth < 0)
      throw BadFeederFile(feeder.name + ": a carrier module stands on bus " + std::to_string(place.bus) +
                          ", which is not on the feeder");
  build_static();
  for (std::uint32_t phase = 0; phase < 3; ++phase)
    bursts_.emplace_back(setup.surroundings.bursts, setup.seed, bursts_entity + setup.area * 3 + phase,
                         setup.starts);
}

void Channel::read_tree(const Feeder& feeder) {
  int highest = 1;
  for (const auto& line : feeder.lines) highest = std::max({highest, line.from_bus, line.to_bus});
  buses_.assign(static_cast<std::size_t>(highest) + 1, Bus{0, -1, 0, 0});
  std::vector<std::vector<const FeederLine*>> leaving(buses_.size());
  constexpr int all_phases = 0b111;
  for (const auto& line : feeder.lines)  // a tie that stands open carries no signal either
    if ((line.open & all_phases) != all_phases)
      leaving[static_cast<std::size_t>(line.from_bus)].push_back(&line);
  buses_[1].depth = 0;
  std::vector<int> open{1};
  while (!open.empty()) {
    const auto at = static_cast<std::size_t>(open.back());
    open.pop_back();
    const auto here = buses_[at];
    const bool branches = leaving[at].size() > 1 && at != 1;
    for (const auto* line : leaving[at]) {
      auto& next = buses_[static_cast<std::size_t>(line->to_bus)];
      next = {static_cast<int>(at), here.depth + 1, here.from_root_m + line->length_m,
              here.junctions_from_root + (branches ? 1 : 0)};
      open.push_back(line->to_bus);
    }
  }
}

CableWay Channel::way_between(std::uint32_t one, std::uint32_t other) const {
  if (one == other) return {};
  const auto& a = places_[one];
  const auto& b = places_[other];
  auto x = static_cast<std::size_t>(a.bus), y = static_cast<std::size_t>(b.bus);
  while (x != y) {
    auto& deeper = buses_[x].depth >= buses_[y].depth ? x : y;
    deeper = static_cast<std::size_t>(buses_[deeper].parent);
  }
  const auto& meet = buses_[x];
  const auto& end_a = buses_[static_cast<std::size_t>(a.bus)];
  const auto& end_b = buses_[static_cast<std::size_t>(b.bus)];
  return {end_a.from_root_m + end_b.from_root_m - 2 * meet.from_root_m + a.spur_m + b.spur_m,
          end_a.junctions_from_root + end_b.junctions_from_root - 2 * meet.junctions_from_root};
}

double Channel::background_dBm(std::uint32_t node) const {
  const core::RandomStream stream(setup_.seed, setup_.area * 4096 + node, core::Purpose::carrier_channel);
  return setup_.band.background_dBm_per_Hz +
         setup_.band.background_spread_dB * normal_at(stream, UINT64_MAX) +
         dB_from_ratio(setup_.band.symbols_per_s);
}

void Channel::build_static() {
  const auto count = places_.size();
  METERTWIN_CHECK(count <= 4096, count);
  static_centi_dB_.resize(count * count);
  std::vector<double> background(count);
  for (std::uint32_t node = 0; node < count; ++node) background[node] = background_dBm(node);
  const auto& band = setup_.band;
  for (std::uint32_t from = 0; from < count; ++from) {
    for (std::uint32_t to = 0; to < count; ++to) {
      const auto way = way_between(from, to);
      const bool is_same_phase = places_[from].phase == places_[to].phase || places_[from].is_on_all_phases ||
                                 places_[to].is_on_all_phases;
      const double dB = band.transmit_dBm - band.cable_dB_per_km * way.length_m / 1000 -
                        band.junction_dB * way.junctions - (is_same_phase ? 0 : band.other_phase_dB) -
                        background[to];
      static_centi_dB_[from * count + to] = static_cast<std::int16_t>(std::clamp(dB, -300.0, 300.0) * 100);
    }
  }
  for (std::size_t hour = 0; hour < 24; ++hour) {
    access_dB_[hour] = access_loss_dB(setup_.surroundings, setup_.surroundings.load_kW[hour]);
    double in_band_W = 0;
    for (const auto& tone : setup_.surroundings.interferers)
      if (std::abs(tone.frequency_Hz - band.centre_Hz) <= band.width_Hz / 2 &&
          static_cast<int>(hour) >= tone.from_hour && static_cast<int>(hour) < tone.till_hour)
        in_band_W += ratio_from_dB(tone.power_dBm);
    for (const double level : background)
      interferer_dB_[hour].push_back(dB_from_ratio(1 + in_band_W / ratio_from_dB(level)));
  }
}

int Channel::civil_hour(core::Instant at) const {
  const auto hours =
      std::chrono::floor<std::chrono::hours>((at + setup_.utc_offset).time_since_epoch()).count();
  return static_cast<int>((hours % 24 + 24) % 24);
}

double Channel::appliance_dB(std::uint32_t at_node, core::Instant at) const {
  const core::RandomStream stream(setup_.seed, setup_.area * 4096 + at_node, core::Purpose::carrier_channel);
  const auto hour =
      static_cast<std::uint64_t>((at + setup_.utc_offset).time_since_epoch().count() / ns_per_hour);
  return setup_.surroundings.daily_dB[static_cast<std::size_t>(civil_hour(at))] +
         setup_.surroundings.hourly_spread_dB * normal_at(stream, hour);
}

Channel::Terms Channel::terms_of(std::uint32_t from, std::uint32_t to, core::Instant at) const {
  const auto hour = static_cast<std::size_t>(civil_hour(at));
  return {static_centi_dB_[from * places_.size() + to] / 100.0, interferer_dB_[hour][to],
          appliance_dB(to, at), access_dB_[hour]};
}

double Channel::es_n0_dB(std::uint32_t from, std::uint32_t to, core::Instant at) const {
  const auto terms = terms_of(from, to, at);
  return terms.static_dB - terms.interferer_dB - terms.appliance_dB - terms.load_dB - extra_noise_dB_;
}

double Channel::mean_chance(std::uint32_t from, std::uint32_t to, std::size_t bytes) const {
  double daily = 0, access = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    daily += setup_.surroundings.daily_dB[hour] / 24;
    access += access_dB_[hour] / 24;
  }
  return success_.chance(static_centi_dB_[from * places_.size() + to] / 100.0 - daily - access,
                         static_cast<double>(8 * bytes));
}

core::Duration Channel::duration_of(std::size_t bytes) const {
  const double s = setup_.band.lead_ms / 1000 + static_cast<double>(8 * bytes) / setup_.band.bits_per_s;
  return core::Duration(static_cast<std::int64_t>(s * 1e9));
}

LossCause Channel::send(std::uint32_t from, std::uint32_t to, core::Instant at, std::size_t bytes,
                        std::uint64_t number) {
  METERTWIN_CHECK(from < places_.size() && to < places_.size() && bytes > 0, from, to);
  const auto terms = terms_of(from, to, at);
  const double bits = static_cast<double>(8 * bytes);
  double share = 0;
  if (setup_.surroundings.has_bursts)
    share =
        bursts_[static_cast<std::size_t>(places_[to].phase) - static_cast<std::size_t>(Phase::a)].noisy_share(
            at, at + duration_of(bytes));
  const double u = (static_cast<double>(frames_.word(number) >> 11) + 0.5) * 0x1p-53;
  double dB = terms.static_dB - terms.interferer_dB - terms.appliance_dB - terms.load_dB - extra_noise_dB_;
  double hazard = (1 - share) * success_.hazard(dB);
  if (share > 0) hazard += share * success_.hazard(dB - setup_.surroundings.bursts.rise_dB);
  const double tolerated = -core::portable_math::log(u) / bits;
  if (hazard < tolerated) return LossCause::none;
  if (share > 0 && success_.hazard(dB) < tolerated) return LossCause::impulse_burst;
  const std::array<std::pair<double, LossCause>, 4> troubles{
      {{extra_noise_dB_, LossCause::line_noise},
       {terms.interferer_dB, LossCause::interferer},
       {terms.appliance_dB, LossCause::appliance_noise},
       {terms.load_dB, LossCause::heavy_load}}};
  for (const auto& [worse_dB, cause] : troubles) {
    dB += std::max(0.0, worse_dB);
    if (worse_dB > 0 && success_.hazard(dB) < tolerated) return cause;
  }
  return LossCause::weak_signal;
}
}  // namespace model::carrier
