/// An ordered byte stream to the field, which may lose, flip or delay bytes and may end: what the head-end
/// sees of a line.
///
/// The same interface is a serial port, a PTY, a TCP connection, or one end of a simulated line. Frames are
/// not its business.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "platform/clock.hpp"

namespace seam {
class Link {
 public:
  virtual ~Link() = default;
  /// Waits until at least one byte is there, then takes as many as are there and fit. Bytes that arrive
  /// exactly at the deadline are in time. Errors: timeout (nothing came; the link stays usable), link_closed.
  virtual asio::awaitable<core::Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                               Instant deadline) = 0;
  /// Hands all bytes to the line, in order. Errors: link_closed. Returns when accepted, not when transmitted.
  virtual asio::awaitable<core::Result<void>> write(core::Bytes bytes) = 0;
  /// Ends the stream; a pending read completes with link_closed. Idempotent.
  virtual void close() = 0;
  /// Whom it leads to, for logs and reports.
  virtual std::string peer() const = 0;
};

/// Where links come in: a TCP port, or the simulated network.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The next link from the field. Errors: link_closed when the listener was closed.
  virtual asio::awaitable<core::Result<std::unique_ptr<Link>>> accept() = 0;
  virtual void close() = 0;
};
}  // namespace seam
