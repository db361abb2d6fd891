#include "apps/metrics_poll.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

namespace app {
namespace {
constexpr int timeout_ms = 500;
}  // namespace

std::string http_get(std::uint16_t port, const std::string& path, int timeout) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return {};
  const timeval limit{timeout / 1000, timeout % 1000 * 1000};
  setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  std::string answer;
  if (connect(socket_fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0 &&
      send(socket_fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char buffer[16'384];
    for (ssize_t count; (count = recv(socket_fd, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(count));
  }
  close(socket_fd);
  const auto body = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200") || body == std::string::npos) return {};
  return answer.substr(body + 4);
}

MetricsPoll::MetricsPoll(std::uint16_t http_port, std::chrono::milliseconds every)
    : port_(http_port), every_(every), thread_([this] { run(); }) {}

MetricsPoll::~MetricsPoll() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

std::string MetricsPoll::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(text_, {});
}

void MetricsPoll::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    lock.unlock();
    auto text = http_get(port_, "/metrics", timeout_ms);
    lock.lock();
    text_ = std::move(text);
    ended_.wait_for(lock, every_, [this] { return is_ending_; });
  }
}
}  // namespace app
