/// What a kind of carrier modem is, as a data sheet: its band, modulation, rates and how far it may relay.
///
/// Two sheets. `narrowband`: differential BPSK with the K=7 code in the CENELEC A band, seven relay levels,
/// as narrow-band meter reading uses. `high_speed`: OFDM with fourfold repetition between 2 and 5.6 MHz,
/// fifteen relay levels (Q/GDW 11612, DL/T 698.42). Background noise after
///     Hooijen 1998 (below 150 kHz):  10 log10 N(f) = 10 (K - 3.95e-5 f) dBW/Hz, K ~ N(-8.64, 0.5)
///     Esmailian, Kschischang, Gulak 2003 (MHz):  N(f) = -145 + 53.23 f_MHz^-0.337 dBm/Hz
/// Cable loss: 40..100 dB/km is published for the CENELEC bands; other figures marked "assumed" were chosen
/// so that the reference area of the tests answers as field reports say. Errors: none. Randomness: none.
/// Time: none.
#pragma once
#include <string_view>

#include "models/line/carrier/code.hpp"
#include "models/line/carrier/modem.hpp"

namespace model::carrier {
struct Band {
  std::string_view name;
  Modulation modulation = Modulation::dbpsk;
  CodeName code = CodeName::none;
  Decision decision = Decision::hard;
  double centre_Hz = 0;
  double width_Hz = 0;       ///< what the receiver's filter lets in
  double symbols_per_s = 0;  ///< channel symbols whose energy is Es
  double bits_per_s = 0;     ///< information
  double symbol_s = 0;       ///< what one symbol averages over
  double lead_ms = 0;        ///< preamble and header of the physical layer
  double transmit_dBm = 0;
  double background_dBm_per_Hz = 0;  ///< mean over receivers
  double background_spread_dB = 0;   ///< standard deviation over receivers
  double cable_dB_per_km = 0;
  double junction_dB = 0;     ///< where another cable branches off
  double other_phase_dB = 0;  ///< to a receiver on another phase
  int relay_levels = 7;
};

double hooijen_background_dBm_per_Hz(double frequency_Hz, double K);
double esmailian_background_dBm_per_Hz(double frequency_Hz);

const Band& narrowband();
const Band& high_speed();
}  // namespace model::carrier
