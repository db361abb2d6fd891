// Framers against the bytes that real lines carry: garbage, echoes, halves, lead-ins, trailing FF, lies about
// lengths.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "tests/protocols/frames.hpp"

using protocol_test::bytes_of;

namespace {
using Bytes = std::vector<std::uint8_t>;
const Bytes answer = bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16");
const Bytes request = bytes_of("FE FE FE FE 68 18 55 60 06 00 00 68 11 04 33 33 34 33 85 16");

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// Every frame that a stream gives when it arrives in pieces of `piece` bytes.
std::vector<std::string> frames_of(const Bytes& stream, std::size_t piece) {
  dlt645::Framer framer;
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    framer.feed(core::Bytes(stream).subspan(at, std::min(piece, stream.size() - at)));
    while (framer.take() != nullptr) frames.push_back(core::to_hex(framer.raw(), ""));
  }
  return frames;
}
}  // namespace

TEST_CASE(
    "a good frame is found behind garbage, an echo, a cut frame or false starts, in pieces of any size") {
  const std::string wanted = core::to_hex(answer, "");
  const Bytes cut(answer.begin(), answer.begin() + 13);
  const Bytes long_lie = bytes_of("68 11 22 33 44 55 66 68 91 C8 01 02 03");  // claims 200 data bytes
  const Bytes wrong_sum = bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9B 16");
  const std::vector<Bytes> before{{},
                                  bytes_of("00 FF 16 FE FE FE FE FE FE FE"),
                                  bytes_of("68 68 68 68 68 68 68 68 68"),
                                  cut,
                                  long_lie,
                                  wrong_sum,
                                  bytes_of("68"),
                                  joined({cut, long_lie, wrong_sum})};
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (const std::size_t piece : {1u, 2u, 7u, 64u, 4096u}) {
      INFO("what stands before: " << i << ", piece " << piece);
      const auto frames = frames_of(joined({before[i], answer}), piece);
      REQUIRE_FALSE(frames.empty());
      CHECK(frames.back() == wanted);
    }
  }
}

TEST_CASE(
    "an echo of one's own request comes out as a request, then the answer, and a trailing FF is noise") {
  dlt645::Framer framer;
  framer.feed(joined({request, answer, bytes_of("FF")}));
  const auto* first = framer.take();
  REQUIRE(first != nullptr);
  CHECK_FALSE(first->control.is_from_meter());
  const auto* second = framer.take();
  REQUIRE(second != nullptr);
  CHECK(second->control.is_from_meter());
  CHECK(framer.take() == nullptr);
  CHECK(framer.statistics().frames == 2);
  CHECK(framer.statistics().noise_bytes == 4 + 1);
}

TEST_CASE("statistics name what was rejected, and silence gives up on what is unfinished") {
  dlt645::Framer framer;
  framer.feed(bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9B 16"));
  CHECK(framer.take() == nullptr);
  CHECK(framer.statistics().count(core::Fault::bad_checksum) == 1);
  framer.feed(bytes_of("68 18 55 60 06 00 00 68 91 08 33"));
  CHECK(framer.take() == nullptr);
  CHECK_FALSE(framer.is_empty());
  framer.silence();
  CHECK(framer.is_empty());
  CHECK(framer.statistics().count(core::Fault::incomplete) == 1);
}

TEST_CASE("the visiting feed and the asking feed see the same frames, whatever arrives") {
  const core::RandomStream random(7, 2, core::Purpose::test);
  std::uint64_t draw = 0;
  for (int round = 0; round < 300; ++round) {
    INFO("seed 7, round " << round);
    Bytes stream;
    while (stream.size() < 2000) {
      switch (random.below(4, draw++)) {
        case 0:
          stream.insert(stream.end(), answer.begin(), answer.end());
          break;
        case 1:
          stream.insert(stream.end(), request.begin(), request.end());
          break;
        case 2:
          stream.insert(stream.end(), answer.begin(),
                        answer.begin() + static_cast<long>(random.below(20, draw++)));
          break;
        default:
          for (auto n = random.below(30, draw++); n > 0; --n) {
            const auto byte = random.below(300, draw++);
            stream.push_back(byte < 256 ? static_cast<std::uint8_t>(byte) : 0x68);
          }
      }
    }
    dlt645::Framer visiting;
    std::vector<std::string> visited;
    std::size_t at = 0;
    while (at < stream.size()) {
      const auto piece = std::min<std::size_t>(1 + random.below(100, draw++), stream.size() - at);
      visiting.feed(core::Bytes(stream).subspan(at, piece),
                    [&](const dlt645::Frame&) { visited.push_back(core::to_hex(visiting.raw(), "")); });
      at += piece;
    }
    CHECK(visited == frames_of(stream, 3));
  }
}

TEST_CASE("no frame is lost among a thousand when garbage of every kind stands between them") {
  const core::RandomStream random(8, 3, core::Purpose::test);
  std::uint64_t draw = 0;
  dlt645::Framer framer;
  std::size_t found = 0;
  for (int i = 0; i < 1000; ++i) {
    Bytes stream;
    for (auto n = random.below(40, draw++); n > 0; --n) {
      const auto byte = random.below(320, draw++);
      stream.push_back(byte < 256 ? static_cast<std::uint8_t>(byte) : 0x68);
    }
    stream.insert(stream.end(), answer.begin(), answer.end());
    framer.feed(stream, [&](const dlt645::Frame& frame) {
      if (core::to_hex(frame.data) == "00 00 01 00 93 30 02 00") ++found;
    });
  }
  CHECK(found == 1000);
}

TEST_CASE(
    "a hundred thousand random inputs neither crash a decoder nor make a framer keep more than two frames") {
  const core::RandomStream random(9, 4, core::Purpose::test);
  dlt645::Framer meter_side;
  gdw3761::Framer uplink_side;
  std::uint64_t good = 0;
  for (std::uint64_t round = 0; round < 100'000; ++round) {
    std::array<std::uint8_t, 64> bytes;
    for (std::size_t i = 0; i < bytes.size(); i += 16) {
      const auto words = random.block(round * 4 + i / 16);
      std::memcpy(bytes.data() + i, words.data(), 16);
    }
    const std::size_t size = 1 + bytes[63] % 63u;
    if (bytes[62] % 4 == 0) bytes[0] = 0x68;
    if (bytes[62] % 8 == 0) bytes[7] = 0x68, bytes[9] = 0x03, bytes[14] = 0x16;
    if (bytes[62] % 8 == 4) bytes[5] = 0x68, bytes[1] = bytes[3] = 0x32, bytes[2] = bytes[4] = 0;
    const core::Bytes input(bytes.data(), size);
    dlt645::Frame frame;
    if (dlt645::decode(input, frame)) ++good;
    if (gdw3761::decode(input)) ++good;
    meter_side.feed(input, [&](const dlt645::Frame&) { ++good; });
    uplink_side.feed(input, [&](const gdw3761::FrameView&) { ++good; });
  }
  CHECK(good < 5000);  // an 8-bit sum lets about one forged header in 256 pass
}

TEST_CASE("an uplink frame of the largest size arrives whole, byte by byte, with a 645 frame inside") {
  gdw3761::FrameWriter writer;
  Bytes payload(16'000, 0x68);
  std::copy(answer.begin(), answer.end(), payload.begin() + 100);
  const auto frame =
      gdw3761::write_forward_answer(writer, gdw3761::terminal_address(1234, 56), 3, {2, payload});
  gdw3761::Framer framer;
  std::size_t found = 0;
  for (const auto byte : frame) {
    framer.feed(core::Bytes(&byte, 1));
    if (const auto view = framer.take()) {
      ++found;
      const auto inner = gdw3761::parse_forward_answer(*view);
      REQUIRE(inner.has_value());
      CHECK(inner->payload.size() == payload.size());
    }
  }
  CHECK(found == 1);
}
