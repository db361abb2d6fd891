/// One port of the concentrator, an RS-485 pair or another way to meters: asks its meters in turn, and puts
/// other people's frames between.
///
/// Order of work whenever the line is free: forwarded frames; a time broadcast; a round of present states,
/// where one is wanted; the quarter hour that is due, meter by meter; the freeze of the last midnights; older
/// quarter hours that are missing, several records a request, of meters that answer. A meter that stays
/// silent for a whole pass is left out of 1, 3, 7 passes, so the dead do not eat the line. In a round each
/// meter is asked for its energy and five more items; one that was silent in the last round, or follows three
/// silent ones, gets one attempt only. The next pass begins on time, whatever is left; it begins behind the
/// meter that was served last. Unit: ns, quarters of civil time. Errors: none; garbage and stale answers are
/// dropped. Randomness: none of its own. Time: `run_until` in rising order.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "models/collector/archive.hpp"
#include "models/collector/field_line.hpp"
#include "models/collector/reading_store.hpp"
#include "models/meter/meter_clock.hpp"
#include "protocols/dlt645/data_identifier.hpp"
#include "protocols/dlt645/framer.hpp"

namespace model {
/// A frame that the head-end wants handed through to a meter, and how its answer finds back.
struct Forward {
  std::uint8_t port = 2;
  unsigned counter = 0;     ///< PFC of the request
  std::uint8_t master = 0;  ///< MSA of the request
  core::Duration timeout{};
  dlt645::Wire bytes;         ///< one frame, lead-in or not
  dlt645::AddressPattern to;  ///< whom that frame is for, and what it asks: only such an answer is its own
  dlt645::Function function = dlt645::Function::read;
  std::optional<dlt645::DataIdentifier> item = {};  ///< of a read: an answer about another one is a late one
};

/// What the poller may know of its concentrator, and whom it tells.
struct PollerPlace {
  const ConcentratorSetup& setup;
  ReadingStore& store;
  const MeterClock& clock;
  /// The meter's answer; empty when none came in time.
  std::function<void(core::Instant at, const Forward& forward, core::Bytes answer)> forwarded;
  /// All of a meter's present state has come; it was asked for from `asked` on.
  std::function<void(core::Instant at, std::uint16_t point, core::Instant asked, std::uint32_t centikWh)>
      refreshed = {};
};

/// What the settings of its port say to a poller.
struct PortRules {
  int attempts = 2;
  /// Bit/s if the port is set to another rate than the pair has: then nobody understands it. 0 = it fits.
  std::uint32_t wrong_baud = 0;
};

class LinePoller {
 public:
  LinePoller(FieldLine& line, PollerPlace place);
  void set_rules(PortRules rules) { rules_ = rules; }
  /// Whether it may read by itself. What is being asked is still heard; forwards and broadcasts go on.
  void allow_reading(core::Instant at, bool is_allowed);

  /// Asks for `quarter` of all its points, which is open in the store.
  void begin_pass(core::Instant at, std::int64_t quarter);
  void add_point(core::Instant at, const gdw3761::ArchiveRow& row);
  /// The same while the concentrator is off or not yet begun: asks nothing now.
  void add_point_quietly(const gdw3761::ArchiveRow& row);
  void remove_point(std::uint16_t point);
  /// False: too many are waiting already.
  bool forward(core::Instant at, const Forward& forward);
  void broadcast_time(core::Instant at);
  /// The clock was wrong: nothing more of this pass is asked.
  void abandon_pass();
  /// Power is gone: what was under way and all that was planned is forgotten.
  void shut_down();

  core::Instant next() const { return std::min(line_.next(), task_ == Task::none ? round_at_ : deadline_); }
  bool has_forward() const { return task_ == Task::forward || !forwards_.empty(); }
  void run_until(core::Instant till);

 private:
  enum class Task : std::uint8_t {
    none,
    forward,
    broadcast,
    curve,
    freeze_time,
    freeze_energies,
    backfill,
    refresh
  };
  struct Point {
    dlt645::AddressPattern address;
    std::uint16_t number = 0;
    std::uint8_t silences = 0;  ///< whole passes without an answer, in a row
    std::uint8_t passes_to_skip = 0;
    bool was_silent = false;   ///< in the last round of present states
    bool is_left_out = false;  ///< of the rest of this pass: backing off, silent, or not getting any further
  };

  void work(core::Instant at);
  bool start_forward(core::Instant at);
  bool start_broadcast(core::Instant at);
  bool start_curve(core::Instant at);
  bool start_freeze(core::Instant at);
  bool start_backfill(core::Instant at);
  bool start_refresh(core::Instant at);
  void begin_round(core::Instant at);
  void take_present(core::Bytes value);
  void refresh_further(core::Instant at);
  void ask(core::Instant at, Task task, dlt645::DataIdentifier item);
  void ask_records(core::Instant at, Task task, ReadingStore::Run run);
  std::int64_t quarter_of(const core::CivilTime& time) const;
  void send(core::Instant at);
  void hear(core::Instant at, core::Bytes bytes);
  void hear_frame(core::Instant at, const dlt645::Frame& frame, core::Bytes raw);
  bool is_for_forward(const dlt645::Frame& frame) const;
  bool take(const dlt645::Frame& frame);
  bool take_records(core::Bytes value, bool more_follows);
  void give_up_until(std::int64_t end);
  void take_refusal();
  void take_freeze_time(core::Bytes value);
  void take_freeze_energies(core::Bytes value);
  bool may_be_stale() const { return exchanges_since_silence_ < 3; }
  void leave_point(std::size_t& points_left);
  void close_task();
  void time_out(core::Instant at);
  void fall_silent();
  bool may_give_up(std::int64_t quarter) const { return quarter < store().last_quarter() - 1; }
  void finish_forward(core::Instant at, core::Bytes answer);
  Point& point() { return points_[current_]; }
  ReadingStore& store() const { return place_.store; }

  FieldLine& line_;
  PollerPlace place_;
  PortRules rules_;
  bool is_reading_allowed_ = true;
  std::vector<Point> points_;  ///< by point number
  std::vector<Forward> forwards_;
  Forward active_forward_;
  dlt645::Framer framer_;
  dlt645::Wire request_;
  Task task_ = Task::none;
  core::Instant deadline_ = core::never;
  dlt645::DataIdentifier asked_item_;
  std::size_t current_ = 0;  ///< position of the point being asked
  int attempt_ = 0;
  // The pass
  std::int64_t quarter_ = INT64_MIN;
  std::size_t curve_left_ = 0, freeze_left_ = 0, backfill_left_ = 0;  ///< points still to be looked at
  std::size_t cursor_ = 0;
  std::int64_t freeze_day_ = 0;
  core::CivilTime quarter_civil_;  ///< of `quarter_`
  dlt645::Data quarter_request_;   ///< the plain data that asks for it, the same for every meter
  dlt645::Frame heard_;
  ReadingStore::Run run_;
  // The round of present states
  core::Instant round_at_ = core::never;  ///< when the next one is due
  core::Instant round_asked_{};           ///< when the meter was first asked in this round
  std::size_t refresh_left_ = 0, refresh_cursor_ = 0, refresh_item_ = 0;
  std::uint32_t present_centikWh_ = 0;
  int silent_in_a_row_ = 0;  ///< meters, in rounds
  bool is_broadcast_due_ = false;
  unsigned exchanges_since_silence_ = 1000;
};
}  // namespace model
