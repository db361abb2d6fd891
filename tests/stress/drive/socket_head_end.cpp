#include "tests/stress/drive/socket_head_end.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "stress/drive/socket.hpp"

namespace stress {
namespace {
constexpr int wake_ms = 20;

void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

/// All of it; the generator reads what is said to it.
void send_all(int socket, core::Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0) return;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}
}  // namespace

bool SocketHeadEnd::listen(Door door) {
  const auto which = static_cast<std::size_t>(door);
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = ipv4_address("127.0.0.1", ports_[which]);
  socklen_t size = sizeof address;
  if (::bind(one, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(one, 1024) != 0) return false;
  ::getsockname(one, reinterpret_cast<sockaddr*>(&address), &size);
  ports_[which] = ntohs(address.sin_port);
  doors_[which] = one;
  watch(epoll_, one);
  return true;
}

void SocketHeadEnd::start() {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  for (const Door door : {Door::uplink, Door::modbus, Door::http})
    if (!listen(door)) throw std::runtime_error("no door for the test's head-end");
  must_stop_ = false;
  thread_ = std::thread([this] { serve(); });
}

void SocketHeadEnd::stop() {
  if (!thread_.joinable()) return;
  must_stop_ = true;
  thread_.join();
  while (!lines_.empty()) close_peer(lines_.begin()->first);
  for (int& door : doors_) ::close(std::exchange(door, -1));
  ::close(std::exchange(epoll_, -1));
}

void SocketHeadEnd::serve() {
  std::array<epoll_event, 64> events{};
  while (!must_stop_) {
    const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wake_ms);
    for (int i = 0; i < ready; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      bool is_door = false;
      for (std::size_t which = 0; which < doors_.size(); ++which) {
        if (doors_[which] != descriptor) continue;
        is_door = true;
        accept_all(static_cast<Door>(which));
      }
      if (!is_door) hear(descriptor);
    }
    reports_ = head_end.reports;
  }
}

void SocketHeadEnd::accept_all(Door door) {
  for (;;) {
    const int peer = ::accept4(doors_[static_cast<std::size_t>(door)], nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) return;
    lines_[peer] = next_line_;
    sockets_[next_line_] = peer;
    head_end.opened(next_line_, door);
    ++next_line_;
    watch(epoll_, peer);
  }
}

void SocketHeadEnd::hear(int socket) {
  std::array<std::uint8_t, 65'536> buffer;  // filled by recv
  const auto line = lines_.find(socket);
  if (line == lines_.end()) return;
  const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) {
    close_peer(socket);
    return;
  }
  std::vector<FakeHeadEnd::Reply> replies;
  head_end.heard(line->second, core::Bytes(buffer).first(static_cast<std::size_t>(got)), replies);
  for (const auto& reply : replies) {
    const auto to = sockets_.find(reply.line);
    if (to == sockets_.end()) continue;
    if (reply.hangs_up)
      close_peer(to->second);
    else
      send_all(to->second, reply.bytes);
  }
}

void SocketHeadEnd::close_peer(int socket) {
  const auto line = lines_.find(socket);
  if (line == lines_.end()) return;
  head_end.closed(line->second);
  sockets_.erase(line->second);
  lines_.erase(line);
  ::close(socket);
}
}  // namespace stress
