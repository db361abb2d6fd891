#include "head-end/control/meter_line.hpp"

#include <algorithm>

#include "head-end/control/credentials.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/dlt645/status_words.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace headend {
namespace {
/// How long the concentrator listens on its line at least: request and longest answer at 1200 baud, with the
/// meter's 500 ms.
constexpr Duration listening_least = 4s;
/// The uplink's share of the time in which the whole exchange must be over.
constexpr Duration uplink_share = 5s;
constexpr int byte_timeout_ms = 500;
constexpr int read_attempts = 2;

/// What came back in a frame that was passed through.
enum class Heard { nothing, garbage, another_meter, another_function, answer };

class ForwardQuestion final : public Question {
 public:
  ForwardQuestion(const MeterFile& meter, int baud, Duration listening, const dlt645::Wire& request,
                  dlt645::Function expected)
      : meter_(meter), baud_(baud), listening_(listening), request_(request), expected_(expected) {}

  core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                    unsigned counter) const override {
    gdw3761::ForwardRequest forward;
    forward.port = meter_.port;
    forward.line_settings = gdw3761::line_settings_8E1(baud_);
    // Whole seconds: the field knows 10 ms up to 1.27 s, and seconds above.
    forward.frame_timeout_ms = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(listening_) / 1ms);
    forward.byte_timeout_ms = byte_timeout_ms;
    forward.payload = request_;
    return gdw3761::write_forward(writer, to, counter, forward);
  }

  Taken take(const gdw3761::FrameView& answer, Instant) override {
    const auto forwarded = gdw3761::parse_forward_answer(answer);
    if (!forwarded) return Taken::not_mine;
    what_ = forwarded->payload.empty() ? Heard::nothing : Heard::garbage;
    dlt645::Framer framer;
    framer.feed(forwarded->payload, [this](const dlt645::Frame& frame) {
      const bool is_from_meter =
          frame.control.is_from_meter() && frame.address == dlt645::AddressPattern(meter_.address);
      const bool is_answer = is_from_meter && frame.control.function() == expected_;
      if (is_answer) heard_ = frame;
      what_ = std::max(what_, is_answer       ? Heard::answer
                              : is_from_meter ? Heard::another_function
                                              : Heard::another_meter);
    });
    return Taken::complete;
  }
  const std::optional<dlt645::Frame>& heard() const { return heard_; }
  /// Of an exchange that succeeded.
  void count(LineRecord& line, Duration round_trip) const {
    switch (what_) {
      case Heard::nothing:
        ++line.silent;
        ++line.silent_in_a_row;
        break;
      case Heard::garbage:
        ++line.garbled;
        break;
      case Heard::another_meter:
        ++line.wrong_address;
        break;
      case Heard::another_function:
        ++line.wrong_function;
        break;
      case Heard::answer:
        ++line.answered;
        line.silent_in_a_row = 0;
        line.answers.measured(round_trip);
        line.denied += heard_->control.is_abnormal() ? 1 : 0;
        break;
    }
  }

 private:
  const MeterFile& meter_;
  int baud_;
  Duration listening_;
  const dlt645::Wire& request_;
  dlt645::Function expected_;
  std::optional<dlt645::Frame> heard_;
  Heard what_ = Heard::nothing;
};
}  // namespace

seam::asio::awaitable<core::Result<dlt645::Frame>> MeterLine::ask(const MeterFile& meter,
                                                                  const dlt645::Wire& request,
                                                                  dlt645::Function expected, int attempts) {
  auto& line = desk_.field.of(session_.area()->file->id).line(meter.port);
  const Patience once{1, desk_.configuration().cut_off.command_timeout, line.trips};
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const Duration most = desk_.configuration().cut_off.command_timeout - uplink_share;
    ForwardQuestion question(meter, session_.area()->file->baud, line.listening(listening_least, most),
                             request, expected);
    const Instant asked_at = desk_.now();
    ++line.asked;
    const auto asked = co_await session_.ask(question, once);
    if (asked)
      question.count(line, desk_.now() - asked_at);
    else
      ++line.unreached;
    if (question.heard()) co_return *question.heard();
    const bool may_ask_again = asked || asked.error() == core::Fault::timeout;
    if (may_ask_again && attempt + 1 < attempts) continue;
    co_return asked ? core::Fault::no_data : asked.error();
  }
  co_return core::Fault::no_data;
}

seam::asio::awaitable<core::Result<std::uint16_t>> MeterLine::read_status_word_3(const MeterFile& meter) {
  const auto item = dlt645::item::status_word(3);
  dlt645::Wire request;
  dlt645::encode(meter.address, dlt645::ReadRequest{item, {}, {}}, request);
  const auto frame = co_await ask(meter, request, dlt645::Function::read, read_attempts);
  if (!frame) co_return frame.error();
  const auto value = dlt645::expect_data(*frame, meter.address, item);
  if (!value) co_return value.error();
  if (value->size() != 2) co_return core::Fault::bad_length;
  co_return dlt645::status_word_at(*value);
}

seam::asio::awaitable<core::Result<dlt645::PurseState>> MeterLine::read_purse(const MeterFile& meter) {
  dlt645::Wire request;
  dlt645::encode(meter.address, dlt645::SecurityRequest{dlt645::item::purse_state, head_end_operator, {}},
                 request);
  const auto frame = co_await ask(meter, request, dlt645::Function::security, read_attempts);
  if (!frame) co_return frame.error();
  const auto value = dlt645::expect_security(*frame, meter.address, dlt645::item::purse_state);
  if (!value) co_return value.error();
  co_return dlt645::parse_purse_state(*value);
}

seam::asio::awaitable<core::Result<std::int64_t>> MeterLine::read_item(const MeterFile& meter,
                                                                       dlt645::DataIdentifier item,
                                                                       std::size_t bytes) {
  dlt645::Wire request;
  dlt645::encode(meter.address, dlt645::ReadRequest{item, {}, {}}, request);
  const auto frame = co_await ask(meter, request, dlt645::Function::read, read_attempts);
  if (!frame) co_return frame.error();
  const auto value = dlt645::expect_data(*frame, meter.address, item);
  if (!value) co_return value.error();
  const auto number = value->size() == bytes ? dlt645::unsigned_number(*value) : std::nullopt;
  if (!number) co_return core::Fault::bad_field;
  co_return static_cast<std::int64_t>(*number);
}

seam::asio::awaitable<core::Result<std::int64_t>> MeterLine::read_number(const MeterFile& meter,
                                                                         dlt645::DataIdentifier item) {
  const auto number = co_await read_item(meter, item, 4);
  co_return number;
}

seam::asio::awaitable<core::Result<Fen>> MeterLine::read_money(const MeterFile& meter,
                                                               dlt645::DataIdentifier item) {
  const auto number = co_await read_number(meter, item);
  if (!number) co_return number.error();
  co_return Fen(*number);
}

seam::asio::awaitable<core::Result<CentiKilowattHours>> MeterLine::read_register(const MeterFile& meter) {
  const auto number = co_await read_number(meter, dlt645::item::forward_active);
  if (!number) co_return number.error();
  co_return CentiKilowattHours(*number);
}

seam::asio::awaitable<core::Result<MeterLine::Holding>> MeterLine::read_holding(const MeterFile& meter) {
  const Instant asked_at = desk_.now();
  const auto purse = co_await read_purse(meter);
  if (!purse) co_return purse.error();
  Holding holding{purse->remaining, purse->purchase_count, asked_at};
  if (purse->remaining.count() > 0) co_return holding;
  const auto overdraft = co_await read_money(meter, dlt645::item::overdraft_money);
  if (!overdraft) co_return overdraft.error();
  holding.remaining_minus_overdraft -= *overdraft;
  co_return holding;
}
}  // namespace headend
