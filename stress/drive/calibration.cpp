#include "stress/drive/calibration.hpp"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <stdexcept>

#include "stress/drive/socket.hpp"
#include "stress/drive/wall_time.hpp"

namespace stress {
namespace {
constexpr std::size_t buffer_bytes = 1 << 17;

/// A counter both processes see.
class SharedCount {
 public:
  SharedCount() {
    void* page = ::mmap(nullptr, sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::runtime_error("calibration: no shared memory");
    count_ = new (page) std::atomic<std::uint64_t>(0);
  }
  ~SharedCount() { ::munmap(count_, sizeof *count_); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
  void add(std::uint64_t frames) { count_->fetch_add(frames, std::memory_order_relaxed); }
  std::uint64_t value() const { return count_->load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t>* count_;
};

struct Listening {
  int descriptor = -1;
  std::uint16_t port = 0;
};

Listening listen_on_loopback() {
  Listening door;
  door.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = ipv4_address("127.0.0.1", 0);
  socklen_t size = sizeof address;
  const bool is_good = door.descriptor >= 0 &&
                       ::bind(door.descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(door.descriptor, 1024) == 0 &&
                       ::getsockname(door.descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!is_good) throw std::runtime_error("calibration: no listening socket");
  door.port = ntohs(address.sin_port);
  return door;
}

void watch(int epoll, int descriptor, std::uint32_t what, std::uint32_t position) {
  epoll_event event{};
  event.events = what;
  event.data.u32 = position;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

/// The peer's life: accepts, counts, answers; until it is killed.
[[noreturn]] void be_the_peer(int door, const BareRules& rules, SharedCount& count) {
  const int epoll = ::epoll_create1(0);
  std::vector<int> sockets;
  for (std::uint32_t i = 0; i < rules.connections; ++i) {
    sockets.push_back(::accept4(door, nullptr, nullptr, SOCK_NONBLOCK));
    if (sockets.back() < 0) ::_exit(1);
    watch(epoll, sockets.back(), EPOLLIN, i);
  }
  std::vector<std::uint8_t> in(buffer_bytes), out(buffer_bytes, 0x5A);
  std::vector<std::size_t> begun(rules.connections);  // bytes of an unfinished frame
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const std::uint32_t who = events[static_cast<std::size_t>(i)].data.u32;
      const ssize_t got = ::recv(sockets[who], in.data(), in.size(), 0);
      if (got <= 0) ::_exit(0);
      begun[who] += static_cast<std::size_t>(got);
      const std::size_t frames = begun[who] / rules.frame_bytes;
      begun[who] %= rules.frame_bytes;
      if (frames == 0) continue;
      const std::size_t answer = frames * rules.answer_bytes;
      if (answer > 0 && ::send(sockets[who], out.data(), answer, MSG_NOSIGNAL) < 0) ::_exit(1);
      count.add(frames);
    }
  }
}

class Generator {
 public:
  Generator(const BareRules& rules, std::uint16_t port)
      : rules_(rules),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        awaited_(rules.connections),
        bytes_(std::size_t{rules.frames_a_write} * rules.frame_bytes, 0x5A),
        in_(buffer_bytes) {
    const sockaddr_in to = ipv4_address("127.0.0.1", port);
    for (std::uint32_t i = 0; i < rules.connections; ++i) {
      const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (one < 0 || ::connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("calibration: no connection");
      sockets_.push_back(one);
    }
    for (std::uint32_t i = 0; i < rules.connections; ++i)
      watch(epoll_, sockets_[i], rules.answer_bytes > 0 ? EPOLLIN : EPOLLOUT, i);
  }
  ~Generator() {
    for (const int one : sockets_) ::close(one);
    ::close(epoll_);
  }
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  void begin() {
    for (std::uint32_t i = 0; i < rules_.connections && rules_.answer_bytes > 0; ++i) write(i);
  }
  void turn() {
    constexpr int patience_ms = 100;
    const int ready = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), patience_ms);
    for (int i = 0; i < ready; ++i) {
      const std::uint32_t who = events_[static_cast<std::size_t>(i)].data.u32;
      if (rules_.answer_bytes == 0) {
        write(who);
        continue;
      }
      const ssize_t got = ::recv(sockets_[who], in_.data(), in_.size(), MSG_DONTWAIT);
      if (got <= 0) continue;
      awaited_[who] -= std::min(awaited_[who], static_cast<std::size_t>(got));
      if (awaited_[who] == 0) write(who);
    }
  }

 private:
  void write(std::uint32_t who) {
    // A write may be cut short on a full connection: the peer counts bytes, so only whole frames count.
    const ssize_t put = ::send(sockets_[who], bytes_.data(), bytes_.size(),
                               MSG_NOSIGNAL | (rules_.answer_bytes == 0 ? MSG_DONTWAIT : 0));
    if (put > 0 && rules_.answer_bytes > 0)
      awaited_[who] = std::size_t{rules_.frames_a_write} * rules_.answer_bytes;
  }
  BareRules rules_;
  int epoll_;
  std::vector<int> sockets_;
  std::vector<std::size_t> awaited_;
  std::vector<std::uint8_t> bytes_, in_;
  std::array<epoll_event, 256> events_{};
};

/// A child that is killed when this goes.
class Peer {
 public:
  Peer(int door, const BareRules& rules, SharedCount& count) : process_(::fork()) {
    if (process_ < 0) throw std::runtime_error("calibration: no process");
    if (process_ == 0) be_the_peer(door, rules, count);
  }
  ~Peer() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

 private:
  pid_t process_;
};

std::string thousands(std::uint32_t number) {
  std::string text = std::to_string(number);
  if (text.size() > 3) text.insert(text.size() - 3, ",");
  return text;
}
}  // namespace

double bare_frames_per_s(const BareRules& rules) {
  SharedCount count;
  const Listening door = listen_on_loopback();
  double frames_per_s = 0;
  {
    const Peer peer(door.descriptor, rules, count);
    Generator generator(rules, door.port);
    const WallTime time;
    generator.begin();
    constexpr Duration warm_up = std::chrono::milliseconds(100);
    for (const Instant start = time.now(); time.now() - start < warm_up;) generator.turn();
    const std::uint64_t before = count.value();
    const Instant start = time.now();
    while (time.now() - start < rules.lasts) generator.turn();
    const double seconds = std::chrono::duration<double>(time.now() - start).count();
    frames_per_s = static_cast<double>(count.value() - before) / seconds;
  }
  ::close(door.descriptor);
  return frames_per_s;
}

std::vector<Calibration> calibrate(std::uint32_t connections, Duration each) {
  std::vector<Calibration> all;
  constexpr std::array<std::uint32_t, 2> frames_a_write{1, 64};
  for (const bool is_echo : {true, false}) {
    for (const std::uint32_t frames : frames_a_write) {
      BareRules rules;
      rules.connections = connections;
      rules.frames_a_write = frames;
      rules.answer_bytes = is_echo ? rules.frame_bytes : 0;
      rules.lasts = each;
      Calibration figure;
      figure.name = std::string(is_echo ? "loopback echo, " : "loopback one way, ") + thousands(connections) +
                    " connections, " + std::to_string(frames) + (frames == 1 ? " frame" : " frames") +
                    " a write";
      figure.unit = "frames/s";
      figure.bare = bare_frames_per_s(rules);
      all.push_back(figure);
    }
  }
  return all;
}
}  // namespace stress
