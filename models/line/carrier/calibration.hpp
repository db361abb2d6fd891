/// Calibration of frame_success.hpp: hazards from the counts of
/// `metertwin line curve --code conv-k7 --start known --frames --frame-bytes 32`.
///
/// h = -ln(1 - lost / sent) / 256 bits. `k7_hard` by the chance p of a wrong coded bit (10 log10 p), whatever
/// modulation it comes from; `robust_k7_soft` by Es/N0 in dB. Seeds 99 and up, 2000 frames each.
/// Errors: none. Randomness: none. Time: none.
#pragma once
#include <array>

namespace model::carrier {
struct Calibrated {
  double at;          ///< dB
  double log_hazard;  ///< ln h
};
inline constexpr std::array k7_hard{
    Calibrated{-17.6247, -13.0970},  // Eb/N0 6.5 dB: 210 of 400000 frames lost
    Calibrated{-16.3814, -11.5984},  // Eb/N0 6.0 dB: 939 of 400000 frames lost
    Calibrated{-15.2569, -10.3352},  // Eb/N0 5.5 dB: 3311 of 400000 frames lost
    Calibrated{-14.2390, -9.1649},   // Eb/N0 5.0 dB: 4018 of 152000 frames lost
    Calibrated{-13.3166, -8.1195},   // Eb/N0 4.5 dB: 4109 of 56000 frames lost
    Calibrated{-12.4799, -7.2176},   // Eb/N0 4.0 dB: 4109 of 24000 frames lost
    Calibrated{-11.7201, -6.4068},   // Eb/N0 3.5 dB: 4135 of 12000 frames lost
    Calibrated{-11.0295, -5.7366},   // Eb/N0 3.0 dB: 4497 of 8000 frames lost
    Calibrated{-10.4010, -5.1428},   // Eb/N0 2.5 dB: 4655 of 6000 frames lost
    Calibrated{-9.8285, -4.6002},    // Eb/N0 2.0 dB: 5542 of 6000 frames lost
    Calibrated{-9.3064, -4.1725},    // Eb/N0 1.5 dB: 5884 of 6000 frames lost
    Calibrated{-8.8297, -3.7760},    // Eb/N0 1.0 dB: 5983 of 6000 frames lost
};
inline constexpr std::array robust_k7_soft{
    Calibrated{-3.5309, -3.7951},   // Eb/N0 5.5 dB: 5981 of 6000 frames lost
    Calibrated{-3.0309, -4.3369},   // Eb/N0 6.0 dB: 5789 of 6000 frames lost
    Calibrated{-2.5309, -5.1463},   // Eb/N0 6.5 dB: 4648 of 6000 frames lost
    Calibrated{-2.0309, -6.1682},   // Eb/N0 7.0 dB: 4151 of 10000 frames lost
    Calibrated{-1.5309, -7.3686},   // Eb/N0 7.5 dB: 4175 of 28000 frames lost
    Calibrated{-1.0309, -8.8768},   // Eb/N0 8.0 dB: 4002 of 114000 frames lost
    Calibrated{-0.5309, -10.6653},  // Eb/N0 8.5 dB: 2383 of 400000 frames lost
};
}  // namespace model::carrier
