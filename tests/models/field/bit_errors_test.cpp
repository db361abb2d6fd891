#include "models/line/rs485/bit_errors.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace {
constexpr std::size_t frame_bytes = 20;
struct Outcome {
  int whole = 0, shorter = 0, changed = 0;
};
/// Sends `frames` frames of twenty bytes and sorts what arrives.
Outcome send(core::Ratio chance, int frames) {
  model::BitErrors errors(11, 3, chance);
  std::vector<std::uint8_t> sent(frame_bytes), arrived(frame_bytes);
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::uint8_t>(37 * i);
  Outcome outcome;
  for (int i = 0; i < frames; ++i) {
    if (errors.pass_clean(sent.size())) {
      ++outcome.whole;
      continue;
    }
    const auto count = errors.spoil(sent, arrived);
    if (count < sent.size())
      ++outcome.shorter;
    else if (arrived != sent)
      ++outcome.changed;
    else
      ++outcome.whole;
  }
  return outcome;
}
}  // namespace

TEST_CASE("a clean line passes everything and draws nothing") { CHECK(send({0, 1}, 1000).whole == 1000); }

TEST_CASE("where every bit flips no character keeps its start bit") {
  CHECK(send({1, 1}, 100).shorter == 100);
}

TEST_CASE("frame error ratios follow 1 - (1 - p)^220") {
  // 20 bytes at p = 1e-3: 19.76 % of frames are hit, at 1e-4: 2.18 %. Binomial spread over n frames; at five
  // standard deviations a right model fails with probability below 1e-6.
  const int frames = 200'000;
  for (const auto per_million : {1000u, 100u}) {
    const auto outcome = send({per_million, 1'000'000}, frames);
    const double hit = 1 - std::pow(1 - per_million * 1e-6, 220);
    const double sigma = std::sqrt(frames * hit * (1 - hit));
    INFO("p = " << per_million << " ppm, seed 11");
    CHECK(std::abs(outcome.shorter + outcome.changed - frames * hit) < 5 * sigma);
  }
}

TEST_CASE("parity lets through what flips two of nine bits in one character") {
  // Undetected in a character: C(9,2) p^2 (1-p)^9 ~ 3.57e-5 at p = 1e-3; 20 characters a frame, and the frame
  // must otherwise be whole. Of those 8 of 36 pairs involve parity and still change one data bit.
  const int frames = 400'000;
  const auto outcome = send({1, 1000}, frames);
  const double p = 1e-3;
  const double character = 36 * p * p * std::pow(1 - p, 9);
  const double frame = 20 * character * std::pow(1 - p, 19 * 11);
  const double sigma = std::sqrt(frames * frame);
  CHECK(std::abs(outcome.changed - frames * frame) < 5 * sigma);
}
