/// TLS under the same seam: a listener whose links are encrypted, for collectors that dial in over public
/// networks.
///
/// TLS 1.2 and 1.3 by OpenSSL. The handshake of a caller runs beside those of others and beside everything
/// else; one that takes longer than `TlsLimits::handshake` is hung up. Who has not finished his handshake is
/// not a link yet: `accept` does not return him. At most `TlsLimits::handshakes_max` at a time; more wait in
/// the kernel's queue.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "platform/link.hpp"
#include "platform/posix/wall_clock.hpp"

namespace seam {
struct TlsIdentity {
  std::string certificate_file;  ///< PEM, the chain
  std::string key_file;          ///< PEM
};

struct TlsLimits {
  Duration handshake = std::chrono::seconds(10);
  std::size_t handshakes_max = 512;
};

class TlsListener final : public Listener {
 public:
  /// Port 0 takes a free one. Throws std::runtime_error with one clear line when the port is taken or the
  /// identity cannot be read.
  TlsListener(WallClock& clock, const std::string& address, std::uint16_t port, const TlsIdentity& identity,
              const TlsLimits& limits = {});
  ~TlsListener() override;
  TlsListener(const TlsListener&) = delete;
  TlsListener& operator=(const TlsListener&) = delete;

  std::uint16_t port() const;
  asio::awaitable<core::Result<std::unique_ptr<Link>>> accept() override;
  void close() override;

 private:
  struct State;
  class Receiving;
  static asio::awaitable<void> receive(Receiving receiving);
  std::shared_ptr<State> state_;
};
}  // namespace seam
