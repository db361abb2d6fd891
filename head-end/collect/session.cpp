#include "head-end/collect/session.hpp"

#include <utility>

#include "core/check.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace headend {
namespace {
constexpr std::size_t read_bytes_max = 16'384;
/// Bytes without a good frame among them after which nobody expects one any more: four longest frames.
constexpr std::uint64_t noise_bytes_max = 4 * gdw3761::frame_bytes_max;
}  // namespace

Session::Session(const Surroundings& surroundings, std::unique_ptr<seam::Link> link)
    : around_(surroundings),
      link_(std::move(link)),
      outbox_(*link_),
      buffer_(read_bytes_max),
      changed_(around_.clock.make_alarm()) {}

void Session::close() {
  if (!is_open_) return;
  is_open_ = false;
  link_->close();
  changed_->ring();
  if (confirmer_) confirmer_->ring();
}

Session::~Session() {
  if (is_creditor_) around_.ingest.forget(*this);
  around_.ingest.statistics.owed -= owed_.size();
}

void Session::tap(bool is_from_field, core::Bytes frame) const {
  if (around_.tap)
    around_.tap(around_.clock.now(), area_ == nullptr ? 0 : area_->file->id, is_from_field, frame);
}

seam::asio::awaitable<void> Session::listen() {
  Instant give_up = around_.clock.now() + login_patience;
  while (is_open_) {
    const auto got = co_await link_->read_some(buffer_, give_up);
    if (!got) {
      if (got.error() == core::Fault::timeout) ++around_.statistics.silent_closes;
      break;
    }
    const auto heard_before = frames_heard_;
    const bool is_worth_hearing = co_await take_in(core::Bytes(buffer_).first(*got));
    if (!is_worth_hearing) {
      ++around_.ingest.statistics.noisy_closes;
      break;
    }
    if (!confirmations_.empty()) co_await confirm_what_was_heard();
    if (is_leaving_) break;
    // Only frames are a sign of life: a byte now and then must not hold a connection for ever.
    if (area_ != nullptr && frames_heard_ != heard_before) give_up = around_.clock.now() + silence_max;
  }
  close();
}

seam::asio::awaitable<bool> Session::take_in(core::Bytes bytes) {
  const bool is_pushing = area_ != nullptr && area_->file->reports;
  if (is_pushing && !around_.ingest.may_go_now(bytes.size()))
    co_await around_.ingest.turn(bytes.size(), turn_bell_);
  const auto heard_before = frames_heard_;
  framer_.feed(bytes, [this](const gdw3761::FrameView& frame) { hear(frame); });
  if (std::exchange(has_reported_, false)) around_.ingest.came();
  if (!owed_.empty() && !std::exchange(is_creditor_, true)) around_.ingest.owe(*this);
  if (record_ != nullptr) {
    const std::uint64_t bad_checksums = framer_.statistics().count(core::Fault::bad_checksum);
    record_->uplink.bad_checksums += bad_checksums - std::exchange(bad_checksums_told_, bad_checksums);
  }
  const std::uint64_t noise = framer_.statistics().noise_bytes;
  if (frames_heard_ != heard_before) noise_forgiven_ = noise;
  co_return noise - noise_forgiven_ <= noise_bytes_max;
}

seam::asio::awaitable<bool> Session::until_logged_in() {
  while (is_open_ && area_ == nullptr) co_await changed_->wait_until(core::never);
  co_return is_open_;
}

seam::asio::awaitable<void> Session::rest_until(Instant deadline) {
  if (is_open_) co_await changed_->wait_until(deadline);
}

bool Session::is_identified_as(gdw3761::TerminalAddress address) const {
  return area_ != nullptr && address.region_code == address_.region_code &&
         address.terminal == address_.terminal;
}

void Session::hear(const gdw3761::FrameView& frame) {
  tap(true, frame.raw);
  ++frames_heard_;
  const bool is_link_message = frame.control.is_up() && frame.afn == gdw3761::Afn::link;
  if (!is_link_message && (!frame.control.is_up() || !is_identified_as(frame.address))) {
    ++around_.statistics.foreign_frames;
    if (record_ != nullptr) ++record_->uplink.foreign;
    return;
  }
  if (is_link_message) hear_link_message(frame);
  if (is_identified_as(frame.address)) record_->heard_last = around_.clock.now();
  if (is_link_message) return;
  if (frame.control.is_initiator() && frame.afn == gdw3761::Afn::event_data) {
    hear_event(frame);
  } else if (frame.control.is_initiator() && area_->file->reports) {
    hear_report(frame);
  } else {
    hear_answer(frame);
  }
}

void Session::hear_report(const gdw3761::FrameView& frame) {
  auto& ingest = around_.ingest;
  has_reported_ = true;
  const bool is_refused = !ingest.admits_next();
  if (is_refused) ++ingest.statistics.frames_refused;
  const bool is_good = !is_refused && ingest.take(*area_, frame).has_value();
  // One who does not ask for a confirmation gets none, and its readings are in the books all the same.
  if (!frame.sequence.must_confirm()) return;
  owed_.push_back({frame.address, frame.sequence.counter(), is_good});
  ++ingest.statistics.owed;
}

void Session::durable() {
  is_creditor_ = false;
  durable_.insert(durable_.end(), owed_.begin(), owed_.end());
  around_.ingest.statistics.owed -= owed_.size();
  owed_.clear();
  if (confirmer_) confirmer_->ring();
}

seam::asio::awaitable<void> Session::confirm_reports() {
  confirmer_ = around_.clock.make_alarm();
  while (is_open_) {
    if (durable_.empty()) co_await confirmer_->wait_until(core::never);
    confirmation_bytes_.clear();
    for (const auto& owed : durable_) {
      const auto frame =
          gdw3761::write_confirm(confirmation_writer_, owed.to, owed.counter, false, owed.is_good);
      tap(false, frame);
      confirmation_bytes_.insert(confirmation_bytes_.end(), frame.begin(), frame.end());
      around_.ingest.statistics.frames_confirmed += owed.is_good ? 1 : 0;
    }
    durable_.clear();
    if (!confirmation_bytes_.empty()) co_await outbox_.send(confirmation_bytes_);
  }
}

void Session::hear_link_message(const gdw3761::FrameView& frame) {
  const auto message = gdw3761::parse_link(frame);
  if (!message) return;
  bool is_good = is_identified_as(frame.address);
  if (message->event == gdw3761::LinkEvent::login && area_ == nullptr) {
    area_ = around_.estate.find(static_cast<std::uint16_t>(gdw3761::region_of(frame.address)),
                                frame.address.terminal);
    is_good = area_ != nullptr && !frame.address.is_group;
    if (!is_good) area_ = nullptr;
    if (is_good) {
      address_ = gdw3761::terminal_address(area_->file->region, area_->file->address);
      record_ = &around_.field.of(area_->file->id);
      ++around_.statistics.logins;
      around_.reception.logged_in(*this);
      changed_->ring();
    }
  }
  if (!is_good) ++around_.statistics.strangers;
  is_leaving_ = is_leaving_ || !is_good || message->event == gdw3761::LinkEvent::logout;
  confirmations_.push_back({frame.address, frame.sequence.counter(), is_good});
}

seam::asio::awaitable<void> Session::confirm_what_was_heard() {
  for (const auto& owed : confirmations_) {
    const auto frame =
        gdw3761::write_confirm(confirmation_writer_, owed.to, owed.counter, false, owed.is_good);
    tap(false, frame);
    co_await outbox_.send(frame);
  }
  confirmations_.clear();
}

void Session::hear_event(const gdw3761::FrameView& frame) {
  ++around_.statistics.event_reports;
  ++record_->uplink.event_reports;
  if (frame.sequence.must_confirm())
    confirmations_.push_back({frame.address, frame.sequence.counter(), /*is_good=*/true});
  if (!std::exchange(has_events_, true)) changed_->ring();
}

void Session::measure(Asked& asked) {
  if (!std::exchange(asked.is_measured, true)) asked.trips->measured(around_.clock.now() - asked.at);
}

/// Nobody waits for it any more; it still tells how long answers take, and frees its counter.
void Session::hear_late(const gdw3761::FrameView& frame, Asked& asked) {
  ++around_.statistics.stale_answers;
  ++around_.statistics.late_answers;
  ++record_->uplink.late;
  measure(asked);
  if (frame.sequence.is_final()) settle(asked);
}

void Session::settle(Asked& asked) {
  asked.is_answered = true;
  for (auto& other : asked_)
    if (other.trips == asked.trips && other.at < asked.at) other.is_overtaken = true;
}

void Session::hear_answer(const gdw3761::FrameView& frame) {
  const Instant now = around_.clock.now();
  Asked& asked = asked_[frame.sequence.counter()];
  if (frame.control.is_initiator() || asked.is_answered) {
    ++around_.statistics.stale_answers;
    ++record_->uplink.stale;
    return;
  }
  const bool is_awaited = question_ != nullptr && !outcome_ && asked.question == question_serial_;
  if (!is_awaited) return hear_late(frame, asked);
  const auto confirm = gdw3761::parse_confirm(frame);
  const Taken taken = confirm && !confirm->is_good ? Taken::refused : question_->take(frame, now);
  if (taken == Taken::not_mine) {
    ++around_.statistics.stale_answers;
    ++record_->uplink.stale;
    return;
  }
  measure(asked);
  if (now > asked.deadline) {
    ++around_.statistics.late_answers;
    ++record_->uplink.late;
  }
  if (taken == Taken::partial) {
    answer_deadline_ = asked.deadline = now + answer_timeout_;
  } else {
    settle(asked);
    const bool is_refused = taken == Taken::refused;
    ++(is_refused ? record_->uplink.denied : record_->uplink.answered);
    around_.statistics.refusals += is_refused ? 1 : 0;
    outcome_ = is_refused ? core::Result<void>(core::Fault::refused) : core::Result<void>();
  }
  changed_->ring();
}

bool Session::take_counter() {
  const Instant now = around_.clock.now();
  constexpr unsigned counters = 16;
  for (unsigned step = 1; step <= counters; ++step) {
    const unsigned next = (counter_ + step) % counters;
    const Asked& asked = asked_[next];
    if (!asked.is_answered && now < asked.at + counter_rest) continue;
    counter_ = next;
    return true;
  }
  const Asked* oldest = nullptr;
  for (const auto& asked : asked_)
    if (asked.is_overtaken && (oldest == nullptr || asked.at < oldest->at)) oldest = &asked;
  if (oldest == nullptr) return false;
  counter_ = static_cast<unsigned>(oldest - asked_.data());
  return true;
}

seam::asio::awaitable<void> Session::attempt(Question& question, const Patience& patience) {
  if (!take_counter()) {
    ++record_->uplink.flushes;
    close();
    co_return;
  }
  const auto frame = question.write(question_writer_, address_, counter_);
  question_ = &question;
  outcome_.reset();
  answer_timeout_ = patience.trips.timeout(patience.timeout);
  const Instant now = around_.clock.now();
  answer_deadline_ = now + answer_timeout_;
  asked_[counter_] = {.at = now,
                      .deadline = answer_deadline_,
                      .question = question_serial_,
                      .trips = &patience.trips,
                      .is_answered = false};
  ++around_.statistics.exchanges;
  ++record_->uplink.asked;
  tap(false, frame);
  co_await outbox_.send(frame);
  while (!outcome_ && is_open_) {
    const auto woken = co_await changed_->wait_until(answer_deadline_);
    if (woken == seam::Woken::at_deadline && around_.clock.now() >= answer_deadline_) break;
  }
  question_ = nullptr;
  if (outcome_ || !is_open_) co_return;
  ++around_.statistics.timeouts;
  ++record_->uplink.timed_out;
}

void Session::note_unanswered(const Patience& patience) {
  patience.trips.unanswered();
  if (patience.attempts == 1) return;  // a frame for a meter: who is silent may be the meter's line
  is_mute_ = true;
  ++record_->unanswered_in_a_row;
}

seam::asio::awaitable<core::Result<void>> Session::ask(Question& question, const Patience& patience) {
  METERTWIN_CHECK(question_ == nullptr, "two questions at once");
  const auto heard_before = frames_heard_;
  ++question_serial_;
  const int attempts = is_mute_ ? 1 : patience.attempts;
  outcome_.reset();
  for (int n = 0; n < attempts && is_open_; ++n) {
    co_await attempt(question, patience);
    if (!outcome_) continue;
    is_mute_ = false;
    record_->unanswered_in_a_row = 0;
    co_return *outcome_;
  }
  if (is_open_) note_unanswered(patience);
  if (is_open_ && attempts > 1 && frames_heard_ == heard_before) {
    ++around_.statistics.silent_closes;
    close();
  }
  co_return is_open_ ? core::Fault::timeout : core::Fault::link_closed;
}
}  // namespace headend
