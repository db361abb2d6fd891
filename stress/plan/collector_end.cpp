#include "stress/plan/collector_end.hpp"

#include <algorithm>

#include "protocols/gdw3761/messages.hpp"
#include "protocols/modbus/tcp.hpp"

namespace stress {
namespace {
/// Exceptions that say "not now": 6. All others say that something is wrong with the upload itself.
constexpr auto overload = modbus::tcp::Exception::device_busy;
constexpr std::size_t answer_bytes_max = 12;
}  // namespace

bool CollectorEnd::can_send(const FieldDesk& desk, Instant now) const {
  return is_greeted_ && now >= silent_until_ && desk.lines.is_open(line_) &&
         desk.lines.unsent_bytes(line_) < desk.send_bytes_max && delivery_.next().has_value();
}

std::uint32_t CollectorEnd::readings_next(const FieldDesk& desk) const {
  return desk.writer.part_of(plan_, delivery_.next().value_or(delivery_.made())).points;
}

void CollectorEnd::opened(FieldDesk& desk, Instant now) {
  framer_ = {};
  modbus_pending_.clear();
  greet(desk, now);
}

void CollectorEnd::greet(FieldDesk& desk, Instant now) {
  InFlight entry;
  entry.intended = now;
  entry.tag = take_tag();
  entry.what = Sent::greeting;
  desk.writer.put_login(plan_, entry.tag, desk.lines.out(line_));
  delivery_.sent(entry);
  last_said_ = now;
}

void CollectorEnd::ended(FieldDesk& desk) {
  if (is_greeted_) --desk.greeted;
  is_greeted_ = false;
  delivery_.lost([&](const InFlight& entry) {
    if (entry.what == Sent::report) desk.tally.unanswered(entry, "connection ended");
  });
}

void CollectorEnd::offer(FieldDesk& desk, Instant now, Instant intended) {
  if (waiting_ > 0) pump(desk, now);
  if (!delivery_.has_room()) delivery_.forget_leading_unanswerable();
  if (waiting_ == 0 && can_send(desk, now)) {
    send_report(desk, now, intended, true);
    return;
  }
  desk.tally.slipped(now - intended);
  if (waiting_ == waiting_max) {
    desk.tally.held_back(readings_next(desk));
    return;
  }
  intended_[(first_waiting_ + waiting_) % waiting_max] = intended;
  ++waiting_;
}

void CollectorEnd::send_report(FieldDesk& desk, Instant now, Instant intended, bool is_prompt) {
  InFlight entry;
  entry.intended = intended;
  entry.frame = *delivery_.next();
  entry.tag = take_tag();
  entry.what = Sent::report;
  entry.readings = static_cast<std::uint16_t>(
      desk.writer.put_report(plan_, entry.frame, entry.tag, desk.lines.out(line_)));
  delivery_.sent(entry);
  desk.tally.sent(entry);
  if (is_prompt) desk.lines.note_fresh(line_, intended);
  last_said_ = now;
}

void CollectorEnd::pump(FieldDesk& desk, Instant now) {
  while (waiting_ > 0 && can_send(desk, now)) {
    const Instant intended = intended_[first_waiting_];
    first_waiting_ = static_cast<std::uint8_t>((first_waiting_ + 1) % waiting_max);
    --waiting_;
    send_report(desk, now, intended, false);
  }
}

void CollectorEnd::give_up_waiting(FieldDesk& desk) {
  for (; waiting_ > 0; --waiting_) desk.tally.held_back(readings_next(desk));
}

void CollectorEnd::resend(FieldDesk& desk, Instant now) {
  while (can_send(desk, now) && *delivery_.next() < delivery_.made()) send_report(desk, now, now, false);
}

void CollectorEnd::heartbeat(FieldDesk& desk, Instant now) {
  if (!is_greeted_ || plan_.is_manager || !delivery_.has_room()) return;
  InFlight entry;
  entry.intended = now;
  entry.tag = take_tag();
  entry.what = Sent::greeting;
  desk.writer.put_heartbeat(plan_, entry.tag, desk.lines.out(line_));
  delivery_.sent(entry);
  last_said_ = now;
}

void CollectorEnd::put_abnormal(FieldDesk& desk, Instant now, AbnormalKind kind, std::uint64_t event) {
  if (!delivery_.has_room()) delivery_.forget_leading_unanswerable();
  if (plan_.is_manager || !can_send(desk, now)) return;
  std::uint32_t frame = delivery_.made();
  // What a meter's very first reading may be nobody can judge: a huge one would be the truth from then on.
  if (kind == AbnormalKind::huge_value && delivery_.frontier() < desk.writer.parts_of(plan_)) return;
  if (kind == AbnormalKind::replay) {
    if (delivery_.frontier() == 0) return;  // nothing was confirmed yet that could come again
    frame = delivery_.frontier() - 1;
  }
  InFlight entry;
  entry.intended = now;
  entry.tag = take_tag();
  entry.what = is_answerable(kind) ? Sent::confirmable : Sent::not_answerable;
  stress::put_abnormal(kind, desk.writer, plan_, frame, entry.tag, event, desk.lines.out(line_));
  delivery_.sent(entry);
  ++desk.tally.record().abnormal_sent[std::string(name_of(kind))];
}

Instant CollectorEnd::unanswered_since() const {
  const InFlight* const oldest = delivery_.oldest_answerable();
  return oldest == nullptr ? core::never : oldest->intended;
}

void CollectorEnd::settle(FieldDesk& desk, Instant now, std::uint16_t tag, bool is_confirmed,
                          const char* refusal) {
  const InFlight answered = delivery_.answered(
      tag, is_confirmed, [&](const InFlight& entry) { desk.tally.unanswered(entry, "passed over"); });
  switch (answered.what) {
    case Sent::greeting:
      if (is_confirmed && !is_greeted_) ++desk.greeted;
      is_greeted_ = is_greeted_ || is_confirmed;
      if (!is_confirmed) {
        desk.tally.error("login refused");
        desk.lines.wish_closed(line_);
      }
      break;
    case Sent::report:
      if (is_confirmed) {
        desk.tally.confirmed(answered, now);
      } else {
        desk.tally.refused(answered, refusal);
        was_refused_ = true;
      }
      break;
    case Sent::not_answerable:
      if (is_confirmed) ++desk.tally.record().abnormal_accepted;
      break;
    case Sent::confirmable:
      break;
    case Sent::nothing:
      desk.tally.error("an answer to nothing");
      break;
  }
}

void CollectorEnd::heard(FieldDesk& desk, Instant now, core::Bytes bytes) {
  if (plan_.is_manager)
    hear_manager(desk, now, bytes);
  else
    framer_.feed(bytes, [&](const gdw3761::FrameView& frame) { hear_concentrator(desk, now, frame); });
}

void CollectorEnd::hear_concentrator(FieldDesk& desk, Instant now, const gdw3761::FrameView& frame) {
  using gdw3761::Afn;
  const bool is_for_me =
      gdw3761::region_of(frame.address) == plan_.region && frame.address.terminal == plan_.number;
  if (frame.control.is_up() || !is_for_me || !desk.lines.is_open(line_)) return;
  const unsigned counter = frame.sequence.counter();
  auto& frames = desk.writer.frames();
  core::Bytes reply;
  switch (frame.afn) {
    case Afn::confirm: {
      const auto confirm = gdw3761::parse_confirm(frame);
      if (confirm) settle(desk, now, static_cast<std::uint16_t>(counter), confirm->is_good, "refused");
      return;
    }
    case Afn::forward:
      answer_forwarded(desk, frame);
      return;
    case Afn::set:
    case Afn::control:
      reply = gdw3761::write_confirm(frames, frame.address, counter, true);
      break;
    default:
      reply = gdw3761::write_denial(frames, frame.address, counter);
      break;
  }
  auto& out = desk.lines.out(line_);
  out.insert(out.end(), reply.begin(), reply.end());
}

void CollectorEnd::answer_forwarded(FieldDesk& desk, const gdw3761::FrameView& frame) {
  const auto request = gdw3761::parse_forward(frame);
  if (!request) return;
  ++desk.commands_answered;
  const dlt645::Wire heard = answer_of_meter(plan_, desk.relays, request->payload);
  const auto reply = gdw3761::write_forward_answer(desk.writer.frames(), frame.address,
                                                   frame.sequence.counter(), {request->port, heard});
  auto& out = desk.lines.out(line_);
  out.insert(out.end(), reply.begin(), reply.end());
}

void CollectorEnd::hear_manager(FieldDesk& desk, Instant now, core::Bytes bytes) {
  while (!bytes.empty() && desk.lines.is_open(line_)) {
    // The longest answer has twelve bytes: thirty-two hold one and the beginning of another.
    const auto part =
        bytes.first(std::min(bytes.size(), modbus_pending_.capacity() - modbus_pending_.size()));
    modbus_pending_.append(part);
    bytes = bytes.subspan(part.size());
    core::Bytes rest = modbus_pending_;
    auto adu = modbus::tcp::decode(rest);
    for (; adu; adu = modbus::tcp::decode(rest)) {
      const auto answer = modbus::tcp::parse_write_answer(adu->pdu);
      if (!answer) break;
      settle(desk, now, adu->transaction, *answer == modbus::tcp::Exception::none,
             *answer == overload ? "refused" : "Modbus exception");
      rest = rest.subspan(adu->length);
    }
    const bool is_waiting = !adu && adu.error() == core::Fault::incomplete && rest.size() < answer_bytes_max;
    if (!is_waiting) {
      desk.tally.error("no Modbus-TCP answer");
      desk.lines.wish_closed(line_);
      return;
    }
    core::ByteBuffer<modbus_bytes_max> left;
    left.append(rest);
    modbus_pending_ = left;
  }
}
}  // namespace stress
