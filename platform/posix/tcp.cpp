#include "platform/posix/tcp.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <stdexcept>

#include "platform/spawn.hpp"

namespace seam {
namespace {
using asio::ip::tcp;
using boost::system::error_code;

std::unique_ptr<Link> link_over(WallClock& clock, tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  const std::string name = error ? "gone" : peer.address().to_string() + ":" + std::to_string(peer.port());
  socket.set_option(tcp::no_delay(true),
                    error);  // frames are small and wait for answers; without it all the same works
  return link_over_socket(clock, socket.release(), name);
}
}  // namespace

/// Outlives the listener while the operating system still holds an accept of it.
struct TcpListener::State {
  explicit State(WallClock& its_clock) : clock(its_clock), acceptor(its_clock.context()) {}
  WallClock& clock;
  tcp::acceptor acceptor;
};

void open_acceptor(tcp::acceptor& acceptor, const std::string& address, std::uint16_t port) {
  try {
    const tcp::endpoint endpoint(asio::ip::make_address(address), port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
  } catch (const boost::system::system_error& failure) {
    throw std::runtime_error("cannot listen on " + address + ":" + std::to_string(port) + ": " +
                             failure.code().message());
  }
}

TcpListener::TcpListener(WallClock& clock, const std::string& address, std::uint16_t port)
    : state_(std::make_shared<State>(clock)) {
  open_acceptor(state_->acceptor, address, port);
}

TcpListener::~TcpListener() { close(); }

std::uint16_t TcpListener::port() const { return state_->acceptor.local_endpoint().port(); }

asio::awaitable<core::Result<std::unique_ptr<Link>>> TcpListener::accept() {
  const auto state = state_;
  while (state->acceptor.is_open()) {
    auto [error, socket] = co_await state->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error) co_return link_over(state->clock, std::move(socket));
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    // A caller that hung up in the queue, or no descriptors left for now: the listener goes on.
    co_await state->clock.sleep_for(std::chrono::milliseconds(50));
  }
  co_return core::Fault::link_closed;
}

void TcpListener::close() {
  error_code ignored;  // closing twice is allowed
  state_->acceptor.close(ignored);
}

namespace {
/// One attempt to connect; whichever of the network and the deadline is first rings.
struct Dialling {
  explicit Dialling(WallClock& clock) : resolver(clock.context()), socket(clock.context()), wait(clock) {}
  tcp::resolver resolver;
  tcp::socket socket;
  WaitPoint wait;
  error_code error = asio::error::timed_out;
  bool is_over = false;
};

asio::awaitable<void> dial(std::shared_ptr<Dialling> dialling, std::string host, std::string port) {
  const auto [unresolved, places] =
      co_await dialling->resolver.async_resolve(host, port, asio::as_tuple(asio::use_awaitable));
  dialling->error = unresolved;
  if (!unresolved && !dialling->is_over) {
    const auto [refused, place] =
        co_await asio::async_connect(dialling->socket, places, asio::as_tuple(asio::use_awaitable));
    dialling->error = refused;
  }
  dialling->is_over = true;
  dialling->wait.ring();
}
}  // namespace

asio::awaitable<core::Result<std::unique_ptr<Link>>> connect_tcp(WallClock& clock, std::string host,
                                                                 std::uint16_t port, Instant deadline) {
  const auto dialling = std::make_shared<Dialling>(clock);
  spawn(clock, dial(dialling, std::move(host), std::to_string(port)));
  while (!dialling->is_over) {
    if (co_await dialling->wait.wait_until(deadline) == Woken::at_deadline && !dialling->is_over) {
      dialling->is_over = true;
      dialling->resolver.cancel();
      error_code ignored;  // whatever was half open is given up
      dialling->socket.close(ignored);
      co_return core::Fault::timeout;
    }
  }
  if (dialling->error) co_return core::Fault::link_closed;
  co_return link_over(clock, std::move(dialling->socket));
}
}  // namespace seam
