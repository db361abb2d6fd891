/// One RS-485 pair: a master (the concentrator) and up to 32 meters, of whom only one at a time should speak.
///
/// A character takes 11 bits / baud (8E1). The addressed meter hears a request when its last bit has passed
/// and answers after its turnaround (DL/T 645-2007: 20..500 ms, drawn uniform per answer); the master has the
/// answer when its last bit has passed. All that is said passes the wire: bits flip, and characters of two
/// speakers that overlap destroy each other. Meters are found by the address in the frame that arrived;
/// broadcasts and wildcards reach them all. Unit: ns. Errors: none (garbage is heard by nobody). Randomness:
/// Purpose::meter_turnaround by (meter, instant of hearing), bit errors by line. Time: `advance` not later
/// than `next()`.
#pragma once
#include <vector>

#include "models/area.hpp"
#include "models/line/rs485/bit_errors.hpp"
#include "models/meter/meter.hpp"

namespace model {
/// Where a line belongs, and what it may touch.
struct LinePlace {
  std::uint64_t seed = 0;
  AreaId area = 0;
  int line = 0;
  std::span<Meter> meters;  ///< all of the area
  MeterHappenings& happened;
  const LineTap& tap;  ///< empty = nobody listens
};

class Rs485Line {
 public:
  Rs485Line(const LineSetup& setup, LinePlace place);

  core::Duration duration_of(std::size_t bytes) const {
    return core::Duration(static_cast<std::int64_t>(bytes * bits_per_character) * 1'000'000'000 / baud_);
  }

  /// The master begins to speak at `at`, whether or not the line is quiet. Answers when its last bit has
  /// passed.
  core::Instant transmit(core::Instant at, core::Bytes bytes);
  /// The master falls silent in mid-word: what it is sending is heard by nobody.
  void hush_master();
  /// End of the earliest unfinished transmission; `core::never` if the line is quiet.
  core::Instant next() const { return next_; }
  /// When whoever is speaking at `at` will have finished; `at` itself if nobody is. What a receiver that sees
  /// characters come in would wait for.
  core::Instant busy_until(core::Instant at) const;
  /// Lets the earliest unfinished transmission end, at `next()`. What the master hears of it; empty when it
  /// was the master's own. Valid until the next call.
  core::Bytes advance();

  void set_bit_error(core::Ratio chance) { errors_.set_chance(chance); }
  /// A deaf meter hears nothing on the line (and so says nothing). Nothing happens if it is not on this line.
  void set_deaf(std::uint32_t meter_position, bool is_deaf);

  std::uint64_t garbled_count() const {
    return garbled_;
  }  ///< transmissions that did not arrive as they were sent
  std::uint64_t unheard_count() const { return unheard_; }  ///< requests that a deaf meter missed
  std::size_t meter_count() const { return stations_.size(); }

 private:
  struct Station {
    std::uint64_t code = 0;   ///< AddressPattern of the meter's present address
    std::uint32_t meter = 0;  ///< position in the area
    bool is_deaf = false;
  };
  struct Transmission {
    Transmission(core::Instant begins, bool by_master)
        : from(begins), is_by_master(by_master) {}  // bytes stay unset
    core::Instant from, till{};
    bool is_by_master;
    bool is_finished = false;
    dlt645::Wire bytes;
  };

  Transmission& begin(core::Instant from, bool is_by_master);
  /// The bytes of `sent` that come through: neither run over by another speaker nor spoilt by noise.
  core::Bytes arriving(const Transmission& sent);
  core::Bytes clear_of_others(const Transmission& sent);
  void hear(core::Instant at, core::Bytes bytes);
  bool find_request(core::Bytes heard);
  void ask(Station& station, core::Instant at);
  void forget_old();
  void refresh_next();

  LinePlace place_;
  BitErrors errors_;
  std::int64_t baud_;
  core::Duration turnaround_min_, turnaround_max_;
  core::Instant next_ = core::never;
  std::vector<Station> stations_;
  std::vector<Transmission> air_;  ///< what is, or overlaps what is, on the wire
  dlt645::Frame frame_;
  dlt645::Wire clear_;
  std::array<std::uint8_t, dlt645::Wire::capacity()> arrived_{};
  std::uint64_t garbled_ = 0, unheard_ = 0;
};
}  // namespace model
