/// One thing to ask a concentrator, and what to make of its answer.
///
/// `Session::ask` sends `write` with a fresh counter for each attempt and offers to `take` only frames that
/// came from the asked concentrator with this attempt's counter, so an answer to an earlier question never
/// reaches a later one. A question decodes in place: the frame's spans are valid only during `take`.
#pragma once
#include "head-end/configuration.hpp"
#include "protocols/gdw3761/writer.hpp"

namespace headend {
enum class Taken {
  complete,  ///< the answer is here
  partial,   ///< a part of it; more frames follow
  not_mine,  ///< about something else: dropped and counted, the wait goes on
  refused,   ///< the far side says no
};

class Question {
 public:
  virtual ~Question() = default;
  virtual core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                            unsigned counter) const = 0;
  virtual Taken take(const gdw3761::FrameView& answer, Instant now) = 0;
};
}  // namespace headend
