/// Modulations of mains carriers: bits in, what the receiver's detector makes of them out.
///
/// Every modem works on equivalent samples at one per symbol with unit noise variance per dimension, so a
/// symbol of energy Es has the amplitude sqrt(2 Es/N0). What it hands out per bit is soft: positive for 0,
/// negative for 1, about +-1 where there is no noise. Decisions and gray labels:
///     bpsk    antipodal                             ook    0 or sqrt(2) times the amplitude, half way
///     between qpsk    two bpsk at right angles              fsk-coherent      which of two orthogonal tones
///     is larger psk8    sign of Im, sign of Re, |Im| > |Re|   fsk-noncoherent   which tone has more energy
///     dbpsk, dqpsk, d8psk   the same on the product with the conjugate of the symbol before
///     ofdm-robust   dbpsk from carrier to carrier, each bit on four carriers far apart, added before
///     deciding
/// Sources: Proakis, Digital Communications, ch. 4 and 5; the robust mode after PRIME 1.4 (97 carriers, of
/// which one is the reference; fourfold repetition), whose Fourier transform spreads an impulse evenly over
/// the carriers of its 512 samples. The reference carriers' energy is not counted.
/// Errors: none. Randomness: the noise process. Time: none.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/line/carrier/noise_process.hpp"

namespace model::carrier {
enum class Modulation : std::uint8_t {
  bpsk,
  qpsk,
  psk8,
  dbpsk,
  dqpsk,
  d8psk,
  ook,
  fsk_coherent,
  fsk_noncoherent,
  ofdm_robust,
};

/// "bpsk", "dqpsk", ...
std::string_view name_of(Modulation modulation);
/// Reads a name, also under the usual others ("dpsk2", "4psk", "ncfsk"); hyphens and case do not matter.
std::optional<Modulation> modulation_of(std::string_view name);
/// "bpsk, qpsk, ...", for messages.
std::string modulation_names();
/// Bits that one unit of channel symbol energy carries: 3 for psk8, 1/4 for the fourfold robust mode.
double bits_per_symbol(Modulation modulation);

/// Sends `bits` (0 or 1 each) with `es_n0` (ratio, not dB) a symbol, and appends a soft value per bit to
/// `soft`, which is cleared first.
void transmit(Modulation modulation, double es_n0, std::span<const std::uint8_t> bits, NoiseProcess& noise,
              std::vector<float>& soft);
}  // namespace model::carrier
