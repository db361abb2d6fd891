/// Samples and readings side by side, one due instant after another: the one pass that all checks of
/// registers share.
///
/// Truth brings a row of blobs per area and quarter hour, books their packed readings; both are in the order
/// of the due instant, so a frame before, a frame now and a frame after are all that is held. Memory: ~300
/// bytes a meter and the store's journal.
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "audit/evidence/estate.hpp"
#include "core/sqlite/database.hpp"

namespace audit {
/// In a row of registers: this meter has none here.
inline constexpr std::uint32_t no_register = std::numeric_limits<std::uint32_t>::max();

/// What every meter showed and had passed at one instant of true time, by position.
struct Frame {
  std::int64_t slot = 0;
  bool exists = false;
  std::vector<std::uint32_t> shown;  ///< no_register where truth is silent
  std::vector<std::int64_t> passed_uJ;
  std::vector<std::int64_t> money_uYuan;
};

/// A stored reading that no meter of the estate can have given.
struct Stranger {
  std::int64_t meter = 0;
  std::int64_t slot = 0;
  std::int64_t register_centikWh = 0;
};

/// One due instant.
struct Due {
  Instant at;
  std::int64_t slot = 0;
  const Frame& before;  ///< a quarter hour earlier; may not exist
  const Frame& now;
  const Frame& after;
  std::span<const std::uint32_t> stored;  ///< by position; no_register = not in the books
  std::span<const std::uint8_t> source;   ///< of the stored ones, as the books say
  std::span<const Stranger> strangers;
  bool is_midnight = false;  ///< a local day begins
  bool is_month = false;     ///< a local month begins
};

/// One who looks at every due instant in turn.
class DueVisitor {
 public:
  virtual ~DueVisitor() = default;
  virtual void visit(const Due& due) = 0;
};

/// What the walk needs to know: how many meters, and where local days begin.
struct ScanPlan {
  std::size_t meters = 0;
  core::Zone zone;
};

/// Walks all due instants that either store knows, in order of time; at each the visitors in the order given.
void scan(const ScanPlan& plan, sqlite::Database& truth, sqlite::Database& books,
          std::span<DueVisitor* const> visitors);
}  // namespace audit
