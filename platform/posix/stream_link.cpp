#include "platform/posix/stream_link.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "platform/posix/stream_link_over.hpp"

namespace seam {
std::unique_ptr<Link> link_over_descriptor(WallClock& clock, int descriptor, std::string peer) {
  using Stream = asio::posix::stream_descriptor;
  return std::make_unique<StreamLink<Stream>>(clock, Stream(clock.context(), descriptor), std::move(peer));
}

std::unique_ptr<Link> link_over_socket(WallClock& clock, int socket, std::string peer) {
  // The family only matters for opening and naming; the socket is open already. Asio's sockets send without
  // SIGPIPE.
  using Stream = asio::generic::stream_protocol::socket;
  const asio::generic::stream_protocol protocol(AF_UNSPEC, 0);
  return std::make_unique<StreamLink<Stream>>(clock, Stream(clock.context(), protocol, socket),
                                              std::move(peer));
}
}  // namespace seam
