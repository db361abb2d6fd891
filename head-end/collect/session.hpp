/// One connection of one concentrator (集中器): login, heartbeats, and one question at a time.
///
/// `listen` reads until the stream ends; `ask` belongs to the one coroutine that looks after the
/// concentrator. Answers are matched by address, direction and counter; all others are dropped and counted.
/// An answer to an earlier attempt of the open question is as good as one to the latest. A counter that was
/// not answered rests for `counter_rest`, or until its answer has come, before another question gets it: an
/// answer that is one behind, or sixteen, finds no question. With all counters resting, the oldest is
/// used that a later answer over the same way has overtaken (the stream is ordered and the device answers in
/// turn: that answer was lost); where there is none, the connection is closed, which flushes whatever was
/// under way. Time-outs grow with measured round trips
/// (round_trips.hpp); while a concentrator answers nothing, each question is asked but once.
/// Garbage costs its bytes and nothing else. A connection on which nothing was heard for `silence_max`, or
/// nothing during two or more attempts of a question, is half-open: it is closed, and the concentrator dials
/// again; so is one that brings bytes but no frames. A concentrator that pushes its readings (`reports`) has
/// them booked by `Ingest` in turn, and confirmed by `confirm_reports` once they are durable. Coroutines
/// refer to the session but never own it; it may be destroyed while they are suspended in a dying world.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "head-end/collect/estate.hpp"
#include "head-end/collect/field_records.hpp"
#include "head-end/collect/ingest.hpp"
#include "head-end/collect/outbox.hpp"
#include "head-end/collect/question.hpp"
#include "head-end/collect/talk_statistics.hpp"
#include "head-end/head_end.hpp"

namespace headend {
inline constexpr Duration login_patience = 60s;  ///< a stranger who says nothing for so long is shown out
inline constexpr Duration silence_max = 15min;   ///< three heartbeats of the usual five minutes
/// A TCP stream that has not got its bytes through by then is given up by either end (924 s with the usual
/// fifteen retries, RFC 1122 asks for at least 100 s): no older answer can still be under way in it.
inline constexpr Duration counter_rest = 15min;

class Session;

/// Who is told when a concentrator comes and goes.
class Reception {
 public:
  virtual ~Reception() = default;
  /// A known concentrator has logged in on `session`. An older session of the same concentrator is to be
  /// closed.
  virtual void logged_in(Session& session) = 0;
};

/// How often a question is asked, how long each attempt waits at least, and what its answers teach.
struct Patience {
  int attempts = 1;
  Duration timeout{};
  RoundTrips& trips;
};

class Session final : public Creditor {
 public:
  struct Surroundings {
    seam::Clock& clock;
    const Estate& estate;
    Reception& reception;
    TalkStatistics& statistics;
    const FrameTap& tap;
    Ingest& ingest;
    FieldRecords& field;
  };
  Session(const Surroundings& surroundings, std::unique_ptr<seam::Link> link);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Reads until the link closes, by either side or by silence.
  seam::asio::awaitable<void> listen();
  /// True once logged in; false when the connection ended before.
  seam::asio::awaitable<bool> until_logged_in();
  /// Errors: timeout, refused, link_closed. One question at a time (checked).
  seam::asio::awaitable<core::Result<void>> ask(Question& question, const Patience& patience);
  void close();
  /// Sends what is owed for pushed readings, after each commit that made some durable; until the connection
  /// ends.
  seam::asio::awaitable<void> confirm_reports();
  void durable() override;
  /// Confirmations not yet handed to the line.
  bool owes_anything() const { return !owed_.empty() || !durable_.empty() || outbox_.backlog() > 0; }
  /// For the same coroutine when it has nothing to ask: until `deadline`, a `ring`, or the end of the
  /// connection.
  seam::asio::awaitable<void> rest_until(Instant deadline);
  void ring() { changed_->ring(); }
  /// Has the concentrator reported events since they were taken? However many: they are one reason to ask.
  bool has_events() const { return has_events_; }
  void take_events() { has_events_ = false; }

  bool is_open() const { return is_open_; }
  /// Nothing before login.
  const ConcentratorArea* area() const { return area_; }
  seam::Clock& clock() const { return around_.clock; }
  std::string peer() const { return link_->peer(); }

 private:
  /// What became of the last question with this counter.
  struct Asked {
    Instant at{}, deadline{};
    std::uint64_t question = 0;  ///< its serial number
    RoundTrips* trips = nullptr;
    bool is_measured = false;
    bool is_answered = true;    ///< or never asked: the counter is free
    bool is_overtaken = false;  ///< a later question over the same way has been answered
  };
  struct Confirmation {
    gdw3761::TerminalAddress to;
    unsigned counter;
    bool is_good;
  };
  void hear(const gdw3761::FrameView& frame);
  void hear_link_message(const gdw3761::FrameView& frame);
  bool is_identified_as(gdw3761::TerminalAddress address) const;
  void hear_answer(const gdw3761::FrameView& frame);
  void hear_report(const gdw3761::FrameView& frame);
  void hear_event(const gdw3761::FrameView& frame);
  void hear_late(const gdw3761::FrameView& frame, Asked& asked);
  void measure(Asked& asked);
  void settle(Asked& asked);
  /// Takes the next counter that nothing is owed to; false when there is none.
  bool take_counter();
  seam::asio::awaitable<void> attempt(Question& question, const Patience& patience);
  void note_unanswered(const Patience& patience);
  /// Takes in what was read, in turn where readings are pushed. False: the connection brings nothing but
  /// noise.
  seam::asio::awaitable<bool> take_in(core::Bytes bytes);
  seam::asio::awaitable<void> confirm_what_was_heard();
  void tap(bool is_from_field, core::Bytes frame) const;

  Surroundings around_;
  std::unique_ptr<seam::Link> link_;
  Outbox outbox_;
  gdw3761::Framer framer_;
  gdw3761::FrameWriter question_writer_, confirmation_writer_;
  std::vector<std::uint8_t> buffer_;
  std::vector<Confirmation> confirmations_;  ///< owed for what was heard in this read
  const ConcentratorArea* area_ = nullptr;
  gdw3761::TerminalAddress address_;
  bool is_open_ = true;
  bool is_leaving_ = false;  ///< close when the confirmations are out

  std::unique_ptr<seam::Alarm> changed_;  ///< rung when an answer, a login, news or the end has come
  Question* question_ = nullptr;
  CollectorRecord* record_ = nullptr;  ///< ours, from login on
  std::array<Asked, 16> asked_{};      ///< by counter
  std::uint64_t question_serial_ = 0;
  unsigned counter_ = 0;  ///< of the latest attempt
  Instant answer_deadline_{};
  Duration answer_timeout_{};
  std::optional<core::Result<void>> outcome_;
  std::uint64_t frames_heard_ = 0;
  std::uint64_t noise_forgiven_ = 0;  ///< noise bytes up to the last good frame
  std::uint64_t bad_checksums_told_ = 0;
  bool has_events_ = false;
  bool is_mute_ = false;  ///< the last question was asked in vain as often as it may be

  // Of a concentrator that pushes.
  std::unique_ptr<seam::Alarm> turn_bell_;    ///< made when first needed
  std::unique_ptr<seam::Alarm> confirmer_;    ///< rung when confirmations are due, and at the end
  std::vector<Confirmation> owed_, durable_;  ///< waiting for the commit; to be sent
  std::vector<std::uint8_t> confirmation_bytes_;
  bool is_creditor_ = false;
  bool has_reported_ = false;  ///< in this read
};
}  // namespace headend
