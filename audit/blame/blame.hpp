/// Which injected fault explains a deviation: the scenario's faults as windows, asked by meter and instant.
///
/// A fault excuses what it really prevents and no more: a meter without mains makes no record, so that
/// reading is lost for good; a lost uplink only delays, because concentrator and meter keep their records, so
/// it excuses a missing reading only where the head-end had no time left to come back for it. "Hurt it, heal
/// it, then demand recovery."
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "audit/evidence/truth.hpp"

namespace audit {
/// When a customer's meter had no mains, whoever took them: half open.
struct DarkTime {
  std::size_t position = 0;
  Instant from, till;
};
/// Of meters in areas that compute their network, where a fuse may melt that no fault names. By (position,
/// from). Range: truth of the same estate.
std::vector<DarkTime> dark_times(const Estate& estate, const Truth& truth);

class Blame {
 public:
  explicit Blame(const Estate& estate, std::vector<DarkTime> dark = {});

  /// The fault that explains why the reading due then is not in the books; empty = nothing does.
  std::string cause_of_missing(std::size_t position, Instant due) const;

  /// Until when something that must follow `from` within `allowance` may take. Counts again from the end (and
  /// recovery) of each fault that falls into it, and from the end of quiet hours where they are given.
  Instant deadline(std::size_t position, Instant from, Duration allowance,
                   const std::optional<scenario::DaySlot>& quiet = std::nullopt) const;
  /// The fault that set this customer's register back, at or before `due`; empty = none did.
  std::string setting_back_before(std::size_t position, Instant due) const;
  /// The first fault that falls into [from, till] for this customer, in words; empty = none.
  std::string fault_between(std::size_t position, Instant from, Instant till) const;

  /// "uplink-outage of area north, 2026-06-30 19:00:00 to 19:47:00".
  std::string describe(std::size_t fault) const;
  /// Does this fault reach this customer's meter, line, concentrator, area or head-end?
  bool strikes(std::size_t fault, std::size_t position) const;
  /// After the cause has gone: until everything that waited has been asked again, at the latest.
  Duration recovery(const scenario::FaultSpec& fault) const;

 private:
  struct Scope {
    std::optional<std::size_t> meter;  ///< one meter
    std::optional<std::size_t> other;  ///< and a second one that it disturbs
    std::optional<std::size_t> area;   ///< one area; neither: all of them
  };
  Instant reaches_back(const scenario::FaultSpec& fault) const;

  const Estate& estate_;
  const DarkTime* dark_at(std::size_t position, Instant due) const;
  Duration recovery_after_outage() const;

  std::vector<Scope> scopes_;  ///< by fault
  std::vector<DarkTime> dark_;
};
}  // namespace audit
