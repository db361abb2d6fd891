/// Is everything that was confirmed in the store, once and right? The question after a crash under load.
///
/// Whoever sent the readings knows for each meter and quarter hour what he sent and whether it was confirmed;
/// the store is streamed once, in the order (due instant, meter), and compared. Journal and blocks are read
/// as a crash left them: the store is opened read-only. Unit: readings; registers in 0.01 kWh. Memory: a few
/// bytes a meter and the store's journal. Errors: std::runtime_error with one line for a store that cannot be
/// read. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace audit {
enum class Expectation : std::uint8_t {
  must_be_stored,  ///< it was confirmed
  may_be_stored,   ///< it was sent and not confirmed: stored with this register, or not at all
  must_not         ///< it was never sent
};

struct ExpectedReading {
  Expectation expectation = Expectation::must_not;
  std::uint32_t register_centikWh = 0;
};

struct AcknowledgedPlan {
  std::uint32_t meters = 0;     ///< ids 1..meters
  std::int64_t first_slot = 0;  ///< due instant / 900 s
  std::int64_t last_slot = -1;  ///< included
  /// Asked once for each meter and slot of the plan, slot by slot, meters rising.
  std::function<ExpectedReading(std::uint32_t meter, std::int64_t slot)> expected;
  std::size_t cases_max = 12;
};

struct AcknowledgedCount {
  std::uint64_t acknowledged = 0;        ///< must_be_stored
  std::uint64_t stored_right = 0;        ///< of these
  std::uint64_t lost = 0;                ///< of these, not in the store
  std::uint64_t wrong = 0;               ///< stored with another register than was sent, confirmed or not
  std::uint64_t doubled = 0;             ///< accepted more than once
  std::uint64_t unasked = 0;             ///< stored, but never sent
  std::uint64_t stored_unconfirmed = 0;  ///< sent, stored right, and never confirmed: allowed
  std::vector<std::string> first_cases;  ///< a sentence each

  bool is_clean() const { return lost == 0 && wrong == 0 && doubled == 0 && unasked == 0; }
};

AcknowledgedCount count_acknowledged(const std::filesystem::path& books_db, const AcknowledgedPlan& plan);
}  // namespace audit
