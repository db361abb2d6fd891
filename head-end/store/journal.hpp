/// What did not fit, written down for people: rejected readings, anomalies, comings and goings of
/// concentrators.
///
/// Rejected readings are bounded, because who sends them decides how many there are: of one meter and one day
/// (UTC, by the head-end's clock) the first `rejected_a_meter` are kept, of all meters together the first
/// `rejected_a_day`; the others are counted by day. The counts begin again with the program.
#pragma once
#include <map>

#include "head-end/store/store_database.hpp"

namespace headend {
class Journal {
 public:
  static constexpr std::uint32_t rejected_a_meter = 1'000;
  static constexpr std::uint32_t rejected_a_day = 100'000;

  explicit Journal(Database& database);
  void reject(MeterId meter, Instant due, CentiKilowattHours shown, ReadingVerdict verdict,
              ReadingSource source, Instant now);
  /// `kind` as in head-end/store/schema.md.
  void anomaly(MeterId meter, const char* kind, const std::string& detail, Instant now);
  void concentrator_event(ConcentratorId concentrator, const char* kind, Instant now);
  /// Writes what is only counted into the transaction that is to be committed.
  void flush();

 private:
  Database& database_;
  Statement add_rejected_, add_anomaly_, add_event_, add_excess_;
  std::int64_t day_ = 0;                             // since 1970, of the counts below
  std::map<MeterId, std::uint32_t> rejected_today_;  // no more meters than rejected readings are kept
  std::uint32_t kept_today_ = 0;
  std::int64_t excess_ = 0;  // not yet written
  bool is_kept(MeterId meter, Instant now);
};
}  // namespace headend
