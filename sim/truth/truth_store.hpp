/// Truth, written down: what the models tell goes into truth.db (schema.sql) and into the run's digest.
///
/// The file is for audit, not for survival: no journal, no sync; a run that dies leaves a file without
/// 'complete'. The digest does not depend on which area or entity told first: each meter's samples and each
/// entity's events are folded by themselves, and these folds in order of meter and name. One thread. Errors:
/// sqlite::Failure (full disk).
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/digest.hpp"
#include "core/sqlite/database.hpp"
#include "models/truth.hpp"

namespace sim {
/// A row of `meters`; meanings as in schema.sql.
struct MeterTruth {
  model::MeterId meter = 0;
  std::string name;
  core::MeterAddress address;
  model::AreaId area = 0;
  int line = 0;
  std::string account;
  std::string payment;
  std::string tariff;
  std::string load;
  bool is_protected = false;
  int accuracy_class = 2;
  std::int64_t error_ppm = 0;
  std::int64_t clock_drift_ppb = 0;
};

struct FaultTruth {
  int fault = 0;
  std::string kind;
  std::string area;
  std::string meter;
  core::Instant from;
  core::Instant till;
};

class TruthStore final : public model::TruthSink {
 public:
  /// Replaces a file that is there.
  explicit TruthStore(const std::filesystem::path& file);
  ~TruthStore() override;
  TruthStore(const TruthStore&) = delete;
  TruthStore& operator=(const TruthStore&) = delete;

  /// A later value for the same key replaces the earlier. Not part of the digest.
  void note_run(std::string_view key, std::string_view value);
  void add_area(model::AreaId area, std::string_view name, model::MeterId first_meter, std::size_t meters);
  void add_meter(const MeterTruth& meter);
  void add_fault(const FaultTruth& fault);

  /// Range: an area's samples come in order of `due` (checked), all three spans equally long (money may be
  /// empty: all zero).
  void sample(const model::TruthSample& sample) override;
  void event(const model::TruthEvent& event) override;

  /// Everything so far, folded.
  core::Digest digest() const;
  /// Writes digests, indexes and the mark of completeness, and commits. Nothing may be told afterwards.
  /// Returns digest().
  core::Digest finish();
  std::uint64_t sample_count() const { return sample_count_; }
  std::uint64_t event_count() const { return event_count_; }

 private:
  struct EntityLog {
    core::Digest digest;
    std::int64_t events = 0;
  };
  void fold(const model::TruthSample& sample);
  void commit_now_and_then(std::size_t bytes);
  void write_digests();

  sqlite::Database database_;
  sqlite::Statement insert_run_;
  sqlite::Statement insert_sample_;
  sqlite::Statement insert_event_;
  std::vector<core::Digest> meter_digests_;  ///< by meter id
  std::vector<std::string> meter_names_;     ///< by meter id, for the digests table
  std::vector<core::Instant> last_due_;      ///< by area
  std::map<std::string, EntityLog, std::less<>> entities_;
  std::size_t uncommitted_bytes_ = 0;
  bool is_finished_ = false;
  std::uint64_t sample_count_ = 0;
  std::uint64_t event_count_ = 0;
};
}  // namespace sim
