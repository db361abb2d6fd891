/// What one collector has sent, what was confirmed of it, and what it must send again: exactly, in a few
/// bytes.
///
/// Its frames are numbered from 0 in the order in which they are made; a frame's number says which readings
/// it holds, so nothing is kept to send it again. Confirmed are all frames before the frontier and those
/// marked in a bitmap of the 64 behind it. At most fifteen frames are unconfirmed on a connection
/// (docs/wire/uploads.md); answers keep the order of the frames, so an answer to a later frame shows that an
/// earlier one was left out. Pure, no allocation. Errors: counted by the caller from what `answered` says.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "core/instant.hpp"

namespace stress {
/// What an entry in flight is about.
enum class Sent : std::uint8_t {
  nothing,
  greeting,        ///< login, or the identification of a manager; heartbeats too
  report,          ///< well-formed readings
  confirmable,     ///< abnormal, but the protocol says it is answered: judged and written down
  not_answerable,  ///< abnormal, and nobody can know whose it is: an answer is wrong
};

struct InFlight {
  core::Instant intended;   ///< open loop: when it was due to be sent
  std::uint32_t frame = 0;  ///< of a report
  std::uint16_t tag = 0;    ///< what the answer repeats: counter of sixteen, or transaction
  std::uint16_t readings = 0;
  Sent what = Sent::nothing;
};

class Delivery {
 public:
  static constexpr std::size_t in_flight_max = 15;
  static constexpr std::uint32_t window = 64;

  /// The number of the next frame to send: one that must be sent again, or a new one. Nothing while fifteen
  /// are unconfirmed or the oldest unconfirmed is 64 frames back.
  std::optional<std::uint32_t> next() const;
  bool has_room() const { return count_ < in_flight_max; }
  /// Range: has_room(); a report's frame is what `next` said (checked).
  void sent(const InFlight& entry);

  /// The entry that an answer with `tag` is about; it and those before it leave the flight. Its `what` is
  /// `nothing` when no entry has this tag. Reports before it should have been answered first:
  /// `passed_over(const InFlight&)` for each, and they are sent again.
  template <class PassedOver>
  InFlight answered(std::uint16_t tag, bool is_confirmed, PassedOver&& passed_over) {
    if (!has_in_flight(tag)) return {};
    InFlight entry = take_front();
    for (; entry.tag != tag; entry = take_front()) {
      if (entry.what != Sent::report) continue;
      note_again(entry.frame);
      passed_over(static_cast<const InFlight&>(entry));
    }
    if (entry.what == Sent::report && is_confirmed) note_confirmed(entry.frame);
    if (entry.what == Sent::report && !is_confirmed) note_again(entry.frame);
    return entry;
  }
  /// The connection ended: `visit(const InFlight&)` for each entry, oldest first; reports among them are sent
  /// again.
  template <class Visit>
  void lost(Visit&& visit) {
    while (count_ > 0) {
      const InFlight entry = take_front();
      if (entry.what == Sent::report) note_again(entry.frame);
      visit(entry);
    }
  }
  /// Entries that will never be answered make room when nothing else is in flight before them. Not before
  /// room is wanted: until then a wrong answer to them is recognised.
  void forget_leading_unanswerable();

  bool is_confirmed(std::uint32_t frame) const {
    if (frame < frontier_) return true;
    const std::uint32_t behind = frame - frontier_;
    return behind < window && (confirmed_ >> behind & 1) != 0;
  }
  /// Frames 0 .. made() - 1 were on the wire at least once.
  std::uint32_t made() const { return next_; }
  /// Every frame before it is confirmed; it is not.
  std::uint32_t frontier() const { return frontier_; }
  /// Frames that were on the wire and are not confirmed.
  std::uint32_t unconfirmed() const;
  std::size_t in_flight() const { return count_; }
  /// The oldest entry that is still to be answered; null when there is none.
  const InFlight* oldest_answerable() const;
  bool has_in_flight(std::uint16_t tag) const;

 private:
  InFlight take_front();
  void note_confirmed(std::uint32_t frame);
  void note_again(std::uint32_t frame) { again_ |= std::uint64_t{1} << (frame - frontier_); }

  std::uint32_t frontier_ = 0;
  std::uint32_t next_ = 0;
  std::uint64_t confirmed_ = 0;  ///< bit i: frame frontier_ + i; bit 0 is never set
  std::uint64_t again_ = 0;      ///< bit i: to be sent again
  std::array<InFlight, 16> flight_{};
  std::uint8_t first_ = 0, count_ = 0;
};
}  // namespace stress
