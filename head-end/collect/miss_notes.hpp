/// Why a meter's quarter hours are missing, as far as asking for them has told.
///
/// Kept as runs of quarter hours with one reason; what is asked again is told anew. Stays when a gap is
/// filled: then it says why the reading came late. Memory: only meters that something was missing of, at most
/// `runs_max` runs each, the oldest go first. Survives the program: whoever commits the books writes what has
/// changed (`write_changes`), and the next head-end takes it up again (`take_up`).
/// Errors: none. Randomness: none. Time: instants handed in.
#pragma once
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/store/slot.hpp"

namespace headend {
enum class MissWhy : std::uint8_t {
  no_value,    ///< the collector answered that it has none: for all it knows, the meter is silent
  unanswered,  ///< the collector did not answer the question, or left this meter out
  rejected,    ///< a value came, and validation refused it
};

struct MissNote {
  Slot first = 0, last = 0;  ///< both included
  MissWhy why = MissWhy::no_value;
  std::uint32_t asked = 0;  ///< times
  Instant asked_last;
};

std::string_view word_of(MissWhy why);

class MissNotes {
 public:
  static constexpr std::size_t runs_max = 32;

  void note(MeterId meter, Slot first, Slot last, MissWhy why, Instant now);
  /// Rising and disjoint; empty for a meter that nothing was missing of.
  const std::vector<MissNote>& of(MeterId meter) const;
  /// Nothing when nobody has asked for this quarter hour in vain.
  const MissNote* find(MeterId meter, Slot slot) const;
  /// Of the meters that something was noted of since the last time.
  void write_changes(Books& books);
  /// All that the books keep.
  void take_up(const Books& books);

 private:
  std::map<MeterId, std::vector<MissNote>> notes_;
  std::set<MeterId> changed_;
};
}  // namespace headend
