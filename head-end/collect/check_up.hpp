/// Once a night, questions to single meters that their curves do not answer: what went back through them, and
/// how they are.
///
/// Asked through the concentrator (meter_line.hpp), between rounds, so that nobody waits for it:
/// - of each meter where energy goes both ways, the reverse register (00020000). A roof feeds nothing in at
///   night: until `reverse_asked_until` after midnight the register stands for midnight's, and is kept as
///   such; later it is not asked any more, and that midnight stays unknown;
/// - where the rules ask for check-ups, of every meter: its clock's time of day, its battery, the counts of
///   opened covers and of trips, and the reverse register (of a meter without a roof it should stand still).
/// A meter that does not answer is asked again in the next round, three times a night. Errors: none; an
/// answer that cannot be read is no answer. Randomness: none. Time: the session's clock; the offset of a
/// meter's clock is good to half of the round trip.
#pragma once
#include "head-end/control/meter_line.hpp"

namespace headend {
inline constexpr Duration reverse_asked_until = 3h;
inline constexpr int check_up_attempts = 3;

class CheckUp {
 public:
  CheckUp(Desk& desk, MeterLine& line) : desk_(desk), line_(line) {}

  /// Meters of the area with something to be asked in the night after `midnight`, by point.
  std::vector<const MeterFile*> wanted(const ConcentratorArea& area, Instant midnight) const;
  /// Asks one of them; what it tells is in the open transaction.
  seam::asio::awaitable<void> ask(const MeterFile& meter, Instant midnight);

 private:
  bool wants_reverse(const MeterFile& meter, Instant midnight) const;
  bool wants_condition(Instant midnight) const;
  seam::asio::awaitable<void> ask_condition(const MeterFile& meter);
  seam::asio::awaitable<void> ask_clock(const MeterFile& meter);

  struct Night {
    Instant midnight = Instant::min();
    int attempts = 0;
    bool is_examined = false;
  };
  Night& night_of(MeterId meter, Instant midnight);

  Desk& desk_;
  MeterLine& line_;
  std::map<MeterId, Night> nights_;  ///< of this connection
};
}  // namespace headend
