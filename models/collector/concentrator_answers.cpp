// What the concentrator says to the head-end's frames: archive, clock, data, forwarding.
#include "models/collector/concentrator.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/freeze.hpp"

namespace model {
namespace {
constexpr std::int64_t seconds_per_quarter = 900, seconds_per_day = 86'400;
constexpr int clock_fn = 2;
constexpr int rates_kept = 4;

gdw3761::RateEnergies energies_of(const FrozenRegisters& registers) {
  gdw3761::RateEnergies energies;
  energies.rates = rates_kept;
  for (std::size_t i = 0; i < registers.size(); ++i)
    energies.energy[i] = core::CentiKilowattHours(registers[i]);
  return energies;
}
gdw3761::RateEnergies no_energies() {
  gdw3761::RateEnergies energies;
  energies.rates = rates_kept;
  return energies;
}
constexpr int reading_day_fn = 169;  // AFN 0D: forward active registers as they stood at the reading time
}  // namespace

void Concentrator::received(core::Instant at, core::Bytes bytes) {
  framer_.feed(bytes);
  while (const auto frame = framer_.take()) {
    const auto mine = own_address(frame->address.master);
    const bool is_for_me =
        frame->address.region_code == mine.region_code && frame->address.terminal == mine.terminal;
    if (!is_for_me || frame->control.is_up() || is_stale(at, *frame)) continue;
    if (frame->afn == gdw3761::Afn::confirm) {
      take_confirm(at, *frame);
      continue;
    }
    answer(at, *frame);
  }
}

/// Tp says how old a request may be when it arrives, in whole minutes of the sender's clock; 0 = any age.
bool Concentrator::is_stale(core::Instant at, const gdw3761::FrameView& frame) const {
  if (!frame.time_label || frame.time_label->delay_min == 0) return false;
  const auto& label = *frame.time_label;
  const auto now = calendar_of(clock_.civil_s(at));
  const int started_s = label.hour * 3600 + label.minute * 60 + label.second;
  int age_s = now.hour * 3600 + now.minute * 60 + now.second - started_s;
  if (now.day != label.day) age_s += static_cast<int>(seconds_per_day);
  return age_s > label.delay_min * 60;
}

void Concentrator::answer(core::Instant at, const gdw3761::FrameView& frame) {
  using gdw3761::Afn;
  reply_ = {};
  bool is_understood = false;
  switch (frame.afn) {
    case Afn::set:
      is_understood = set(at, frame);
      break;
    case Afn::control:
      is_understood = set_clock(at, frame) || command_port(at, frame);
      break;
    case Afn::query:
      is_understood = query_archive(frame) || query_settings(frame);
      break;
    case Afn::current_data:
      is_understood = current_data(at, frame);
      break;
    case Afn::history_data:
      is_understood = history_data(frame) || reading_days(frame);
      break;
    case Afn::forward:
      is_understood = forward(at, frame);
      break;
    default:
      break;
  }
  if (!is_understood)
    reply_ = gdw3761::write_denial(writer_, own_address(frame.address.master), frame.sequence.counter());
  uplink_.send(at, reply_);
}

bool Concentrator::set(core::Instant at, const gdw3761::FrameView& frame) {
  const auto count = gdw3761::archive_row_count(frame);
  const auto archive_bytes = gdw3761::UnitId::width + 2 + (count ? *count : 0) * gdw3761::ArchiveRow::width;
  const bool is_archive_alone = count && frame.units.size() < archive_bytes + gdw3761::UnitId::width;
  return is_archive_alone ? set_archive(at, frame) : set_units(at, frame);
}

/// Rows alone are records of their own in flash, each written whole before it is confirmed.
bool Concentrator::set_archive(core::Instant at, const gdw3761::FrameView& frame) {
  const auto count = gdw3761::archive_row_count(frame);
  if (!count) return false;
  std::size_t point_max = 0;
  for (std::size_t i = 0; i < *count; ++i) {  // all or nothing
    const auto row = gdw3761::archive_row(frame, i);
    if (!row || row->point == 0 || row->point > Archive::points_max) return false;
    point_max = std::max<std::size_t>(point_max, row->point);
  }
  expect_points(point_max);
  for (std::size_t i = 0; i < *count; ++i) install(at, *gdw3761::archive_row(frame, i));
  reply_ = gdw3761::write_confirm(writer_, own_address(frame.address.master), frame.sequence.counter(), true);
  return true;
}

bool Concentrator::set_clock(core::Instant at, const gdw3761::FrameView& frame) {
  const auto time = gdw3761::parse_set_clock(frame);
  if (!time) return false;
  const auto civil_ns = civil_seconds(*time) * 1'000'000'000;
  const auto step_ns = civil_ns - clock_.civil_ns(at);
  put_clock(at, civil_ns);
  has_head_end_time_ = true;
  tell(at, "clock-set-by-head-end", step_ns / 1'000'000);
  plan_pass(at);
  plan_broadcast(at);
  plan_duty(at);
  reply_ = gdw3761::write_confirm(writer_, own_address(frame.address.master), frame.sequence.counter(), true);
  return true;
}

bool Concentrator::query_archive(const gdw3761::FrameView& frame) {
  const auto count = gdw3761::archive_query_count(frame);
  constexpr auto head_bytes = gdw3761::UnitId::width + 2;
  if (!count || frame.units.size() >= head_bytes + 2 * *count + gdw3761::UnitId::width) return false;
  std::vector<gdw3761::ArchiveRow> rows;
  for (std::size_t i = 0; i < *count && rows.size() < gdw3761::archive_rows_max; ++i) {
    const auto index = gdw3761::archive_query_index(frame, i);
    if (!index) return false;
    if (const auto* row = archive_.find_index(*index)) rows.push_back(*row);
  }
  reply_ = gdw3761::write_archive_answer(writer_, own_address(frame.address.master), frame.sequence.counter(),
                                         rows);
  return true;
}

bool Concentrator::current_data(core::Instant at, const gdw3761::FrameView& frame) {
  if (frame.units.size() < gdw3761::UnitId::width) return false;
  const auto address = own_address(frame.address.master);
  const auto unit = gdw3761::UnitId::at(frame.units);
  if (unit.is_terminal() && unit.function() == clock_fn) {
    reply_ = gdw3761::write_clock_answer(writer_, address, frame.sequence.counter(),
                                         calendar_of(clock_.civil_s(at)));
    return true;
  }
  if (unit.function() != gdw3761::present_forward_fn || unit.is_every_point()) return false;
  // Present energies are the last that were collected: of the last round of states, or the newest quarter
  // hour's total, rates of the last freeze apart.
  writer_.begin(gdw3761::control::answer_data, address, gdw3761::Afn::current_data,
                gdw3761::Sequence::single(frame.sequence.counter()));
  writer_.unit(unit);
  unit.each_point([&](int point) {
    auto energies = no_energies();
    energies.copied_at = calendar_of(store_.last_quarter() * seconds_per_quarter);
    const auto position = static_cast<std::size_t>(point) - 1;
    if (position < present_.size() && present_[position].asked_civil_s != 0) {
      energies.copied_at = calendar_of(present_[position].asked_civil_s);
      energies.energy[0] = core::CentiKilowattHours(present_[position].centikWh);
    } else if (const auto counted = pulse_centikWh(position + 1, &PulseCount::now)) {
      energies.copied_at = calendar_of(clock_.civil_s(at));
      energies.energy[0] = core::CentiKilowattHours(*counted);
    } else if (const auto total = store_.reading(static_cast<std::size_t>(point), store_.last_quarter()))
      energies.energy[0] = core::CentiKilowattHours(*total);
    gdw3761::put_present(writer_, energies);
  });
  reply_ = writer_.finish();
  return true;
}

bool Concentrator::history_data(const gdw3761::FrameView& frame) {
  if (frame.units.size() < gdw3761::UnitId::width) return false;
  return gdw3761::UnitId::at(frame.units).function() == gdw3761::curve_fn ? curves(frame) : freezes(frame);
}

bool Concentrator::curves(const gdw3761::FrameView& frame) {
  gdw3761::CurveWriter curve(writer_);
  curve.begin(own_address(frame.address.master), frame.sequence.counter());
  bool is_known = true;
  const auto walked =
      gdw3761::each_curve_request(frame, [&](gdw3761::UnitId unit, const gdw3761::CurveTime& time) {
        is_known &= unit.function() == gdw3761::curve_fn && unit.da2 > 0;
        const int points = __builtin_popcount(unit.da1);
        const int step = gdw3761::density_minutes(time.density) / 15;
        const auto start_s = civil_seconds(time.start);
        // What does not fit into one frame is left out: the head-end asks again for what it did not get.
        if (!is_known || curve.writer().room() < gdw3761::CurveWriter::group_bytes(points, time.count))
          return;
        std::array<std::uint8_t, gdw3761::CurveTime::width> time_bytes{};
        gdw3761::put_curve_time(time_bytes, time);
        curve.group(unit.da2 - 1, unit.da1);
        unit.each_point([&](int point) {
          curve.point(time_bytes);
          for (int i = 0; i < time.count; ++i) {
            const auto reading = step > 0 && start_s % seconds_per_quarter == 0
                                     ? store_.reading(static_cast<std::size_t>(point),
                                                      start_s / seconds_per_quarter + i * step)
                                     : std::nullopt;
            if (reading)
              curve.value(core::CentiKilowattHours(*reading));
            else
              curve.missing();
          }
        });
      });
  const auto bytes = writer_.finish();
  if (!walked || !is_known) return false;
  reply_ = bytes;
  return true;
}

/// Td_d names the day that ended: its freeze was taken at the following midnight (24:00 of the day).
bool Concentrator::freezes(const gdw3761::FrameView& frame) {
  const auto request = gdw3761::parse_freeze_request(frame);
  if (!request || request->is_monthly || request->unit.is_every_point() || request->unit.is_terminal())
    return false;
  const auto frozen_on =
      core::days_from_civil(request->frozen.year, request->frozen.month, request->frozen.day) + 1;
  writer_.begin(gdw3761::control::answer_data, own_address(frame.address.master), gdw3761::Afn::history_data,
                gdw3761::Sequence::single(frame.sequence.counter()));
  writer_.unit(request->unit);
  request->unit.each_point([&](int point) {
    const auto registers = store_.freeze(static_cast<std::size_t>(point), frozen_on);
    gdw3761::put_daily(writer_, request->frozen, registers ? energies_of(*registers) : no_energies());
  });
  reply_ = writer_.finish();
  return true;
}

/// Total of the quarter hour in which the reading time lay; rates were not read then.
bool Concentrator::reading_days(const gdw3761::FrameView& frame) {
  constexpr auto width = gdw3761::UnitId::width;
  if (frame.units.size() < width + gdw3761::day_bytes) return false;
  const auto unit = gdw3761::UnitId::at(frame.units);
  const auto day = gdw3761::day_at(frame.units.subspan(width));
  if (unit.function() != reading_day_fn || unit.is_every_point() || unit.is_terminal() || !day) return false;
  writer_.begin(gdw3761::control::answer_data, own_address(frame.address.master), gdw3761::Afn::history_data,
                gdw3761::Sequence::single(frame.sequence.counter()));
  writer_.unit(unit);
  unit.each_point([&](int point) {
    auto energies = no_energies();
    const auto number = static_cast<std::size_t>(point);
    const auto quarter = reading_day_quarter(number, core::days_from_civil(day->year, day->month, day->day));
    const auto reading = quarter ? store_.reading(number, *quarter) : std::nullopt;
    if (reading) {
      energies.copied_at = calendar_of(*quarter * seconds_per_quarter);
      energies.energy[0] = core::CentiKilowattHours(*reading);
    }
    gdw3761::put_daily(writer_, *day, energies);
  });
  reply_ = writer_.finish();
  return true;
}

bool Concentrator::forward(core::Instant at, const gdw3761::FrameView& frame) {
  const auto request = gdw3761::parse_forward(frame);
  if (!request) return false;
  Forward forward;
  forward.port = request->port;
  forward.counter = frame.sequence.counter();
  forward.master = frame.address.master;
  forward.timeout = std::chrono::milliseconds(request->frame_timeout_ms);
  const std::size_t line = request->port - std::size_t{Archive::first_line_port};
  dlt645::Frame inner;
  const bool is_frame = request->payload.size() <= dlt645::Wire::capacity() &&
                        dlt645::decode(request->payload, inner).has_value();
  if (!is_frame || line >= pollers_.size()) {
    forwarded(at, forward, {});
    reply_ = {};
    return true;
  }
  forward.bytes.append(request->payload);
  forward.to = inner.address;
  forward.function = inner.control.function();
  const core::Bytes asked = inner.data;
  if (forward.function == dlt645::Function::read && asked.size() >= dlt645::DataIdentifier::width)
    forward.item = dlt645::identifier_at(asked);
  if (!pollers_[line].forward(at, forward)) forwarded(at, forward, {});
  reply_ = {};
  return true;
}

void Concentrator::forwarded(core::Instant at, const Forward& asked, core::Bytes heard) {
  uplink_.send(at, gdw3761::write_forward_answer(writer_, own_address(asked.master), asked.counter,
                                                 {asked.port, heard}));
}
}  // namespace model
