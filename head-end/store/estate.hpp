/// The customer file in the store: imported once, recognised ever after.
#pragma once
#include "head-end/store/store_database.hpp"

namespace headend {
enum class EstateIs { new_in_store, known };

/// Checks the configuration (ids without holes, references that exist, tariffs that fit their bounds) and
/// throws `StoreFailure` with one line for the first thing wrong; then imports it into a new store, or makes
/// sure that the store was made for this estate.
EstateIs import_estate(Database& database, const Configuration& configuration,
                       const std::filesystem::path& file);
}  // namespace headend
