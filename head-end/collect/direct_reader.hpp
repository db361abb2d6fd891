/// Reads one meter over a line that carries bare DL/T 645-2007: an RS-485 port, a PTY, one end of a simulated
/// pair.
///
/// What `metertwin read` and acceptance tests use; compiled once for virtual time and for the wall. Sends
/// with FE lead-in, skips an echo of its own request, hunts over garbage, drops answers of other meters and
/// to other questions, joins follow-up frames. Errors: timeout (after all attempts), refused, no_data (the
/// meter has no such item), link_closed, bad_field (follow-up frames out of order, or too many). Randomness:
/// none. Time: the clock it is given.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "platform/link.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/catalogue.hpp"
#include "protocols/dlt645/framer.hpp"

namespace headend {
using namespace std::chrono_literals;

struct DirectReadOptions {
  /// From the request to the answer's last byte: 500 ms for the meter, 212 bytes at 2400 baud 1 s, and our
  /// own request.
  core::Duration answer_timeout = 2s;
  core::Duration byte_pause_max = 500ms;  ///< inside a frame; DL/T 645-2007 5.3.3
  int attempts = 3;
  std::size_t lead_in = dlt645::lead_in_bytes_usual;
};

struct DirectReading {
  core::MeterAddress from;  ///< who answered: matters when wildcards were asked
  dlt645::DataIdentifier item;
  std::vector<std::uint8_t> bytes;    ///< the value as sent, 33H taken off, follow-up frames joined
  std::string name;                   ///< empty for an identifier that the catalogue does not know
  std::vector<dlt645::Value> values;  ///< empty likewise, or when the bytes do not fit the catalogue
};

struct DirectReadStatistics {
  std::uint64_t requests = 0, timeouts = 0, echoes = 0, foreign_answers = 0;
};

class DirectReader {
 public:
  /// Both must outlive the reader.
  DirectReader(seam::Clock& clock, seam::Link& link, DirectReadOptions options = {});

  /// `meter` may have wildcards when it is alone on the line.
  seam::asio::awaitable<core::Result<DirectReading>> read(dlt645::AddressPattern meter,
                                                          dlt645::DataIdentifier item);
  /// 13H: the address of the only meter on the line.
  seam::asio::awaitable<core::Result<core::MeterAddress>> read_address();

  /// The reasons of the last refusal.
  std::optional<dlt645::Refusal> last_refusal() const { return last_refusal_; }
  const DirectReadStatistics& statistics() const { return statistics_; }
  const framing::FramingStatistics& framing() const { return framer_.statistics(); }

 private:
  enum class Fits { yes, no, is_echo };
  struct Expectation {
    dlt645::AddressPattern meter;
    dlt645::Function function;
    std::optional<dlt645::DataIdentifier> item;
    std::uint8_t sequence = 0;  ///< of a follow-up answer
  };
  Fits fits(const dlt645::Frame& frame, const Expectation& expected) const;
  /// Sends and waits, `attempts` times. The frame is the reader's, valid until the next exchange.
  seam::asio::awaitable<core::Result<void>> exchange(const dlt645::Wire& request,
                                                     const Expectation& expected);
  seam::asio::awaitable<core::Result<void>> await_answer(const Expectation& expected);
  seam::asio::awaitable<void> drop_what_is_late();

  seam::Clock& clock_;
  seam::Link& link_;
  DirectReadOptions options_;
  dlt645::Framer framer_;
  dlt645::Frame answer_;
  std::optional<dlt645::Refusal> last_refusal_;
  DirectReadStatistics statistics_;
};
}  // namespace headend
