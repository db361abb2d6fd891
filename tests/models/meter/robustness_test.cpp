// No bytes harm a meter: random noise, and well-formed frames with random content, on a meter that goes on
// working.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;

namespace {
MeterSetup prepaid() {
  auto setup = bench_setup();
  setup.has_purse = true;
  setup.opening_balance = core::MicroYuan(50'000'000);
  setup.tariff = std::make_shared<TariffTables>(zhejiang_tables());
  return setup;
}
}  // namespace

TEST_CASE("random bytes are met with silence") {
  BenchMeter bench(prepaid());
  const core::RandomStream stream(645, 0, core::Purpose::test);
  for (std::uint64_t round = 0; round < 20'000; ++round) {
    std::vector<std::uint8_t> noise(stream.below(64, 2 * round));
    for (std::size_t i = 0; i < noise.size(); ++i)
      noise[i] = static_cast<std::uint8_t>(
          core::RandomStream(645, static_cast<std::uint32_t>(round), core::Purpose::test).word(i));
    INFO("round " << round);
    CHECK_FALSE(bench.say(noise));
  }
}

TEST_CASE("frames with random content are answered within bounds and never harm the meter") {
  BenchMeter bench(prepaid());
  constexpr std::uint8_t codes[] = {0x03, 0x08, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
                                    0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1F};
  constexpr std::uint8_t families[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x1D, 0x1E};
  for (std::uint32_t round = 0; round < 60'000; ++round) {
    const core::RandomStream stream(4711, round, core::Purpose::test);
    dlt645::Data data;
    const std::size_t size = stream.below(2, 0) ? stream.below(61, 1) : stream.below(9, 1);
    for (std::size_t i = 0; i < size; ++i)
      data.push_back(static_cast<std::uint8_t>(stream.below(4, 10 + i) ? stream.word(100 + i) : 0));
    if (size >= 4 && stream.below(8, 2)) {  // mostly plausible identifiers
      data[3] = families[stream.below(sizeof families, 3)];
      data[2] = static_cast<std::uint8_t>(stream.below(0x20, 4));
      if (stream.below(2, 5)) data[1] = static_cast<std::uint8_t>(stream.below(0x15, 6));
      if (stream.below(2, 7)) data[0] = static_cast<std::uint8_t>(stream.below(16, 8));
    }
    dlt645::Wire wire;
    dlt645::encode(bench.meter.address(), dlt645::Control{codes[stream.below(sizeof codes, 9)]}, data, wire,
                   2);
    INFO("round " << round << " " << core::to_hex(wire));
    dlt645::Wire answer;
    if (bench.meter.answer(core::Bytes(wire), bench.now, answer, bench.happened)) {
      dlt645::Frame frame;
      REQUIRE(dlt645::decode(answer, frame).has_value());
      CHECK(frame.control.is_from_meter());
    }
    bench.run_for(core::Duration(stream.below(600'000'000'000, 9'000)));
    bench.happened.clear();
  }
  CHECK(bench.meter.passed_uJ() > 0);
}

TEST_CASE("a frame that begins in the noise is heard, the first good one") {
  BenchMeter bench(prepaid());
  std::vector<std::uint8_t> bytes{0x00, 0x68, 0x12, 0xFF, 0x68, 0xFE, 0xFE};
  dlt645::Wire wire;
  dlt645::encode(bench.meter.address(), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire);
  bytes.insert(bytes.end(), wire.begin(), wire.end());
  bytes.push_back(0xFF);
  CHECK(bench.say(bytes));
}
