/// One non-blocking TCP connection of the generator, in the clear or with TLS.
///
/// Errors: values; a connection that failed has no more use than to be closed. Nothing blocks: what cannot be
/// done now is done after the next readiness of `descriptor()`.
#pragma once
#include <netinet/in.h>

#include <memory>
#include <string>

#include "core/bytes.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace stress {
/// What all TLS connections of a driver share.
class TlsClient {
 public:
  /// `certificates`: a PEM file of whom to trust; empty: anybody (a generator proves speed, not identity).
  /// Throws std::runtime_error with one line when the file cannot be used.
  explicit TlsClient(const std::string& certificates);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ssl_ctx_st* context() const { return context_; }

 private:
  ssl_ctx_st* context_ = nullptr;
};

class Socket {
 public:
  enum class Progress { pending, open, failed };
  /// What a read or write came to; `again`: nothing now.
  struct Moved {
    std::size_t count = 0;
    bool is_ended = false;
  };

  Socket() = default;
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  /// Begins to connect. `tls` may be null. False: the operating system refused.
  bool dial(const sockaddr_in& to, const TlsClient* tls);
  /// To be asked after readiness while it is pending: has the connection (and its TLS handshake) come about?
  Progress progress();
  Moved read(std::span<std::uint8_t> buffer);
  Moved write(core::Bytes bytes);
  void close();
  bool is_used() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  Moved judge_tls(int result) const;
  int descriptor_ = -1;
  bool is_connected_ = false;
  const TlsClient* tls_ = nullptr;
  ssl_st* session_ = nullptr;
};

/// "127.0.0.1" and a port. Throws std::runtime_error with one line when it is no IPv4 address.
sockaddr_in ipv4_address(const std::string& host, std::uint16_t port);
}  // namespace stress
