/// Reads a finished truth.db back, in the one order that every run of a scenario has.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/sqlite/database.hpp"
#include "models/truth.hpp"

namespace sim {
class TruthReader {
 public:
  /// Throws std::runtime_error when the file is not there, is no truth.db, or is from a run that died.
  explicit TruthReader(const std::filesystem::path& file);

  /// What the run noted under `key`; nothing if it noted nothing.
  std::optional<std::string> run_note(std::string_view key);
  /// All samples in order of (due, area). A run without money in meters gives spans of zeros. Spans live for
  /// the call only.
  void for_each_sample(const std::function<void(const model::TruthSample&)>& visit);
  /// All events in order of (entity, number).
  void for_each_event(const std::function<void(const model::TruthEvent&)>& visit);
  /// All events of one kind in order of (instant, entity, number).
  void for_each_event_of(std::string_view kind, const std::function<void(const model::TruthEvent&)>& visit);

 private:
  void visit_events(sqlite::Statement& rows, const std::function<void(const model::TruthEvent&)>& visit);
  sqlite::Database database_;
};
}  // namespace sim
