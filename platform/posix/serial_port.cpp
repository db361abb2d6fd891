#include "platform/posix/serial_port.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace seam {
namespace {
[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

struct Speed {
  int baud;
  speed_t code;
};
constexpr std::array<Speed, 10> speeds{{{300, B300},
                                        {600, B600},
                                        {1200, B1200},
                                        {2400, B2400},
                                        {4800, B4800},
                                        {9600, B9600},
                                        {19200, B19200},
                                        {38400, B38400},
                                        {57600, B57600},
                                        {115200, B115200}}};

const Speed* speed_of(int baud) {
  for (const Speed& speed : speeds)
    if (speed.baud == baud) return &speed;
  return nullptr;
}

/// Linux gives PTY ends the name /dev/pts/N; they have no parity, no data bits and no line to set them on.
bool is_pty(int descriptor) {
  std::array<char, 64> name{};
  return ::ttyname_r(descriptor, name.data(), name.size()) == 0 &&
         std::strncmp(name.data(), "/dev/pts/", 9) == 0;
}

termios raw_settings(const termios& present, const SerialSettings& settings, speed_t speed) {
  termios wanted = present;
  cfmakeraw(&wanted);
  wanted.c_cflag |= CLOCAL | CREAD;
  wanted.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  wanted.c_cflag |= settings.data_bits == 7 ? CS7 : CS8;
  if (settings.parity != Parity::none) wanted.c_cflag |= PARENB;
  if (settings.parity == Parity::odd) wanted.c_cflag |= PARODD;
  if (settings.stop_bits == 2) wanted.c_cflag |= CSTOPB;
  wanted.c_cc[VMIN] = 1;
  wanted.c_cc[VTIME] = 0;
  cfsetispeed(&wanted, speed);
  cfsetospeed(&wanted, speed);
  return wanted;
}

void set_up(int port, const std::string& path, const SerialSettings& settings) {
  const Speed* speed = speed_of(settings.baud);
  if (speed == nullptr) throw std::runtime_error(path + ": no such speed: " + std::to_string(settings.baud));
  termios present{};
  if (::tcgetattr(port, &present) != 0) fail(path + " is not a serial port");
  const SerialSettings plain{settings.baud, 8, Parity::none, settings.stop_bits};
  const termios wanted = raw_settings(present, is_pty(port) ? plain : settings, speed->code);
  if (::tcsetattr(port, TCSANOW, &wanted) != 0) fail("cannot set up " + path);
  // tcsetattr succeeds when it could set anything at all: ask what became of it.
  termios got{};
  constexpr tcflag_t frame = CSIZE | PARENB | PARODD | CSTOPB;
  if (::tcgetattr(port, &got) != 0) fail("cannot set up " + path);
  if (cfgetospeed(&got) != speed->code || (got.c_cflag & frame) != (wanted.c_cflag & frame))
    throw std::runtime_error(path + " does not take the speed, parity or bits that were asked for");
}
}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::optional<SerialSettings> parse_serial_settings(std::string_view text) {
  SerialSettings settings;
  const auto comma = text.find(',');
  std::string_view baud = text.substr(0, comma);
  std::string_view frame = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  if (comma == std::string_view::npos && text.size() == 3 && (text[1] < '0' || text[1] > '9'))
    std::swap(baud, frame);
  if (comma != std::string_view::npos && (baud.empty() || frame.empty())) return std::nullopt;
  if (!baud.empty()) {
    const auto [end, error] = std::from_chars(baud.data(), baud.data() + baud.size(), settings.baud);
    if (error != std::errc() || end != baud.data() + baud.size() || speed_of(settings.baud) == nullptr)
      return std::nullopt;
  }
  if (!frame.empty()) {
    if (frame.size() != 3 || (frame[0] != '7' && frame[0] != '8') || (frame[2] != '1' && frame[2] != '2'))
      return std::nullopt;
    settings.data_bits = frame[0] - '0';
    settings.stop_bits = frame[2] - '0';
    switch (frame[1]) {
      case 'N':
        settings.parity = Parity::none;
        break;
      case 'E':
        settings.parity = Parity::even;
        break;
      case 'O':
        settings.parity = Parity::odd;
        break;
      default:
        return std::nullopt;
    }
  }
  if (baud.empty() && frame.empty()) return std::nullopt;
  return settings;
}

std::unique_ptr<Link> open_serial_port(WallClock& clock, const std::string& path,
                                       const SerialSettings& settings) {
  // Not blocking: a port without carrier would otherwise wait for it in open().
  OpenFile port(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (port.get() < 0) fail(errno == EBUSY ? path + " is in use" : "cannot open " + path);
  set_up(port.get(), path, settings);
  // Not on a PTY: there the mark stays until its keeper closes, and would lock out the next user.
  if (!is_pty(port.get()) && ::ioctl(port.get(), TIOCEXCL) != 0) fail("cannot have " + path + " alone");
  return link_over_descriptor(clock, port.release(), path);
}

PtyLine open_pty_line(WallClock& clock) {
  OpenFile wire(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (wire.get() < 0 || ::grantpt(wire.get()) != 0 || ::unlockpt(wire.get()) != 0) fail("cannot open a PTY");
  std::array<char, 64> name{};
  if (::ptsname_r(wire.get(), name.data(), name.size()) != 0) fail("cannot name a PTY");
  const std::string path = name.data();
  OpenFile keeper(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (keeper.get() < 0) fail("cannot open " + path);
  set_up(keeper.get(), path, {});
  PtyLine line;
  line.field_end = link_over_descriptor(clock, wire.release(), path + " (field)");
  line.path = path;
  line.keeper = std::move(keeper);
  return line;
}
}  // namespace seam
