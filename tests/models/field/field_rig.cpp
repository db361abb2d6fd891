#include "tests/models/field/field_rig.hpp"

#include <catch2/catch.hpp>

namespace rig {
std::vector<model::TruthEvent> Truth::of(const std::string& entity, const std::string& kind) const {
  std::vector<model::TruthEvent> found;
  for (const auto& e : events)
    if (e.entity == entity && e.kind == kind) found.push_back(e);
  return found;
}

core::MeterAddress address_of(model::MeterId meter) { return core::MeterAddress(202'600'000'000 + meter); }

model::MeterSetup meter(model::MeterId id, core::Milliwatts power) {
  static const auto plate = std::make_shared<const model::TypePlate>();
  static const auto tariff = std::make_shared<const model::TariffTables>();
  model::MeterSetup setup;
  setup.id = id;
  setup.address = address_of(id);
  setup.plate = plate;
  setup.tariff = tariff;
  setup.load = model::Load::constant(power);
  setup.starts = midnight;
  return setup;
}

model::AreaSetup area(std::size_t meters, std::size_t lines) {
  model::AreaSetup setup;
  setup.name = "north";
  setup.seed = 7;
  setup.zone = china;
  setup.starts = midnight;
  setup.lines.resize(lines);
  for (std::size_t i = 0; i < meters; ++i) {
    const auto id = static_cast<model::MeterId>(i + 1);
    setup.meters.push_back(meter(id, core::Milliwatts(1'000'000 + 100'000 * static_cast<std::int64_t>(i))));
    setup.meter_names.push_back("M000" + std::to_string(id));
    setup.lines[i % lines].meters.push_back(static_cast<std::uint32_t>(i));
  }
  setup.uplink.loss = {0, 1};
  setup.uplink.latency_max = setup.uplink.latency_min = 300ms;
  return setup;
}

void run(model::Area& area, Instant till) {
  for (auto at = area.next(); at <= till; at = area.next()) area.advance(at);
  area.advance(till);
}

bool HeadEnd::connect(model::AreaId, Instant at) {
  last_at = at;
  if (is_listening) logins.push_back(at);
  return is_listening;
}

void HeadEnd::drop(model::AreaId, Instant at) { drops.push_back(at); }

void HeadEnd::deliver(model::AreaId, Instant at, core::Bytes bytes) {
  last_at = at;
  framer_.feed(bytes, [&](const gdw3761::FrameView& frame) {
    received.push_back({at, {frame.raw.begin(), frame.raw.end()}, frame.afn});
    if (frame.afn != gdw3761::Afn::link || !confirms) return;
    gdw3761::FrameWriter reply;
    area->head_end_wrote(at, gdw3761::write_confirm(reply, frame.address, frame.sequence.counter(), false));
  });
}

void HeadEnd::set_archive(Instant at, const model::AreaSetup& setup) {
  std::vector<gdw3761::ArchiveRow> rows;
  for (std::size_t line = 0; line < setup.lines.size(); ++line)
    for (const auto position : setup.lines[line].meters) {
      gdw3761::ArchiveRow row;
      row.index = row.point = static_cast<std::uint16_t>(position + 1);
      row.port = static_cast<std::uint8_t>(2 + line);
      row.address = setup.meters[position].address;
      rows.push_back(row);
    }
  write(at, gdw3761::write_set_archive(writer_, concentrator, 1, rows));
}

std::vector<std::uint8_t> HeadEnd::await(Instant from, gdw3761::Afn afn, core::Duration patience) {
  const auto before = received.size();
  while (area->next() <= from + patience) {
    area->advance(area->next());
    for (auto i = before; i < received.size(); ++i)
      if (received[i].afn == afn) return received[i].raw;
  }
  FAIL("no answer came");
  return {};
}

std::map<int, std::vector<std::int64_t>> HeadEnd::curve(Instant at, Instant start, int count,
                                                        std::uint8_t mask, int group) {
  gdw3761::begin_curve_request(writer_, concentrator, 5);
  gdw3761::curve_request_unit(writer_, gdw3761::UnitId::of_group(group, mask, gdw3761::curve_fn),
                              {china.civil(start), gdw3761::density_15min, static_cast<std::uint8_t>(count)});
  write(at, writer_.finish());
  const auto raw = await(at, gdw3761::Afn::history_data);
  std::map<int, std::vector<std::int64_t>> values;
  const auto walked = gdw3761::each_curve(*gdw3761::decode(raw), [&](const gdw3761::Curve& curve) {
    for (std::size_t i = 0; i < curve.time.count; ++i)
      values[curve.point].push_back(curve.value(i) ? curve.value(i)->count() : -1);
  });
  REQUIRE(walked.has_value());
  return values;
}

std::map<int, std::vector<std::int64_t>> HeadEnd::freeze(Instant at, const core::CivilTime& day,
                                                         std::uint8_t mask) {
  write(at, gdw3761::write_daily_request(writer_, concentrator, 6,
                                         gdw3761::UnitId::of_group(0, mask, gdw3761::daily_forward_fn), day));
  const auto raw = await(at, gdw3761::Afn::history_data);
  std::map<int, std::vector<std::int64_t>> values;
  const auto walked = gdw3761::each_freeze(*gdw3761::decode(raw), [&](const gdw3761::FreezeAnswer& freeze) {
    auto& point = values[freeze.point];
    for (int i = 0; i <= freeze.energies.rates; ++i)
      if (freeze.energies.energy[static_cast<std::size_t>(i)])
        point.push_back(freeze.energies.energy[static_cast<std::size_t>(i)]->count());
  });
  REQUIRE(walked.has_value());
  return values;
}

std::vector<std::uint8_t> HeadEnd::forward(Instant at, core::Bytes frame, std::uint8_t port, int timeout_ms) {
  gdw3761::ForwardRequest request;
  request.port = port;
  request.frame_timeout_ms = timeout_ms;
  request.payload = frame;
  write(at, gdw3761::write_forward(writer_, concentrator, 9, request));
  const auto raw = await(at, gdw3761::Afn::forward);
  const auto answer = gdw3761::parse_forward_answer(*gdw3761::decode(raw));
  REQUIRE(answer.has_value());
  return {answer->payload.begin(), answer->payload.end()};
}
}  // namespace rig
