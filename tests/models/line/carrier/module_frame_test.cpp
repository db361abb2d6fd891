// Q/GDW 1376.2 frames: a captured one, round trips, and garbage.
#include "models/line/carrier/module_frame.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"

using namespace model::carrier;

TEST_CASE("a captured route request is taken apart and put together again") {
  // A module asks its concentrator to answer for a meter (public capture of a serial line).
  const auto bytes = core::from_hex(
      "682C000304000000000C555555555555010002000066140400 10 68010002000066 68 11 04 34343938 27 16 06 16");
  REQUIRE(bytes);
  REQUIRE(bytes->size() == 0x2C);
  const auto frame = decode_module_frame(*bytes);
  REQUIRE(frame.has_value());
  CHECK(frame->afn == module_afn_route_request);
  CHECK(frame->fn == 3);
  CHECK(frame->has_addresses());
  CHECK(frame->source == ModuleAddress{0x55, 0x55, 0x55, 0x55, 0x55, 0x55});
  CHECK(frame->target == ModuleAddress{0x01, 0x00, 0x02, 0x00, 0x00, 0x66});
  CHECK(frame->data.size() == 17);
  CHECK(frame->data[0] == 16);
  CHECK(encode(*frame) == *bytes);
}

TEST_CASE("frames survive the round trip, relays and all") {
  const core::RandomStream random(3, 0, core::Purpose::test);
  std::uint64_t draw = 0;
  for (int trial = 0; trial < 200; ++trial) {
    ModuleFrame frame;
    frame.information[0] = static_cast<std::uint8_t>(random.below(2, draw++) * 4);
    frame.afn = static_cast<std::uint8_t>(random.below(256, draw++));
    frame.fn = static_cast<unsigned>(random.between(1, 2040, draw++));
    if (frame.has_addresses()) {
      frame.source.fill(static_cast<std::uint8_t>(random.below(256, draw++)));
      frame.relays.resize(random.below(16, draw++));
      for (auto& relay : frame.relays) relay.fill(static_cast<std::uint8_t>(random.below(256, draw++)));
    }
    frame.data.resize(random.below(300, draw++));
    for (auto& byte : frame.data) byte = static_cast<std::uint8_t>(random.below(256, draw++));
    const auto bytes = encode(frame);
    const auto back = decode_module_frame(bytes);
    INFO("trial " << trial << ", seed 3");
    REQUIRE(back.has_value());
    CHECK(encode(*back) == bytes);
    CHECK(back->fn == frame.fn);
    CHECK(back->relays == frame.relays);
    CHECK(back->data == frame.data);
  }
}

TEST_CASE("what is wrong with a frame is named, and no garbage is taken") {
  ModuleFrame frame;
  frame.information[0] = 4;
  frame.afn = module_afn_route_forward;
  frame.data = encode_forward_data({2, 0, {}, {0x68, 0x16}});
  const auto good = encode(frame);
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    CHECK(decode_module_frame(core::Bytes(good).first(cut)).error() == core::Fault::incomplete);
  auto bad = good;
  bad[0] = 0x67;
  CHECK(decode_module_frame(bad).error() == core::Fault::bad_start);
  bad = good;
  bad.back() = 0;
  CHECK(decode_module_frame(bad).error() == core::Fault::bad_end);
  bad = good;
  bad[5] ^= 1;
  CHECK(decode_module_frame(bad).error() == core::Fault::bad_checksum);
  bad = good;
  bad.push_back(0);
  CHECK(decode_module_frame(bad).error() == core::Fault::bad_length);
  bad = good;
  bad[4] = 0xF4;  // fifteen relays that are not there
  bad[bad.size() - 2] = core::sum_of(core::Bytes(bad).subspan(3, bad.size() - 5));
  CHECK(decode_module_frame(bad).error() == core::Fault::bad_length);
  const core::RandomStream random(4, 0, core::Purpose::test);
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    std::vector<std::uint8_t> garbage(random.below(60, 2 * trial));
    for (std::size_t i = 0; i < garbage.size(); ++i)
      garbage[i] = static_cast<std::uint8_t>(random.below(256, (trial + 1) * 1000 + i));
    if (garbage.size() > 3)
      garbage[0] = 0x68, garbage[1] = static_cast<std::uint8_t>(garbage.size()), garbage[2] = 0;
    const auto frame_or_fault = decode_module_frame(garbage);
    if (frame_or_fault.has_value()) CHECK(encode(*frame_or_fault).size() == garbage.size());
  }
}

TEST_CASE("a forwarded frame travels inside AFN 13 F1") {
  const ModuleForward forward{2, 1, {ModuleAddress{1, 2, 3, 4, 5, 6}}, {0x68, 0x11, 0x16}};
  const auto data = encode_forward_data(forward);
  const auto back = decode_forward_data(data);
  REQUIRE(back.has_value());
  CHECK(back->frame == forward.frame);
  CHECK(back->slaves == forward.slaves);
  for (std::size_t cut = 0; cut < data.size(); ++cut)
    CHECK_FALSE(decode_forward_data(core::Bytes(data).first(cut)).has_value());
}
