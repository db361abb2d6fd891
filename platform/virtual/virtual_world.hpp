/// The world one head-end lives in, in virtual time: its clock and its two doors. Killing it is the power
/// cut.
///
///     auto world = std::make_unique<seam::VirtualWorld>(now);
///     auto head_end = std::make_unique<headend::HeadEnd>(configuration, store, world->clock(),
///     world->uplinks(), world->counter()); head_end->start();
///     ...
///     world->kill();       // coroutines die unrun, their links close: the field sees head_end_closed()
///     head_end.reset();    // whatever was not committed is gone
///     world.reset();       // start anew with a new world at the instant it is up again
#pragma once
#include "platform/virtual/virtual_link.hpp"

namespace seam {
class VirtualWorld {
 public:
  explicit VirtualWorld(Instant start) : clock_(start), uplinks_(clock_), counter_(clock_) {}
  ~VirtualWorld() { kill(); }
  VirtualWorld(const VirtualWorld&) = delete;
  VirtualWorld& operator=(const VirtualWorld&) = delete;

  VirtualClock& clock() { return clock_; }
  VirtualListener& uplinks() { return uplinks_; }
  VirtualListener& counter() { return counter_; }
  /// Both doors refuse from now on and every coroutine is destroyed without running. Idempotent.
  void kill();

 private:
  VirtualClock clock_;
  VirtualListener uplinks_;
  VirtualListener counter_;
};
}  // namespace seam
