/// Finds frames in a stream of bytes that also carries noise, echoes, halves and lies.
///
/// A protocol supplies a `Rule`: how long a frame may be and a judgement on "does a frame stand at the front
/// of these bytes?". The hunt is the same for all: every start byte is a candidate; a candidate that fails
/// its checks costs one byte and the search goes on from the next, so a good frame inside bad bytes is never
/// lost. A candidate that still waits for bytes does not hide a complete frame behind it: the earliest
/// complete frame wins, what stood before it is noise. Bounds: memory of two longest frames; every good frame
/// is handed out by the feed that completes it. Errors: counted by Fault, never thrown. Randomness: none.
/// Time: none; see `silence()`.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace framing {
/// What a Rule says of the bytes from one start byte on.
struct Judgement {
  enum class Kind { good, bad, unfinished } kind = Kind::bad;
  std::size_t length =
      0;  ///< good: of the frame; unfinished: how many bytes are needed before it is worth asking again
  core::Fault fault = core::Fault::bad_start;

  static constexpr Judgement good(std::size_t length) { return {Kind::good, length, {}}; }
  static constexpr Judgement bad(core::Fault fault) { return {Kind::bad, 0, fault}; }
  static constexpr Judgement unfinished(std::size_t needed) {
    return {Kind::unfinished, needed, core::Fault::incomplete};
  }
};

struct FramingStatistics {
  std::uint64_t frames = 0;
  std::uint64_t noise_bytes = 0;  ///< bytes that belonged to no frame
  std::array<std::uint32_t, static_cast<std::size_t>(core::Fault::store_failed) + 1>
      faults{};  ///< rejected candidates
  std::uint32_t count(core::Fault fault) const { return faults[static_cast<std::size_t>(fault)]; }
};

/// `Rule` has: start_byte, frame_bytes_max, and `static Judgement judge(core::Bytes from_start_byte)`.
template <class Rule>
class StreamFramer {
 public:
  static constexpr std::size_t buffer_bytes_max = 2 * Rule::frame_bytes_max;

  /// Appends what arrived. More than the bound without a `take` in between drops the oldest bytes, as noise.
  void feed(core::Bytes bytes) {
    if (bytes.size() > buffer_bytes_max) {
      statistics_.noise_bytes += bytes.size() - buffer_bytes_max;
      bytes = bytes.last(buffer_bytes_max);
    }
    const std::size_t held = buffer_.size() - head_;
    if (held + bytes.size() > buffer_bytes_max) drop(held + bytes.size() - buffer_bytes_max);
    compact();
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  }

  /// The next good frame, from its start byte to its end byte; empty when more bytes are needed. Valid until
  /// the next call.
  core::Bytes take() {
    if (buffer_.size() >= complete_at_) {  // a candidate that waited may be complete now: look at all again
      scanned_ = head_;
      complete_at_ = never_complete;
    }
    std::size_t first_pending = scanned_ > head_ ? head_ : buffer_.size();
    for (std::size_t at = next_start(scanned_); at < buffer_.size(); at = next_start(at + 1)) {
      const Judgement judgement = Rule::judge(core::Bytes(buffer_).subspan(at));
      if (judgement.kind == Judgement::Kind::good) return hand_out(at, judgement.length);
      if (judgement.kind == Judgement::Kind::unfinished) {
        first_pending = std::min(first_pending, at);
        complete_at_ = std::min(complete_at_, at + judgement.length);
      } else if (first_pending ==
                 buffer_.size()) {  // behind a pending one it is judged, and counted, again later
        ++statistics_.faults[static_cast<std::size_t>(judgement.fault)];
      }
    }
    statistics_.noise_bytes += first_pending - head_;
    head_ = first_pending;
    scanned_ = buffer_.size();
    return {};
  }

  /// The same in one call, without copying where whole frames arrive: `visit(core::Bytes frame)` for each
  /// good frame.
  template <class Visit>
  void feed(core::Bytes bytes, Visit&& visit) {
    if (head_ == buffer_.size()) bytes = visit_in_place(bytes, visit);
    while (!bytes.empty()) {
      const auto part = bytes.first(std::min(bytes.size(), Rule::frame_bytes_max));
      feed(part);
      bytes = bytes.subspan(part.size());
      for (auto frame = take(); !frame.empty(); frame = take()) visit(frame);
    }
  }

  /// The line has been silent for longer than a pause inside a frame may be: what is unfinished will never be
  /// finished.
  void silence() {
    if (buffer_.size() > head_) ++statistics_.faults[static_cast<std::size_t>(core::Fault::incomplete)];
    drop(buffer_.size() - head_);
  }
  bool is_empty() const { return head_ == buffer_.size(); }
  const FramingStatistics& statistics() const { return statistics_; }

 private:
  static constexpr std::size_t never_complete = static_cast<std::size_t>(-1);

  std::size_t next_start(std::size_t from) const {
    if (from >= buffer_.size()) return buffer_.size();
    const void* found = std::memchr(buffer_.data() + from, Rule::start_byte, buffer_.size() - from);
    return found == nullptr
               ? buffer_.size()
               : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - buffer_.data());
  }
  core::Bytes hand_out(std::size_t at, std::size_t length) {
    ++statistics_.frames;
    statistics_.noise_bytes += at - head_;
    head_ = scanned_ = at + length;
    complete_at_ = never_complete;
    return core::Bytes(buffer_).subspan(at, length);
  }
  void drop(std::size_t count) {
    statistics_.noise_bytes += count;
    head_ += count;
    scanned_ = head_;
    complete_at_ = never_complete;
  }
  void compact() {
    if (head_ == 0) return;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
    scanned_ -= head_;
    if (complete_at_ != never_complete) complete_at_ -= head_;
    head_ = 0;
  }
  /// Whole frames and plain noise at the front of `bytes`; what is left begins with a start byte that is no
  /// frame yet.
  template <class Visit>
  core::Bytes visit_in_place(core::Bytes bytes, Visit& visit) {
    while (!bytes.empty()) {
      if (bytes.front() != Rule::start_byte) {
        ++statistics_.noise_bytes;
        bytes = bytes.subspan(1);
        continue;
      }
      const Judgement judgement = Rule::judge(bytes);
      if (judgement.kind != Judgement::Kind::good) break;
      ++statistics_.frames;
      visit(bytes.first(judgement.length));
      bytes = bytes.subspan(judgement.length);
    }
    return bytes;
  }

  std::vector<std::uint8_t> buffer_;
  std::size_t head_ = 0;     ///< first byte not yet handed out or given up
  std::size_t scanned_ = 0;  ///< every start byte before it has been judged
  std::size_t complete_at_ =
      never_complete;  ///< buffer size at which an unfinished candidate is worth another look
  FramingStatistics statistics_;
};
}  // namespace framing
