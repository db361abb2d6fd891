/// Which injected faults made a difference: found by running the month again without them.
///
/// A *cause* is one fault, or all windows of one schedule or storm (they share a name). Let d(S) be a
/// difference's count in the run with the causes S alone. A difference is *natural* if d(none) is not below
/// d(all). Else a set of causes is *sufficient* if d(S) > d(none), and the answer is the union of minimal
/// sufficient sets, taken one after another until
///     d(all without the answer) <= d(none)
/// Causes that suffice alone are found first, and one run tells it for every difference of the area at once;
/// what is left is made minimal by leaving out one cause after another (greedy; 1-minimal). Removing one
/// cause does not move the draws of another, so runs are comparable: docs/decisions/0014.
/// Cost: about one run per cause that can reach the area, at most `runs_max`. Errors: what `rerun` throws.
/// Randomness: none. Time: none.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "audit/blame/blame.hpp"
#include "audit/blame/differences.hpp"

namespace audit {
/// One fault, or the windows of one name; as few words as possible.
struct Cause {
  std::vector<std::size_t> faults;  ///< positions in Scenario::faults, rising
  std::string words;                ///< "supply-outage of M0003, 2026-07-02 14:00:00 to 18:00:00"
  Instant from;                     ///< earliest
};

/// All causes that can reach anything in the area, in the order of the scenario.
std::vector<Cause> causes_of_area(const Estate& estate, const Blame& blame, std::size_t area);

/// What a run showed, by (position, month, step).
struct DifferenceKey {
  std::size_t position = 0;
  int month = 0;
  Step step = Step::metering;
  auto operator<=>(const DifferenceKey&) const = default;
};
using Shown = std::map<DifferenceKey, Difference>;
DifferenceKey key_of(const Difference& difference);
Shown shown_of(const std::vector<AccountMonth>& months);

/// Which causes are present, by their position in the list of causes.
using Present = std::vector<bool>;
/// Runs the area with these sets of causes, and says what each showed, in the same order.
using Rerun = std::function<std::vector<Shown>(const std::vector<Present>&)>;

/// Faults that brought a difference about, together: none of them would have done it without the others.
struct Together {
  std::vector<std::size_t> causes;  ///< positions in the list of causes, rising
  std::int64_t count = 0;           ///< what they make by themselves
  std::int64_t energy_uJ = 0;
  std::int64_t amount_fen = 0;
};

struct Attributed {
  Difference difference;
  std::vector<Together> groups;  ///< each minimal; empty for a natural difference
  bool is_natural = false;       ///< it is there without any fault
  bool is_explained = false;     ///< natural, or gone without the groups' causes
};

class Attribution {
 public:
  /// `all`: what the run with all causes showed. `at_once`: how many runs `rerun` likes to do at a time.
  struct Limits {
    std::size_t runs_max = 200;
    std::size_t at_once = 1;
  };
  Attribution(std::size_t causes, Shown all, Rerun rerun, Limits limits);
  Attribution(std::size_t causes, Shown all, Rerun rerun)
      : Attribution(causes, std::move(all), std::move(rerun), Limits()) {}

  /// `likely`: causes to try first, best first; the others follow.
  Attributed attribute(const Difference& difference, const std::vector<std::size_t>& likely);
  std::size_t runs() const { return runs_; }

 private:
  const Shown* outcome(const Present& present);
  void prefetch(const std::vector<Present>& wanted);
  bool shows(const Present& present, const DifferenceKey& key, std::int64_t natural);
  void find_single(const DifferenceKey& key, std::int64_t natural, const std::vector<std::size_t>& order,
                   Attributed& answer);
  void find_together(const DifferenceKey& key, std::int64_t natural, Attributed& answer);
  bool is_gone(const DifferenceKey& key, std::int64_t natural, const Attributed& answer);
  Present without(const Attributed& answer) const;
  void add_group(std::vector<std::size_t> causes, const Present& alone, const DifferenceKey& key,
                 Attributed& answer);

  std::size_t causes_;
  Rerun rerun_;
  Limits limits_;
  std::map<Present, Shown> known_;
  std::size_t runs_ = 0;
  bool is_exhausted_ = false;
};

/// Causes in the order of how likely they are by their windows: those whose time (and recovery) meets the
/// difference first, of these the ones that name the customer's own meter before those of the whole area.
std::vector<std::size_t> likely_causes(const Estate& estate, const Blame& blame,
                                       const std::vector<Cause>& causes, const Difference& difference);

/// Does a fault of this cause reach this customer?
bool reaches(const Blame& blame, const Cause& cause, std::size_t position);
/// Does its time, with that of its recovery, meet the difference's?
bool meets(const Estate& estate, const Blame& blame, const Cause& cause, const Difference& difference);

/// One sentence: what differs, and what made it. "...; cause: supply-outage of M0003, ...".
std::string sentence_of(const Estate& estate, const AccountMonth& month, const Attributed& attributed,
                        const std::vector<Cause>& causes);
}  // namespace audit
