#include "models/line/carrier/band.hpp"

#include "core/portable_math.hpp"

namespace model::carrier {
namespace {
constexpr double hooijen_K = -8.64, hooijen_K_spread = 0.5;  // decades

Band make_narrowband() {
  Band band;
  band.name = "narrowband";
  band.modulation = Modulation::dbpsk;
  band.code = CodeName::conv_k7;
  band.decision = Decision::hard;
  band.centre_Hz = 72'000;
  band.width_Hz = 10'000;
  band.bits_per_s = 2400;
  band.symbols_per_s = 4800;
  band.symbol_s = 1 / 4800.0;
  band.lead_ms = 20;
  band.transmit_dBm = 21;  // EN 50065-1 allows 134..120 dBuV; 0.125 W into the mains, assumed
  band.background_dBm_per_Hz = hooijen_background_dBm_per_Hz(band.centre_Hz, hooijen_K);
  band.background_spread_dB = 10 * hooijen_K_spread;
  band.cable_dB_per_km = 70;  // 40..100 published
  band.junction_dB = 1;       // assumed
  band.other_phase_dB = 10;   // assumed
  band.relay_levels = 7;
  return band;
}

Band make_high_speed() {
  Band band;
  band.name = "high-speed";
  band.modulation = Modulation::ofdm_robust;
  band.code = CodeName::conv_k7;
  band.decision = Decision::soft;
  band.centre_Hz = 3'800'000;
  band.width_Hz = 3'600'000;
  band.bits_per_s = 100'000;
  band.symbols_per_s = 800'000;  // half rate, four copies
  band.symbol_s = 41e-6;         // 1024 samples at 25 MHz
  band.lead_ms = 1.5;
  band.transmit_dBm = 20;  // -45 dBm/Hz over 3.6 MHz
  band.background_dBm_per_Hz = esmailian_background_dBm_per_Hz(band.centre_Hz);
  band.background_spread_dB = 5;  // assumed
  band.cable_dB_per_km = 110;     // assumed
  band.junction_dB = 1;           // assumed
  band.other_phase_dB = 6;        // couples well at these frequencies; assumed
  band.relay_levels = 15;
  return band;
}
}  // namespace

double hooijen_background_dBm_per_Hz(double frequency_Hz, double K) {
  return 10 * (K - 3.95e-5 * frequency_Hz) + 30;
}

double esmailian_background_dBm_per_Hz(double frequency_Hz) {
  return -145 + 53.23 * core::portable_math::exp(-0.337 * core::portable_math::log(frequency_Hz / 1e6));
}

const Band& narrowband() {
  static const Band band = make_narrowband();
  return band;
}
const Band& high_speed() {
  static const Band band = make_high_speed();
  return band;
}
}  // namespace model::carrier
