#include "head-end/store/journal.hpp"

#include "head-end/validate/plausible.hpp"

namespace headend {
// Left out, an INTEGER PRIMARY KEY takes the greatest so far plus one.
Journal::Journal(Database& database)
    : database_(database),
      add_rejected_(database,
                    "INSERT INTO rejected_reading(meter, due_s, register_centikWh, verdict, source, at_ns) "
                    "VALUES(?,?,?,?,?,?)"),
      add_anomaly_(database, "INSERT INTO anomaly(at_ns, meter, kind, detail) VALUES(?,?,?,?)"),
      add_event_(database, "INSERT INTO concentrator_event(concentrator, kind, at_ns) VALUES(?,?,?)"),
      add_excess_(database,
                  "INSERT INTO rejected_excess(day, readings) VALUES(?,?) "
                  "ON CONFLICT(day) DO UPDATE SET readings = readings + excluded.readings") {}

bool Journal::is_kept(MeterId meter, Instant now) {
  const std::int64_t day = std::chrono::floor<std::chrono::days>(now.time_since_epoch()).count();
  if (day != day_) {
    flush();
    day_ = day;
    rejected_today_.clear();
    kept_today_ = 0;
  }
  if (kept_today_ == rejected_a_day) return false;
  std::uint32_t& count = rejected_today_[meter];
  if (count == rejected_a_meter) return false;
  ++count;
  ++kept_today_;
  return true;
}

void Journal::flush() {
  if (excess_ == 0) return;
  database_.begin();
  add_excess_.bind(day_, excess_).run();
  excess_ = 0;
}

void Journal::reject(MeterId meter, Instant due, CentiKilowattHours shown, ReadingVerdict verdict,
                     ReadingSource source, Instant now) {
  if (!is_kept(meter, now)) {
    ++excess_;
    return;
  }
  database_.begin();
  add_rejected_.bind(meter, core::unix_seconds(due), shown, name_of(verdict), static_cast<int>(source), now)
      .run();
}

void Journal::anomaly(MeterId meter, const char* kind, const std::string& detail, Instant now) {
  database_.begin();
  add_anomaly_.bind(now, meter, kind, detail).run();
}

void Journal::concentrator_event(ConcentratorId concentrator, const char* kind, Instant now) {
  database_.begin();
  add_event_.bind(concentrator, kind, now).run();
}
}  // namespace headend
