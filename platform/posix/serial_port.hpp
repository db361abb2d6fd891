/// Serial lines of the real world: RS-485 adapters, optical heads, and PTYs that stand in for them.
///
/// DL/T 645-2007 lines run at 1200..19200 baud, usually 2400, one start bit, eight data bits, even parity,
/// one stop bit. The port is opened raw (no echo, no translation, no flow control) and exclusively.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/posix/stream_link.hpp"

namespace seam {
enum class Parity { none, even, odd };

struct SerialSettings {
  int baud = 2400;
  int data_bits = 8;  ///< 7 or 8
  Parity parity = Parity::even;
  int stop_bits = 1;  ///< 1 or 2
  bool operator==(const SerialSettings&) const = default;
};

/// "2400,8E1", "9600,8N1", or only the baud rate or only the frame ("8E1"); nothing for anything else.
std::optional<SerialSettings> parse_serial_settings(std::string_view text);

/// Opens e.g. "/dev/ttyUSB0". Throws std::runtime_error with one clear line: no such port, no permission, in
/// use by somebody else, a speed the port does not have. A PTY has neither parity nor exclusive use; that is
/// accepted silently.
std::unique_ptr<Link> open_serial_port(WallClock& clock, const std::string& path,
                                       const SerialSettings& settings);

/// An open file of the operating system, closed at the end of its life.
class OpenFile {
 public:
  explicit OpenFile(int descriptor = -1) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : descriptor_(other.release()) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

/// A PTY in the place of a serial line: `path` opens like a serial port; `field_end` is the wire behind it.
struct PtyLine {
  std::unique_ptr<Link> field_end;
  std::string path;
  OpenFile
      keeper;  ///< keeps the line up while nobody has it open, as a wire stays up while no master listens
};
/// Throws std::runtime_error when the system has no PTY to give.
PtyLine open_pty_line(WallClock& clock);
}  // namespace seam
