// Ways to meters: a collector in between, carrier modules, two ways at once; the poller reads over each of
// them.
#include "models/collector/field_line.hpp"

#include <catch2/catch.hpp>

#include "models/collector/carrier_field.hpp"
#include "protocols/dlt645/requests.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using rig::midnight;

namespace {
/// Says what it was told, a second later, as an answer.
class Mirror final : public model::FieldLine {
 public:
  core::Duration duration_of(std::size_t bytes) const override { return bytes * core::Duration(1ms); }
  core::Instant transmit(core::Instant at, core::Bytes bytes) override {
    said_.push_back({at + 1s, {bytes.begin(), bytes.end()}});
    return at + duration_of(bytes.size());
  }
  void hush_master() override { said_.clear(); }
  core::Instant next() const override { return said_.empty() ? core::never : said_.front().first; }
  core::Instant busy_until(core::Instant at) const override { return at; }
  core::Bytes advance() override {
    taken_ = said_.front().second;
    said_.erase(said_.begin());
    return taken_;
  }

 private:
  std::vector<std::pair<core::Instant, std::vector<std::uint8_t>>> said_;
  std::vector<std::uint8_t> taken_;
};

const std::vector<std::uint8_t> ten_bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

/// A straight street: transformer at bus 1, a house every 30 m, phases in turn.
std::shared_ptr<const model::Feeder> street(int houses) {
  auto feeder = std::make_shared<model::Feeder>();
  feeder->line_codes.push_back({.name = "cable", .R1_ohm_per_km = 0.3, .X1_ohm_per_km = 0.08});
  for (int house = 1; house <= houses; ++house) {
    feeder->lines.push_back({.from_bus = house, .to_bus = house + 1, .length_m = 30});
    feeder->loads.push_back({.bus = house + 1, .phase = static_cast<model::Phase>('A' + house % 3)});
  }
  return feeder;
}

/// Meter after meter, so that point n is meter n: `per_line` on each line.
void fill_lines(model::AreaSetup& setup, std::size_t per_line) {
  for (auto& line : setup.lines) line.meters.clear();
  for (std::uint32_t i = 0; i < setup.meters.size(); ++i) setup.lines[i / per_line].meters.push_back(i);
}

/// `meters` meters behind modules on the street, `per_module` each.
model::AreaSetup carrier_area(std::size_t meters, std::size_t per_module, std::size_t pairs_beside = 0) {
  auto setup = rig::area(meters, meters / per_module);
  fill_lines(setup, per_module);
  setup.meter_names.clear();
  for (std::size_t i = 1; i <= meters; ++i) setup.meter_names.push_back("M" + std::to_string(i));
  if (pairs_beside == 1) {
    model::LineSetup pair = setup.lines.front();
    pair.meters.clear();
    for (std::uint32_t i = 0; i < meters; ++i) pair.meters.push_back(i);
    setup.lines.insert(setup.lines.begin(), pair);
  }
  auto carrier = std::make_shared<model::CarrierSetup>();
  carrier->band = model::carrier::high_speed();
  carrier->feeder = street(static_cast<int>(meters));
  carrier->first_line = pairs_beside;
  carrier->places.push_back({.bus = 1, .phase = model::Phase::a, .spur_m = 0, .is_on_all_phases = true});
  for (std::size_t i = pairs_beside; i < setup.lines.size(); ++i) {
    const auto& load = carrier->feeder->loads[setup.lines[i].meters.front()];
    carrier->places.push_back({.bus = load.bus, .phase = load.phase, .spur_m = 5, .is_on_all_phases = false});
  }
  setup.carrier = carrier;
  setup.concentrator.archive_is_factory_set = true;
  return setup;
}

struct Bench {
  explicit Bench(model::AreaSetup setup) : area(std::move(setup), truth, head_end) { head_end.wire(area); }
  /// All readings that are there for `count` quarters from midnight are right; answers how many are not
  /// there.
  int missing(core::Instant at, int count, int points) {
    int missing = 0;
    for (int group = 0; group * 8 < points; ++group)
      for (const auto& [point, values] : head_end.curve(at, midnight, count, 0xFF, group)) {
        if (point > points) continue;
        for (int i = 0; i < count; ++i) {
          const auto shown =
              truth.samples.at(midnight + i * 15min).shown[static_cast<std::size_t>(point - 1)];
          const auto value = values[static_cast<std::size_t>(i)];
          INFO("point " << point << ", quarter " << i);
          CHECK((value == -1 || value == shown));
          missing += value == -1 ? 1 : 0;
        }
      }
    return missing;
  }
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area area;
};
}  // namespace

TEST_CASE("a collector takes a frame in whole and passes it on: 11 bits a byte and its own 50 ms, each way") {
  model::CollectorHop hop(std::make_unique<Mirror>(), {.baud = 9600, .processing = 50ms, .frames_max = 8});
  const auto one_way = core::Duration(10 * 11 * 1'000'000'000ll / 9600) + 50ms;
  CHECK(hop.transmit(midnight, ten_bytes) == midnight + one_way + 10ms);
  CHECK(hop.next() == midnight + one_way);
  CHECK(hop.advance().empty());  // the collector speaks to its meters
  CHECK(hop.next() == midnight + one_way + 1s);
  CHECK(hop.advance().empty());  // it has the answer
  CHECK(hop.next() == midnight + 2 * one_way + 1s);
  CHECK(hop.busy_until(midnight + one_way + 1s) == midnight + 2 * one_way + 1s);
  const auto heard = hop.advance();
  CHECK(std::vector<std::uint8_t>(heard.begin(), heard.end()) == ten_bytes);
  CHECK(hop.next() == core::never);
}

TEST_CASE("a collector's memory is bounded: what does not fit is lost and counted") {
  model::CollectorHop hop(std::make_unique<Mirror>(), {.baud = 9600, .processing = 50ms, .frames_max = 2});
  for (int i = 0; i < 5; ++i) hop.transmit(midnight, ten_bytes);
  CHECK(hop.overflow_count() == 3);
  int heard = 0;
  for (auto at = hop.next(); at != core::never; at = hop.next()) heard += hop.advance().empty() ? 0 : 1;
  CHECK(heard == 2);
}

TEST_CASE("of two ways at once the master hears every answer twice, the faster way first") {
  model::ParallelField both(std::make_unique<Mirror>(), std::make_unique<model::CollectorHop>(
                                                            std::make_unique<Mirror>(), model::HopSetup{}));
  both.transmit(midnight, ten_bytes);
  std::vector<core::Instant> heard;
  for (auto at = both.next(); at != core::never; at = both.next())
    if (!both.advance().empty()) heard.push_back(at);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == midnight + 1s);
  CHECK(heard[1] > heard[0]);
}

TEST_CASE("four levels: meters behind collectors are read, every quarter hour") {
  auto setup = rig::area(6, 2);
  fill_lines(setup, 3);
  for (auto& line : setup.lines) line.hop_baud = 2400;
  setup.concentrator.archive_is_factory_set = true;
  Bench bench(setup);
  rig::run(bench.area, midnight + 6h + 10min);
  CHECK(bench.missing(midnight + 6h + 10min, 25, 6) == 0);
}

TEST_CASE("full carrier, half carrier, and both ways at once: what is stored is right, and all of it comes") {
  for (const auto& [per_module, beside] :
       std::vector<std::pair<std::size_t, std::size_t>>{{1, 0}, {4, 0}, {1, 1}}) {
    INFO(per_module << " meters a module, " << beside << " pair beside");
    Bench bench(carrier_area(12, per_module, beside));
    rig::run(bench.area, midnight + 6h + 10min);
    CHECK(bench.missing(midnight + 6h + 10min, 25, 12) == 0);
  }
}

TEST_CASE("a dead carrier module silences its meter only while it is dead, loud mains are counted") {
  auto setup = carrier_area(12, 1);
  setup.faults.push_back({.kind = model::FaultKind::carrier_module_off,
                          .from = midnight + 1h + 1min,
                          .till = midnight + 2h + 1min,
                          .meter = 12});
  setup.faults.push_back({.kind = model::FaultKind::carrier_noise,
                          .from = midnight + 3h,
                          .till = midnight + 4h,
                          .noise_dB = 60});
  Bench bench(setup);
  rig::run(bench.area, midnight + 2h);
  CHECK(bench.missing(midnight + 2h, 8, 12) >= 3);
  rig::run(bench.area, midnight + 9h + 10min);
  CHECK(bench.missing(midnight + 9h + 10min, 36, 12) == 0);
  REQUIRE(bench.truth.of("M12", "fault-struck").size() == 1);
  REQUIRE(bench.truth.of("area north", "fault-struck").size() == 1);
}

TEST_CASE("a late answer to the collector's own question is not handed through as the head-end's") {
  auto setup = rig::area(1);
  setup.concentrator.archive_is_factory_set = true;
  // Each answer comes 1.5 s late: after the time-out of the question it belongs to.
  setup.faults.push_back(
      {.kind = model::FaultKind::answer_late, .from = midnight + 1h, .till = midnight + 2h, .delay = 1500ms});
  Bench bench(setup);
  for (int i = 0; i < 40; ++i) {
    const auto at = std::max(midnight + 1h + 15s + i * 700ms, bench.head_end.last_at);  // around the poll
    rig::run(bench.area, at);
    dlt645::Wire voltage;
    dlt645::encode(dlt645::AddressPattern(rig::address_of(1)),
                   dlt645::ReadRequest{dlt645::DataIdentifier{0x02010100}, {}, {}}, voltage);
    const auto heard = bench.head_end.forward(at, voltage, 2, 1000);
    dlt645::Frame frame;
    INFO("question " << i);
    if (heard.empty() || !dlt645::decode(heard, frame)) continue;
    CHECK(dlt645::identifier_at(core::Bytes(frame.data)) == dlt645::DataIdentifier{0x02010100});
  }
}
