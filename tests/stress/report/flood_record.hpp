/// A made-up flood in which everything is as it should be; tests break one thing at a time.
#pragma once
#include "stress/record.hpp"

namespace stress_test {
/// A ladder of ten times ten seconds, a knee search, an overload and the way back; noise of a per cent, no
/// trend. The same seed, the same record.
stress::StressRecord flood_record(std::uint64_t seed = 1);
/// Adds to a column of the head-end's table: `amount(seconds since the run began)`.
void add_to_column(stress::StressRecord& record, const char* column, double (*amount)(double second));
}  // namespace stress_test
