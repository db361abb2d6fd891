/// A `Link` over anything the operating system streams bytes through: serial port, PTY, TCP socket, pipe.
///
/// A read that times out loses nothing: bytes are taken from the descriptor into the link's own buffer as
/// they come, and `read_some` takes them from there. At most 64 KiB wait unread; beyond that the sender is
/// held back.
#pragma once
#include <memory>
#include <string>

#include "platform/link.hpp"
#include "platform/posix/wall_clock.hpp"

namespace seam {
/// Takes ownership of an open descriptor that is no socket. The link must die before the clock.
std::unique_ptr<Link> link_over_descriptor(WallClock& clock, int descriptor, std::string peer);
/// Takes ownership of a connected stream socket.
std::unique_ptr<Link> link_over_socket(WallClock& clock, int socket, std::string peer);
}  // namespace seam
