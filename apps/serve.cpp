#include "apps/serve.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/allocation_count.hpp"
#include "core/sqlite/database.hpp"
#include "head-end/api/metrics.hpp"
#include "head-end/head_end.hpp"
#include "platform/posix/process_figures.hpp"
#include "platform/posix/tcp.hpp"
#include "platform/posix/wall_clock.hpp"
#include "platform/spawn.hpp"

namespace app {
namespace {
/// Each collector is a descriptor; the usual limit of 1,024 is for programs with fewer friends.
void allow_many_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void tell_process(headend::MetricSink& sink) {
  const auto figures = seam::process_figures();
  sink.gauge("metertwin_heap_bytes", "Memory handed out by the allocator.").add(figures.heap_bytes);
  sink.gauge("metertwin_resident_bytes", "Memory resident in RAM.").add(figures.resident_bytes);
  sink.gauge("metertwin_threads", "Threads of the process.").add(figures.threads);
  sink.counter("metertwin_processor_seconds_total", "Processor time, user and system.")
      .add_real(figures.cpu_s);
  sink.gauge("metertwin_store_cache_bytes",
             "Of the heap, pages of the store that are kept for the next reader.")
      .add(sqlite::memory_bytes());
  sink.counter("metertwin_allocations_total", "Calls of operator new.").add(allocation_count());
}

std::unique_ptr<seam::Listener> open_uplinks(seam::WallClock& clock, const ServeOptions& options,
                                             std::uint16_t& port) {
  if (options.uplink_identity.certificate_file.empty()) {
    auto plain = std::make_unique<seam::TcpListener>(clock, options.address, options.uplink_port);
    port = plain->port();
    return plain;
  }
  auto encrypted = std::make_unique<seam::TlsListener>(clock, options.address, options.uplink_port,
                                                       options.uplink_identity);
  port = encrypted->port();
  return encrypted;
}

using Signals = std::unique_ptr<boost::asio::signal_set>;

seam::asio::awaitable<void> end_when_asked(seam::WallClock& clock, headend::HeadEnd& head_end,
                                           Signals signals, core::Duration limit) {
  co_await signals->async_wait(boost::asio::use_awaitable);
  signals->async_wait([&clock](boost::system::error_code error, int) {
    if (!error) clock.stop();
  });
  co_await head_end.drain(clock.now() + limit);
  clock.stop();
}
}  // namespace

void serve(headend::Configuration configuration, const ServeOptions& options) {
  allow_many_connections();
  seam::WallClock clock;
  std::uint16_t uplink_port = 0;
  const auto uplinks = open_uplinks(clock, options, uplink_port);
  seam::TcpListener managers(clock, options.address, options.modbus_port);
  seam::TcpListener counter(clock, options.address, options.counter_port);
  seam::TcpListener http(clock, options.address, options.http_port);
  headend::Doors doors(*uplinks, counter);
  doors.managers = &managers;
  doors.http = &http;
  doors.version = METERTWIN_VERSION;
  doors.process_figures = tell_process;
  headend::HeadEnd head_end(std::move(configuration), options.store, clock, doors);
  head_end.start();
  // From here on, not from the first turn of the loop on: whoever reads the announcement may ask at once.
  auto signals = std::make_unique<boost::asio::signal_set>(clock.context(), SIGTERM, SIGINT);
  seam::spawn(clock, end_when_asked(clock, head_end, std::move(signals), options.drain_limit));
  const nlohmann::json ready{{"ready", true},
                             {"pid", getpid()},
                             {"uplink", uplink_port},
                             {"modbus", managers.port()},
                             {"counter", counter.port()},
                             {"http", http.port()},
                             {"store", options.store.string()}};
  fmt::print("{}\n", ready.dump());
  std::fflush(stdout);
  clock.run();
  clock.kill();  // coroutines before what they refer to
  head_end.books().close();
}
}  // namespace app
