/// Serial lines over a PTY pair, in wall-clock time; settings as people write them.
#include "platform/posix/serial_port.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "platform/field_over_link.hpp"
#include "platform/spawn.hpp"

namespace {
using namespace std::chrono_literals;

/// Answers each request with its bytes in reverse order.
class Mirror final : public seam::FarEnd {
 public:
  void head_end_wrote(core::Bytes bytes) override {
    std::vector<std::uint8_t> answer(bytes.rbegin(), bytes.rend());
    heard += bytes.size();
    if (field) field->deliver(answer);
  }
  void head_end_closed() override {}
  seam::FieldOverLink* field = nullptr;
  std::size_t heard = 0;
};

/// All 256 byte values, as a line must carry them: nothing echoed, translated or swallowed.
std::array<std::uint8_t, 256> every_byte() {
  std::array<std::uint8_t, 256> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

TEST_CASE("bytes of every value cross a PTY line and its answer comes back") {
  seam::WallClock clock;
  auto line = seam::open_pty_line(clock);
  Mirror mirror;
  auto field = std::make_unique<seam::FieldOverLink>(clock, std::move(line.field_end), mirror);
  mirror.field = field.get();
  auto port = seam::open_serial_port(clock, line.path, {});
  CHECK(port->peer() == line.path);
  std::vector<std::uint8_t> answer;
  seam::spawn(clock,
              [](seam::WallClock& its, seam::Link& link,
                 std::vector<std::uint8_t>& out) -> seam::asio::awaitable<void> {
                const auto request = every_byte();
                const auto written = co_await link.write(request);
                CHECK(written);
                std::array<std::uint8_t, 64> buffer;
                while (out.size() < request.size()) {
                  const auto count = co_await link.read_some(buffer, its.now() + 5s);
                  if (!count) break;
                  out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
                }
                its.stop();
              }(clock, *port, answer));
  clock.run();
  CHECK(mirror.heard == 256);
  REQUIRE(answer.size() == 256);
  CHECK(answer.back() + answer.front() == 255);
}

TEST_CASE("a silent line times out, stays usable, and late bytes are not lost") {
  seam::WallClock clock;
  auto line = seam::open_pty_line(clock);
  auto port = seam::open_serial_port(clock, line.path, {.baud = 9600});
  std::string log;
  seam::spawn(clock,
              [](seam::WallClock& its, seam::Link& link, seam::Link& wire,
                 std::string& out) -> seam::asio::awaitable<void> {
                std::array<std::uint8_t, 8> buffer;
                const auto asked = its.now();
                const auto nothing = co_await link.read_some(buffer, asked + 10ms);
                out += nothing ? "bytes " : std::string(core::name_of(nothing.error())) + " ";
                if (its.now() < asked + 10ms) out += "early ";
                const std::array<std::uint8_t, 3> late{7, 8, 9};
                (void)co_await wire.write(late);
                const auto count = co_await link.read_some(buffer, its.now() + 5s);
                out += count ? std::to_string(*count) + " " : "nothing ";
                link.close();
                const auto closed = co_await link.read_some(buffer, its.now() + 5s);
                out += std::string(core::name_of(closed.error()));
                its.stop();
              }(clock, *port, *line.field_end, log));
  clock.run();
  CHECK(log == "timeout 3 link closed");
}

TEST_CASE("a line can be opened again after its user has gone") {
  seam::WallClock clock;
  auto line = seam::open_pty_line(clock);
  seam::open_serial_port(clock, line.path, {}).reset();
  CHECK_NOTHROW(seam::open_serial_port(clock, line.path, {}));
}

TEST_CASE("ports that cannot be had say why in one line") {
  seam::WallClock clock;
  CHECK_THROWS_WITH(seam::open_serial_port(clock, "/dev/no-such-port", {}),
                    "cannot open /dev/no-such-port: No such file or directory");
  CHECK_THROWS_WITH(seam::open_serial_port(clock, "/dev/null", {}),
                    Catch::Contains("/dev/null is not a serial port"));
  auto line = seam::open_pty_line(clock);
  CHECK_THROWS_WITH(seam::open_serial_port(clock, line.path, {.baud = 2401}),
                    line.path + ": no such speed: 2401");
}

TEST_CASE("serial settings as people write them") {
  using seam::Parity;
  using seam::SerialSettings;
  CHECK(seam::parse_serial_settings("2400,8E1") == SerialSettings{});
  CHECK(seam::parse_serial_settings("9600,8N1") == SerialSettings{9600, 8, Parity::none, 1});
  CHECK(seam::parse_serial_settings("19200") == SerialSettings{19200, 8, Parity::even, 1});
  CHECK(seam::parse_serial_settings("7O2") == SerialSettings{2400, 7, Parity::odd, 2});
  CHECK(seam::parse_serial_settings("300") == SerialSettings{300, 8, Parity::even, 1});
  for (const char* bad :
       {"", ",", "9600,", ",8E1", "2401", "8X1", "9E1", "8E3", "9600,8E1,", "9600 8E1", "-2400", "8e1"})
    CHECK_FALSE(seam::parse_serial_settings(bad));
}
}  // namespace
