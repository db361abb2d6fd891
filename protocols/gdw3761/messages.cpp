#include "protocols/gdw3761/messages.hpp"

namespace gdw3761 {
namespace {
constexpr std::array<int, 7> bauds_from_code_1{600, 1200, 2400, 4800, 7200, 9600, 19200};
constexpr int clock_fn = 31, present_clock_fn = 2, archive_fn = 10, forward_fn = 1;

/// The units' first UnitId, of the AFN and direction expected; what follows it.
core::Result<core::Bytes> open_unit(const FrameView& frame, Afn afn, int fn, bool is_up) {
  if (frame.afn != afn || frame.control.is_up() != is_up) return core::Fault::unexpected_answer;
  if (frame.units.size() < UnitId::width) return core::Fault::bad_length;
  if (UnitId::at(frame.units).function() != fn) return core::Fault::unexpected_answer;
  return frame.units.subspan(UnitId::width);
}

void put_address(std::span<std::uint8_t> out, core::MeterAddress address) {
  core::put_bcd_little_endian(out, address.digits());
}

std::optional<core::MeterAddress> address_at(core::Bytes six_bytes) {
  const auto digits = core::bcd_little_endian(six_bytes);
  if (!digits) return std::nullopt;
  return core::MeterAddress(*digits);
}

/// The rows of 04 F10 and of an 0A F10 answer, count checked against the bytes.
core::Result<core::Bytes> archive_rows(const FrameView& frame) {
  const bool is_set = frame.afn == Afn::set;
  const auto data = open_unit(frame, is_set ? Afn::set : Afn::query, archive_fn, !is_set);
  if (!data) return data.error();
  if (data->size() < 2) return core::Fault::bad_length;
  const std::size_t count = core::little_endian(data->first(2));
  if (data->size() < 2 + count * ArchiveRow::width) return core::Fault::bad_length;
  return data->subspan(2, count * ArchiveRow::width);
}

core::Result<core::Bytes> archive_indices(const FrameView& frame) {
  const auto data = open_unit(frame, Afn::query, archive_fn, false);
  if (!data) return data.error();
  if (data->size() < 2) return core::Fault::bad_length;
  const std::size_t count = core::little_endian(data->first(2));
  if (data->size() < 2 + 2 * count) return core::Fault::bad_length;
  return data->subspan(2, 2 * count);
}

core::Bytes write_rows(FrameWriter& writer, std::span<const ArchiveRow> rows) {
  writer.unit(UnitId::of(0, archive_fn));
  writer.little_endian(rows.size(), 2);
  for (const auto& row : rows) put_archive_row(writer.grow(ArchiveRow::width), row);
  return writer.finish();
}

/// D7 says seconds, else units of 10 ms.
std::uint8_t frame_timeout_byte(int ms) {
  if (ms <= 1270) return static_cast<std::uint8_t>(ms / 10);
  return static_cast<std::uint8_t>(0x80 | (ms + 999) / 1000);
}
int frame_timeout_ms(std::uint8_t byte) { return (byte & 0x80) != 0 ? (byte & 0x7F) * 1000 : byte * 10; }
}  // namespace

core::Bytes write_link(FrameWriter& writer, TerminalAddress from, unsigned counter,
                       const LinkMessage& message) {
  writer.begin(control::login, from, Afn::link, Sequence::single(counter, true));
  writer.unit(UnitId::of(0, static_cast<int>(message.event)));
  if (message.clock) put_clock(writer.grow(clock_bytes), *message.clock);
  return writer.finish();
}

core::Result<LinkMessage> parse_link(const FrameView& frame) {
  if (frame.afn != Afn::link || !frame.control.is_up()) return core::Fault::unexpected_answer;
  if (frame.units.size() < UnitId::width) return core::Fault::bad_length;
  const int fn = UnitId::at(frame.units).function();
  if (fn < 1 || fn > 3) return core::Fault::unknown_item;
  LinkMessage message{static_cast<LinkEvent>(fn), {}};
  if (frame.units.size() >= UnitId::width + clock_bytes)
    message.clock = clock_at(frame.units.subspan(UnitId::width));
  return message;
}

core::Bytes write_confirm(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                          bool is_good) {
  writer.begin(is_up ? control::answer_confirm : control::confirm_down, address, Afn::confirm,
               Sequence::single(counter));
  writer.unit(UnitId::of(0, is_good ? 1 : 2));
  return writer.finish();
}

core::Bytes write_confirm_unit(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                               Afn afn, UnitId unit, std::uint8_t error) {
  writer.begin(is_up ? control::answer_confirm : control::confirm_down, address, Afn::confirm,
               Sequence::single(counter));
  writer.unit(UnitId::of(0, 3));
  writer.byte(static_cast<std::uint8_t>(afn));
  writer.unit(unit);
  writer.byte(error);
  return writer.finish();
}

core::Result<Confirm> parse_confirm(const FrameView& frame) {
  if (frame.afn != Afn::confirm) return core::Fault::unexpected_answer;
  if (frame.units.size() < UnitId::width) return core::Fault::bad_length;
  const int fn = UnitId::at(frame.units).function();
  if (fn == 1 || fn == 2) return Confirm{fn == 1};
  if (fn != 3) return core::Fault::unknown_item;
  constexpr std::size_t item_bytes = UnitId::width + 1;
  core::Bytes rest = frame.units.subspan(UnitId::width);
  if (rest.size() < 1 + item_bytes) return core::Fault::bad_length;
  Confirm confirm;
  for (rest = rest.subspan(1); rest.size() >= item_bytes; rest = rest.subspan(item_bytes)) {
    if (rest[UnitId::width] != 0) confirm.is_good = false;
  }
  return confirm;
}

core::Bytes write_reset(FrameWriter& writer, TerminalAddress to, unsigned counter, int fn) {
  writer.begin(control::reset, to, Afn::reset, Sequence::single(counter, true));
  writer.unit(UnitId::of(0, fn));
  return writer.finish();
}

core::Bytes write_set_clock(FrameWriter& writer, TerminalAddress to, unsigned counter,
                            const core::CivilTime& time) {
  writer.begin(control::request_class1, to, Afn::control, Sequence::single(counter, true));
  writer.unit(UnitId::of(0, clock_fn));
  put_clock(writer.grow(clock_bytes), time);
  return writer.finish();
}

core::Result<core::CivilTime> parse_set_clock(const FrameView& frame) {
  const auto data = open_unit(frame, Afn::control, clock_fn, false);
  if (!data) return data.error();
  const auto time = clock_at(*data);
  if (!time) return data->size() < clock_bytes ? core::Fault::bad_length : core::Fault::bad_field;
  return *time;
}

core::Bytes write_clock_request(FrameWriter& writer, TerminalAddress to, unsigned counter) {
  writer.begin(control::request_class2, to, Afn::current_data, Sequence::single(counter));
  writer.unit(UnitId::of(0, present_clock_fn));
  return writer.finish();
}

core::Bytes write_clock_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                               const core::CivilTime& time) {
  writer.begin(control::answer_data, from, Afn::current_data, Sequence::single(counter));
  writer.unit(UnitId::of(0, present_clock_fn));
  put_clock(writer.grow(clock_bytes), time);
  return writer.finish();
}

core::Result<core::CivilTime> parse_clock_answer(const FrameView& frame) {
  const auto data = open_unit(frame, Afn::current_data, present_clock_fn, true);
  if (!data) return data.error();
  const auto time = clock_at(*data);
  if (!time) return data->size() < clock_bytes ? core::Fault::bad_length : core::Fault::bad_field;
  return *time;
}

void put_archive_row(std::span<std::uint8_t> out, const ArchiveRow& row) {
  const auto little_endian = [&](std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  little_endian(0, row.index, 2);
  little_endian(2, row.point, 2);
  out[4] = static_cast<std::uint8_t>(baud_code(row.baud) << 5 | (row.port & 0x1F));
  out[5] = row.protocol;
  put_address(out.subspan(6, 6), row.address);
  little_endian(12, row.password, 6);
  out[18] = row.rates;
  out[19] = row.digits;
  put_address(out.subspan(20, 6), row.collector);
  out[26] = row.user_class;
}

core::Result<ArchiveRow> archive_row_at(core::Bytes bytes) {
  const auto address = address_at(bytes.subspan(6, 6)), collector = address_at(bytes.subspan(20, 6));
  if (!address || !collector) return core::Fault::bad_field;
  ArchiveRow row;
  row.index = static_cast<std::uint16_t>(core::little_endian(bytes.first(2)));
  row.point = static_cast<std::uint16_t>(core::little_endian(bytes.subspan(2, 2)));
  row.baud = baud_of_code(bytes[4] >> 5);
  row.port = bytes[4] & 0x1F;
  row.protocol = bytes[5];
  row.address = *address;
  row.password = core::little_endian(bytes.subspan(12, 6));
  row.rates = bytes[18];
  row.digits = bytes[19];
  row.collector = *collector;
  row.user_class = bytes[26];
  return row;
}

core::Bytes write_set_archive(FrameWriter& writer, TerminalAddress to, unsigned counter,
                              std::span<const ArchiveRow> rows) {
  writer.begin(control::request_class1, to, Afn::set, Sequence::single(counter, true));
  return write_rows(writer, rows);
}

core::Bytes write_query_archive(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                std::span<const std::uint16_t> indices) {
  writer.begin(control::request_class2, to, Afn::query, Sequence::single(counter));
  writer.unit(UnitId::of(0, archive_fn));
  writer.little_endian(indices.size(), 2);
  for (const auto index : indices) writer.little_endian(index, 2);
  return writer.finish();
}

core::Bytes write_archive_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                                 std::span<const ArchiveRow> rows) {
  writer.begin(control::answer_data, from, Afn::query, Sequence::single(counter));
  return write_rows(writer, rows);
}

core::Result<std::size_t> archive_row_count(const FrameView& frame) {
  const auto rows = archive_rows(frame);
  if (!rows) return rows.error();
  return rows->size() / ArchiveRow::width;
}

core::Result<ArchiveRow> archive_row(const FrameView& frame, std::size_t position) {
  const auto rows = archive_rows(frame);
  if (!rows) return rows.error();
  if ((position + 1) * ArchiveRow::width > rows->size()) return core::Fault::no_data;
  return archive_row_at(rows->subspan(position * ArchiveRow::width, ArchiveRow::width));
}

core::Result<std::size_t> archive_query_count(const FrameView& frame) {
  const auto indices = archive_indices(frame);
  if (!indices) return indices.error();
  return indices->size() / 2;
}

core::Result<std::uint16_t> archive_query_index(const FrameView& frame, std::size_t position) {
  const auto indices = archive_indices(frame);
  if (!indices) return indices.error();
  if (2 * (position + 1) > indices->size()) return core::Fault::no_data;
  return static_cast<std::uint16_t>(core::little_endian(indices->subspan(2 * position, 2)));
}

core::Bytes write_forward(FrameWriter& writer, TerminalAddress to, unsigned counter,
                          const ForwardRequest& request) {
  writer.begin(control::request_class2, to, Afn::forward, Sequence::single(counter));
  writer.unit(UnitId::of(0, forward_fn));
  writer.byte(request.port);
  writer.byte(request.line_settings);
  writer.byte(frame_timeout_byte(request.frame_timeout_ms));
  writer.byte(static_cast<std::uint8_t>(request.byte_timeout_ms / 10));
  writer.little_endian(request.payload.size(), 2);
  writer.bytes(request.payload);
  return writer.finish();
}

core::Bytes write_forward_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                                 const ForwardAnswer& answer) {
  writer.begin(control::answer_data, from, Afn::forward, Sequence::single(counter));
  writer.unit(UnitId::of(0, forward_fn));
  writer.byte(answer.port);
  writer.little_endian(answer.payload.size(), 2);
  writer.bytes(answer.payload);
  return writer.finish();
}

core::Result<ForwardRequest> parse_forward(const FrameView& frame) {
  const auto data = open_unit(frame, Afn::forward, forward_fn, false);
  if (!data) return data.error();
  if (data->size() < 6) return core::Fault::bad_length;
  const std::size_t count = core::little_endian(data->subspan(4, 2));
  if (data->size() < 6 + count) return core::Fault::bad_length;
  const core::Bytes head = *data;
  return ForwardRequest{head[0], head[1], frame_timeout_ms(head[2]), head[3] * 10, head.subspan(6, count)};
}

core::Result<ForwardAnswer> parse_forward_answer(const FrameView& frame) {
  const auto data = open_unit(frame, Afn::forward, forward_fn, true);
  if (!data) return data.error();
  if (data->size() < 3) return core::Fault::bad_length;
  const std::size_t count = core::little_endian(data->subspan(1, 2));
  if (data->size() < 3 + count) return core::Fault::bad_length;
  return ForwardAnswer{(*data)[0], data->subspan(3, count)};
}

std::uint8_t baud_code(int baud) {
  for (std::size_t i = 0; i < bauds_from_code_1.size(); ++i)
    if (bauds_from_code_1[i] == baud) return static_cast<std::uint8_t>(i + 1);
  return 0;
}

int baud_of_code(std::uint8_t code) {
  return code >= 1 && code <= bauds_from_code_1.size() ? bauds_from_code_1[code - 1u] : 0;
}

std::uint8_t line_settings_8E1(int baud) { return static_cast<std::uint8_t>(baud_code(baud) << 5 | 0x0B); }

core::Bytes write_denial(FrameWriter& writer, TerminalAddress from, unsigned counter) {
  writer.begin(control::answer_nothing, from, Afn::confirm, Sequence::single(counter));
  writer.unit(UnitId::of(0, 2));
  return writer.finish();
}
}  // namespace gdw3761
