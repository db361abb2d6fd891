/// Puts plain models on SystemC's time: whatever knows when it next has something to do gets one kernel
/// event, no more.
///
/// A transformer area with a thousand meters, a payment counter, a fault plan: each is one `Agenda`. Inside,
/// order is the model's own. At one instant agendas run in no promised order; models share nothing, so that
/// leaves no trace.
#pragma once
#include <memory>

#include "sim/kernel/kernel.hpp"

namespace sim {
/// Something that acts by itself at instants it knows beforehand.
class Advancing {
 public:
  virtual ~Advancing() = default;
  /// When there is next something to do; `core::never` if nothing.
  virtual Instant next() const = 0;
  /// Does everything due up to and including `now`; afterwards next() > now (checked).
  virtual void advance(Instant now) = 0;
};

class Agenda final : public sc_core::sc_module {
 public:
  /// `thing` must outlive the run.
  Agenda(sc_core::sc_module_name name, Kernel& kernel, Advancing& thing);
  /// `next()` may have become earlier, because of input from outside: asks again.
  void poke();

 private:
  void run();
  void ask_again();

  Kernel& kernel_;
  Advancing& thing_;
  Instant planned_ = core::never;
  sc_core::sc_event due_;
};

/// Makes any object with `next()` and `advance(Instant)` an `Advancing`.
template <class Thing>
class AdvancingRef final : public Advancing {
 public:
  explicit AdvancingRef(Thing& thing) : thing_(thing) {}
  Instant next() const override { return thing_.next(); }
  void advance(Instant now) override { thing_.advance(now); }

 private:
  Thing& thing_;
};
}  // namespace sim
