/// Everything that stands at the field's end of a stress run, as one pure machine: collectors, abusers,
/// business systems.
///
/// A carrier (the driver with sockets, or the virtual stage) tells it what happened on its lines and carries
/// what it wants to say. A line is one connection to one of the head-end's doors. Bytes and instants in,
/// bytes and instants out: the same seed, stage and answers at the same instants give the same bytes.
///
///     flood.begin_stage(plan, from);
///     flood.act(now);                              // everything intended up to now
///     for (LineId line : flood.take_wishes()) ...  // open, close or write it
///     flood.heard(line, now, bytes);
///
/// Counting is by offers: each intended event is sent or held back, and each sent frame ends up confirmed,
/// refused or unanswered. A refused or lost frame stays with its collector and is the next it offers, at a
/// later intended time, as a new offer. An event that is held back leaves its readings with the collector
/// too: they are sent later, nothing is skipped. Memory: about 700 bytes a collector and 9 a meter. Errors:
/// counted. Randomness: addressed (seed, event). Time: handed in.
#pragma once
#include <memory>

#include "stress/fleet/report_writer.hpp"
#include "stress/plan/lines.hpp"
#include "stress/plan/stage_plan.hpp"

namespace stress {
enum class Door : std::uint8_t { uplink, modbus, http };

struct FloodOptions {
  FleetOptions fleet;
  std::uint32_t http_lines = 24;  ///< connections of business systems; half of them for switch orders
  bool has_http = true;
  std::size_t send_bytes_max = 65'536;  ///< a line that holds so many unsent bytes takes no more
  Duration redial_after = 200ms;        ///< after a connection ended or was refused
  Duration answer_patience = 30s;       ///< a frame unanswered for so long: the line is hung up
  Duration heartbeat_every = 5min;
  Duration refused_pause = 100ms;  ///< a collector that was refused is silent for so long
  Duration visible_every = 100ms;  ///< how often a reading is watched until the API shows it; zero: never
};

/// What is known of one reading, for the comparison with the store.
struct SentReading {
  enum class State : std::uint8_t { never_sent, unconfirmed, confirmed } state = State::never_sent;
  std::uint32_t register_centikWh = 0;
};

class Flood {
 public:
  Flood(const EstatePlan& estate, const FloodOptions& options);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  // -- lines, told by the carrier
  std::size_t line_count() const;
  Door door_of(LineId line) const;
  void opened(LineId line, Instant now);
  /// Ended, or could not be opened.
  void ended(LineId line, Instant now);
  void heard(LineId line, Instant now, core::Bytes bytes);
  core::Bytes unsent(LineId line) const;
  /// The carrier took `count` of the unsent bytes at `now`. Slip is measured here.
  void took(LineId line, std::size_t count, Instant now);

  // -- lines, wished by the flood
  bool wishes_open(LineId line) const;
  bool wishes_close(LineId line) const;
  /// Lines that wish something or have bytes to send, each once, since the last call. Valid until the next
  /// call.
  const std::vector<LineId>& take_wishes();

  // -- time
  /// When `act` has something to do next.
  Instant next_due() const;
  void act(Instant now);

  // -- stages
  /// All collectors wish their lines open from `now` on.
  void dial(Instant now);
  /// Collectors whose greeting was confirmed.
  std::size_t greeted() const;
  std::size_t collectors() const;
  void begin_stage(const StagePlan& stage, Instant from);
  /// All intended times of the stage lie behind.
  bool is_offered() const;
  /// And nothing of it is in flight or waiting.
  bool is_answered() const;
  /// Ends a second of the stage: fills its row of `seconds`.
  void close_second(Instant now);
  StageRecord end_stage(Instant now);
  /// From now on (until `begin_stage`) what is unconfirmed is sent again as fast as it is confirmed.
  void begin_drain(Instant now);
  /// Frames that were on the wire and are not confirmed.
  std::uint64_t unconfirmed_frames() const;

  // -- the truth, for the comparison with the store
  SentReading reading(std::uint32_t meter, std::uint32_t quarter) const;
  /// No collector has sent a quarter at or behind this one.
  std::uint32_t quarters_end() const;
  std::uint64_t acknowledged_readings() const;
  /// Frames that the head-end had passed on to meters, and that were answered.
  std::uint64_t commands_answered() const;
  const EstatePlan& estate() const;
  /// Heap and objects of collectors and meters, without send buffers.
  std::size_t state_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace stress
