#include "tests/models/collector/settings_bench.hpp"

#include <catch2/catch.hpp>

namespace bench {
Bench::Bench(model::AreaSetup s)
    : setup(s),
      area(std::move(s), truth, head_end,
           [this](Instant from, Instant, model::AreaId, int line, bool is_request, core::Bytes bytes) {
             if (is_request) requests.push_back({from, line, {bytes.begin(), bytes.end()}});
           }) {
  head_end.wire(area);
  run(midnight + 2min);
  head_end.set_archive(now_, setup);
  gdw3761::FrameWriter writer;
  head_end.write(now_, gdw3761::write_set_clock(writer, address, 3, {2026, 7, 1, 0, 2, 0}));
  run(midnight + 2min + 30s);
}

void Bench::run(Instant till) {
  rig::run(area, till);
  now_ = till;
}

std::vector<std::uint8_t> Bench::exchange(core::Bytes frame) {
  const auto afn = gdw3761::decode(frame)->afn;
  const auto before = head_end.received.size();
  head_end.write(now_, frame);
  const auto till = now_ + 2min;
  while (area.next() <= till) {
    now_ = area.next();
    area.advance(now_);
    for (auto i = before; i < head_end.received.size(); ++i)
      if (head_end.received[i].afn == afn || head_end.received[i].afn == gdw3761::Afn::confirm)
        return head_end.received[i].raw;
  }
  now_ = till;
  return {};
}

std::vector<std::uint8_t> Bench::set(std::span<const gdw3761::Parameter> parameters) {
  const auto frame = gdw3761::write_set_parameters(writer_, address, 5, parameters);
  return exchange(frame);
}

bool Bench::is_good(core::Bytes confirm) {
  const auto frame = gdw3761::decode(confirm);
  if (!frame) return false;
  const auto parsed = gdw3761::parse_confirm(*frame);
  return parsed && parsed->is_good;
}

std::vector<std::uint8_t> Bench::ask(std::span<const gdw3761::ParameterQuery> queries) {
  const auto raw = exchange(gdw3761::write_query_parameters(writer_, address, 6, queries));
  const auto frame = gdw3761::decode(raw);
  REQUIRE(frame.has_value());
  if (frame->afn != gdw3761::Afn::query) return {};
  return {frame->units.begin(), frame->units.end()};
}

bool Bench::command(int fn, std::uint8_t port) {
  gdw3761::FrameWriter writer;
  writer.begin(gdw3761::control::request_class1, address, gdw3761::Afn::control,
               gdw3761::Sequence::single(4, true));
  writer.unit(gdw3761::UnitId::of(0, fn));
  writer.byte(port);
  return is_good(exchange(writer.finish()));
}

std::int64_t Bench::reading_day(int point, const core::CivilTime& day) {
  constexpr int reading_day_fn = 169;
  const auto raw = exchange(
      gdw3761::write_daily_request(writer_, address, 7, gdw3761::UnitId::of(point, reading_day_fn), day));
  const auto frame = gdw3761::decode(raw);
  REQUIRE(frame.has_value());
  REQUIRE(frame->afn == gdw3761::Afn::history_data);
  core::Bytes rest = frame->units.subspan(gdw3761::UnitId::width);
  CHECK(gdw3761::day_at(rest) == day);
  rest = rest.subspan(gdw3761::day_bytes);
  const auto energies = gdw3761::take_rate_energies(rest);
  REQUIRE(energies.has_value());
  return energies->energy[0] ? energies->energy[0]->count() : -1;
}

std::size_t Bench::asked(int line, Instant from, Instant till) const {
  return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [&](const Asked& asked) {
    return asked.line == line && asked.at >= from && asked.at < till;
  }));
}

std::vector<std::int64_t> Bench::truth_curve(Instant from, int count, std::size_t meter) const {
  std::vector<std::int64_t> values;
  for (int i = 0; i < count; ++i) values.push_back(truth.samples.at(from + i * 15min).shown[meter]);
  return values;
}

std::vector<std::int64_t> Bench::curve(Instant from, int count, int point) {
  const auto curves =
      head_end.curve(now_, from, count, static_cast<std::uint8_t>(1 << (point - 1) % 8), (point - 1) / 8);
  now_ = head_end.last_at;
  return curves.at(point);
}

std::vector<std::uint8_t> units_of(std::span<const gdw3761::Parameter> parameters) {
  std::vector<std::uint8_t> units;
  for (const auto& parameter : parameters) gdw3761::put_parameter(units, parameter);
  return units;
}

gdw3761::ParameterQuery query_of(const gdw3761::Parameter& parameter) {
  gdw3761::ParameterQuery query{gdw3761::fn_of(parameter), {}};
  const auto put = [&]<class Block>(const std::vector<Block>& blocks) {
    for (const auto& block : blocks) {
      if constexpr (std::is_same_v<Block, gdw3761::ArchiveRow>)
        query.keys.push_back(block.index);
      else if constexpr (std::is_same_v<Block, gdw3761::PulseInput>)
        query.keys.push_back(block.input);
      else if constexpr (std::is_same_v<Block, gdw3761::CollectorRecord>)
        query.keys.push_back(block.address.digits());
      else if constexpr (std::is_same_v<Block, gdw3761::MeterNote>)
        query.keys.push_back(block.point);
      else if constexpr (!std::is_same_v<Block, gdw3761::TerminalName>)
        query.keys.push_back(block.port);
    }
  };
  std::visit(put, parameter);
  return query;
}
}  // namespace bench
