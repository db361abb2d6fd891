/// Meters reached over the mains: a network of carrier modules, and behind each module a pair with one meter
/// (full carrier, 全载波) or with several (half carrier, 半载波: RS-485 to a collector, carrier from there).
///
/// A request travels to the module of the meter it is for; the module puts it on its pair; what it hears
/// there travels back. A frame that the network loses is gone, with a cause
/// (models/line/carrier/network.hpp). Unit: ns. Errors: none. Randomness and time: the network's.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "models/area_setup.hpp"
#include "models/collector/field_line.hpp"
#include "models/line/carrier/network.hpp"

namespace model {
/// What an area's carrier is made of. `places[0]` is the concentrator's, `places[i + 1]` that of the module
/// of line `first_line + i`. Lines before `first_line` are pairs to the same meters, used at the same time.
struct CarrierSetup {
  std::size_t first_line = 0;  ///< 0, or 1: both ways in parallel (双通道)
  carrier::Band band = carrier::narrowband();
  carrier::NetworkSetup network;
  std::shared_ptr<const Feeder> feeder;
  std::vector<carrier::Place> places;
};

class CarrierField final : public FieldLine {
 public:
  /// `pairs[i]` is that of line `first_line + i`, behind node i + 1; `meters` by position in the area.
  CarrierField(const AreaSetup& setup, std::vector<std::unique_ptr<FieldLine>> pairs,
               std::span<Meter> meters);

  core::Duration duration_of(std::size_t bytes) const override { return channel_.duration_of(bytes); }
  core::Instant transmit(core::Instant at, core::Bytes bytes) override;
  void hush_master() override;
  core::Instant next() const override;
  core::Instant busy_until(core::Instant at) const override;
  core::Bytes advance() override;
  core::Duration extra_patience() const override { return patience_; }

  const carrier::Network& network() const { return network_; }
  void set_extra_noise_dB(double rise_dB) { channel_.set_extra_noise_dB(rise_dB); }
  /// A module without supply, or dead, by its pair.
  void set_powered(std::size_t pair, bool is_powered, core::Instant at);

 private:
  struct Travelling {
    core::Instant at{};  ///< when it arrives
    std::uint32_t node = 0;
    bool is_request = false;
    dlt645::Wire bytes;
  };
  std::uint32_t node_of(dlt645::AddressPattern address) const;
  void arrive(core::Instant at, std::uint32_t node, bool is_request, core::Bytes bytes);
  FieldLine& pair_of(std::uint32_t node) { return *pairs_[node - 1]; }

  carrier::Channel channel_;
  carrier::Network network_;
  std::vector<std::unique_ptr<FieldLine>> pairs_;
  std::span<Meter> meters_;
  std::vector<std::uint32_t> node_of_meter_;  ///< by position in the area
  std::map<std::uint64_t, std::uint32_t> node_of_code_;
  std::vector<Travelling> travelling_;  ///< in order of arrival; few
  std::vector<std::uint32_t> active_;   ///< nodes on whose pairs something is said
  core::Duration patience_{};
  dlt645::Wire heard_;
  core::Instant ready_at_ = core::never;  ///< when the modules have joined; they begin with the first request
};
}  // namespace model
