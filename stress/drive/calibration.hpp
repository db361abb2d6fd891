/// What this machine can do bare: frames through loopback TCP with nothing behind them, the figure beside
/// which ours is reported.
///
/// The same layout as a stress run: a generator (this process) and a peer (a forked child), non-blocking
/// sockets and one epoll each. The peer counts whole frames and answers each with so many bytes; nothing is
/// decoded or stored. The frames of a write are outstanding until they are all answered; with no answers the
/// generator writes as fast as the connection takes it. Call it before threads are started: it forks. Errors:
/// std::runtime_error with one line where sockets or processes are refused. Time: the operating system's.
#pragma once
#include "stress/record.hpp"

namespace stress {
struct BareRules {
  std::uint32_t connections = 1000;
  std::uint32_t frames_a_write = 1;
  std::uint32_t frame_bytes = 40;
  std::uint32_t answer_bytes = 40;  ///< to each frame; 0: one way
  Duration lasts = std::chrono::seconds(1);
};
/// Frames a second that came through (and were answered).
double bare_frames_per_s(const BareRules& rules);

/// The usual four: echo and one way, one and 64 frames of 40 bytes a write, over `connections`. `ours` is
/// left 0 for the caller.
std::vector<Calibration> calibrate(std::uint32_t connections, Duration each);
}  // namespace stress
