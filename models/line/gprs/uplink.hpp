/// The concentrator's GPRS uplink: one TCP connection to the head-end, tried again until it stands.
///
/// An outage shorter than thirty seconds only delays; a longer one kills the connection after that time, and
/// the operator's gateway resets the head-end's side. Attempts follow each other after a drawn pause, also
/// when nobody listens. With a bearer's data sheet the modem must also get in (attach, activation), asks for
/// its channel after a silence, is forgotten by the translator and dropped by the network, and pays; without
/// one it draws nothing for all that. Unit: ns. Errors: none. Randomness: Purpose::uplink_reconnect by (area,
/// number of the attempt), delays in ByteStream, bearers in BearerSession. Time: `advance` not later than
/// `next()`.
#pragma once
#include <optional>

#include "models/area.hpp"
#include "models/line/bearers/bearer_session.hpp"
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

/// `base` with the delays, rate and losses of the sheet; the slower direction counts for both.
UplinkSetup with_bearer(UplinkSetup base, const BearerSheet& sheet);

class GprsUplink {
 public:
  GprsUplink(const UplinkSetup& setup, std::uint64_t seed, AreaId area, UplinkPort& port, UplinkUser& user);

  /// From now on the modem lives on this bearer, under its own pauses. Range: before power_on.
  void set_bearer(const BearerSheet& sheet, const BackOff& back_off = {});
  /// Nothing without a bearer.
  BearerSession* session() { return session_ ? &*session_ : nullptr; }

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
  /// The network drops the session now: PPP ends, and the connection with it.
  void drop_session(core::Instant at);
  /// The translator forgets the connection now; whoever sends next finds out. Nothing happens without a
  /// bearer.
  void forget_connection();
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
  bool must_enter(core::Instant at);
  core::Instant free_from(core::Instant at, std::size_t bytes);
  core::Instant dropped_at() const { return session_ ? session_->dropped_at() : core::never; }

  const UplinkSetup& setup_;
  std::uint64_t seed_;
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
  std::optional<BearerSession> session_;
  int failures_ = 0;  ///< attempts to get in or to connect, in a row
};
}  // namespace model
