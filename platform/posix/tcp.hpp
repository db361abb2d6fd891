/// TCP: concentrators that dial in, counters and third parties that connect.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/posix/stream_link.hpp"

namespace seam {
class TcpListener final : public Listener {
 public:
  /// Port 0 takes a free one. Throws std::runtime_error with one clear line when the port is taken or not
  /// allowed.
  TcpListener(WallClock& clock, const std::string& address, std::uint16_t port);
  ~TcpListener() override;
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  std::uint16_t port() const;
  asio::awaitable<core::Result<std::unique_ptr<Link>>> accept() override;
  void close() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Opens, binds and listens. Throws as the constructor above; for listeners of other kinds.
void open_acceptor(asio::ip::tcp::acceptor& acceptor, const std::string& address, std::uint16_t port);

/// Connects to `host` (a name or an address). Errors: link_closed (refused, unknown name), timeout.
asio::awaitable<core::Result<std::unique_ptr<Link>>> connect_tcp(WallClock& clock, std::string host,
                                                                 std::uint16_t port, Instant deadline);
}  // namespace seam
