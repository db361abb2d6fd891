#include "tests/head-end/talk/ingest_scene.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "audit/evidence/packed_readings.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/load_record.hpp"

namespace talk_test {
namespace {
constexpr std::uint8_t load_class_energies = 4;

std::vector<std::uint8_t> copy(core::Bytes bytes) { return {bytes.begin(), bytes.end()}; }

gdw3761::TerminalAddress address_of(const Configuration& configuration, std::size_t position) {
  const auto& file = configuration.concentrators[position];
  return gdw3761::terminal_address(file.region, file.address);
}

MeterId meter_at(const Configuration& configuration, std::size_t position, int point) {
  const auto concentrator = configuration.concentrators[position].id;
  for (const auto& meter : configuration.meters)
    if (meter.concentrator == concentrator && meter.point == point) return meter.id;
  return 0;
}
}  // namespace

std::vector<std::uint8_t> curve_report(const Configuration& configuration, std::size_t position,
                                       const CurveFrame& frame) {
  gdw3761::FrameWriter writer;
  auto address = address_of(configuration, position);
  if (frame.terminal != 0) address.terminal = frame.terminal;
  writer.begin(gdw3761::control::report, address, gdw3761::Afn::history_data,
               gdw3761::Sequence::single(frame.counter, frame.must_confirm));
  gdw3761::CurveWriter curve(writer);
  std::array<std::uint8_t, gdw3761::CurveTime::width> time{};
  gdw3761::put_curve_time(
      time, {configuration.zone.civil(frame.due), frame.density, static_cast<std::uint8_t>(frame.count)});
  for (const int point : frame.points) {
    curve.group((point - 1) / 8, static_cast<std::uint8_t>(1u << ((point - 1) % 8)));
    curve.point(time);
    const auto meter = meter_at(configuration, position, point);
    for (int i = 0; i < frame.count; ++i) {
      if (frame.missing.contains(point)) {
        curve.missing();
      } else {
        curve.value(core::CentiKilowattHours(
            register_of(configuration, meter, frame.due + i * 15min).count() + frame.off_centikWh));
      }
    }
  }
  return copy(writer.finish());
}

std::vector<std::uint8_t> raw_report(const Configuration& configuration, std::size_t position,
                                     gdw3761::Afn afn, unsigned counter, core::Bytes units) {
  gdw3761::FrameWriter writer;
  writer.begin(gdw3761::control::report, address_of(configuration, position), afn,
               gdw3761::Sequence::single(counter, true));
  writer.bytes(units);
  return copy(writer.finish());
}

std::vector<std::uint8_t> load_record_answer(const Configuration& configuration, MeterId meter, Instant due) {
  std::array<std::uint8_t, dlt645::minute_time_bytes> time{};
  dlt645::put_minute_time(time, configuration.zone.civil(due));
  dlt645::Data record;
  dlt645::put_energy_record(time, register_of(configuration, meter, due), core::CentiKilowattHours(0),
                            record);
  dlt645::Wire wire;
  dlt645::answer_data(configuration.meters[meter - 1].address,
                      dlt645::item::load_record_latest(load_class_energies), record, wire);
  return {wire.begin(), wire.end()};
}

std::vector<std::uint8_t> passed_on_payload(const Configuration& configuration, std::size_t position,
                                            core::Bytes payload, unsigned counter) {
  gdw3761::FrameWriter writer;
  writer.begin(gdw3761::control::report, address_of(configuration, position), gdw3761::Afn::forward,
               gdw3761::Sequence::single(counter, true));
  writer.unit(gdw3761::UnitId::of(0, 1));
  writer.byte(2);
  writer.little_endian(payload.size(), 2);
  writer.bytes(payload);
  return copy(writer.finish());
}

std::vector<std::uint8_t> passed_on_report(const Configuration& configuration, std::size_t position,
                                           MeterId meter, Instant due, unsigned counter) {
  return passed_on_payload(configuration, position, load_record_answer(configuration, meter, due), counter);
}

std::vector<std::uint8_t> login_of(const Configuration& configuration, std::size_t position,
                                   gdw3761::LinkEvent event) {
  gdw3761::FrameWriter writer;
  return copy(gdw3761::write_link(writer, address_of(configuration, position), 15, {event, {}}));
}

std::vector<std::uint8_t> write_of(std::uint16_t transaction, std::uint16_t window,
                                   const std::vector<std::uint16_t>& registers) {
  modbus::tcp::Adu adu;
  modbus::tcp::put_write(transaction, 255, window, registers, adu);
  return {adu.begin(), adu.end()};
}

std::vector<std::uint16_t> upload_of(const Configuration& configuration, std::size_t position, Instant due,
                                     int first, int count) {
  const auto civil = configuration.zone.civil(due);
  std::vector<std::uint16_t> registers{
      static_cast<std::uint16_t>(civil.year), static_cast<std::uint16_t>(civil.month * 256 + civil.day),
      static_cast<std::uint16_t>(civil.hour * 256 + civil.minute), static_cast<std::uint16_t>(first)};
  for (int point = first; point < first + count; ++point) {
    const auto shown = static_cast<std::uint32_t>(
        register_of(configuration, meter_at(configuration, position, point), due).count());
    registers.push_back(static_cast<std::uint16_t>(shown >> 16));
    registers.push_back(static_cast<std::uint16_t>(shown));
  }
  return registers;
}

bool Caller::dial(IngestWorld& world, seam::VirtualListener& door, const std::string& name) {
  world_ = &world;
  line_ = seam::VirtualField(world.clock, *this, name);
  return door.offer(line_.connect());
}

void ReportCaller::head_end_wrote(core::Bytes bytes) {
  framer_.feed(bytes);
  while (const auto frame = framer_.take()) {
    if (const auto confirm = gdw3761::parse_confirm(*frame)) {
      answers.push_back({frame->sequence.counter(), confirm->is_good, now()});
    } else {
      ++questions;
      const bool is_good = frame->afn == gdw3761::Afn::set || frame->afn == gdw3761::Afn::control;
      gdw3761::FrameWriter writer;
      say(gdw3761::write_confirm(writer, frame->address, frame->sequence.counter(), true, is_good));
    }
  }
}

std::size_t ReportCaller::good() const {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [](const Answer& answer) { return answer.is_good; }));
}

void UploadCaller::head_end_wrote(core::Bytes bytes) {
  partial_.insert(partial_.end(), bytes.begin(), bytes.end());
  while (const auto adu = modbus::tcp::decode(partial_)) {
    const auto said = modbus::tcp::parse_write_answer(adu->pdu);
    // An exception names the function that was asked for, whichever that was.
    const bool is_exception = adu->pdu.size() == 2 && adu->pdu[0] > 0x80;
    if (said || is_exception)
      answers.push_back({adu->transaction, said ? *said : modbus::tcp::Exception{adu->pdu[1]}, now()});
    else
      has_heard_garbage = true;
    partial_.erase(partial_.begin(), partial_.begin() + static_cast<std::ptrdiff_t>(adu->length));
  }
}

IngestScene::IngestScene(Configuration its_configuration)
    : configuration(std::move(its_configuration)), started_at_(configuration.opens + 48h) {
  static std::atomic<int> serial{0};
  folder_ = std::filesystem::temp_directory_path() /
            ("metertwin-ingest-" + std::to_string(::getpid()) + "-" + std::to_string(serial++));
  std::filesystem::create_directories(folder_);
}

IngestScene::~IngestScene() {
  crash();
  std::filesystem::remove_all(folder_);
}

void IngestScene::start() {
  world_ = std::make_unique<IngestWorld>(started_at_);
  headend::Doors doors(world_->uplinks, world_->counter);
  doors.managers = &world_->managers;
  head_end_ = std::make_unique<headend::HeadEnd>(configuration, folder_ / "books.db", world_->clock, doors);
  head_end_->start();
  settle();
}

void IngestScene::crash() {
  if (!world_) return;
  started_at_ = now();
  world_->clock.kill();
  head_end_.reset();
  world_.reset();
}

void IngestScene::restart_after(Duration down) {
  crash();
  started_at_ += down;
  start();
}

void IngestScene::greet(ReportCaller& caller, std::size_t position) {
  REQUIRE(caller.dial(world(), world().uplinks, configuration.concentrators[position].name));
  caller.say(login_of(configuration, position));
  settle();
  REQUIRE(caller.answers.size() == 1);
  REQUIRE(caller.answers[0].is_good);
  caller.answers.clear();
}

void IngestScene::greet(UploadCaller& caller, std::size_t position) {
  const auto& file = configuration.concentrators[position];
  REQUIRE(caller.dial(world(), world().managers, file.name));
  caller.say(write_of(1, 0x0F00, {file.region, file.address}));
  run_for(20ms);
  REQUIRE(caller.answers.size() == 1);
  REQUIRE(caller.answers[0].exception == modbus::tcp::Exception::none);
  caller.answers.clear();
}

Stored IngestScene::stored() const {
  sqlite::Database store(folder_ / "books.db", sqlite::Database::Use::read);
  audit::PackedReadings readings(store);
  Stored found;
  const auto first_slot = core::unix_seconds(configuration.opens) / 900;
  while (const auto* reading = readings.next()) {
    const auto key = std::pair(static_cast<MeterId>(reading->meter), reading->slot - first_slot);
    REQUIRE(found.emplace(key, reading->register_centikWh).second);
  }
  REQUIRE(readings.doubled() == 0);
  REQUIRE(readings.disagreeing() == 0);
  return found;
}

std::int64_t IngestScene::committed(const std::string& query) const {
  sqlite::Database store(folder_ / "books.db", sqlite::Database::Use::read);
  return store.integer(query.c_str());
}

std::uint32_t IngestScene::truth(MeterId meter, std::int64_t quarter) const {
  return static_cast<std::uint32_t>(register_of(configuration, meter, due(quarter)).count());
}

Configuration pushing_estate(int concentrators) {
  std::vector<int> meters(static_cast<std::size_t>(concentrators), 3);
  meters[0] = 10;
  auto configuration = make_configuration({.meters_per_concentrator = meters});
  for (auto& file : configuration.concentrators) file.reports = true;
  return configuration;
}
}  // namespace talk_test
