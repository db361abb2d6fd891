/// I-ENERGY: physical energy = meter register = energy in the books, each within what its quantisation
/// allows.
///
/// Register against physics, per meter and day:
///     -(unit + pulse) - idle <= shown - true (1 + error) <= unit + pulse,   |error| <= the class's limit
/// with unit = 0.01 kWh (the display truncates), pulse = 1 / pulses_per_kWh, and idle = what may pass below
/// the starting current (0.004 Ib class 1, 0.005 Ib class 2, GB/T 17215.321), at most that current over each
/// quarter hour. A day on which an injected fault hides energy from the meter (theft, a stuck register) has
/// no lower limit, and none above where it also tells too much (false readings): that is the fault's work,
/// and is told by it. Books against register, per meter and day: the difference of two stored readings equals
/// that of the registers, but for what the clock of the meter shifts (`register_bounds.hpp`).
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/checks/register_bounds.hpp"
#include "audit/evidence/truth.hpp"
#include "models/fault/registry.hpp"

namespace audit {
/// The most of what passed in a quarter hour that may have been below the meter's starting current.
std::int64_t idle_energy_uJ(std::int64_t passed_uJ, int accuracy_class);

class EnergyChecks : public DueVisitor {
 public:
  EnergyChecks(const Estate& estate, const Truth& truth, const RegisterBounds& bounds,
               const Options& options);
  void visit(const Due& due) override;
  std::vector<Check> finish(Summary& summary);

 private:
  struct Row {
    Instant began;               ///< the day
    std::int64_t passed_uJ = 0;  ///< at the beginning of the day
    std::int64_t idle_uJ = 0;
    std::int64_t first_passed_uJ = 0;
    std::uint32_t shown = no_register;
    std::uint32_t stored = no_register, stored_low = 0, stored_high = 0;
    std::uint32_t first_stored = no_register, last_stored = no_register;
  };
  void judge_day(std::size_t position, const Due& due);
  void begin_day(std::size_t position, const Due& due);
  /// Does an injected fault keep energy from this meter's register within (from, till]?
  /// Is a fault on that does this to the meter's register?
  bool is_touched(std::size_t position, Instant from, Instant till, bool (*does)(model::FaultKind)) const;

  const Estate& estate_;
  const Truth& truth_;
  const RegisterBounds& bounds_;
  Checking register_, books_;
  std::vector<Row> rows_;
  std::int64_t passed_uJ_ = 0;
  std::int64_t hidden_days_ = 0;
};
}  // namespace audit
