/// I-READ: every reading that was due is in the books and right, or an injected fault says why it is not.
///
/// Coverage: readings due in [start, end] that are stored. Missing: each with the fault that explains it;
/// after a register was set back, until it passes what is in the books already, its readings are refused.
/// Value: each stored register is what that meter's record can hold (`register_bounds.hpp`); none for a meter
/// or an instant that was not due; and clocks shift no more readings than chance allows them to: mean + 6
/// sigma of a Poisson count (one run in 10^8), with the mean for a power beside the quarter hour of three
/// times that over it. Estimates: given up only after the patience that the rules state.
#pragma once
#include "audit/blame/blame.hpp"
#include "audit/checks/checking.hpp"
#include "audit/checks/register_bounds.hpp"
#include "audit/evidence/books.hpp"

namespace audit {
class ReadingChecks : public DueVisitor {
 public:
  ReadingChecks(const Estate& estate, const Books& books, const Blame& blame, const RegisterBounds& bounds,
                const Options& options);
  void visit(const Due& due) override;
  std::vector<Check> finish(Summary& summary);

 private:
  void judge_missing(std::size_t position, const Due& due);
  std::string cause_of_refusal(std::size_t position, const Due& due) const;
  void judge_value(std::size_t position, const Due& due);
  void judge_estimates();

  const Estate& estate_;
  const Books& books_;
  const Blame& blame_;
  const RegisterBounds& bounds_;
  Checking coverage_, missing_, value_, estimates_;
  std::vector<std::uint32_t> highest_stored_;  ///< by position, so far; 0 before the first
  std::int64_t due_ = 0;
  std::int64_t stored_ = 0;
  std::int64_t unjudged_ = 0;
  std::int64_t shifted_ = 0;
  double shifts_expected_ = 0;
};
}  // namespace audit
