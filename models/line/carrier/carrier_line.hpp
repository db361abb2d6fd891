/// The concentrator's carrier port: a second kind of line beside Rs485Line, with the same face for its
/// poller.
///
/// A request goes down the network's route to the module of the meter that it is addressed to, the meter
/// answers after its turnaround, and the answer travels back. Frames arrive whole or not at all (every hop
/// checks a CRC). Half carrier: several meters behind one module, which speaks to them over RS-485 and so
/// adds both frames' characters (11 bits each) to the time. Only one exchange is under way at a time; a
/// request sent earlier waits for the mains. Broadcasts flood; wildcard addresses cannot be routed and reach
/// nobody. Every exchange that fails is told to `lost`, with its cause. Unit: ns. Errors: none (garbage finds
/// nobody). Randomness: the network's; turnaround under Purpose::meter_turnaround by (meter, instant of
/// hearing). Time: `advance` not later than `next()`.
#pragma once
#include <deque>
#include <functional>

#include "core/bytes.hpp"
#include "models/line/carrier/network.hpp"

namespace model::carrier {
struct CarrierStation {
  std::array<std::uint8_t, 6> address{};  ///< DL/T 645-2007, low byte first
  std::uint32_t meter = 0;                ///< position in the area, as the meter's answers are asked for
  std::uint32_t node = 0;                 ///< its module, 1..
  int rs485_baud = 0;                     ///< half carrier: the collector's line to the meter; 0 = own module
};

struct CarrierLineSetup {
  ChannelSetup channel;
  NetworkSetup network;
  std::vector<Place> places;  ///< of modules; places[0] is the concentrator's
  std::vector<CarrierStation> stations;
  core::Duration turnaround_min = std::chrono::milliseconds(20),
                 turnaround_max = std::chrono::milliseconds(100);
};

/// Who answers for the meters, and who wants to know.
struct CarrierHosts {
  /// The meter's answer to `request`, heard at `at`; false = it says nothing.
  std::function<bool(std::uint32_t meter, core::Instant at, core::Bytes request,
                     std::vector<std::uint8_t>& answer)>
      answer;
  /// An exchange with `meter` failed. May be empty.
  std::function<void(std::uint32_t meter, core::Instant at, const Delivery& delivery)> lost;
};

class CarrierLine {
 public:
  CarrierLine(CarrierLineSetup setup, const Feeder& feeder, CarrierHosts hosts);
  CarrierLine(const CarrierLine&) = delete;
  CarrierLine& operator=(const CarrierLine&) = delete;

  /// Of one hop.
  core::Duration duration_of(std::size_t bytes) const { return channel_.duration_of(bytes); }
  /// The concentrator sends `bytes`; answers when the request has arrived or was given up.
  core::Instant transmit(core::Instant at, core::Bytes bytes);
  /// The concentrator lost its supply: what is under way reaches nobody.
  void hush_master();
  core::Instant next() const { return events_.empty() ? core::never : events_.front().till; }
  /// When what is on the mains at `at` is over; `at` itself if nothing is.
  core::Instant busy_until(core::Instant at) const;
  /// Lets what ends at `next()` end. What the concentrator hears of it, often nothing. Valid until the next
  /// call.
  core::Bytes advance();

  /// A module that is deaf, or has no supply, neither answers nor relays.
  void set_deaf(std::uint32_t meter, bool is_deaf, core::Instant at);
  /// Raises all receivers' noise: an injected fault.
  void set_extra_noise_dB(double rise_dB) { channel_.set_extra_noise_dB(rise_dB); }
  /// The meter's address has changed.
  void set_address(std::uint32_t meter, const std::array<std::uint8_t, 6>& address);
  Network& network() { return network_; }
  std::size_t meter_count() const { return setup_.stations.size(); }

 private:
  struct Event {
    core::Instant from, till;
    bool is_request = false, is_lost = false;
    std::size_t station = 0;
    std::vector<std::uint8_t> bytes;
  };
  void push(Event event);
  void hear_request(const Event& request);
  void hear_broadcast(core::Instant at, core::Bytes bytes, std::size_t frame_at);
  void answer_back(const Event& request, std::vector<std::uint8_t> answer);
  void tell_lost(std::size_t station, core::Instant at, const Delivery& delivery);
  core::Duration rs485_time(const CarrierStation& station, std::size_t bytes) const;

  CarrierLineSetup setup_;
  CarrierHosts hosts_;
  Channel channel_;
  Network network_;
  std::deque<Event> events_;  ///< by end
  std::vector<std::uint8_t> heard_;
  core::Instant quiet_from_{};
};
}  // namespace model::carrier
