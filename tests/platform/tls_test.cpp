/// TLS on the loopback interface: shaking hands, talking, and callers who do neither. Wall clock, because the
/// limits of a handshake are.
#include "platform/posix/tls.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "platform/posix/self_signed.hpp"
#include "platform/posix/tcp.hpp"
#include "platform/spawn.hpp"

namespace {
using namespace std::chrono_literals;
using seam::asio::awaitable;
namespace asio = seam::asio;
using asio::ip::tcp;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// A folder of its own with an identity in it.
struct Identity {
  Identity() {
    folder = std::filesystem::temp_directory_path() / ("metertwin-tls-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    files = seam::make_self_signed(folder);
  }
  ~Identity() { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
  seam::TlsIdentity files;
};

/// Echoes on every link until the listener closes.
awaitable<void> echo(seam::WallClock& clock, std::unique_ptr<seam::Link> link) {
  std::array<std::uint8_t, 4096> buffer;
  while (true) {
    const auto count = co_await link->read_some(buffer, clock.now() + 10s);
    if (!count) co_return;
    const auto written = co_await link->write(core::Bytes(buffer).first(*count));
    if (!written) co_return;
  }
}

awaitable<void> serve(seam::WallClock& clock, seam::Listener& listener, int& accepted) {
  while (true) {
    auto link = co_await listener.accept();
    if (!link) co_return;
    ++accepted;
    seam::spawn(clock, echo(clock, std::move(*link)));
  }
}

struct Talk {
  bool has_shaken_hands = false;
  std::string heard;
};

/// Shakes hands (with a certificate that must be the listener's), says `text`, hears as much, hangs up.
awaitable<void> talk(asio::io_context& context, std::uint16_t port, std::string certificates,
                     long forbidden_versions, std::string text, Talk& outcome) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.load_verify_file(certificates);
  tls.set_options(static_cast<asio::ssl::context::options>(forbidden_versions));
  asio::ssl::stream<tcp::socket> stream(context, tls);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
  const tcp::endpoint there(asio::ip::make_address("127.0.0.1"), port);
  const auto [refused] = co_await stream.lowest_layer().async_connect(there, as_tuple);
  if (refused) co_return;
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_tuple);
  outcome.has_shaken_hands = !error;
  if (error) co_return;
  std::size_t said = 0;
  std::array<char, 8192> buffer;
  while (outcome.heard.size() < text.size()) {
    const auto part = std::min<std::size_t>(text.size() - said, 3000);
    if (part > 0) {
      const auto [trouble, count] =
          co_await asio::async_write(stream, asio::buffer(text.data() + said, part), as_tuple);
      if (trouble) co_return;
      said += count;
    }
    const auto [end, count] = co_await stream.async_read_some(asio::buffer(buffer), as_tuple);
    if (end) co_return;
    outcome.heard.append(buffer.data(), count);
  }
}

/// Dials, says `text` in the clear, and notes how long the other side bore it.
awaitable<void> disturb(seam::WallClock& clock, std::uint16_t port, std::string text,
                        core::Duration& borne_for) {
  tcp::socket socket(clock.context());
  const tcp::endpoint there(asio::ip::make_address("127.0.0.1"), port);
  co_await socket.async_connect(there, as_tuple);
  const auto from = clock.now();
  if (!text.empty()) co_await asio::async_write(socket, asio::buffer(text), as_tuple);
  std::array<char, 256> buffer;
  while (true) {
    const auto [end, count] = co_await socket.async_read_some(asio::buffer(buffer), as_tuple);
    if (end) break;
  }
  borne_for = clock.now() - from;
}

std::string long_text() {
  std::string text;
  for (int i = 0; text.size() < 100'000; ++i) text += std::to_string(i * 7919);
  return text;
}
}  // namespace

TEST_CASE("a hundred thousand bytes go through TLS and back, under a certificate that is verified") {
  const Identity identity;
  seam::WallClock clock;
  seam::TlsListener listener(clock, "127.0.0.1", 0, identity.files);
  int accepted = 0;
  Talk outcome;
  seam::spawn(clock, serve(clock, listener, accepted));
  seam::spawn(clock, talk(clock.context(), listener.port(), identity.files.certificate_file, 0, long_text(),
                          outcome));
  const auto deadline = clock.now() + 20s;
  while (outcome.heard.size() < long_text().size() && clock.now() < deadline) clock.run_for(20ms);
  CHECK(outcome.heard == long_text());
  CHECK(accepted == 1);
}

TEST_CASE("plain bytes on a TLS door are no caller, and disturb nobody") {
  const Identity identity;
  seam::WallClock clock;
  seam::TlsListener listener(clock, "127.0.0.1", 0, identity.files);
  int accepted = 0;
  core::Duration borne_for{-1};
  Talk outcome;
  seam::spawn(clock, serve(clock, listener, accepted));
  seam::spawn(clock,
              disturb(clock, listener.port(), "68 32 00 32 00 68 C9 GET / HTTP/1.1\r\n\r\n", borne_for));
  seam::spawn(clock,
              talk(clock.context(), listener.port(), identity.files.certificate_file, 0, "ping", outcome));
  const auto deadline = clock.now() + 5s;  // half of what a handshake may take: refused at once, not by time
  while ((borne_for < 0s || outcome.heard.empty()) && clock.now() < deadline) clock.run_for(20ms);
  CHECK(borne_for >= 0s);
  CHECK(outcome.heard == "ping");
  CHECK(accepted == 1);
}

TEST_CASE("a caller who never shakes hands is hung up at the limit, and others are served meanwhile") {
  const Identity identity;
  seam::WallClock clock;
  seam::TlsListener listener(clock, "127.0.0.1", 0, identity.files, {.handshake = 300ms});
  int accepted = 0;
  core::Duration silent{-1}, half{-1};
  Talk outcome;
  seam::spawn(clock, serve(clock, listener, accepted));
  seam::spawn(clock, disturb(clock, listener.port(), "", silent));
  seam::spawn(clock,
              disturb(clock, listener.port(), std::string("\x16\x03\x01\x02", 4), half));  // half a record
  seam::spawn(clock,
              talk(clock.context(), listener.port(), identity.files.certificate_file, 0, "ping", outcome));
  const auto deadline = clock.now() + 10s;
  while ((silent < 0s || half < 0s) && clock.now() < deadline) clock.run_for(20ms);
  // Not before the limit; how late is the machine's business.
  CHECK(silent >= 299ms);
  CHECK(half >= 299ms);
  CHECK(outcome.heard == "ping");
  CHECK(accepted == 1);
}

TEST_CASE("more callers than handshakes at a time wait until others have ended") {
  const Identity identity;
  seam::WallClock clock;
  seam::TlsListener listener(clock, "127.0.0.1", 0, identity.files,
                             {.handshake = 200ms, .handshakes_max = 2});
  int accepted = 0;
  std::array<core::Duration, 4> borne;
  borne.fill(core::Duration(-1));
  Talk outcome;
  seam::spawn(clock, serve(clock, listener, accepted));
  for (auto& each : borne) seam::spawn(clock, disturb(clock, listener.port(), "", each));
  clock.run_for(20ms);
  seam::spawn(clock,
              talk(clock.context(), listener.port(), identity.files.certificate_file, 0, "ping", outcome));
  const auto deadline = clock.now() + 10s;
  while (outcome.heard.empty() && clock.now() < deadline) clock.run_for(20ms);
  CHECK(outcome.heard == "ping");
  const auto ended = std::count_if(borne.begin(), borne.end(), [](core::Duration d) { return d >= 0s; });
  CHECK(ended >= 2);
}

TEST_CASE("TLS before 1.2 is refused") {
  const Identity identity;
  seam::WallClock clock;
  seam::TlsListener listener(clock, "127.0.0.1", 0, identity.files);
  int accepted = 0;
  Talk old, recent;
  const long only_old = asio::ssl::context::no_tlsv1_2 | asio::ssl::context::no_tlsv1_3;
  seam::spawn(clock, serve(clock, listener, accepted));
  const auto& certificates = identity.files.certificate_file;
  seam::spawn(clock, talk(clock.context(), listener.port(), certificates, only_old, "ping", old));
  seam::spawn(clock, talk(clock.context(), listener.port(), certificates, asio::ssl::context::no_tlsv1_3,
                          "ping", recent));
  const auto deadline = clock.now() + 5s;
  while (recent.heard.empty() && clock.now() < deadline) clock.run_for(20ms);
  CHECK(recent.heard == "ping");
  CHECK_FALSE(old.has_shaken_hands);
  CHECK(accepted == 1);
}

TEST_CASE("an identity that cannot be used is one line that names the file") {
  const Identity identity;
  const auto other = identity.folder / "other";
  std::filesystem::create_directories(other);
  const auto strange = seam::make_self_signed(other);
  seam::WallClock clock;
  const auto why = [&](const seam::TlsIdentity& files) {
    try {
      const seam::TlsListener listener(clock, "127.0.0.1", 0, files);
    } catch (const std::runtime_error& trouble) {
      return std::string(trouble.what());
    }
    return std::string("accepted");
  };
  CHECK(why({identity.folder / "none.pem", identity.files.key_file}) ==
        "cannot use the certificate in " + (identity.folder / "none.pem").string());
  CHECK(why({identity.files.certificate_file, identity.files.certificate_file}) ==
        "cannot use the key in " + identity.files.certificate_file);
  CHECK(why({identity.files.certificate_file, strange.key_file}) ==
        "cannot use the key in " + strange.key_file);
  CHECK(why(identity.files) == "accepted");
}

TEST_CASE("a TLS listener may go before or after its clock is killed, callers in all states") {
  const Identity identity;
  const bool clock_first = GENERATE(false, true);
  int accepted = 0;
  core::Duration silent{-1};
  Talk outcome;
  seam::WallClock clock;
  auto listener = std::make_unique<seam::TlsListener>(clock, "127.0.0.1", 0, identity.files);
  seam::spawn(clock, serve(clock, *listener, accepted));
  seam::spawn(clock, disturb(clock, listener->port(), "", silent));
  seam::spawn(clock, talk(clock.context(), listener->port(), identity.files.certificate_file, 0, long_text(),
                          outcome));
  const auto deadline = clock.now() + 5s;
  while (outcome.heard.empty() && clock.now() < deadline) clock.run_for(1ms);
  CHECK(outcome.has_shaken_hands);
  if (clock_first) clock.kill();
  listener.reset();
}
