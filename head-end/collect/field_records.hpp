/// What the head-end knows of the field from talking with it: who is there, how each way to meters behaves,
/// and why readings are missing.
///
/// Counts and estimates only, by collector and by line (port) of it. Presence is taken up again from the
/// store's comings and goings, and so are the reasons of misses; all else begins anew. Memory: one record a
/// collector, one a line. Errors: none. Randomness: none. Time: instants handed in.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "head-end/collect/miss_notes.hpp"
#include "head-end/collect/presence.hpp"
#include "head-end/collect/round_trips.hpp"

namespace headend {
/// How questions over a collector's uplink ended. Attempts count one by one.
struct UplinkCounts {
  std::uint64_t asked = 0;
  std::uint64_t answered = 0;       ///< completely, in time or not
  std::uint64_t timed_out = 0;      ///< nothing (more) came in time
  std::uint64_t denied = 0;         ///< "no" came
  std::uint64_t late = 0;           ///< answers that came after their attempt's time-out
  std::uint64_t stale = 0;          ///< answers to nothing that is open: doubled, or of a question given up
  std::uint64_t foreign = 0;        ///< frames with another address, or in the wrong direction
  std::uint64_t bad_checksums = 0;  ///< what looked like a frame and was none
  std::uint64_t event_reports = 0;  ///< sent unasked (AFN 0E)
  std::uint64_t flushes = 0;  ///< connections closed because an old answer could not be told from a new one
};

/// How one line of a collector behaves, seen from above: frames passed through to meters, and the values that
/// the collector has read by itself.
struct LineRecord {
  std::uint8_t port = 0;
  std::uint64_t asked = 0;           ///< frames passed through
  std::uint64_t answered = 0;        ///< by the meter that was asked
  std::uint64_t silent = 0;          ///< the collector heard nothing in time
  std::uint64_t unreached = 0;       ///< the uplink failed, nobody knows about the line
  std::uint64_t denied = 0;          ///< the meter said no
  std::uint64_t wrong_address = 0;   ///< another meter's frame came
  std::uint64_t wrong_function = 0;  ///< the meter's answer to something else
  std::uint64_t garbled = 0;         ///< bytes, but no good frame among them
  std::uint64_t values_asked = 0;    ///< quarter hours of meters
  std::uint64_t values_come = 0;
  std::uint64_t values_missing = 0;  ///< the collector has none
  std::uint64_t values_unanswered = 0;
  std::uint64_t values_rejected = 0;
  RoundTrips trips;    ///< of frames passed through, silent meters included
  RoundTrips answers;  ///< of those that the meter answered
  int silent_in_a_row = 0;

  /// How long the collector shall listen on this line for a meter's answer: what answers take, with their
  /// variation, within [least, most]. Where no meter has answered yet, twice as long after each silence: the
  /// line may be a slow one.
  Duration listening(Duration least, Duration most) const;

  /// Adds another line's counts.
  void add(const LineRecord& other);
};

struct CollectorRecord {
  explicit CollectorRecord(Instant since) : presence(since) {}
  Presence presence;
  std::string peer;                     ///< where it came from last; empty before it did
  Instant heard_last = Instant::min();  ///< a good frame of its own
  int unanswered_in_a_row = 0;          ///< questions, all attempts in vain while it was on line
  UplinkCounts uplink;
  RoundTrips trips;                          ///< of questions that the collector answers by itself
  std::map<std::uint8_t, LineRecord> lines;  ///< by port; a record stays where it is

  LineRecord& line(std::uint8_t port);
};

class FieldRecords {
 public:
  /// Range: `concentrator_ids_end` is above all ids. Nobody has come before `since`.
  FieldRecords(std::size_t concentrator_ids_end, Instant since)
      : collectors_(concentrator_ids_end, CollectorRecord(since)) {}

  CollectorRecord& of(ConcentratorId id) { return collectors_.at(id); }
  const CollectorRecord& of(ConcentratorId id) const { return collectors_.at(id); }
  void came(ConcentratorId id, const std::string& peer, Instant at);
  void went(ConcentratorId id, Instant at) { of(id).presence.went(at); }

  MissNotes misses;

 private:
  std::vector<CollectorRecord> collectors_;  ///< by id; row 0 is nobody's
};
}  // namespace headend
