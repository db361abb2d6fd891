/// TCP on the loopback interface: dialling in, talking, hanging up.
#include "platform/posix/tcp.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "platform/spawn.hpp"

namespace {
using namespace std::chrono_literals;
using seam::asio::awaitable;

awaitable<void> echo_once(seam::WallClock& clock, seam::Listener& listener, std::string& log) {
  auto link = co_await listener.accept();
  if (!link) co_return;
  std::array<std::uint8_t, 64> buffer;
  const auto count = co_await (*link)->read_some(buffer, clock.now() + 5s);
  if (count) (void)co_await (*link)->write(core::Bytes(buffer).first(*count));
  log += "served ";
}

awaitable<void> talk(seam::WallClock& clock, std::uint16_t port, std::string& log) {
  auto link = co_await seam::connect_tcp(clock, "127.0.0.1", port, clock.now() + 5s);
  if (!link) {
    log += std::string(core::name_of(link.error())) + " ";
    co_return;
  }
  const std::array<std::uint8_t, 3> hello{1, 2, 3};
  (void)co_await (*link)->write(hello);
  std::array<std::uint8_t, 64> buffer;
  const auto count = co_await (*link)->read_some(buffer, clock.now() + 5s);
  log += count ? std::to_string(*count) + " " : "nothing ";
  const auto end = co_await (*link)->read_some(buffer, clock.now() + 5s);
  log += std::string(core::name_of(end.error()));
}

TEST_CASE("a caller is accepted, answered, and sees the other side hang up") {
  seam::WallClock clock;
  seam::TcpListener listener(clock, "127.0.0.1", 0);
  std::string log;
  seam::spawn(clock, echo_once(clock, listener, log));
  seam::spawn(clock, talk(clock, listener.port(), log));
  clock.run();
  CHECK(log == "served 3 link closed");
}

TEST_CASE("nobody listens: the caller is told") {
  seam::WallClock clock;
  std::uint16_t port = 0;
  {
    seam::TcpListener gone(clock, "127.0.0.1", 0);
    port = gone.port();
  }
  std::string log;
  seam::spawn(clock, talk(clock, port, log));
  clock.run();
  CHECK(log == "link closed ");
}

TEST_CASE("a port that is taken is one clear line") {
  seam::WallClock clock;
  seam::TcpListener first(clock, "127.0.0.1", 0);
  CHECK_THROWS_WITH(seam::TcpListener(clock, "127.0.0.1", first.port()),
                    Catch::Contains("cannot listen on 127.0.0.1:"));
}

TEST_CASE("closing a listener ends its accept") {
  seam::WallClock clock;
  seam::TcpListener listener(clock, "127.0.0.1", 0);
  std::string log;
  seam::spawn(clock, [](seam::Listener& its, std::string& out) -> awaitable<void> {
    const auto link = co_await its.accept();
    out += link ? "link" : std::string(core::name_of(link.error()));
  }(listener, log));
  seam::spawn(clock, [](seam::Clock& its, seam::Listener& door) -> awaitable<void> {
    co_await its.sleep_until(its.now() + 2ms);
    door.close();
  }(clock, listener));
  clock.run();
  CHECK(log == "link closed");
}
}  // namespace
