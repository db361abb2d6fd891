// Which frames a frame fault takes: this meter, this type, the n-th, each n-th, or by chance.
#include "models/fault/frame_gate.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "protocols/dlt645/requests.hpp"

namespace {
using model::FaultKind;
using model::FrameOnLine;

const core::MeterAddress first(202'600'000'001), second(202'600'000'002);

dlt645::Wire frame(core::MeterAddress address, dlt645::Function function, bool is_answer = false) {
  dlt645::Wire wire;
  auto control = dlt645::Control::request(function);
  if (is_answer) control.byte |= 0x80;
  dlt645::encode(dlt645::AddressPattern(address), control, core::Bytes(), wire, dlt645::lead_in_bytes_usual);
  return wire;
}

/// The numbers, from 1, of the frames that the gate takes out of `count` equal ones.
std::vector<int> taken(model::FrameGate& gate, const dlt645::Wire& wire, int count,
                       std::uint32_t speaker = FrameOnLine::master) {
  std::vector<int> numbers;
  for (int i = 1; i <= count; ++i) {
    FrameOnLine on_line;
    on_line.speaker = speaker;
    on_line.bytes = wire;
    const auto fate = gate.judge(on_line);
    if (fate.is_lost || fate.flipped_byte != SIZE_MAX) numbers.push_back(i);
  }
  return numbers;
}

model::FaultWindow window(FaultKind kind) {
  model::FaultWindow w;
  w.kind = kind;
  return w;
}
}  // namespace

TEST_CASE("the n-th request to one meter vanishes, and no other") {
  model::FrameGate gate(1, 0);
  auto third = window(FaultKind::frame_lost);
  third.nth = 3;
  gate.begin(0, third, dlt645::AddressPattern(first));
  CHECK(taken(gate, frame(second, dlt645::Function::read), 5).empty());
  CHECK(taken(gate, frame(first, dlt645::Function::read), 6) == std::vector<int>{3});
  CHECK(gate.struck(0) == 1);
}

TEST_CASE("each n-th answer is damaged, requests are left alone") {
  model::FrameGate gate(1, 0);
  auto each_second = window(FaultKind::frame_garbled);
  each_second.every_nth = 2;
  gate.begin(7, each_second, std::nullopt);
  CHECK(taken(gate, frame(first, dlt645::Function::read), 4).empty());
  CHECK(taken(gate, frame(first, dlt645::Function::read, true), 5, 0) == std::vector<int>{2, 4});
  CHECK(gate.struck(7) == 2);
  CHECK(gate.struck(6) == 0);
}

TEST_CASE("a fault of one frame type takes no other") {
  model::FrameGate gate(1, 0);
  auto control = window(FaultKind::frame_lost);
  control.frame = model::FrameType::control;
  gate.begin(0, control, std::nullopt);
  CHECK(taken(gate, frame(first, dlt645::Function::read), 3).empty());
  CHECK(taken(gate, frame(first, dlt645::Function::security), 3).empty());
  CHECK(taken(gate, frame(first, dlt645::Function::remote_control), 3) == std::vector<int>{1, 2, 3});
}

TEST_CASE(
    "by chance the share of frames that vanish is the chance, and the same seed takes the same frames") {
  constexpr int frames = 20'000;
  auto fifth = window(FaultKind::frame_lost);
  fifth.chance = {1, 5};
  model::FrameGate gate(42, 3), again(42, 3), other(43, 3);
  gate.begin(0, fifth, std::nullopt);
  again.begin(0, fifth, std::nullopt);
  other.begin(0, fifth, std::nullopt);
  const auto wire = frame(first, dlt645::Function::read);
  const auto numbers = taken(gate, wire, frames);
  CHECK(numbers == taken(again, wire, frames));
  CHECK(numbers != taken(other, wire, frames));
  // Binomial: |z| < 5, one seed in 1.7 million fails.
  const double sigma = std::sqrt(frames * 0.2 * 0.8);
  CHECK(std::abs(static_cast<double>(numbers.size()) - frames * 0.2) < 5 * sigma);
}

TEST_CASE("a rule that is over takes nothing, keeps its count, and counts frames anew when it begins again") {
  model::FrameGate gate(1, 0);
  auto second_one = window(FaultKind::frame_lost);
  second_one.nth = 2;
  const auto wire = frame(first, dlt645::Function::read);
  gate.begin(0, second_one, std::nullopt);
  CHECK(taken(gate, wire, 3) == std::vector<int>{2});
  gate.end(0);
  CHECK(gate.is_idle());
  CHECK(taken(gate, wire, 3).empty());
  gate.begin(0, second_one, std::nullopt);
  CHECK(taken(gate, wire, 3) == std::vector<int>{2});
  CHECK(gate.struck(0) == 2);
}

TEST_CASE("bytes that are no frame pass, whatever they are") {
  model::FrameGate gate(1, 0);
  gate.begin(0, window(FaultKind::frame_lost), std::nullopt);
  const core::RandomStream random(9, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    dlt645::Wire wire;
    const auto size = random.below(12, 100 * i);
    for (std::uint64_t k = 0; k < size; ++k)
      wire.push_back(static_cast<std::uint8_t>(random.below(k == 0 ? 0x60 : 256, 100 * i + k + 1)));
    INFO("draw " << i);
    FrameOnLine on_line;
    on_line.bytes = wire;
    CHECK_FALSE(gate.judge(on_line).is_lost);
  }
}
