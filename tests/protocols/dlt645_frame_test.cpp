// The link layer of DL/T 645-2007: bytes that are known to be right, and bytes that are known to be wrong.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/requests.hpp"
#include "tests/protocols/frames.hpp"

using dlt645::AddressPattern;
using dlt645::Control;
using dlt645::Frame;
using dlt645::Function;
using dlt645::Wire;
using protocol_test::bytes_of;

TEST_CASE("a captured energy answer decodes to its address, control code and plain data") {
  // Qt meter reader, captured reply of meter 000006605518: 230.93 kWh.
  const auto wire = bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16");
  Frame frame;
  REQUIRE(dlt645::decode(wire, frame).value() == 20);
  CHECK(frame.address == AddressPattern(core::MeterAddress(6605518)));
  CHECK(frame.control == Control::answer(Function::read));
  CHECK(core::to_hex(frame.data) == "00 00 01 00 93 30 02 00");
}

TEST_CASE("encoding gives the frames of the standard's own examples, byte for byte") {
  const core::MeterAddress meter(201000000012);
  Wire wire;
  dlt645::encode(meter, dlt645::ReadRequest{dlt645::DataIdentifier(0x0201FF00), {}, {}}, wire);
  CHECK(core::to_hex(wire, "") == "6812000000102068110433323435F516");
  wire.clear();
  dlt645::encode(AddressPattern::any(), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire, 4);
  CHECK(core::to_hex(wire, "") == "FEFEFEFE68AAAAAAAAAAAA68110433333433AE16");
  wire.clear();
  dlt645::encode(core::MeterAddress(123456789012),
                 dlt645::FollowUpRequest{dlt645::DataIdentifier(0x03300001), 1}, wire);
  CHECK(core::to_hex(wire, "") == "681290785634126812053433633634D116");
  wire.clear();
  dlt645::encode(AddressPattern::broadcast(), dlt645::TimeRequest{{2017, 6, 5, 10, 22, 51}}, wire);
  CHECK(core::to_hex(wire, "") == "6899999999999968080684554338394A4B16");
}

TEST_CASE("each way of being wrong has its own fault") {
  const std::string good = "68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16";
  Frame frame;
  CHECK(dlt645::decode(bytes_of(good), frame).has_value());
  CHECK(dlt645::decode(bytes_of("68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 17"), frame)
            .error() == core::Fault::bad_end);
  CHECK(dlt645::decode(bytes_of("68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 55 16"), frame)
            .error() == core::Fault::bad_checksum);
  CHECK(dlt645::decode(bytes_of("FE FE 68 12 90 78 56 34 12 68 91 08 33 33"), frame).error() ==
        core::Fault::incomplete);
  CHECK(dlt645::decode(bytes_of("68 12 90 78 56 34 12 69 91 08 33"), frame).error() ==
        core::Fault::bad_start);
  CHECK(dlt645::decode(bytes_of("68 12 90 78 56 34 12 68 91 C9 33"), frame).error() ==
        core::Fault::bad_length);
  CHECK(dlt645::decode({}, frame).error() == core::Fault::incomplete);
}

TEST_CASE("wildcards stand for high digits and broadcast matches nobody") {
  const core::MeterAddress meter(201000000012);
  CHECK(AddressPattern::any().matches(meter));
  CHECK(AddressPattern(meter).matches(meter));
  CHECK(AddressPattern::shortened(meter, 2).matches(meter));
  CHECK(to_string(AddressPattern::shortened(meter, 2)) == "AAAAAAAA0012");
  CHECK_FALSE(AddressPattern::shortened(core::MeterAddress(13), 1).matches(meter));
  CHECK_FALSE(AddressPattern::broadcast().matches(meter));
  CHECK(AddressPattern::broadcast().is_broadcast());
  CHECK_FALSE(AddressPattern::any().address().has_value());
  CHECK(AddressPattern(meter).address() == meter);
}

TEST_CASE("what is encoded decodes to itself, for any address, control and data") {
  const core::RandomStream random(2026, 1, core::Purpose::test);
  for (std::uint64_t round = 0; round < 2000; ++round) {
    INFO("seed 2026, round " << round);
    Frame sent;
    sent.address = core::MeterAddress(random.below(1'000'000'000'000ull, 4 * round));
    sent.control.byte = static_cast<std::uint8_t>(random.below(256, 4 * round + 1));
    const auto count = random.below(201, 4 * round + 2);
    for (std::uint64_t i = 0; i < count; ++i) {
      sent.data.push_back(static_cast<std::uint8_t>(random.below(256, round * 1000 + i)));
    }
    Wire wire;
    const auto lead_in = static_cast<std::size_t>(random.below(9, 4 * round + 3));
    dlt645::encode(sent, wire, lead_in);
    Frame received;
    REQUIRE(dlt645::decode(wire, received).value() == wire.size());
    CHECK(received.address == sent.address);
    CHECK(received.control == sent.control);
    CHECK(core::to_hex(received.data) == core::to_hex(sent.data));
  }
}

TEST_CASE("one flipped bit anywhere in a frame is always noticed") {
  const auto good = bytes_of("68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    INFO("bit " << bit);
    auto flipped = good;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << (bit % 8));
    Frame frame;
    CHECK_FALSE(dlt645::decode(flipped, frame).has_value());
  }
}
