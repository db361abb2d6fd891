/// Whether a carrier frame from one module reaches another: signal, noise, and why it failed if it did.
///
/// All in dB; what arrives at a receiver is
///     Es/N0 = transmit - access(hour) - cable x length - junction x branches passed - coupling(other phase)
///             - N(receiver) - 10 log10(symbols/s) - daily(hour) - appliances(receiver, hour) - interferers
/// along the tree of the feeder's real cables (surroundings.hpp, band.hpp name each term and its source); in
/// a burst the noise rises by `rise_dB`. A frame survives with e^-(h_quiet n_quiet + h_burst n_burst), n its
/// information bits inside and outside bursts. One uniform number decides; the cause of a loss is the first
/// trouble in the order burst, interferer, appliances, load, without which the same number would have let the
/// frame pass; if none, the way is too long (`weak_signal`).
/// Unit: dB, ns. Errors: none. Randomness: Purpose::carrier_channel by (receiver, hour), (area, frame
/// number). Time: nearly rising (bursts.hpp).
#pragma once
#include <span>
#include <vector>

#include "models/grid/feeder.hpp"
#include "models/line/carrier/band.hpp"
#include "models/line/carrier/bursts.hpp"
#include "models/line/carrier/frame_success.hpp"

namespace model::carrier {
/// Why a frame, or a whole exchange, did not arrive.
enum class LossCause : std::uint8_t {
  none,
  weak_signal,      ///< too far, too many branches, the wrong phase, a noisy place
  impulse_burst,    ///< a burst covered part of it
  interferer,       ///< a tone from outside
  appliance_noise,  ///< the hour's noise
  heavy_load,       ///< low impedance beside the transmitter
  line_noise,       ///< noise that was injected
  collision,        ///< another module spoke at the same time
  channel_busy,     ///< carrier sense found no gap
  module_off,       ///< the addressed module has no supply, or does not listen
  relay_off,        ///< a relay on the way has none
  not_registered,   ///< the module has no route yet
  out_of_levels,    ///< more relays than the band allows
  kinds             ///< how many there are
};
std::string_view name_of(LossCause cause);

/// Where a module stands. 0 is the concentrator's: bus 1, all phases.
struct Place {
  int bus = 1;
  Phase phase = Phase::a;
  double spur_m = 0;  ///< service cable from the bus to the meter
  bool is_on_all_phases = false;
};

struct ChannelSetup {
  Band band = narrowband();
  Surroundings surroundings;
  std::uint64_t seed = 0;
  std::uint32_t area = 0;
  core::Duration utc_offset{};
  core::Instant starts{};
};

/// Metres and branches between two places on a feeder's tree.
struct CableWay {
  double length_m = 0;
  int junctions = 0;
};

class Channel {
 public:
  /// Throws BadFeederFile if a place is on no bus of the feeder.
  Channel(const ChannelSetup& setup, const Feeder& feeder, std::span<const Place> places);
  virtual ~Channel() = default;

  const Band& band() const { return setup_.band; }
  std::size_t size() const { return places_.size(); }
  /// How long a frame of `bytes` keeps the mains busy.
  core::Duration duration_of(std::size_t bytes) const;
  /// Es/N0 outside bursts.
  double es_n0_dB(std::uint32_t from, std::uint32_t to, core::Instant at) const;
  /// Chance of a frame outside bursts, at the mean of a day: what neighbour tables converge to.
  virtual double mean_chance(std::uint32_t from, std::uint32_t to, std::size_t bytes) const;
  /// Sends a frame that begins at `at`. `number` must differ between frames.
  virtual LossCause send(std::uint32_t from, std::uint32_t to, core::Instant at, std::size_t bytes,
                         std::uint64_t number);
  /// Raises the noise everywhere, from now on: a fault that is injected.
  void set_extra_noise_dB(double rise_dB) { extra_noise_dB_ = rise_dB; }

  CableWay way_between(std::uint32_t one, std::uint32_t other) const;

 private:
  struct Bus {
    int parent = 0;  ///< 0 = the transformer's bus
    int depth = 0;
    double from_root_m = 0;
    int junctions_from_root = 0;
  };
  struct Terms {
    double static_dB, interferer_dB, appliance_dB, load_dB;
  };
  void read_tree(const Feeder& feeder);
  void build_static();
  int civil_hour(core::Instant at) const;
  Terms terms_of(std::uint32_t from, std::uint32_t to, core::Instant at) const;
  double appliance_dB(std::uint32_t at_node, core::Instant at) const;
  double background_dBm(std::uint32_t node) const;

  ChannelSetup setup_;
  std::vector<Place> places_;
  std::vector<Bus> buses_;
  FrameSuccess success_;
  std::vector<std::int16_t> static_centi_dB_;          ///< [from][to]: Es/N0 before what changes with time
  std::array<double, 24> access_dB_{};                 ///< by hour
  std::array<std::vector<double>, 24> interferer_dB_;  ///< by hour, by receiver
  std::vector<BurstProcess> bursts_;                   ///< by phase
  core::RandomStream frames_;
  double extra_noise_dB_ = 0;
};
}  // namespace model::carrier
