// Contacts counted by a concentrator: pulse constant and initial value by setting, curves beside those of
// meters with a register of their own.
#include <catch2/catch.hpp>

#include "models/collector/concentrator.hpp"
#include "models/line/pulse/pulse_collector.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/freeze.hpp"
#include "tests/models/collector/settings_bench.hpp"

using namespace bench;
using gdw3761::Parameter;

namespace {
/// A concentrator without an area around it, whose head-end confirms its logins and keeps what it says.
class Alone final : public model::UplinkPort {
 public:
  Alone() : setup_(rig::area(0, 1)), concentrator(setup_, lines_, truth_, *this) {
    concentrator.power_on(midnight);
    run(midnight + 2min);
  }
  bool connect(model::AreaId, Instant) override { return true; }
  void drop(model::AreaId, Instant) override {}
  void deliver(model::AreaId, Instant at, core::Bytes bytes) override {
    framer_.feed(bytes, [&](const gdw3761::FrameView& frame) {
      if (frame.afn == gdw3761::Afn::link)
        say(at, gdw3761::write_confirm(writer_, frame.address, frame.sequence.counter(), false));
      else
        answers.emplace_back(frame.raw.begin(), frame.raw.end());
    });
  }
  void say(Instant at, core::Bytes frame) { concentrator.uplink().head_end_wrote(at, frame); }
  void run(Instant till) {
    while (concentrator.next() <= till) concentrator.advance();
    now = till;
  }
  /// Sends, and answers what comes back within five seconds.
  std::vector<std::uint8_t> exchange(core::Bytes frame) {
    answers.clear();
    say(now, frame);
    run(now + 5s);
    REQUIRE(answers.size() == 1);
    return answers.front();
  }
  bool set(std::span<const Parameter> parameters) {
    return Bench::is_good(exchange(gdw3761::write_set_parameters(writer_, rig::concentrator, 1, parameters)));
  }
  std::int64_t present(int point) {
    writer_.begin(gdw3761::control::request_class2, rig::concentrator, gdw3761::Afn::current_data,
                  gdw3761::Sequence::single(2));
    writer_.unit(gdw3761::UnitId::of(point, gdw3761::present_forward_fn));
    const auto raw = exchange(writer_.finish());
    core::Bytes rest = gdw3761::decode(raw)->units.subspan(gdw3761::UnitId::width);
    const auto energies = gdw3761::take_rate_energies(rest);
    REQUIRE(energies.has_value());
    return energies->energy[0] ? energies->energy[0]->count() : -1;
  }
  std::vector<std::int64_t> curve(int point, Instant from, int count) {
    gdw3761::begin_curve_request(writer_, rig::concentrator, 3);
    gdw3761::curve_request_unit(
        writer_, gdw3761::UnitId::of(point, gdw3761::curve_fn),
        {rig::china.civil(from), gdw3761::density_15min, static_cast<std::uint8_t>(count)});
    const auto raw = exchange(writer_.finish());
    std::vector<std::int64_t> values;
    const auto walked = gdw3761::each_curve(*gdw3761::decode(raw), [&](const gdw3761::Curve& one) {
      for (std::size_t i = 0; i < one.time.count; ++i)
        values.push_back(one.value(i) ? one.value(i)->count() : -1);
    });
    REQUIRE(walked.has_value());
    return values;
  }

 private:
  model::AreaSetup setup_;
  std::vector<std::unique_ptr<model::FieldLine>> lines_;
  rig::Truth truth_;
  gdw3761::Framer framer_;
  gdw3761::FrameWriter writer_;

 public:
  model::Concentrator concentrator;
  std::vector<std::vector<std::uint8_t>> answers;
  Instant now = midnight;
};

const std::vector<Parameter> two_inputs{std::vector<gdw3761::PulseInput>{{1, 9, 0, 1'200}, {2, 10, 0, 100}},
                                        std::vector<gdw3761::MeterNote>{{9, 4711, 12'345'678}}};
}  // namespace

TEST_CASE("a contact's pulses are shown with their constant from the initial value on, and as a curve") {
  Alone alone;
  CHECK(alone.present(9) == -1);
  REQUIRE(alone.set(two_inputs));
  CHECK(alone.present(9) == 123'456);  // 1234.5678 kWh, cut off
  CHECK(alone.present(10) == 0);
  // 2 kW at 1200 pulses a kWh: 40 pulses a minute, through a contact that bounces and a filter that knows.
  model::PulseCollector contact(model::PulseContact::electricity(), 20, 0, 1, 1);
  std::uint64_t seen = 0;
  for (auto at = midnight + 5min; at <= midnight + 2h + 1min; at += 1min) {
    alone.run(at);
    contact.turn(40);
    alone.concentrator.count_pulses(at, 1, contact.counted() - seen);
    seen = contact.counted();
  }
  // From 00:05 on a pulse batch each minute: before a quarter hour q there were 15 q - 5 of them.
  std::vector<std::int64_t> expected;
  for (std::int64_t q = 1; q <= 8; ++q) {
    const std::int64_t pulses = (15 * q - 5) * 40;
    expected.push_back((12'345'678ll * 1'200 + pulses * 10'000) / (1'200 * 100));
  }
  CHECK(alone.curve(9, midnight + 15min, 8) == expected);
  CHECK(alone.present(10) == 0);
}

TEST_CASE("pulses while the power is off are lost to the collector, and what it had counted stays") {
  Alone alone;
  REQUIRE(alone.set(two_inputs));
  alone.concentrator.count_pulses(alone.now, 1, 1'200);
  alone.concentrator.power_off(alone.now);
  alone.concentrator.count_pulses(alone.now + 1min, 1, 600);
  alone.concentrator.power_on(alone.now + 30min);
  alone.run(alone.now + 33min);
  CHECK(alone.present(9) == 123'556);
  alone.concentrator.count_pulses(alone.now, 1, 600);
  CHECK(alone.present(9) == 123'606);
}

TEST_CASE("shown energy rolls over, and an input of another kind is not shown as energy") {
  Alone alone;
  const std::vector<Parameter> settings{
      std::vector<gdw3761::PulseInput>{{1, 9, 0, 1}, {2, 10, 1, 100}},
      std::vector<gdw3761::MeterNote>{{9, 0, 9'999'999'999}}};  // 999999.9999 kWh
  REQUIRE(alone.set(settings));
  CHECK(alone.present(9) == 99'999'999);
  alone.concentrator.count_pulses(alone.now, 1, 1);
  CHECK(alone.present(9) == 99);
  alone.concentrator.count_pulses(alone.now, 2, 1'000);
  CHECK(alone.present(10) == -1);
}
