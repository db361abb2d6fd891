// A month of the reference area: what issue papers ask of a carrier in default noise.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/models/line/carrier/reference_area.hpp"

using namespace model::carrier;
using namespace std::chrono_literals;

TEST_CASE(
    "thirty days of 200 modules: 90 to 95 % at once and directly, 99.5 % in the end, each loss explained") {
  ChannelSetup channel;
  channel.seed = 42;
  channel.starts = core::instant_from_seconds(1'782'835'200);
  channel.utc_offset = 8h;
  NetworkSetup direct;
  direct.relay_levels = 0;
  direct.hop_tries = 1;
  constexpr int cycles = 96 * 30;
  const auto raw = carrier_test::read_area(direct, channel, cycles, 1);
  const double raw_share = static_cast<double>(raw.read) / static_cast<double>(raw.due);
  const auto usual = carrier_test::read_area({}, channel, cycles, 3);
  const double share = static_cast<double>(usual.read) / static_cast<double>(usual.due);
  std::cout << "direct and once " << raw_share << ", with relays at first "
            << static_cast<double>(usual.read_at_first) / static_cast<double>(usual.due) << ", in the end "
            << share << ", worst cycle " << usual.least_per_cycle << " of 200\n";
  std::uint64_t explained = 0;
  for (const auto& [cause, count] : usual.causes) {
    std::cout << "  " << name_of(cause) << ": " << count << "\n";
    CHECK(cause != LossCause::none);
    explained += count;
  }
  CHECK(explained == usual.due - usual.read);
  CHECK(raw_share >= 0.90);
  CHECK(raw_share <= 0.95);
  CHECK(share >= 0.995);
}
