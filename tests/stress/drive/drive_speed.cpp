/// How fast the generator is by itself: processor time a reading and a frame against a peer that only
/// confirms.
///
///     drive_speed [readings a second] [readings a frame] [seconds] [meters] [meters a concentrator]
/// The peer is a forked child that answers each frame's counter without looking further. Prints one line.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <map>

#include "protocols/gdw3761/messages.hpp"
#include "stress/drive/driver.hpp"
#include "stress/drive/socket.hpp"

namespace {
using namespace stress;

struct Uplink {
  gdw3761::Framer framer;
};

/// Confirms everything until it is killed.
[[noreturn]] void confirm_all(int door) {
  const int epoll = ::epoll_create1(0);
  const auto watch = [epoll](int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
  };
  watch(door);
  std::map<int, Uplink> uplinks;
  gdw3761::FrameWriter writer;
  std::vector<std::uint8_t> in(1 << 17), out;
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int who = events[static_cast<std::size_t>(i)].data.fd;
      if (who == door) {
        const int peer = ::accept4(door, nullptr, nullptr, SOCK_NONBLOCK);
        if (peer >= 0) watch(peer);
        continue;
      }
      const ssize_t got = ::recv(who, in.data(), in.size(), 0);
      if (got <= 0) ::_exit(0);
      out.clear();
      uplinks[who].framer.feed(
          core::Bytes(in).first(static_cast<std::size_t>(got)), [&](const gdw3761::FrameView& frame) {
            const auto bytes = gdw3761::write_confirm(writer, frame.address, frame.sequence.counter(), false);
            out.insert(out.end(), bytes.begin(), bytes.end());
          });
      if (!out.empty() && ::send(who, out.data(), out.size(), MSG_NOSIGNAL) < 0) ::_exit(1);
    }
  }
}

double cpu_s() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}
}  // namespace

int main(int count, char** texts) {
  const auto argument = [&](int i, std::uint64_t usual) {
    return count > i ? std::strtoull(texts[i], nullptr, 10) : usual;
  };
  const rlimit files{65'536, 65'536};
  ::setrlimit(RLIMIT_NOFILE, &files);
  const int door = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = ipv4_address("127.0.0.1", 0);
  socklen_t size = sizeof address;
  if (::bind(door, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(door, 4096) != 0) return 70;
  ::getsockname(door, reinterpret_cast<sockaddr*>(&address), &size);
  const pid_t peer = ::fork();
  if (peer == 0) confirm_all(door);
  DriverOptions options;
  options.uplink_port = ntohs(address.sin_port);
  options.flood.fleet.readings_per_frame = static_cast<std::uint32_t>(argument(2, 64));
  options.estate.meters = static_cast<std::uint32_t>(argument(4, 128'000));
  options.estate.meters_per_concentrator = static_cast<std::uint32_t>(argument(5, 128));
  options.estate.opens = core::instant_from_seconds(1'767'225'600);
  {
    Driver driver(options);
    if (!driver.connect(std::chrono::seconds(30))) return 70;
    const double before = cpu_s();
    const auto lasts = std::chrono::seconds(argument(3, 5));
    const auto record = driver.run(steady("speed", StageKind::soak, argument(1, 1'000'000), lasts));
    const double cpu_ns = 1e9 * (cpu_s() - before);
    const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) * 1e-6; };
    fmt::print(
        "{} connections, offered {:.0f}/s: {:.0f} readings/s and {:.0f} frames/s confirmed, held back {:.2f} "
        "%; "
        "{:.1f} ns a reading, {:.2f} us a frame of generator CPU; slip p99 {:.2f} ms, confirm p99 {:.2f} "
        "ms\n",
        options.estate.collectors(), record.offered_per_s,
        static_cast<double>(record.readings.acknowledged) / static_cast<double>(lasts.count()),
        static_cast<double>(record.frames.acknowledged) / static_cast<double>(lasts.count()),
        100.0 * static_cast<double>(record.readings.held_back) /
            static_cast<double>(record.readings.intended),
        cpu_ns / static_cast<double>(record.readings.sent),
        1e-3 * cpu_ns / static_cast<double>(record.frames.sent), ms(record.slip_ns.quantile(0.99)),
        ms(record.acknowledge_ns.quantile(0.99)));
  }
  ::kill(peer, SIGKILL);
  ::waitpid(peer, nullptr, 0);
  return 0;
}
