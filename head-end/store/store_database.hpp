/// How the head-end opens its store: core/sqlite with the settings that its promises need.
///
/// `synchronous` decides what a commit survives: FULL waits for the disk each time (power loss); OFF leaves
/// it to the operating system (death of the process only). What they cost: docs/decisions/0008. Errors:
/// `StoreFailure`.
#pragma once
#include "core/sqlite/database.hpp"
#include "head-end/books.hpp"

namespace headend {
using sqlite::Database;
using sqlite::Statement;

class StoreDatabase : public Database {
 public:
  /// Opens the file, makes it when it is missing. Nothing else may write to it meanwhile. Nothing is written
  /// yet.
  StoreDatabase(const std::filesystem::path& file, Configuration::Durability durability);
  /// Write-ahead log: once it is sure that the file is ours.
  void use_write_ahead_log();
};
}  // namespace headend
