/// Frames out of a line's byte stream: any number of FE, noise, an echo of one's own request, halves, a
/// trailing FF.
///
/// An echo is a good frame too: the caller tells it by `control.is_from_meter()`. See
/// protocols/stream_framer.hpp for what is promised about resynchronising.
#pragma once
#include "protocols/dlt645/frame.hpp"

namespace dlt645 {
class Framer {
 public:
  /// Appends what arrived; then call `take` until it answers null.
  void feed(core::Bytes bytes) { stream_.feed(bytes); }
  /// The next good frame, or null when more bytes are needed. Valid until the next call.
  const Frame* take() {
    raw_ = stream_.take();
    if (raw_.empty()) return nullptr;
    return decode(raw_, frame_).has_value() ? &frame_ : nullptr;
  }
  /// The bytes of the frame that `take` handed out last, from 68 to 16.
  core::Bytes raw() const { return raw_; }
  /// `visit(const Frame&)` for each good frame that `bytes` completes.
  template <class Visit>
  void feed(core::Bytes bytes, Visit&& visit) {
    stream_.feed(bytes, [&](core::Bytes raw) {
      raw_ = raw;
      if (decode(raw, frame_).has_value()) visit(static_cast<const Frame&>(frame_));
    });
  }
  /// No byte for longer than 500 ms (Tb, DL/T 645-2007 5.3.3), or the attempt's deadline: forget what is
  /// unfinished.
  void silence() { stream_.silence(); }
  bool is_empty() const { return stream_.is_empty(); }
  const framing::FramingStatistics& statistics() const { return stream_.statistics(); }

 private:
  framing::StreamFramer<FrameRule> stream_;
  Frame frame_;
  core::Bytes raw_;
};
}  // namespace dlt645
