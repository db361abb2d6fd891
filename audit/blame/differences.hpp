/// Where a customer's bill leaves physical truth: the month in five counts, and the differences between them.
///
/// The same month is put through the tariff as it passed, as an exact meter with this one's error would count
/// it, as the register showed it, as the meter's records hold it, as the books collected it, and as it was
/// billed. Each step from one count to the next is one of
///     accuracy    passed -> counted     the meter's own error, within its class: nobody's fault
///     metering    counted -> shown      registers do not count what passed: theft, a broken meter
///     recording   shown -> recorded     a reading holds another moment or another meter's register: clocks
///     collection  recorded -> collected readings are missing: estimated (rule 5), or no bill at all
///     rating      collected -> billed   the head-end reckons otherwise than the tariff's text
/// A step is a *difference* only beyond what is natural: a day's register, or its part in one of the tariff's
/// periods, further from what passed than I-ENERGY allows; a reading that differs while the clock was further
/// off than undisturbed clocks drift in the run, or that no clock explains; any missing reading; any fen of
/// rating. Steps below that still stand in the count (resolution of 0.01 kWh, drift of clocks), so that the
/// steps' fens add up exactly:
///     billed - passed = sum of the five steps
/// Units: uJ, fen. Errors: those of the stores. Randomness: none.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/blame/rated_series.hpp"
#include "audit/checks/register_bounds.hpp"
#include "audit/oracle/rater.hpp"

namespace audit {
enum class Step : std::uint8_t { metering, recording, collection, rating };
inline constexpr std::array all_steps{Step::metering, Step::recording, Step::collection, Step::rating};
/// "metering", "recording", "collection", "rating".
std::string_view name_of(Step step);

/// Readings that are missing one after another; due slots, both included.
struct MissingRun {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// One step of one bill that leaves truth.
struct Difference {
  std::size_t position = 0;
  int month = 0;  ///< yyyymm
  Step step = Step::metering;
  std::int64_t count = 0;       ///< metering: days; recording, collection: readings; rating: 1
  std::int64_t energy_uJ = 0;   ///< what the step adds to the month's energy
  std::int64_t amount_fen = 0;  ///< and to its bill; of a bill that was not issued: all of it, negative
  Instant first, last;          ///< where it shows, both within the month
};

/// The bill as the head-end issued it.
struct BookedBill {
  std::int64_t energy_centikWh = 0;
  std::int64_t amount_fen = 0;
  bool is_estimated = false;
  Instant issued_at;
};

/// A closed month of one customer.
struct AccountMonth {
  std::size_t position = 0;
  int month = 0;  ///< yyyymm
  std::int64_t from_slot = 0, till_slot = 0;
  RatedMonth passed, counted, shown, recorded;
  std::optional<OracleBill> collected;  ///< nothing: a gap that was neither filled nor given up
  std::int64_t collected_fen = 0;
  std::optional<BookedBill> booked;
  std::vector<MissingRun> missing;
  std::int64_t shifted = 0;  ///< readings beside the register at their instant, for whatever reason
  std::vector<Difference> differences;

  /// What all steps together make, fen. Range: a month that has a bill.
  std::int64_t whole_fen() const { return booked->amount_fen - passed.amount_fen; }
};

/// Follows all customers (or those of one area) through the run.
class DifferenceFinder : public DueVisitor {
 public:
  /// `bounds` has visited each due instant before this one does.
  DifferenceFinder(const Estate& estate, const Truth& truth, const RegisterBounds& bounds,
                   std::optional<std::size_t> area = std::nullopt);
  void visit(const Due& due) override;
  /// All months that ended within the run, by (position, month). `books_rater` has seen all readings.
  std::vector<AccountMonth> finish(const Rater& books_rater, sqlite::Database& books);

 private:
  struct Row {
    std::vector<RatedSeries> series;  ///< passed, counted, shown, recorded; empty = not followed
    std::int64_t passed_uJ = 0, counted_uJ = 0;
    std::int64_t shown = 0, recorded = 0;
    bool has_begun = false;
    // The local day that runs, for the register's deviation.
    std::int64_t day_counted_uJ = 0, day_shown = 0, idle_uJ = 0;
    struct PeriodOfDay {
      std::int64_t deviation_uJ = 0, idle_uJ = 0, visits = 0;
    };
    std::vector<PeriodOfDay> periods;  ///< of the tariff
    std::size_t period = SIZE_MAX;     ///< that of the last quarter hour
    Instant day_began;
    bool has_strayed_since_reset = false;
    std::int64_t month_slot = 0;
    AccountMonth month;
    Difference metering, recording;
  };
  void begin(std::size_t position, const Due& due);
  void step_quarter(std::size_t position, const Due& due);
  void judge_reading(std::size_t position, const Due& due);
  void note_period(Row& row, const QuarterHour& quarter, std::int64_t deviation_uJ, std::int64_t idle_uJ);
  bool has_strayed(const Row& row, std::int64_t grain_uJ) const;
  void judge_day(std::size_t position, const Due& due);
  void close_month(std::size_t position, const Due& due);
  void judge(AccountMonth& month) const;
  std::int64_t counted_of(std::size_t position, std::int64_t passed_uJ) const;
  core::Duration natural_clock_error(std::size_t position, Instant at) const;

  const Estate& estate_;
  const Truth& truth_;
  const RegisterBounds& bounds_;
  std::vector<TariffOracle> oracles_;  ///< by tariff
  std::vector<QuarterHour> quarters_;  ///< by tariff, the quarter hour that ends now
  std::vector<Row> rows_;              ///< by position
  std::vector<AccountMonth> months_;   ///< closed ones
};

/// Reads a finished run, of one area or of all.
std::vector<AccountMonth> find_differences(const scenario::Scenario& scenario,
                                           const std::filesystem::path& truth_db,
                                           const std::filesystem::path& books_db,
                                           std::optional<std::size_t> area = std::nullopt);

/// "20 readings of M0003 are missing, 2026-07-03 04:00:00 to 08:45:00: billed by estimate, +0.02 CNY".
std::string sentence_of(const Estate& estate, const AccountMonth& month, const Difference& difference);
/// "+0.02 CNY", "-3.10 CNY".
std::string signed_CNY_text(std::int64_t fen);
/// "+1.2345 kWh".
std::string signed_kWh_text(std::int64_t energy_uJ);
/// "2026-07".
std::string month_text(int month);
}  // namespace audit
