#include "sim/kernel/agenda.hpp"

#include "core/check.hpp"

namespace sim {
Agenda::Agenda(sc_core::sc_module_name name, Kernel& kernel, Advancing& thing)
    : sc_module(name), kernel_(kernel), thing_(thing) {
  SC_HAS_PROCESS(Agenda);
  SC_METHOD(run);  // also once at the start: what is due then is done, and the first event is planned
  sensitive << due_;
}

void Agenda::run() {
  if (kernel_.has_failed()) return;
  try {
    planned_ = core::never;
    const Instant now = kernel_.now();
    if (thing_.next() <= now) {
      thing_.advance(now);
      METERTWIN_CHECK(thing_.next() > now, name(), core::unix_nanoseconds(now));
    }
    ask_again();
  } catch (...) {
    kernel_.fail(std::current_exception());
  }
}

void Agenda::poke() { ask_again(); }

void Agenda::ask_again() {
  const Instant next = thing_.next();
  if (next >= planned_) return;  // a wake-up that comes too early does nothing and plans again
  planned_ = next;
  const Instant now = kernel_.now();
  due_.cancel();
  due_.notify(next <= now ? sc_core::SC_ZERO_TIME : kernel_.delay_until(next));
}
}  // namespace sim
