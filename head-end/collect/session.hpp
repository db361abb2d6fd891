/// One connection of one concentrator (集中器): login, heartbeats, and one question at a time.
///
/// `listen` reads until the stream ends; `ask` belongs to the one coroutine that looks after the
/// concentrator. Answers are matched by address, direction and counter; all others are dropped and counted.
/// Garbage costs its bytes and nothing else. A connection on which nothing was heard for `silence_max`, or
/// nothing during two or more attempts of a question, is half-open: it is closed, and the concentrator dials
/// again; so is one that brings bytes but no frames. A concentrator that pushes its readings (`reports`) has
/// them booked by `Ingest` in turn, and confirmed by `confirm_reports` once they are durable. Coroutines
/// refer to the session but never own it; it may be destroyed while they are suspended in a dying world.
#pragma once
#include <memory>
#include <vector>

#include "head-end/collect/estate.hpp"
#include "head-end/collect/ingest.hpp"
#include "head-end/collect/outbox.hpp"
#include "head-end/collect/question.hpp"
#include "head-end/collect/talk_statistics.hpp"
#include "head-end/head_end.hpp"

namespace headend {
inline constexpr Duration login_patience = 60s;  ///< a stranger who says nothing for so long is shown out
inline constexpr Duration silence_max = 15min;   ///< three heartbeats of the usual five minutes

class Session;

/// Who is told when a concentrator comes and goes.
class Reception {
 public:
  virtual ~Reception() = default;
  /// A known concentrator has logged in on `session`. An older session of the same concentrator is to be
  /// closed.
  virtual void logged_in(Session& session) = 0;
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
  };
  Session(const Surroundings& surroundings, std::unique_ptr<seam::Link> link);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Reads until the link closes, by either side or by silence.
  seam::asio::awaitable<void> listen();
  /// True once logged in; false when the connection ended before.
  seam::asio::awaitable<bool> until_logged_in();
  /// Up to `attempts` times, each waiting `timeout`. Errors: timeout, refused, link_closed. One question at a
  /// time (checked).
  seam::asio::awaitable<core::Result<void>> ask(Question& question, int attempts, Duration timeout);
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

  bool is_open() const { return is_open_; }
  /// Nothing before login.
  const ConcentratorArea* area() const { return area_; }
  seam::Clock& clock() const { return around_.clock; }

 private:
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
  unsigned counter_ = 0;  ///< of the open question
  Instant answer_deadline_{};
  Duration answer_timeout_{};
  std::optional<core::Result<void>> outcome_;
  std::uint64_t frames_heard_ = 0;
  std::uint64_t noise_forgiven_ = 0;  ///< noise bytes up to the last good frame

  // Of a concentrator that pushes.
  std::unique_ptr<seam::Alarm> turn_bell_;    ///< made when first needed
  std::unique_ptr<seam::Alarm> confirmer_;    ///< rung when confirmations are due, and at the end
  std::vector<Confirmation> owed_, durable_;  ///< waiting for the commit; to be sent
  std::vector<std::uint8_t> confirmation_bytes_;
  bool is_creditor_ = false;
  bool has_reported_ = false;  ///< in this read
};
}  // namespace headend
