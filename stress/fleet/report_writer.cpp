#include "stress/fleet/report_writer.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "protocols/modbus/tcp.hpp"

namespace stress {
namespace {
constexpr int points_a_group = 8;
constexpr std::uint8_t line_port = 2;
constexpr int load_class_energies = 4;
constexpr std::size_t upload_head_registers = 4;

void append(core::Bytes more, std::vector<std::uint8_t>& out) {
  out.insert(out.end(), more.begin(), more.end());
}

gdw3761::TerminalAddress address_of(const CollectorPlan& collector) {
  return gdw3761::terminal_address(collector.region, collector.number);
}

std::uint32_t told(ReportWriter::Telling telling, std::uint32_t truth) {
  switch (telling) {
    case ReportWriter::Telling::falsified:
      return falsified(truth);
    case ReportWriter::Telling::huge:
      return huge_register;
    case ReportWriter::Telling::truth:
      break;
  }
  return truth;
}
}  // namespace

ReportWriter::ReportWriter(const EstatePlan& estate, const FleetOptions& options)
    : estate_(estate), options_(options) {
  METERTWIN_CHECK(options.readings_per_frame >= 1 && options.readings_per_frame <= 1000,
                  options.readings_per_frame);
  laws_.resize(std::size_t{estate.meters} + 1);
  for (std::uint32_t meter = 1; meter <= estate.meters; ++meter) laws_[meter] = law_of(estate.seed, meter);
}

bool ReportWriter::passes_on(const CollectorPlan& collector) const {
  if (collector.is_manager || options_.passed_on_permille == 0) return false;
  // Spread evenly: of any thousand collectors in a row, so many.
  return std::uint64_t{collector.id} * options_.passed_on_permille % 1000 < options_.passed_on_permille;
}

std::uint32_t ReportWriter::parts_of(const CollectorPlan& collector) const {
  if (passes_on(collector)) return collector.meters;
  return (collector.meters + options_.readings_per_frame - 1) / options_.readings_per_frame;
}

ReportPart ReportWriter::part_of(const CollectorPlan& collector, std::uint32_t frame) const {
  const std::uint32_t parts = parts_of(collector);
  const std::uint32_t each = passes_on(collector) ? 1 : options_.readings_per_frame;
  ReportPart part;
  part.quarter = options_.first_quarter + frame / parts;
  const std::uint32_t skipped = frame % parts * each;
  part.first_point = skipped + 1;
  part.points = std::min(each, collector.meters - skipped);
  return part;
}

const core::CivilTime& ReportWriter::civil(Instant due) {
  if (due != civil_of_) {
    civil_ = zone_.civil(due);
    civil_of_ = due;
  }
  return civil_;
}

std::uint32_t ReportWriter::put_report(const CollectorPlan& collector, std::uint32_t frame, std::uint16_t tag,
                                       std::vector<std::uint8_t>& out) {
  const ReportPart part = part_of(collector, frame);
  if (collector.is_manager)
    put_upload(collector, part, tag, out);
  else if (passes_on(collector))
    put_passed_on(collector, part, tag, out);
  else
    put_curve(collector, part, estate_.due(part.quarter), tag, Telling::truth, out);
  return part.points;
}

void ReportWriter::put_curve(const CollectorPlan& collector, const ReportPart& part, Instant due,
                             unsigned counter, Telling telling, std::vector<std::uint8_t>& out) {
  frames_.begin(gdw3761::control::report, address_of(collector), gdw3761::Afn::history_data,
                gdw3761::Sequence::single(counter, true));
  gdw3761::CurveWriter curve(frames_);
  std::array<std::uint8_t, gdw3761::CurveTime::width> time{};
  gdw3761::put_curve_time(time, {civil(due), gdw3761::density_15min, 1});
  const std::uint32_t end = part.first_point + part.points;  // one behind the last
  for (std::uint32_t point = part.first_point; point < end;) {
    const std::uint32_t group = (point - 1) / points_a_group;
    const std::uint32_t group_end = std::min(end, group * points_a_group + points_a_group + 1);
    unsigned mask = 0;
    for (std::uint32_t p = point; p < group_end; ++p) mask |= 1u << ((p - 1) % points_a_group);
    curve.group(static_cast<int>(group), static_cast<std::uint8_t>(mask));
    for (; point < group_end; ++point) {
      curve.point(time);
      const std::uint32_t shown = truth(collector.first_meter + point - 1, part.quarter);
      curve.value(core::CentiKilowattHours(told(telling, shown)));
    }
  }
  append(frames_.finish(), out);
}

void ReportWriter::put_passed_on(const CollectorPlan& collector, const ReportPart& part, unsigned counter,
                                 std::vector<std::uint8_t>& out) {
  const std::uint32_t meter = collector.first_meter + part.first_point - 1;
  std::array<std::uint8_t, dlt645::minute_time_bytes> time{};
  dlt645::put_minute_time(time, civil(estate_.due(part.quarter)));
  dlt645::Data record;
  dlt645::put_energy_record(time, core::CentiKilowattHours(truth(meter, part.quarter)),
                            core::CentiKilowattHours(0), record);
  dlt645::Wire wire;
  dlt645::answer_data(EstatePlan::address_of(meter), dlt645::item::load_record_latest(load_class_energies),
                      record, wire);
  frames_.begin(gdw3761::control::report, address_of(collector), gdw3761::Afn::forward,
                gdw3761::Sequence::single(counter, true));
  frames_.unit(gdw3761::UnitId::of(0, 1));
  frames_.byte(line_port);
  frames_.little_endian(wire.size(), 2);
  frames_.bytes(wire);
  append(frames_.finish(), out);
}

void ReportWriter::put_upload(const CollectorPlan& collector, const ReportPart& part,
                              std::uint16_t transaction, std::vector<std::uint8_t>& out) {
  std::array<std::uint16_t, upload_head_registers + 2 * meters_per_manager> registers{};
  const core::CivilTime& time = civil(estate_.due(part.quarter));
  registers[0] = static_cast<std::uint16_t>(time.year);
  registers[1] = static_cast<std::uint16_t>(time.month * 256 + time.day);
  registers[2] = static_cast<std::uint16_t>(time.hour * 256 + time.minute);
  registers[3] = static_cast<std::uint16_t>(part.first_point);
  std::size_t at = upload_head_registers;
  for (std::uint32_t i = 0; i < part.points; ++i) {
    const std::uint32_t shown = truth(collector.first_meter + part.first_point - 1 + i, part.quarter);
    registers[at++] = static_cast<std::uint16_t>(shown >> 16);
    registers[at++] = static_cast<std::uint16_t>(shown);
  }
  modbus::tcp::Adu adu;
  modbus::tcp::put_write(transaction, manager_unit, upload_register, std::span(registers).first(at), adu);
  append(adu, out);
}

void ReportWriter::put_login(const CollectorPlan& collector, std::uint16_t tag,
                             std::vector<std::uint8_t>& out) {
  if (!collector.is_manager) {
    append(gdw3761::write_link(frames_, address_of(collector), tag, {gdw3761::LinkEvent::login, {}}), out);
    return;
  }
  const std::array<std::uint16_t, 2> who{collector.region, collector.number};
  modbus::tcp::Adu adu;
  modbus::tcp::put_write(tag, manager_unit, hello_register, who, adu);
  append(adu, out);
}

void ReportWriter::put_heartbeat(const CollectorPlan& collector, unsigned counter,
                                 std::vector<std::uint8_t>& out) {
  append(gdw3761::write_link(frames_, address_of(collector), counter, {gdw3761::LinkEvent::heartbeat, {}}),
         out);
}
}  // namespace stress
