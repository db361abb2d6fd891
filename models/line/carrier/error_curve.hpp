/// How many bits a carrier gets wrong: bits sent one by one through code, interleaver, modem and noise.
///
/// Frames of `frame_bytes` random bytes are coded, interleaved, modulated at
///     Es/N0 = Eb/N0 x code rate x bits per symbol
/// (Eb per information bit), received, decoded and compared. The last frame is counted in part, so exactly
/// `bits` are looked at. The interleaver writes rows of `interleaver` coded bits and reads columns:
/// neighbours on the line are that far apart in the code. Slow on purpose: this is what the fast frame model
/// (frame_success.hpp) is checked against.
/// Errors: none (checked before). Randomness: Purpose::carrier_signal by (seed, Eb/N0 in millidecibel), so a
/// point is the same whatever other points are asked for. Time: none.
#pragma once
#include <cstdint>

#include "models/line/carrier/code.hpp"
#include "models/line/carrier/modem.hpp"

namespace model::carrier {
struct CurveSetup {
  Modulation modulation = Modulation::bpsk;
  CodeName code = CodeName::none;
  Decision decision = Decision::hard;
  Start start = Start::favoured;
  NoiseSetup noise;
  double full_scale = 1;        ///< of soft decisions, in noise-free amplitudes
  std::size_t interleaver = 1;  ///< depth; 1 = none
  std::size_t frame_bytes = 256;
  std::uint64_t seed = 1;
};

struct CurvePoint {
  double ebn0_dB = 0;
  std::uint64_t bits = 0, errors = 0;
  std::uint64_t frame_bits = 0, frames = 0, frame_errors = 0;  ///< whole frames only
  std::uint64_t framed_errors = 0,
                squared_errors = 0;  ///< sums over whole frames of errors in it, and squares
  /// Variance of `errors` over that of as many independent bits, at least 1: decoders err in bursts, so the
  /// count is worth only bits / clustering of them.
  double clustering() const;
};

CurvePoint error_curve_point(const CurveSetup& setup, double ebn0_dB, std::uint64_t bits);
}  // namespace model::carrier
