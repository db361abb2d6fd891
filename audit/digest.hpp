/// The canonical digest of a run: sixteen hexadecimal digits over everything that truth and books hold.
///
/// sqlite::Statement are folded in the order of what they are about (due instant, meter, account, instant),
/// never of insertion, and without row numbers, file names or paths; so build type, construction order,
/// workers and machine leave no trace, and a different seed does. Each entity's own digest tells which of
/// them differs first.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace audit {
struct EntityDigest {
  std::string entity;  ///< "area north", "M0017", "account A0017", "concentrator north"
  std::string digest;  ///< sixteen hexadecimal digits
  bool operator==(const EntityDigest&) const = default;
};

struct RunDigest {
  std::string total;                   ///< sixteen hexadecimal digits
  std::vector<EntityDigest> entities;  ///< areas, concentrators, meters, accounts, each sort by id
};

/// Throws std::runtime_error with one clear line when a store cannot be read.
RunDigest digest_run(const std::filesystem::path& truth_db, const std::filesystem::path& books_db);
}  // namespace audit
