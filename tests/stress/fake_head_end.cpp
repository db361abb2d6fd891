#include "tests/stress/fake_head_end.hpp"

#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "protocols/modbus/tcp.hpp"

namespace stress {
namespace {
constexpr std::uint32_t quarters_known = 100'000;

std::string http(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Fine\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}
core::Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

void FakeHeadEnd::opened(LineId line, Door door) {
  lines_[line] = {};
  lines_[line].door = door;
  lines_[line].is_open = true;
}
void FakeHeadEnd::closed(LineId line) { lines_[line].is_open = false; }

void FakeHeadEnd::say(LineId line, core::Bytes bytes, std::vector<Reply>& replies) {
  replies.push_back({line, {bytes.begin(), bytes.end()}, false});
}

void FakeHeadEnd::heard(LineId line, core::Bytes bytes, std::vector<Reply>& replies) {
  Line& from = lines_[line];
  switch (from.door) {
    case Door::uplink:
      if (rules_.confirms_wrong_sums && from.collector) confirm_wrong_sum(line, bytes, replies);
      from.framer.feed(bytes, [&](const gdw3761::FrameView& frame) { hear_frame(line, frame, replies); });
      break;
    case Door::modbus:
      from.pending.insert(from.pending.end(), bytes.begin(), bytes.end());
      hear_modbus(line, replies);
      break;
    case Door::http:
      from.text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      hear_http(line, replies);
      break;
  }
}

void FakeHeadEnd::confirm_wrong_sum(LineId line, core::Bytes bytes, std::vector<Reply>& replies) {
  constexpr std::size_t sequence_at = 13;
  const auto frame = gdw3761::decode(bytes);
  if (frame || frame.error() != core::Fault::bad_checksum) return;
  const auto plan = estate_.collector(*lines_[line].collector);
  const auto address = gdw3761::terminal_address(plan.region, plan.number);
  say(line, gdw3761::write_confirm(writer_, address, bytes[sequence_at] & 15u, false), replies);
}

FakeHeadEnd::Answer FakeHeadEnd::judge_report() {
  ++reports;
  const auto is_each = [this](std::uint32_t every) { return every > 0 && reports % every == 0; };
  if (is_each(rules_.refuse_every)) {
    ++refused;
    return Answer::refuse;
  }
  if (is_each(rules_.ignore_every)) return Answer::none;
  if (is_each(rules_.hang_up_every)) return Answer::hang_up;
  ++confirmed;
  return Answer::confirm;
}

void FakeHeadEnd::take(std::uint32_t meter, Instant due, std::uint32_t shown) {
  const auto quarters = (due - estate_.opens) / quarter_hour;
  if (quarters < 0 || quarters > quarters_known || shown == huge_register) {
    ++rejected;
    return;
  }
  const auto [at, is_new] = taken.insert({{meter, static_cast<std::uint32_t>(quarters)}, shown});
  if (is_new) return;
  ++(at->second == shown ? repeated : contradicting);
}

void FakeHeadEnd::hear_frame(LineId line, const gdw3761::FrameView& frame, std::vector<Reply>& replies) {
  Line& from = lines_[line];
  const unsigned counter = frame.sequence.counter();
  if (frame.afn == gdw3761::Afn::link) {
    const bool is_known = gdw3761::region_of(frame.address) == estate_.region &&
                          frame.address.terminal >= 1 && frame.address.terminal <= estate_.collectors();
    if (is_known) from.collector = frame.address.terminal - 1u;
    say(line, gdw3761::write_confirm(writer_, frame.address, counter, false, is_known), replies);
    return;
  }
  const bool is_own = from.collector && gdw3761::region_of(frame.address) == estate_.region &&
                      frame.address.terminal == *from.collector + 1;
  if (!is_own) {
    ++foreign;
    return;
  }
  const CollectorPlan plan = estate_.collector(*from.collector);
  if (frame.afn == gdw3761::Afn::forward && !frame.control.is_initiator()) {
    const auto answer = gdw3761::parse_forward_answer(frame);
    dlt645::Frame inner;
    const bool is_done =
        answer && dlt645::decode(answer->payload, inner).has_value() &&
        dlt645::expect_done(inner, inner.address, dlt645::Function::remote_control).has_value();
    switched += is_done ? 1 : 0;
    say(from.asks_for, bytes_of(http(200, is_done ? R"({"command":1,"state":"done"})" : "{}")), replies);
    return;
  }
  if (!frame.sequence.must_confirm()) return;
  const Answer answer = judge_report();
  if (answer == Answer::confirm || answer == Answer::hang_up) {
    if (frame.afn == gdw3761::Afn::forward) {
      const auto passed_on = gdw3761::parse_forward_answer(frame);
      dlt645::Frame inner;
      dlt645::EnergyRecord record;
      if (passed_on && dlt645::decode(passed_on->payload, inner) &&
          dlt645::take_energy_record(core::Bytes(inner.data).subspan(4), record))
        take(static_cast<std::uint32_t>(inner.address.address()->digits() - 330'100'000'000ull),
             zone_.instant(record.at), static_cast<std::uint32_t>(record.forward.count()));
    } else {
      (void)gdw3761::each_curve(frame, [&](const gdw3761::Curve& curve) {
        take(plan.first_meter + static_cast<std::uint32_t>(curve.point) - 1, zone_.instant(curve.time.start),
             static_cast<std::uint32_t>(curve.value(0)->count()));
      });
    }
  }
  if (answer == Answer::hang_up) replies.push_back({line, {}, true});
  if (answer == Answer::confirm || answer == Answer::refuse)
    say(line, gdw3761::write_confirm(writer_, frame.address, counter, false, answer == Answer::confirm),
        replies);
}

void FakeHeadEnd::hear_modbus(LineId line, std::vector<Reply>& replies) {
  Line& from = lines_[line];
  for (auto adu = modbus::tcp::decode(from.pending); adu; adu = modbus::tcp::decode(from.pending)) {
    const auto write = modbus::tcp::parse_write(adu->pdu);
    modbus::tcp::Adu out;
    Answer answer = Answer::confirm;
    if (write && write->address == hello_register) {
      from.collector = modbus::u16_at(write->registers, 1) - 1u;
    } else if (write && write->address == upload_register && from.collector) {
      answer = judge_report();
      const auto word = [&](std::size_t i) { return int{modbus::u16_at(write->registers, i)}; };
      const core::CivilTime time{word(0), word(1) / 256, word(1) % 256, word(2) / 256, word(2) % 256, 0};
      const CollectorPlan plan = estate_.collector(*from.collector);
      for (std::uint32_t i = 0; answer == Answer::confirm && 2 * i + 4 < write->count; ++i)
        take(plan.first_meter + static_cast<std::uint32_t>(word(3)) - 1 + i, zone_.instant(time),
             modbus::u32_at(write->registers, 4 + 2 * i));
    }
    if (answer == Answer::refuse)
      modbus::tcp::put_exception(adu->transaction, adu->unit, 16, modbus::tcp::Exception::device_busy, out);
    else if (answer == Answer::confirm && write)
      modbus::tcp::put_write_answer(adu->transaction, adu->unit, write->address, write->count, out);
    if (answer == Answer::hang_up) replies.push_back({line, {}, true});
    if (!out.empty()) say(line, out, replies);
    from.pending.erase(from.pending.begin(), from.pending.begin() + static_cast<std::ptrdiff_t>(adu->length));
  }
}

void FakeHeadEnd::hear_http(LineId line, std::vector<Reply>& replies) {
  std::string& text = lines_[line].text;
  for (std::size_t head = text.find("\r\n\r\n"); head != std::string::npos; head = text.find("\r\n\r\n")) {
    const std::size_t at = text.find("Content-Length: ");
    const std::size_t length = at < head ? std::stoul(text.substr(at + 16)) : 0;
    if (text.size() < head + 4 + length) return;
    const std::string request = text.substr(0, head), body = text.substr(head + 4, length);
    text.erase(0, head + 4 + length);
    ++requests;
    if (request.starts_with("POST /switches")) {
      order_switch(line, body, replies);
    } else if (request.starts_with("POST")) {
      say(line, bytes_of(http(201, R"({"sale":1})")), replies);
    } else if (const std::size_t meter_at = request.find("meter=M"); meter_at != std::string::npos) {
      const auto meter = static_cast<std::uint32_t>(std::stoul(request.substr(meter_at + 7, 6)));
      std::string shown;
      for (auto reading = taken.lower_bound({meter, 0});
           reading != taken.end() && reading->first.first == meter; ++reading)
        shown += (shown.empty() ? "" : ",") + std::to_string(reading->second);
      say(line, bytes_of(http(200, R"({"centikWh":[)" + shown + "]}")), replies);
    } else {
      say(line, bytes_of(http(200, R"({"balance_fen":100})")), replies);
    }
  }
}

void FakeHeadEnd::order_switch(LineId http_line, const std::string& body, std::vector<Reply>& replies) {
  const auto meter = static_cast<std::uint32_t>(std::stoul(body.substr(body.find(":\"A") + 3, 6)));
  const std::uint32_t position = estate_.collector_of(meter);
  for (auto& [id, line] : lines_) {
    if (!line.is_open || line.collector != position || line.door != Door::uplink || !rules_.knows_switches)
      continue;
    line.asks_for = http_line;
    dlt645::RemoteControlRequest order;
    order.command =
        body.find("trip") != std::string::npos ? dlt645::Control1C::trip : dlt645::Control1C::close;
    order.valid_until = {2030, 1, 1, 0, 0, 0};
    dlt645::Wire wire;
    dlt645::encode(EstatePlan::address_of(meter), order, wire);
    gdw3761::ForwardRequest forward;
    forward.payload = wire;
    const auto plan = estate_.collector(position);
    const auto address = gdw3761::terminal_address(plan.region, plan.number);
    say(id, gdw3761::write_forward(writer_, address, 5, forward), replies);
    return;
  }
  say(http_line, bytes_of(http(409, "{}")), replies);
}
}  // namespace stress
