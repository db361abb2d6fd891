#include "head-end/collect/report.hpp"

#include "head-end/validate/plausible.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace headend {
namespace {
constexpr Duration quarter_hour = 15min;
constexpr std::uint32_t load_record_items = 0x0600'0000;

/// Books what one frame brings; asks the clock once for all of it.
class Booking {
 public:
  Booking(Desk& desk, IngestStatistics& statistics)
      : books_(desk.books),
        misses_(desk.field.misses),
        statistics_(statistics),
        opens_(desk.configuration().opens),
        now_(desk.now()) {}
  void book(MeterId meter, Instant due, CentiKilowattHours shown) {
    const auto source = due == opens_ ? ReadingSource::opening : ReadingSource::curve;
    const auto verdict = books_.accept_reading(meter, due, shown, source, now_);
    ++statistics_.readings[static_cast<std::size_t>(verdict)];
    if (leaves_a_gap(verdict)) [[unlikely]]
      misses_.note(meter, slot_before(due), slot_before(due), MissWhy::rejected, now_);
  }

 private:
  Books& books_;
  MissNotes& misses_;
  IngestStatistics& statistics_;
  Instant opens_, now_;
};

/// The years that DL/T 645 and 1376.1 can write, two digits each; Modbus could write years that no instant in
/// nanoseconds can hold.
bool is_civil(const core::CivilTime& civil) {
  return civil.year >= 2000 && civil.year <= 2099 &&
         core::is_valid_date(civil.year, civil.month, civil.day) && civil.hour >= 0 && civil.hour < 24 &&
         civil.minute >= 0 && civil.minute < 60;
}
}  // namespace

std::optional<Instant> Report::due_of(const core::CivilTime& civil) {
  if (civil != last_civil_) {
    last_civil_ = civil;
    last_due_.reset();
    if (is_civil(civil)) last_due_ = desk_.configuration().zone.instant(civil);
  }
  return last_due_;
}

core::Result<void> Report::take(const ConcentratorArea& area, const gdw3761::FrameView& frame) {
  if (frame.afn == gdw3761::Afn::forward) return take_passed_on(area, frame);
  return take_curves(area, frame);
}

core::Result<void> Report::take_curves(const ConcentratorArea& area, const gdw3761::FrameView& frame) {
  bool is_proper = true;
  Booking booking(desk_, statistics_);
  const auto walked = gdw3761::each_curve(frame, [&](const gdw3761::Curve& curve) {
    const auto first_due = due_of(curve.time.start);
    is_proper = is_proper && curve.time.density == gdw3761::density_15min && first_due.has_value();
    if (!is_proper) return;
    const MeterId meter = curve.point > 0 ? area.meter_at(static_cast<std::size_t>(curve.point)) : 0;
    if (meter == 0) {
      statistics_.values_of_nobody += curve.time.count;
      return;
    }
    Instant due = *first_due;
    for (std::size_t i = 0; i < curve.time.count; ++i, due += quarter_hour) {
      const auto shown = curve.value(i);
      if (shown) {
        booking.book(meter, due, *shown);
      } else {
        ++statistics_.values_missing;
      }
    }
  });
  if (!walked) return walked;
  if (!is_proper || frame.units.empty()) return core::Fault::bad_field;
  return {};
}

core::Result<void> Report::take_passed_on(const ConcentratorArea& area, const gdw3761::FrameView& frame) {
  const auto passed = gdw3761::parse_forward_answer(frame);
  if (!passed) return passed.error();
  dlt645::Frame meters_frame;
  const auto decoded = dlt645::decode(passed->payload, meters_frame);
  if (!decoded) return decoded.error();
  const auto answer = dlt645::parse_data_answer(meters_frame);
  if (!answer) return answer.error();
  if ((answer->item.code & 0xFF00'0000u) != load_record_items) return core::Fault::unknown_item;
  const auto address = meters_frame.address.address();
  const MeterId meter = address ? area.meter_with(*address) : 0;
  core::Bytes rest = answer->value;
  if (rest.empty()) return core::Fault::bad_length;
  dlt645::EnergyRecord record;
  Booking booking(desk_, statistics_);
  while (!rest.empty()) {
    const auto used = dlt645::take_energy_record(rest, record);
    if (!used) return used.error();
    rest = rest.subspan(*used);
    const auto due = due_of(record.at);
    if (!due) return core::Fault::bad_field;
    if (meter == 0) {
      ++statistics_.values_of_nobody;
    } else {
      booking.book(meter, *due, record.forward);
    }
  }
  return {};
}

modbus::tcp::Exception Upload::take(const ConcentratorArea& area, const modbus::tcp::WriteRequest& upload) {
  using modbus::tcp::Exception;
  if (upload.count <= upload_head_registers || upload.count % 2 != 0) return Exception::illegal_value;
  const std::array<std::uint16_t, 3> time{modbus::u16_at(upload.registers, 0),
                                          modbus::u16_at(upload.registers, 1),
                                          modbus::u16_at(upload.registers, 2)};
  if (time != last_time_) {
    const core::CivilTime civil{time[0], time[1] >> 8, time[1] & 0xFF, time[2] >> 8, time[2] & 0xFF, 0};
    if (!is_civil(civil) || civil.minute % 15 != 0) return Exception::illegal_value;
    last_time_ = time;
    last_due_ = desk_.configuration().zone.instant(civil);
  }
  const std::size_t first_point = modbus::u16_at(upload.registers, 3);
  const std::size_t count = (upload.count - upload_head_registers) / 2u;
  for (std::size_t i = 0; i < count; ++i)
    if (first_point == 0 || area.meter_at(first_point + i) == 0) return Exception::illegal_value;
  Booking booking(desk_, statistics_);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t shown = modbus::u32_at(upload.registers, upload_head_registers + 2 * i);
    if (shown == upload_missing) {
      ++statistics_.values_missing;
    } else {
      booking.book(area.meter_at(first_point + i), last_due_, CentiKilowattHours(std::int64_t{shown}));
    }
  }
  return Exception::none;
}
}  // namespace headend
