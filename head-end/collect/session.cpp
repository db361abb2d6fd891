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
  if (!frame.control.is_up()) {
    ++around_.statistics.foreign_frames;
  } else if (frame.afn == gdw3761::Afn::link) {
    hear_link_message(frame);
  } else if (!is_identified_as(frame.address)) {
    ++around_.statistics.foreign_frames;
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

void Session::hear_answer(const gdw3761::FrameView& frame) {
  const bool is_awaited = question_ != nullptr && !outcome_ && !frame.control.is_initiator() &&
                          frame.sequence.counter() == counter_;
  if (!is_awaited) {
    ++around_.statistics.stale_answers;
    return;
  }
  const auto confirm = gdw3761::parse_confirm(frame);
  const Taken taken =
      confirm && !confirm->is_good ? Taken::refused : question_->take(frame, around_.clock.now());
  switch (taken) {
    case Taken::not_mine:
      ++around_.statistics.stale_answers;
      return;
    case Taken::partial:
      answer_deadline_ = around_.clock.now() + answer_timeout_;
      break;
    case Taken::complete:
      outcome_ = core::Result<void>();
      break;
    case Taken::refused:
      ++around_.statistics.refusals;
      outcome_ = core::Result<void>(core::Fault::refused);
      break;
  }
  changed_->ring();
}

seam::asio::awaitable<core::Result<void>> Session::ask(Question& question, int attempts, Duration timeout) {
  METERTWIN_CHECK(question_ == nullptr, "two questions at once");
  const auto heard_before = frames_heard_;
  for (int attempt = 0; attempt < attempts && is_open_; ++attempt) {
    counter_ = (counter_ + 1) % 16;
    const auto frame = question.write(question_writer_, address_, counter_);
    question_ = &question;
    outcome_.reset();
    answer_timeout_ = timeout;
    answer_deadline_ = around_.clock.now() + timeout;
    ++around_.statistics.exchanges;
    tap(false, frame);
    co_await outbox_.send(frame);
    while (!outcome_ && is_open_) {
      const auto woken = co_await changed_->wait_until(answer_deadline_);
      if (woken == seam::Woken::at_deadline && around_.clock.now() >= answer_deadline_) break;
    }
    question_ = nullptr;
    if (outcome_) co_return *outcome_;
    if (is_open_) ++around_.statistics.timeouts;
  }
  if (is_open_ && attempts > 1 && frames_heard_ == heard_before) {
    ++around_.statistics.silent_closes;
    close();
  }
  co_return is_open_ ? core::Fault::timeout : core::Fault::link_closed;
}
}  // namespace headend
