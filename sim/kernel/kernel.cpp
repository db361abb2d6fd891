#include "sim/kernel/kernel.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/check.hpp"

/// libsystemc wants this symbol even of programs that have a main() of their own; it is never called.
int sc_main(int, char**) { return EXIT_FAILURE; }

namespace sim {
sc_core::sc_time to_kernel(Duration duration) {
  METERTWIN_CHECK(duration >= Duration::zero(), duration.count());
  return sc_core::sc_time::from_value(static_cast<std::uint64_t>(duration.count()));
}

Kernel::Kernel(Instant starts) : starts_(starts) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  sc_core::sc_set_time_resolution(1, sc_core::SC_NS);  // before the first sc_time of the process
  // A stop is our way to end a failed run; the failure itself is what people should read.
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
}

Instant Kernel::now() const {
  return starts_ + Duration(static_cast<std::int64_t>(sc_core::sc_time_stamp().value()));
}

sc_core::sc_time Kernel::delay_until(Instant at) const { return to_kernel(at - now()); }

Instant Kernel::next_activity() const {
  const auto pending = sc_core::sc_time_to_pending_activity();
  const auto longest = to_kernel(core::never - now());
  return pending < longest ? now() + Duration(static_cast<std::int64_t>(pending.value())) : core::never;
}

void Kernel::run_until(Instant till, const Progress& progress) {
  METERTWIN_CHECK(till >= now(), core::unix_nanoseconds(till), core::unix_nanoseconds(now()));
  if (progress.every > Duration::zero() && progress.report) {
    while (now() < till) {
      run_slice(std::min(till, now() + progress.every));
      progress.report(now());
    }
  }
  run_slice(till);
}

void Kernel::run_slice(Instant till) {
  if (till > now())
    start(delay_until(till));
  else if (sc_core::sc_get_status() == sc_core::SC_ELABORATION)
    start(sc_core::SC_ZERO_TIME);  // the initialization
  // sc_start stops short of what is due exactly at its end; this does it, delta cycle by delta cycle.
  while (sc_core::sc_pending_activity_at_current_time()) start(sc_core::SC_ZERO_TIME);
}

void Kernel::start(const sc_core::sc_time& duration) {
  if (!failure_) sc_core::sc_start(duration, sc_core::SC_RUN_TO_TIME);
  if (failure_) std::rethrow_exception(failure_);
}

void Kernel::fail(std::exception_ptr failure) {
  if (failure_) return;
  failure_ = std::move(failure);
  sc_core::sc_stop();
}
}  // namespace sim
