/// The schema of books.db, as steps from version to version; what the tables mean is in schema.md.
#pragma once
#include "head-end/store/store_database.hpp"

namespace headend {
inline constexpr std::int64_t store_application_id = 0x4D545742;  ///< "MTWB"
inline constexpr std::int64_t store_version = 5;

/// The SQL of the step that leads from `version - 1` to `version`. Range: 1..store_version.
const char* schema_step(std::int64_t version);

/// Brings a new file or an older version to `store_version`, each step in one transaction. Throws
/// `StoreFailure` for a file of another program and for one of a newer version; such a file is left as it
/// was.
void migrate(StoreDatabase& database, const std::filesystem::path& file);
}  // namespace headend
