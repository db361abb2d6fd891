/// One RS-485 pair: a master (the concentrator) and up to 32 meters, of whom only one at a time should speak.
///
/// A character takes 11 bits / baud (8E1). The addressed meter hears a request when its last bit has passed
/// and answers after its turnaround (DL/T 645-2007: 20..500 ms, drawn uniform per answer); the master has the
/// answer when its last bit has passed. All that is said passes the wire: bits flip, and characters of two
/// speakers that overlap destroy each other. Meters are found by the address in the frame that arrived;
/// broadcasts and wildcards reach them all. Whatever else can be wrong with a pair is in PairTroubles; a line
/// that nobody troubled has none and draws nothing for them. Unit: ns. Errors: none (garbage is heard by
/// nobody). Randomness: Purpose::meter_turnaround by (meter, instant of hearing), bit errors by line. Time:
/// `advance` not later than `next()`.
#pragma once
#include <memory>
#include <vector>

#include "models/area.hpp"
#include "models/line/rs485/bit_errors.hpp"
#include "models/line/rs485/bus_behaviour.hpp"
#include "models/line/rs485/pair_troubles.hpp"
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
  /// was the master's own (unless the pair echoes). Valid until the next call.
  core::Bytes advance();

  void set_bit_error(core::Ratio chance) { errors_.set_chance(chance); }
  /// A deaf meter hears nothing on the line (and so says nothing). Nothing happens if it is not on this line.
  void set_deaf(std::uint32_t meter_position, bool is_deaf);

  /// The pair's troubles, all off at first.
  PairTroubles& troubles();
  bool is_troubled() const { return troubles_ != nullptr; }
  /// Lets the pair behave as its electrical plan makes it: bit errors of each place, false starts, delays of
  /// repeaters. Range: as many places as meters (checked).
  void apply(const BusBehaviour& behaviour);

  /// Transmissions that did not arrive as they were sent.
  std::uint64_t garbled_count() const { return garbled_; }
  /// Characters that receivers threw away for noise on the whole pair, by reason.
  const CharacterErrors& thrown_away() const { return errors_.thrown_away(); }
  std::uint64_t unheard_count() const { return unheard_; }  ///< requests that a deaf meter missed
  std::size_t meter_count() const { return stations_.size(); }

 private:
  struct Station {
    std::uint64_t code = 0;   ///< AddressPattern of the meter's present address
    std::uint32_t meter = 0;  ///< position in the area
    bool is_deaf = false;
    core::Duration delay{};  ///< of the repeaters between it and the master, one way
  };
  struct Transmission {
    Transmission(core::Instant begins, bool by_master)
        : from(begins), is_by_master(by_master) {}  // bytes stay unset
    core::Instant from, till{};
    bool is_by_master;
    bool is_finished = false;
    std::uint32_t place = 0;  ///< of the station that speaks
    dlt645::Wire bytes;
  };

  Transmission& begin(core::Instant from, bool is_by_master);
  /// The bytes of `sent` that come through: neither run over by another speaker nor spoilt by noise.
  core::Bytes arriving(const Transmission& sent);
  core::Bytes clear_of_others(const Transmission& sent);
  core::Bytes troubled(const Transmission& sent, core::Bytes bytes);
  FrameOnLine told(const Transmission& sent) const;
  /// From when to when its driver holds the pair.
  std::pair<core::Instant, core::Instant> span_of(const Transmission& sent) const;
  void hear(core::Instant at, core::Bytes bytes);
  bool find_request(core::Bytes heard);
  void ask(std::size_t place, core::Instant at, core::Bytes heard);
  bool answer_of(std::size_t place, core::Instant at, dlt645::Wire& answer);
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
  dlt645::Wire clear_, request_;
  std::array<std::uint8_t, dlt645::Wire::capacity()> arrived_{};
  std::uint64_t garbled_ = 0, unheard_ = 0, ended_ = 0;
  std::unique_ptr<PairTroubles> troubles_;  ///< nothing as long as nobody asked for it
};
}  // namespace model
