#include "stress/drive/driver.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>
#include <vector>

#include "stress/drive/socket.hpp"
#include "stress/drive/wall_time.hpp"

namespace stress {
namespace {
/// While there is traffic the driver wakes so often: at 100,000 frames a second fifty leave at a waking, each
/// with its own write. A waking for each frame and each answer costs more than the frames do.
constexpr Duration grain = 500us;
constexpr std::size_t dialling_max = 64;
constexpr std::size_t read_bytes = 1 << 16;
constexpr int reads_a_turn_max = 4;
constexpr Duration settled_check_every = 1ms;
/// A commit confirms a thousand connections at once: what is due meanwhile does not wait for all of them.
constexpr std::size_t events_between_acts = 16;

void allow_open_files(std::size_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count) return;
  limit.rlim_cur = std::min<rlim_t>(count, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Epoll {
 public:
  static constexpr std::size_t events_max = 512;
  Epoll() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("the operating system gives no epoll");
  }
  ~Epoll() { ::close(descriptor_); }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  void add(int socket, LineId line, std::uint32_t what) { control(EPOLL_CTL_ADD, socket, line, what); }
  void change(int socket, LineId line, std::uint32_t what) { control(EPOLL_CTL_MOD, socket, line, what); }
  std::span<const epoll_event> wait(Duration timeout) {
    const auto ns = std::max<std::int64_t>(timeout.count(), 0);
    const timespec t{ns / 1'000'000'000, ns % 1'000'000'000};
    const int count =
        ::epoll_pwait2(descriptor_, events_.data(), static_cast<int>(events_.size()), &t, nullptr);
    return std::span<const epoll_event>(events_).first(static_cast<std::size_t>(std::max(count, 0)));
  }

 private:
  void control(int operation, int socket, LineId line, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.u32 = line;
    ::epoll_ctl(descriptor_, operation, socket, &event);
  }
  int descriptor_;
  std::array<epoll_event, events_max> events_{};
};
}  // namespace

struct Driver::State {
  explicit State(DriverOptions given)
      : options(std::move(given)),
        flood(options.estate, with_doors(options)),
        connections(flood.line_count()),
        buffer(read_bytes) {
    if (options.is_tls) tls = std::make_unique<TlsClient>(options.tls_certificates);
    allow_open_files(flood.line_count() + 256);
    ::prctl(PR_SET_TIMERSLACK, 1);
    uplink = ipv4_address(options.host, options.uplink_port);
    modbus = ipv4_address(options.host, options.modbus_port);
    http = ipv4_address(options.host, options.http_port);
    next_sample = time.now() + options.sample_every;
  }
  static FloodOptions with_doors(const DriverOptions& options) {
    FloodOptions flood = options.flood;
    flood.has_http = options.http_port != 0;
    return flood;
  }

  struct Connection {
    Socket socket;
    bool is_open = false, awaits_write = false;
  };

  DriverOptions options;
  WallTime time;
  Flood flood;
  Epoll epoll;
  std::unique_ptr<TlsClient> tls;
  std::vector<Connection> connections;
  std::vector<std::uint8_t> buffer;
  sockaddr_in uplink{}, modbus{}, http{};
  std::deque<LineId> to_dial;
  std::size_t dialling = 0;
  Instant next_sample, woken;
  bool is_busy = false;  ///< something came in the last turn

  /// One turn of the loop: acts, writes, sleeps until something is to be done, at the latest until
  /// `deadline`, reads.
  void turn(Instant deadline);
  void send_due();
  void pause_until(Instant until);
  void carry_out_wishes();
  void dial(LineId line);
  void hang_up(LineId line);
  void flush(LineId line);
  void ready(LineId line, std::uint32_t what);
  void make_progress(LineId line);
  void read(LineId line);
  void sample(Instant now);
  template <class Done>
  bool turn_until(Instant deadline, Done&& done) {
    for (;;) {
      if (done()) return true;
      if (time.now() >= deadline) return false;
      turn(deadline);
    }
  }
};

void Driver::State::send_due() {
  flood.act(time.now());
  carry_out_wishes();
}

void Driver::State::turn(Instant deadline) {
  send_due();
  sample(time.now());
  const Duration idle_for = std::min({flood.next_due(), deadline, next_sample}) - time.now();
  const bool is_paced = is_busy || idle_for < 2 * grain;
  if (is_paced) pause_until(woken + grain);
  auto events = epoll.wait(is_paced ? Duration::zero() : idle_for);
  woken = time.now();
  is_busy = !events.empty();
  while (!events.empty()) {
    std::size_t heard = 0;
    for (const epoll_event& event : events) {
      ready(event.data.u32, event.events);
      if (++heard % events_between_acts == 0) send_due();
    }
    if (events.size() < Epoll::events_max) break;
    events = epoll.wait(Duration::zero());
  }
  carry_out_wishes();
}

void Driver::State::pause_until(Instant until) {
  const auto ns = (until - time.now()).count();
  if (ns <= 0) return;
  const timespec t{0, static_cast<long>(ns)};
  ::ppoll(nullptr, 0, &t, nullptr);
}

void Driver::State::carry_out_wishes() {
  for (const LineId line : flood.take_wishes()) {
    if (flood.wishes_open(line))
      to_dial.push_back(line);
    else if (flood.wishes_close(line))
      hang_up(line);
    else
      flush(line);
  }
  while (!to_dial.empty() && dialling < dialling_max) {
    const LineId line = to_dial.front();
    to_dial.pop_front();
    if (flood.wishes_open(line) && !connections[line].socket.is_used()) dial(line);
  }
}

void Driver::State::dial(LineId line) {
  Connection& connection = connections[line];
  const Door door = flood.door_of(line);
  const sockaddr_in& to = door == Door::http ? http : door == Door::modbus ? modbus : uplink;
  if (!connection.socket.dial(to, door == Door::uplink ? tls.get() : nullptr)) {
    flood.ended(line, time.now());
    return;
  }
  ++dialling;
  epoll.add(connection.socket.descriptor(), line, EPOLLIN | EPOLLOUT);
}

void Driver::State::hang_up(LineId line) {
  Connection& connection = connections[line];
  if (connection.socket.is_used() && !connection.is_open) --dialling;
  connection.socket.close();
  connection.is_open = connection.awaits_write = false;
  flood.ended(line, time.now());
}

void Driver::State::make_progress(LineId line) {
  Connection& connection = connections[line];
  switch (connection.socket.progress()) {
    case Socket::Progress::pending:
      epoll.change(connection.socket.descriptor(), line, EPOLLIN);  // a handshake waits for the other side
      return;
    case Socket::Progress::failed:
      hang_up(line);
      return;
    case Socket::Progress::open:
      break;
  }
  --dialling;
  connection.is_open = true;
  epoll.change(connection.socket.descriptor(), line, EPOLLIN);
  flood.opened(line, time.now());
}

void Driver::State::flush(LineId line) {
  Connection& connection = connections[line];
  const core::Bytes unsent = flood.unsent(line);
  if (!connection.is_open || connection.awaits_write || unsent.empty()) return;
  const auto put = connection.socket.write(unsent);
  if (put.is_ended) {
    hang_up(line);
    return;
  }
  flood.took(line, put.count, time.now());
  if (put.count == unsent.size()) return;
  connection.awaits_write = true;
  epoll.change(connection.socket.descriptor(), line, EPOLLIN | EPOLLOUT);
}

void Driver::State::ready(LineId line, std::uint32_t what) {
  Connection& connection = connections[line];
  if (!connection.socket.is_used()) return;
  if (!connection.is_open) {
    make_progress(line);
    return;
  }
  if ((what & EPOLLOUT) != 0 && connection.awaits_write) {
    connection.awaits_write = false;
    flush(line);
    if (connection.is_open && !connection.awaits_write)
      epoll.change(connection.socket.descriptor(), line, EPOLLIN);
  }
  if (connection.is_open && (what & ~std::uint32_t{EPOLLOUT}) != 0) read(line);
}

void Driver::State::read(LineId line) {
  Connection& connection = connections[line];
  for (int i = 0; i < reads_a_turn_max; ++i) {
    const auto got = connection.socket.read(buffer);
    if (got.is_ended) {
      hang_up(line);
      return;
    }
    if (got.count == 0) return;
    flood.heard(line, time.now(), core::Bytes(buffer).first(got.count));
    if (!tls && got.count < buffer.size()) return;
  }
}

void Driver::State::sample(Instant now) {
  if (now < next_sample) return;
  next_sample = std::max(next_sample + options.sample_every, now);
  flood.close_second(now);
  if (options.sample) options.sample(now);
}

Driver::Driver(DriverOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Driver::~Driver() = default;

Instant Driver::now() const { return state_->time.now(); }

bool Driver::connect(Duration patience) {
  State& s = *state_;
  s.flood.dial(now());
  return s.turn_until(now() + patience, [&] { return s.flood.greeted() == s.flood.collectors(); });
}

StageRecord Driver::run(const StagePlan& stage) {
  State& s = *state_;
  const Instant from = now();
  s.next_sample = from + s.options.sample_every;
  s.flood.begin_stage(stage, from);
  const Instant till = from + stage.lasts();
  s.turn_until(core::never, [&] { return s.flood.is_offered() && now() >= till; });
  s.turn_until(till + stage.grace, [&] { return s.flood.is_answered(); });
  return s.flood.end_stage(now());
}

bool Driver::drain(Duration patience) {
  State& s = *state_;
  const Instant deadline = now() + patience;
  s.flood.begin_drain(now());
  for (;;) {
    if (s.flood.unconfirmed_frames() == 0) return true;
    const Instant start = now();
    if (start >= deadline) return false;
    s.turn_until(std::min(deadline, start + settled_check_every), [] { return false; });
  }
}

void Driver::idle(Duration duration) {
  State& s = *state_;
  s.turn_until(now() + duration, [] { return false; });
}

const Flood& Driver::flood() const { return state_->flood; }

std::size_t Driver::connections() const {
  const auto& all = state_->connections;
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& connection) { return connection.is_open; }));
}
}  // namespace stress
