/// Starting a coroutine whose failure nobody overlooks.
///
/// `asio::detached` swallows exceptions. Here an exception that leaves the coroutine leaves the call that
/// runs the world
/// (`VirtualClock::advance_to`, `WallClock::run_for`), and so ends the run with exit code 70.
#pragma once
#include "platform/clock.hpp"

namespace seam {
/// Runs `work` on the clock's executor, from its next turn on (not inside this call).
void spawn(Clock& clock, asio::awaitable<void> work);
}  // namespace seam
