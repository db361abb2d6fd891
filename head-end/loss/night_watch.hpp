/// The head-end's night: every area with a meter at its transformer is judged, and what does not fit becomes
/// a work order for somebody to go and look.
///
/// Each night, `after_midnight`, one area after the other: the day's balance is judged (daily_watch.hpp) and
/// written into the books with its suspicion and its orders, in one transaction, so that after a crash no
/// night is judged twice and no order is opened twice. Orders are opened
/// - for a suspected area: one for each customer whom the regression finds short of energy by more than two
///   of its standard errors, at most `orders_a_night`; else for the one customer whose day fell by just what
///   the area misses (fallen_customer.hpp); where nobody stands out, one for the whole area;
/// - for an area that sells more than it is supplied with by more than three standard uncertainties:
/// something
///   feeds in unseen, or a meter belongs elsewhere;
/// - for a meter whose register fell: at least two of its readings within the last `fall_seen_for` ran
///   backwards (one alone may be a slip on the line);
/// - for a meter that told of an opened cover, a magnet, reversed current or a clock that was set, or that
/// will
///   fail (head-end/health/), as far as the head-end asks meters about themselves.
/// Against false alarms: at the stated rate an honest area is suspected once in 1 / rate nights; no second
/// order while one is open for the same meter, or for the area as a whole; none of the same kind within
/// `rest_after_close` after somebody has looked. Unit: kWh. Range: any estate. Errors: `StoreFailure`.
/// Randomness: none. Time: as handed in.
///
/// Cost: of a night without suspicion, one read of a day's registers for each watched area.
#pragma once
#include "head-end/loss/daily_watch.hpp"
#include "head-end/loss/work_order.hpp"
#include "head-end/store/inspection_book.hpp"

namespace headend::loss {
inline constexpr Duration fall_seen_for = 48h;

class NightWatch {
 public:
  /// Takes up where the books' nights end.
  explicit NightWatch(const Books& books);
  /// Does the next piece of what is due: one area, or all meters' own signs. True when it wrote something.
  bool work(Books& books, Instant now);
  /// When `work` has something to do next; `core::never` when the rules switch it off.
  Instant next_duty(const Books& books) const;
  const std::vector<WatchedDay>& days() const { return watch_.days(); }

 private:
  void open_for(const AreaSuspicion& suspicion, Books& books, Instant now) const;
  void open_for_surplus(const WatchedDay& day, Books& books, Instant now) const;
  bool open_for_falls(Books& books, Instant now) const;
  bool open_for_signs(const MeterFile& file, Books& books, Instant now) const;
  bool open_for_prognoses(const MeterFile& file, Books& books, Instant now) const;
  bool open(const WorkOrderWish& wish, Books& books, Instant now) const;
  NightRules rules_;
  DailyWatch watch_;
  std::int64_t signs_day_ = 0;  ///< local day whose night has been looked at for signs; of this program's run
};

/// A judged day as the books keep it, one JSON object, and back. Nothing for a text that is none of ours.
std::string figures_text(const WatchedDay& day);
std::optional<WatchedDay> day_of_night(const WatchedNight& night, const Configuration& configuration);
}  // namespace headend::loss
