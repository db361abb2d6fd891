/// The generator against a real head-end: a fleet's connections, paced by the wall clock.
///
/// One thread and one epoll drive thousands of non-blocking connections. Open loop: each frame has an
/// intended time; frames that are due go out at once, one write each unless the generator itself is late. A
/// connection that takes no more (fifteen unconfirmed frames, a full send buffer) makes its next frames wait,
/// at most sixteen, and what is due beyond that is held back and counted. Connections that end are dialled
/// again and unconfirmed frames sent again, so the head-end may be killed and started again in mid-run. What
/// was confirmed is remembered exactly.
///
/// Errors: std::runtime_error with one line where the operating system refuses sockets or TLS at the start;
/// everything later is counted in the record. Randomness: addressed, of the estate's seed. Time: the
/// operating system's.
#pragma once
#include <functional>
#include <memory>

#include "stress/plan/flood.hpp"
#include "stress/plan/stage_plan.hpp"

namespace stress {
struct DriverOptions {
  EstatePlan estate;
  FloodOptions flood;
  std::string host = "127.0.0.1";  ///< an IPv4 address
  std::uint16_t uplink_port = 0;
  std::uint16_t modbus_port = 0;  ///< needed when the estate has managers
  std::uint16_t http_port = 0;    ///< 0: no API traffic, no visibility samples
  bool is_tls = false;            ///< TLS on the uplink door
  std::string tls_certificates;   ///< a PEM file of whom to trust; empty: anybody
  Duration sample_every = 1s;
  /// Called about every `sample_every` with the generator's clock, also between stages and while draining.
  std::function<void(Instant)> sample;
};

class Driver {
 public:
  explicit Driver(DriverOptions options);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// The wall clock that all instants of the records are of.
  Instant now() const;
  /// Dials and logs in all collectors. False when `patience` ended first.
  bool connect(Duration patience);
  /// One stage, from now on: its intended times, then its grace until everything sent is answered.
  StageRecord run(const StagePlan& stage);
  /// Sends again whatever is unconfirmed until nothing is. False when `patience` ended first.
  bool drain(Duration patience);
  /// Serves connections without sending readings: commands, heartbeats, archives.
  void idle(Duration duration);

  const Flood& flood() const;
  std::size_t connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace stress
