/// The night watch over line losses: did an area lose more yesterday than it usually does?
///
/// Runs on the books alone. An area is the meters of a concentrator with at least one meter at its
/// transformer
/// (`MeterFile::is_supply`, 台区总表). Of each whole local day it takes the balance of report_line_loss and
/// compares it with I2R: the loss goes with the square of the supply, so
///     y(d) = loss(d) / Q(d),   Q(d) = sum over quarter hours of supplied^2,
/// is about the same every day, and so are the errors of the meters in it. Yesterday is judged by the last
/// `reference_days` days of the same area that raised no alarm (mean m, standard deviation s, n of them):
///     t = (y - m) / sqrt(s'^2 (1 + 1/n)),   s'^2 = s^2 + (u_r / Q)^2,   p = P(T_(n-1) > t)
/// where u_r is the uncertainty of truncated registers, so that an area that never moves is not nervous. An
/// area is suspected when p <= `false_alarm_rate`: for days that differ by chance alone and normally, one
/// false alarm in 1 / rate area-nights. A thief who was there on all reference days is part of the usual loss
/// and is not seen by this watch; with a network's loss coefficient (`AreaModel`) he is: then also
///     z = (loss - k Q) / u,   u the balance's uncertainty by accuracy classes and of the model
/// is judged, each of the two at half the rate. A suspicion names the customers whom the area's detectors
/// point to and says why. Days with unread meters, or with fewer than three quarters of the day between
/// common instants, are not judged. Unit: kWh. Range: any estate; without a transformer's meter there is
/// nothing to watch. Errors: none. Randomness: none. Time: as handed in.
///
/// Cost: one read of a day's registers of the area's meters each night; a suspicion reads 28 days of them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/loss/evidence.hpp"
#include "head-end/loss/loss_of_books.hpp"

namespace headend::loss {
/// What a network model says of an area's technical loss.
struct AreaModel {
  double loss_per_square = 0;  ///< k in 1/kWh, of quarter hours: loss = k x sum supplied^2
  double relative_error = 0.2;
};

struct WatchRules {
  double false_alarm_rate = 0.001;  ///< per area and night
  int reference_days = 15, reference_days_min = 5;
  int sheet_days = 28;               ///< of readings that point to customers
  std::size_t customers_listed = 3;  ///< at most, per suspicion
  Duration after_midnight = 3h;      ///< by when a day's readings are in
  std::map<ConcentratorId, AreaModel> models{};
};

enum class DayVerdict : std::uint8_t { usual, suspected, learning, not_judged };
std::string_view name_of(DayVerdict verdict);

/// One area's day.
struct WatchedDay {
  ConcentratorId area = 0;
  std::string area_name;
  std::int64_t local_day = 0;  ///< since 1970-01-01
  LossFigures figures;
  double square_kWh2 = 0;                    ///< Q
  double expected_kWh = 0, doubt_kWh = 0;    ///< usual loss, and the standard deviation of the difference
  double register_doubt_kWh = 0;             ///< u_r
  double p_value = 1;                        ///< of the comparison with the area's own days
  double p_value_of_model = 1;               ///< of the comparison with the network's loss; 1 without one
  int days_compared = 0, days_in_a_row = 0;  ///< suspected, this one included
  DayVerdict verdict = DayVerdict::not_judged;
  std::string reason;  ///< why it was not judged
};

struct AreaSuspicion {
  WatchedDay day;
  double false_alarm_rate = 0;
  std::vector<EvidenceSheet> customers;  ///< the likeliest first; empty while there are too few readings
};

struct JudgedDay {
  WatchedDay day;
  std::optional<AreaSuspicion> suspicion;
};

class DailyWatch {
 public:
  explicit DailyWatch(WatchRules rules = {});
  /// Takes up what was judged before a restart; in the order of days, then areas.
  void resume(std::vector<WatchedDay> days);
  /// Judges every whole local day since the books opened that is in by `now` and was not judged before; after
  /// a restart without `resume`, all of them again. In the order of days, then areas.
  std::vector<AreaSuspicion> run(const Books& books, Instant now);
  /// The same, one area's day at a time; nothing when all is judged.
  std::optional<JudgedDay> judge_next(const Books& books, Instant now);
  /// When `run` has something to do next.
  Instant next_duty(const Books& books) const;
  /// All that was judged, in order.
  const std::vector<WatchedDay>& days() const { return days_; }

 private:
  WatchedDay judge(const Books& books, ConcentratorId area, const BookedArea& meters, std::int64_t day) const;
  void compare(WatchedDay& today) const;
  AreaSuspicion suspicion_of(const Books& books, const BookedArea& meters, const WatchedDay& day) const;
  using Areas = std::vector<std::pair<ConcentratorId, BookedArea>>;
  const Areas& watched(const Books& books) const;
  WatchRules rules_;
  std::vector<WatchedDay> days_;
  mutable std::optional<Areas> areas_;  ///< with a meter at the transformer; of the configuration
  std::optional<std::int64_t> day_;     ///< the day of the last judgement
  ConcentratorId judged_last_ = 0;      ///< on `day_`; areas are judged by rising numbers
};

/// The meters behind each concentrator, told apart by what the customer file says they are.
std::map<ConcentratorId, BookedArea> areas_of(const Configuration& configuration);
/// Interval energies of an area from its registers, for detectors: quarter hours of whole local days, `from`
/// to `till` at local midnights.
AreaReadings readings_of_books(const Books& books, const BookedArea& area, Instant from, Instant till);
std::string to_text(const AreaSuspicion& suspicion);
std::string to_json(const AreaSuspicion& suspicion);
}  // namespace headend::loss
