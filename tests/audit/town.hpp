/// A town of four customers, two days over the end of a month, made by hand arithmetic: truth and books that
/// agree.
///
/// M0001 pays by bill. M0002's money is in the head-end: runs out, is cut 20 minutes later, pays, is
/// restored. M0003's is in his meter, with the same story. M0004 is protected and only owes. Clocks and
/// meters are exact. Money is counted one 0.01 kWh at a time, which is a third way to read the tariff's text,
/// beside the head-end's and the oracle's. Tests damage either store by SQL and see what the audit says.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "audit/audit.hpp"

namespace town {
using core::Instant;

inline constexpr std::size_t customers = 4;
inline constexpr std::int64_t cells = 4;  ///< two periods times two tiers, cell = period * 2 + tier

/// Money one unit of 0.01 kWh at a time. The deviations are mistakes that a head-end might make.
struct UnitPricer {
  std::int64_t bound_shift = 0;  ///< tier boundary off by so many units
  std::int64_t slots_late = 0;   ///< time-of-use switch so many quarter hours late
  std::int64_t energies[cells] = {};
  std::int64_t uYuan = 0;
  std::int64_t rounded_each_fen = 0;  ///< sum of intervals, each rounded for itself
  std::int64_t consumed = 0;          ///< in this month

  void add(const scenario::Scenario& scenario, std::int64_t slot, std::int64_t units);
};

struct Record {
  std::vector<std::uint32_t> shown;  ///< by slot from the start
  std::vector<std::int64_t> money_uYuan;
};

class Town {
 public:
  Town();
  ~Town();
  Town(const Town&) = delete;

  scenario::Scenario scenario;
  std::vector<Record> records;  ///< by customer; what truth was made of

  std::int64_t first_slot() const;
  std::int64_t slots() const { return 193; }
  std::int64_t month_slot() const;       ///< of 2026-07-01 00:00 local
  Instant at(std::int64_t index) const;  ///< of the index-th quarter hour
  std::int64_t key(std::int64_t index, int meter) const;
  /// What a month's bill would be under a mistake; fed with this customer's registers up to the end of June.
  UnitPricer june(int meter, UnitPricer mistaken = {}) const;

  void truth(const std::string& sql);  ///< changes truth.db
  void books(const std::string& sql);  ///< changes books.db, its ledger triggers out of the way meanwhile
  std::int64_t number(const std::string& sql);  ///< asks books.db
  audit::Audited audited(const audit::Options& options = {}) const;
  audit::RunDigest digest() const;
  std::filesystem::path truth_db() const { return folder_ / "truth.db"; }
  std::filesystem::path books_db() const { return folder_ / "books.db"; }

  Instant cut_at, paid_at, restored_at;  ///< M0002

 private:
  std::filesystem::path folder_;
};

/// The check of that name; a check that was left out has verdict blocked here.
audit::Check check_of(const audit::Audited& audited, const std::string& id);
/// Does one of its findings name the entity and hold the words?
bool names(const audit::Check& check, const std::string& entity, const std::string& words);
/// All checks that are not pass, for messages.
std::string complaints(const audit::Audited& audited);
}  // namespace town
