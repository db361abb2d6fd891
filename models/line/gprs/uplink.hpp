/// The concentrator's GPRS uplink: one TCP connection to the head-end, tried again until it stands.
///
/// An outage shorter than thirty seconds only delays; a longer one kills the connection after that time, and
/// the operator's gateway resets the head-end's side. Attempts follow each other after a drawn pause, also
/// when nobody listens. Unit: ns. Errors: none. Randomness: Purpose::uplink_reconnect by (area, number of the
/// attempt), delays in ByteStream. Time: `advance` not later than `next()`.
#pragma once
#include "models/area.hpp"
#include "models/line/gprs/byte_stream.hpp"

namespace model {
/// The concentrator's modem, as the concentrator sees it.
class UplinkUser {
 public:
  virtual ~UplinkUser() = default;
  virtual void connected(core::Instant at) = 0;
  virtual void received(core::Instant at, core::Bytes bytes) = 0;
  virtual void disconnected(core::Instant at) = 0;
};

class GprsUplink {
 public:
  GprsUplink(const UplinkSetup& setup, std::uint64_t seed, AreaId area, UplinkPort& port, UplinkUser& user);

  // The concentrator's side
  /// Tries to connect from `at` on.
  void power_on(core::Instant at);
  /// The connection dies now; no more attempts.
  void power_off(core::Instant at);
  /// Gives the connection up and tries anew after a pause.
  void reconnect(core::Instant at);
  void send(core::Instant at, core::Bytes bytes);
  bool is_connected() const { return state_ == State::connected; }

  // The head-end's side
  void head_end_wrote(core::Instant at, core::Bytes bytes);
  void head_end_closed(core::Instant at);

  // The network
  /// Nothing passes before `till`. Range: at <= till.
  void begin_outage(core::Instant at, core::Instant till);
  /// What outages did so far: connections killed, segments delayed, attempts failed.
  std::uint64_t struck_count() const { return struck_; }

  core::Instant next() const;
  /// Does the one thing due at `next()`.
  void advance();

 private:
  enum class State : std::uint8_t { off, waiting, connected };
  void lose(core::Instant at);
  void plan_attempt(core::Instant at);
  void attempt(core::Instant at);

  const UplinkSetup& setup_;
  core::RandomStream pauses_;
  AreaId area_;
  UplinkPort& port_;
  UplinkUser& user_;
  ByteStream up_, down_;
  State state_ = State::off;
  core::Instant attempt_at_ = core::never;
  core::Instant outage_till_{};
  core::Instant killed_at_ = core::never;  ///< by an outage
  core::Instant closed_at_ = core::never;  ///< when the concentrator learns that the head-end closed
  std::uint64_t attempts_ = 0, struck_ = 0;
};
}  // namespace model
