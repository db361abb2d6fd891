#include "platform/posix/tls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <deque>
#include <optional>
#include <stdexcept>

#include "platform/posix/stream_link_over.hpp"
#include "platform/posix/tcp.hpp"
#include "platform/spawn.hpp"

namespace seam {
namespace {
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

asio::ssl::context context_of(const TlsIdentity& identity) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1);
  error_code error;
  context.use_certificate_chain_file(identity.certificate_file, error);
  if (error) throw std::runtime_error("cannot use the certificate in " + identity.certificate_file);
  context.use_private_key_file(identity.key_file, asio::ssl::context::pem, error);
  if (error) throw std::runtime_error("cannot use the key in " + identity.key_file);
  return context;
}
}  // namespace

struct TlsListener::State {
  State(WallClock& its_clock, const TlsIdentity& identity, const TlsLimits& its_limits)
      : clock(its_clock),
        limits(its_limits),
        acceptor(tcp::acceptor(its_clock.context())),
        context(context_of(identity)),
        arrived(its_clock) {}
  WallClock& clock;
  TlsLimits limits;
  std::optional<tcp::acceptor> acceptor;  ///< none once nobody receives any more
  asio::ssl::context context;
  std::deque<std::unique_ptr<Link>> ready;  ///< shaken hands, not yet accepted
  std::size_t handshakes = 0;
  std::uint16_t port = 0;
  bool is_open() const { return acceptor && acceptor->is_open(); }
  WaitPoint arrived;  ///< rung when one is ready, a handshake has ended, or the listener closes
};

namespace {
/// One handshake; its deadline closes the socket under it.
struct Handshake {
  Handshake(WallClock& clock, tcp::socket socket, asio::ssl::context& context, Duration limit)
      : stream(std::move(socket), context), timer(clock.context(), limit) {}
  TlsStream stream;
  asio::steady_timer timer;
  bool is_over = false;
};
}  // namespace

/// Held by the coroutine that receives: when the world is killed with it, what belongs to the world goes at
/// once, not with the listener, which may stay longer.
class TlsListener::Receiving {
 public:
  explicit Receiving(std::shared_ptr<State> state) : state_(std::move(state)) {}
  Receiving(Receiving&&) = default;
  ~Receiving() {
    if (!state_) return;  // moved from
    state_->ready.clear();
    state_->acceptor.reset();
  }
  const std::shared_ptr<State>& state() const { return state_; }

 private:
  std::shared_ptr<State> state_;
};

TlsListener::TlsListener(WallClock& clock, const std::string& address, std::uint16_t port,
                         const TlsIdentity& identity, const TlsLimits& limits)
    : state_(std::make_shared<State>(clock, identity, limits)) {
  open_acceptor(*state_->acceptor, address, port);
  state_->port = state_->acceptor->local_endpoint().port();
  spawn(clock, receive(Receiving(state_)));
}

TlsListener::~TlsListener() { close(); }

std::uint16_t TlsListener::port() const { return state_->port; }

void TlsListener::close() {
  error_code ignored;  // closing twice is allowed
  if (state_->acceptor) state_->acceptor->close(ignored);
  state_->ready.clear();
  state_->arrived.ring();
}

namespace {
template <class State>
asio::awaitable<void> shake_hands(std::shared_ptr<State> state, tcp::socket socket) {
  const auto shaking =
      std::make_shared<Handshake>(state->clock, std::move(socket), state->context, state->limits.handshake);
  shaking->timer.async_wait([shaking](error_code error) {
    if (error || shaking->is_over) return;
    error_code ignored;  // it is given up
    shaking->stream.lowest_layer().close(ignored);
  });
  const auto [error] =
      co_await shaking->stream.async_handshake(TlsStream::server, asio::as_tuple(asio::use_awaitable));
  shaking->is_over = true;
  shaking->timer.cancel();
  --state->handshakes;
  if (!error && state->is_open()) {
    error_code gone;
    const auto peer = shaking->stream.lowest_layer().remote_endpoint(gone);
    const std::string name = gone ? "gone" : peer.address().to_string() + ":" + std::to_string(peer.port());
    state->ready.push_back(
        std::make_unique<StreamLink<TlsStream>>(state->clock, std::move(shaking->stream), name));
  }
  state->arrived.ring();
}
}  // namespace

asio::awaitable<void> TlsListener::receive(Receiving receiving) {
  const auto state = receiving.state();
  while (state->is_open()) {
    if (state->handshakes >= state->limits.handshakes_max) {
      co_await state->clock.sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    auto [error, socket] = co_await state->acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      ++state->handshakes;
      spawn(state->clock, shake_hands(state, std::move(socket)));
    } else if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
      break;
    } else {
      co_await state->clock.sleep_for(std::chrono::milliseconds(50));
    }
  }
}

asio::awaitable<core::Result<std::unique_ptr<Link>>> TlsListener::accept() {
  const auto state = state_;
  while (state->ready.empty()) {
    if (!state->is_open()) co_return core::Fault::link_closed;
    co_await state->arrived.wait_until(core::never);
  }
  auto link = std::move(state->ready.front());
  state->ready.pop_front();
  co_return link;
}
}  // namespace seam
