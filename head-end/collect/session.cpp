#include "head-end/collect/session.hpp"

#include "core/check.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace headend {
namespace {
constexpr std::size_t read_bytes_max = 8192;
}

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
    framer_.feed(core::Bytes(buffer_).first(*got), [this](const gdw3761::FrameView& frame) { hear(frame); });
    if (!confirmations_.empty()) co_await confirm_what_was_heard();
    if (is_leaving_) break;
    if (area_ != nullptr) give_up = around_.clock.now() + silence_max;
  }
  close();
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
  } else {
    hear_answer(frame);
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
