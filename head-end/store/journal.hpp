/// What did not fit, written down for people: rejected readings, anomalies, comings and goings of
/// concentrators.
#pragma once
#include "head-end/store/database.hpp"

namespace headend {
class Journal {
 public:
  explicit Journal(Database& database);
  void reject(MeterId meter, Instant due, CentiKilowattHours shown, ReadingVerdict verdict,
              ReadingSource source, Instant now);
  /// `kind` as in head-end/store/schema.md.
  void anomaly(MeterId meter, const char* kind, const std::string& detail, Instant now);
  void concentrator_event(ConcentratorId concentrator, const char* kind, Instant now);

 private:
  Database& database_;
  Statement add_rejected_, add_anomaly_, add_event_;
};
}  // namespace headend
