#include "sim/kernel/bridge.hpp"

#include "core/check.hpp"

namespace sim {
Bridge::Bridge(sc_core::sc_module_name name, Kernel& kernel) : sc_module(name), kernel_(kernel) {
  SC_HAS_PROCESS(Bridge);
  SC_METHOD(rest_then_pump);
  sensitive << wake_;
  dont_initialize();
  SC_METHOD(wake);
  sensitive << due_;
  dont_initialize();
}

void Bridge::attach(seam::VirtualClock& clock) {
  METERTWIN_CHECK(clock_ == nullptr, "one world at a time");
  METERTWIN_CHECK(clock.now() <= kernel_.now(), core::unix_nanoseconds(clock.now()));
  clock_ = &clock;
  clock.set_waker(this);
  wake();
}

void Bridge::detach() {
  if (clock_ == nullptr) return;
  clock_->set_waker(nullptr);
  clock_ = nullptr;
  due_.cancel();
  wake_.cancel();
}

void Bridge::wake() { wake_.notify(sc_core::SC_ZERO_TIME); }

void Bridge::rest_then_pump() {
  if (clock_ == nullptr) return;
  if (sc_core::sc_pending_activity_at_current_time()) return wake();  // a model still moves at this instant
  pump();
}

void Bridge::pump() {
  try {
    const Instant now = kernel_.now();
    if (clock_->next_deadline() >= now) clock_->arrive_at(now);
    clock_->advance_to(now);
    due_.cancel();
    if (const Instant next = clock_->next_deadline(); next != core::never)
      due_.notify(kernel_.delay_until(next));
  } catch (...) {
    kernel_.fail(std::current_exception());
  }
}
}  // namespace sim
