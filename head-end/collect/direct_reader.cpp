#include "head-end/collect/direct_reader.hpp"

#include <algorithm>
#include <array>

namespace headend {
namespace {
constexpr std::uint8_t follow_ups_max = 255;
/// Reads that one look for late bytes may take: a line that never stops talking must not hold us.
constexpr int late_reads_max = 64;

void interpret(DirectReading& reading) {
  const auto known = dlt645::lookup(reading.item);
  if (!known) return;
  reading.name = known->english;
  auto values = dlt645::decode_values(*known, reading.bytes);
  if (values) reading.values = std::move(*values);
}
}  // namespace

DirectReader::DirectReader(seam::Clock& clock, seam::Link& link, DirectReadOptions options)
    : clock_(clock), link_(link), options_(options) {}

DirectReader::Fits DirectReader::fits(const dlt645::Frame& frame, const Expectation& expected) const {
  if (!frame.control.is_from_meter()) return Fits::is_echo;
  const auto who = frame.address.address();
  if (!who || !expected.meter.matches(*who) || frame.control.function() != expected.function) return Fits::no;
  if (frame.control.is_abnormal() || !expected.item) return Fits::yes;
  const auto data = dlt645::parse_data_answer(frame);
  return data && data->item == *expected.item && data->sequence == expected.sequence ? Fits::yes : Fits::no;
}

seam::asio::awaitable<void> DirectReader::drop_what_is_late() {
  std::array<std::uint8_t, dlt645::frame_bytes_max> buffer;
  for (int i = 0; i < late_reads_max; ++i) {
    const auto got = co_await link_.read_some(buffer, clock_.now());
    if (!got) break;
    framer_.feed(core::Bytes(buffer).first(*got),
                 [this](const dlt645::Frame&) { ++statistics_.foreign_answers; });
  }
  framer_.silence();
}

seam::asio::awaitable<core::Result<void>> DirectReader::await_answer(const Expectation& expected) {
  std::array<std::uint8_t, dlt645::frame_bytes_max> buffer;
  const core::Instant deadline = clock_.now() + options_.answer_timeout;
  while (clock_.now() <= deadline) {
    const bool is_inside_frame = !framer_.is_empty();
    const core::Instant wait_until =
        is_inside_frame ? std::min(deadline, clock_.now() + options_.byte_pause_max) : deadline;
    const auto got = co_await link_.read_some(buffer, wait_until);
    if (!got && got.error() != core::Fault::timeout) co_return got.error();
    if (!got) {
      framer_.silence();
      if (wait_until >= deadline) co_return core::Fault::timeout;
      continue;
    }
    framer_.feed(core::Bytes(buffer).first(*got));
    while (const dlt645::Frame* frame = framer_.take()) {
      const Fits fitting = fits(*frame, expected);
      if (fitting == Fits::is_echo) ++statistics_.echoes;
      if (fitting == Fits::no) ++statistics_.foreign_answers;
      if (fitting != Fits::yes) continue;
      answer_ = *frame;
      co_return core::Result<void>();
    }
  }
  co_return core::Fault::timeout;
}

seam::asio::awaitable<core::Result<void>> DirectReader::exchange(const dlt645::Wire& request,
                                                                 const Expectation& expected) {
  for (int attempt = 0; attempt < options_.attempts; ++attempt) {
    co_await drop_what_is_late();
    ++statistics_.requests;
    const auto written = co_await link_.write(request);
    if (!written) co_return written.error();
    const auto answered = co_await await_answer(expected);
    if (!answered && answered.error() == core::Fault::timeout) {
      ++statistics_.timeouts;
      continue;
    }
    if (!answered) co_return answered.error();
    if (!answer_.control.is_abnormal()) co_return core::Result<void>();
    last_refusal_ = dlt645::refusal_of(answer_);
    const bool has_no_such_data =
        last_refusal_ &&
        (static_cast<unsigned>(*last_refusal_) & static_cast<unsigned>(dlt645::Refusal::no_such_data)) != 0;
    co_return has_no_such_data ? core::Fault::no_data : core::Fault::refused;
  }
  co_return core::Fault::timeout;
}

seam::asio::awaitable<core::Result<DirectReading>> DirectReader::read(dlt645::AddressPattern meter,
                                                                      dlt645::DataIdentifier item) {
  dlt645::Wire request;
  dlt645::encode(meter, dlt645::ReadRequest{item, {}, {}}, request, options_.lead_in);
  const Expectation expected{meter, dlt645::Function::read, item, 0};
  const auto first = co_await exchange(request, expected);
  if (!first) co_return first.error();
  DirectReading reading;
  reading.from = *answer_.address.address();
  reading.item = item;
  auto part = dlt645::parse_data_answer(answer_);
  reading.bytes.assign(part->value.begin(), part->value.end());
  for (int sequence = 1; part->more_follows; ++sequence) {
    if (sequence > follow_ups_max) co_return core::Fault::bad_field;
    const dlt645::FollowUpRequest more{item, static_cast<std::uint8_t>(sequence)};
    request.clear();
    dlt645::encode(reading.from, more, request, options_.lead_in);
    const Expectation next_part{reading.from, dlt645::Function::read_follow_up, item, more.sequence};
    const auto next = co_await exchange(request, next_part);
    if (!next) co_return next.error();
    part = dlt645::parse_data_answer(answer_);
    reading.bytes.insert(reading.bytes.end(), part->value.begin(), part->value.end());
  }
  interpret(reading);
  co_return reading;
}

seam::asio::awaitable<core::Result<core::MeterAddress>> DirectReader::read_address() {
  dlt645::Wire request;
  dlt645::encode(dlt645::AddressPattern::any(), dlt645::ReadAddressRequest{}, request, options_.lead_in);
  const Expectation expected{dlt645::AddressPattern::any(), dlt645::Function::read_address, std::nullopt, 0};
  const auto answered = co_await exchange(request, expected);
  if (!answered) co_return answered.error();
  co_return dlt645::parse_address_answer(answer_);
}
}  // namespace headend
