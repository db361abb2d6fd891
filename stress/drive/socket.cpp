#include "stress/drive/socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace stress {
TlsClient::TlsClient(const std::string& certificates) : context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) throw std::runtime_error("TLS: no context");
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
  if (certificates.empty()) return;
  if (SSL_CTX_load_verify_locations(context_, certificates.c_str(), nullptr) != 1) {
    SSL_CTX_free(context_);
    throw std::runtime_error("TLS: cannot use the certificates in " + certificates);
  }
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
}

TlsClient::~TlsClient() { SSL_CTX_free(context_); }

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      is_connected_(other.is_connected_),
      tls_(other.tls_),
      session_(std::exchange(other.session_, nullptr)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this == &other) return *this;
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  is_connected_ = other.is_connected_;
  tls_ = other.tls_;
  session_ = std::exchange(other.session_, nullptr);
  return *this;
}

bool Socket::dial(const sockaddr_in& to, const TlsClient* tls) {
  close();
  tls_ = tls;
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return false;
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS)
    return true;
  close();
  return false;
}

Socket::Progress Socket::progress() {
  if (!is_connected_) {
    int fault = 0;
    socklen_t size = sizeof fault;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &fault, &size) != 0 || fault != 0)
      return Progress::failed;
    is_connected_ = true;
    if (tls_ == nullptr) return Progress::open;
    session_ = SSL_new(tls_->context());
    if (session_ == nullptr || SSL_set_fd(session_, descriptor_) != 1) return Progress::failed;
    SSL_set_connect_state(session_);
  }
  if (session_ == nullptr) return Progress::open;
  ERR_clear_error();
  const int result = SSL_do_handshake(session_);
  if (result == 1) return Progress::open;
  return judge_tls(result).is_ended ? Progress::failed : Progress::pending;
}

Socket::Moved Socket::judge_tls(int result) const {
  if (result > 0) return {static_cast<std::size_t>(result), false};
  const int why = SSL_get_error(session_, result);
  return {0, why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE};
}

Socket::Moved Socket::read(std::span<std::uint8_t> buffer) {
  if (session_ != nullptr) {
    ERR_clear_error();
    return judge_tls(SSL_read(session_, buffer.data(), static_cast<int>(buffer.size())));
  }
  const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (got > 0) return {static_cast<std::size_t>(got), false};
  return {0, got == 0 || (errno != EAGAIN && errno != EINTR)};
}

Socket::Moved Socket::write(core::Bytes bytes) {
  if (session_ != nullptr) {
    ERR_clear_error();
    return judge_tls(SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())));
  }
  const ssize_t put = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put >= 0) return {static_cast<std::size_t>(put), false};
  return {0, errno != EAGAIN && errno != EINTR};
}

void Socket::close() {
  if (session_ != nullptr) SSL_free(std::exchange(session_, nullptr));
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  is_connected_ = false;
}

sockaddr_in ipv4_address(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error(host + " is no IPv4 address");
  return address;
}
}  // namespace stress
