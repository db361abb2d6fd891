/// `stress.json`: a stress run written down so that a later run can be compared with it.
///
/// Keys are stable; new ones may be added; "format" is the version. Instants are nanoseconds since 1970,
/// histograms are [upper bound, count] of their filled buckets with sum, least and greatest, so that reading
/// back gives the same record to the bit. NaN is null.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "reports/run_record.hpp"
#include "stress/record.hpp"

namespace stress {
inline constexpr int record_format = 1;

std::string record_json(const StressRecord& record, const std::vector<report::Check>& checks);

struct ReadRecord {
  StressRecord record;
  std::vector<report::Check> checks;
};
/// Throws std::runtime_error with one line that says what is wrong: not JSON, another format, a missing or
/// unfit member. `name` stands in front of it (the file's name).
ReadRecord read_record_json(std::string_view text, const std::string& name);
}  // namespace stress
