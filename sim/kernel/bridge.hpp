/// The bridge between SystemC's time and a head-end's: the only process that runs head-end code.
///
/// Contract at one instant: models deliver first; the head-end acts one delta later, and not before every
/// model has come to rest at that instant. So an answer exactly at its deadline is in time, whatever the
/// order of construction. Equal deadlines run in order of asking; each runs to quiescence. One bridge per
/// kernel.
#pragma once
#include "platform/virtual/virtual_clock.hpp"
#include "sim/kernel/kernel.hpp"

namespace sim {
class Bridge final : public sc_core::sc_module, public seam::Waker {
 public:
  Bridge(sc_core::sc_module_name name, Kernel& kernel);

  /// From now on this world's time is the kernel's. The world's time must not be ahead (checked). Anything it
  /// has ready (a head-end that was just started) runs at this instant, in turn.
  void attach(seam::VirtualClock& clock);
  /// Lets go of the world, which may then be killed. Idempotent.
  void detach();
  /// The world has something to run; a delta later it does.
  void wake() override;

 private:
  void rest_then_pump();
  void pump();

  Kernel& kernel_;
  seam::VirtualClock* clock_ = nullptr;
  sc_core::sc_event due_;
  sc_core::sc_event wake_;
};
}  // namespace sim
