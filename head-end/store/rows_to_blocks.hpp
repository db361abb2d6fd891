/// The readings of stores before version 3, one row each, packed into blocks.
#pragma once
#include "head-end/store/store_database.hpp"

namespace headend {
/// Moves all rows of the table `reading` into `reading_block` and drops the table, in the open transaction.
/// Throws `StoreFailure` for a row that cannot be a reading. Memory: the blocks of one window.
void rows_to_blocks(Database& database);
}  // namespace headend
