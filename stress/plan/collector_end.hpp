/// One collector's end of its connection: greets, reports, answers the head-end, remembers what was
/// confirmed.
///
/// A concentrator logs in, answers archive, clock and forwarded commands, and pushes curve reports; a manager
/// says who it is and writes registers (docs/wire/uploads.md). Offers that cannot leave now (no connection,
/// fifteen unconfirmed frames, a full line, a pause after a refusal) wait, sixteen at most, and leave in
/// order as soon as they can. Pure: bytes and instants in, bytes and instants out. Memory: below one kB.
/// Errors: garbage costs its bytes (a manager's connection: itself); all is counted in the tally.
#pragma once
#include <array>
#include <utility>

#include "protocols/gdw3761/frame.hpp"
#include "stress/fleet/abnormal.hpp"
#include "stress/fleet/delivery.hpp"
#include "stress/fleet/meter_voice.hpp"
#include "stress/plan/lines.hpp"
#include "stress/plan/tally.hpp"

namespace stress {
/// What the collectors of a flood share.
struct FieldDesk {
  Lines& lines;
  Tally& tally;
  ReportWriter& writer;
  Relays& relays;
  std::size_t send_bytes_max = 65'536;
  std::uint64_t greeted = 0;            ///< collectors that are greeted now
  std::uint64_t commands_answered = 0;  ///< frames forwarded to meters
};

class CollectorEnd {
 public:
  static constexpr std::size_t waiting_max = 16;

  CollectorEnd(const CollectorPlan& plan, LineId line) : plan_(plan), line_(line) {}

  void opened(FieldDesk& desk, Instant now);
  void ended(FieldDesk& desk);
  void heard(FieldDesk& desk, Instant now, core::Bytes bytes);

  /// An intended event: it is sent, waits, or is held back.
  void offer(FieldDesk& desk, Instant now, Instant intended);
  void put_abnormal(FieldDesk& desk, Instant now, AbnormalKind kind, std::uint64_t event);
  /// Sends what waits, as far as it can.
  void pump(FieldDesk& desk, Instant now);
  /// What waits will not be sent any more: held back.
  void give_up_waiting(FieldDesk& desk);
  /// While draining: frames that must be sent again are, without an intended event.
  void resend(FieldDesk& desk, Instant now);
  void heartbeat(FieldDesk& desk, Instant now);

  bool is_greeted() const { return is_greeted_; }
  /// Nothing in flight, nothing waiting: hanging up now loses nothing.
  bool is_at_rest() const { return is_greeted_ && delivery_.in_flight() == 0 && waiting_ == 0; }
  bool is_waiting() const { return waiting_ > 0; }
  /// Refused just now: silent until then. The flood calls `pump` at that instant.
  Instant silent_until() const { return silent_until_; }
  void be_silent_until(Instant until) { silent_until_ = until; }
  /// A report was refused since the last call.
  bool take_was_refused() { return std::exchange(was_refused_, false); }
  /// The collector hangs up on its own and will dial again at once.
  void note_hang_up() { is_hanging_up_ = true; }
  bool take_hang_up() { return std::exchange(is_hanging_up_, false); }
  Instant last_said() const { return last_said_; }
  /// Since when the oldest frame in flight is unanswered; `core::never` when none is.
  Instant unanswered_since() const;
  const CollectorPlan& plan() const { return plan_; }
  const Delivery& delivery() const { return delivery_; }
  LineId line() const { return line_; }

 private:
  static constexpr std::size_t modbus_bytes_max = 32;
  bool can_send(const FieldDesk& desk, Instant now) const;
  /// `is_prompt`: the offer did not have to wait, so the time until it is written is the generator's own
  /// slip.
  void send_report(FieldDesk& desk, Instant now, Instant intended, bool is_prompt);
  void greet(FieldDesk& desk, Instant now);
  void hear_concentrator(FieldDesk& desk, Instant now, const gdw3761::FrameView& frame);
  void hear_manager(FieldDesk& desk, Instant now, core::Bytes bytes);
  void settle(FieldDesk& desk, Instant now, std::uint16_t tag, bool is_confirmed, const char* refusal);
  void answer_forwarded(FieldDesk& desk, const gdw3761::FrameView& frame);
  std::uint16_t take_tag() {
    return plan_.is_manager ? next_tag_++ : static_cast<std::uint16_t>(next_tag_++ & 15u);
  }
  std::uint32_t readings_next(const FieldDesk& desk) const;

  CollectorPlan plan_;
  LineId line_;
  Delivery delivery_;
  gdw3761::Framer framer_;
  core::ByteBuffer<modbus_bytes_max> modbus_pending_;
  std::array<Instant, waiting_max> intended_{};
  std::uint8_t first_waiting_ = 0, waiting_ = 0;
  std::uint16_t next_tag_ = 0;
  bool is_greeted_ = false, was_refused_ = false, is_hanging_up_ = false;
  Instant silent_until_ = Instant::min(), last_said_ = Instant::min();
};
}  // namespace stress
