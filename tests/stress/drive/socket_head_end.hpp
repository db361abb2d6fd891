/// The fake head-end behind real loopback sockets, in a thread of its own.
///
/// It answers as soon as it hears; it can be stopped (every connection and both doors close, as when a
/// process dies) and started again on the same ports. Its books may be looked at while it is stopped.
#pragma once
#include <atomic>
#include <thread>

#include "tests/stress/fake_head_end.hpp"

namespace stress {
class SocketHeadEnd {
 public:
  SocketHeadEnd(const EstatePlan& estate, const FakeRules& rules) : head_end(estate, rules) {}
  ~SocketHeadEnd() { stop(); }
  SocketHeadEnd(const SocketHeadEnd&) = delete;
  SocketHeadEnd& operator=(const SocketHeadEnd&) = delete;

  void start();
  void stop();
  std::uint16_t port(Door door) const { return ports_[static_cast<std::size_t>(door)]; }
  /// Reports heard so far, from any thread.
  std::uint64_t reports() const { return reports_.load(); }

  FakeHeadEnd head_end;

 private:
  struct Peer {
    int socket = -1;
    LineId line = 0;
  };
  void serve();
  bool listen(Door door);
  void accept_all(Door door);
  void hear(int socket);
  void close_peer(int socket);

  std::array<std::uint16_t, 3> ports_{};
  std::array<int, 3> doors_{-1, -1, -1};
  std::map<int, LineId> lines_;  ///< by socket
  std::map<LineId, int> sockets_;
  LineId next_line_ = 1;
  int epoll_ = -1;
  std::atomic<bool> must_stop_ = false;
  std::atomic<std::uint64_t> reports_ = 0;
  std::thread thread_;
};
}  // namespace stress
