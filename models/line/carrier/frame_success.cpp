#include "models/line/carrier/frame_success.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "models/line/carrier/calibration.hpp"
#include "models/line/carrier/closed_form.hpp"

namespace model::carrier {
namespace math = core::portable_math;

namespace {
constexpr double lowest_dB = -20, highest_dB = 60, step_dB = 0.25;
constexpr double hazard_max = 1;  // a bit more and a frame of 8 bytes has no chance anyway
constexpr double hazard_min = 1e-12;
constexpr double pi = 3.14159265358979323846;
constexpr int mains_slots = 2000;     // of one half wave
constexpr double half_wave_s = 0.01;  // 50 Hz

/// Straight lines between the points of a table, and beyond its ends.
double interpolated(std::span<const Calibrated> table, double at) {
  std::size_t i = 1;
  while (i + 1 < table.size() && table[i].at < at) ++i;
  const auto& low = table[i - 1];
  const auto& high = table[i];
  return low.log_hazard + (high.log_hazard - low.log_hazard) * (at - low.at) / (high.at - low.at);
}

/// ln P(at most `correctable` errors among n), kept exact where the chance is nearly one.
double log_word_success(double p, int n, int correctable) {
  if (p <= 0) return 0;
  double lost = 0, chance = 1;
  for (int i = 0; i < n; ++i) chance *= 1 - p;
  for (int errors = 0; errors <= n; ++errors) {
    if (errors > 0) chance *= p / (1 - p) * (n - errors + 1) / errors;
    if (errors > correctable) lost += chance;
  }
  return lost >= 1 ? -40 : lost < 1e-9 ? -lost : math::log(1 - lost);
}
/// Noise power in each symbol of a half wave: a symbol averages over what it lasts.
std::vector<double> symbol_powers(int symbols) {
  std::vector<double> powers(static_cast<std::size_t>(symbols), 0.0);
  std::vector<int> slots(powers.size(), 0);
  for (int slot = 0; slot < mains_slots; ++slot) {
    const auto symbol = static_cast<std::size_t>(slot * symbols / mains_slots);
    powers[symbol] += mains_noise_power(0.5 * (slot + 0.5) / mains_slots);
    ++slots[symbol];
  }
  for (std::size_t i = 0; i < powers.size(); ++i) powers[i] /= slots[i];
  return powers;
}
}  // namespace

double channel_bit_error(Modulation modulation, double es_n0) {
  switch (modulation) {
    case Modulation::bpsk:
      return bpsk_error(es_n0);
    case Modulation::qpsk:
      return bpsk_error(es_n0 / 2);
    case Modulation::dbpsk:
      return dbpsk_error(es_n0);
    case Modulation::dqpsk:
      return dqpsk_error(es_n0 / 2);
    case Modulation::ook:
    case Modulation::fsk_coherent:
      return coherent_fsk_error(es_n0);
    case Modulation::fsk_noncoherent:
      return noncoherent_fsk_error(es_n0);
    case Modulation::ofdm_robust:
      return combined_dbpsk_error(4 * es_n0, 4);
    case Modulation::psk8:
    case Modulation::d8psk:
      break;
  }
  METERTWIN_CHECK(false, name_of(modulation));
  return 1;
}

double frame_hazard(Modulation modulation, CodeName code, Decision decision, double es_n0_dB) {
  if (code == CodeName::conv_k7 && decision == Decision::soft) {
    METERTWIN_CHECK(modulation == Modulation::ofdm_robust, name_of(modulation));
    return math::exp(std::clamp(interpolated(robust_k7_soft, es_n0_dB), -27.6, 0.0));
  }
  METERTWIN_CHECK(decision == Decision::hard, name_of(code));
  const double p = channel_bit_error(modulation, ratio_from_dB(es_n0_dB));
  double log_success = 0;
  switch (code) {
    case CodeName::none:
      log_success = log_word_success(p, 1, 0);
      break;
    case CodeName::rep3:
      log_success = log_word_success(majority_error(p, 3), 1, 0);
      break;
    case CodeName::rep5:
      log_success = log_word_success(majority_error(p, 5), 1, 0);
      break;
    case CodeName::hamming_7_4:
      log_success = log_word_success(p, 7, 1) / 4;
      break;
    case CodeName::hamming_12_8:
      log_success = log_word_success(p, 12, 1) / 8;
      break;
    case CodeName::golay_24_12:
      log_success = log_word_success(p, 24, 3) / 12;
      break;
    case CodeName::conv_k7:
      if (p < 1e-12) return hazard_min;
      return math::exp(std::clamp(interpolated(k7_hard, dB_from_ratio(p)), -27.6, 0.0));
    default:
      METERTWIN_CHECK(false, name_of(code));
  }
  return std::clamp(-log_success, hazard_min, hazard_max);
}

double mains_noise_power(double phase) {
  constexpr std::array amplitude{0.230, 1.38, 7.17};
  constexpr std::array exponent{0.0, 1.91, 1.57e5};
  constexpr std::array angle_degrees{0.0, -6.0, -35.0};
  // Mean of |sin|^n is Gamma((n+1)/2) / (sqrt(pi) Gamma(n/2+1)): 1; 0.50985; for large n sqrt(2 / (pi n)).
  constexpr double mean = 0.230 + 1.38 * 0.5089203 + 7.17 * 0.00201368;
  double power = amplitude[0];
  for (std::size_t l = 1; l < amplitude.size(); ++l) {
    const double sine = std::abs(math::sin(2 * pi * phase + angle_degrees[l] * pi / 180));
    if (sine > 1e-9) power += amplitude[l] * math::exp(std::max(-700.0, exponent[l] * math::log(sine)));
  }
  return power / mean;
}

FrameSuccess::FrameSuccess(Modulation modulation, CodeName code, Decision decision, double symbol_s) {
  const auto rows = static_cast<std::size_t>((highest_dB - lowest_dB) / step_dB) + 1;
  std::vector<double> steady;
  for (std::size_t i = 0; i < rows; ++i)
    steady.push_back(frame_hazard(modulation, code, decision, lowest_dB + static_cast<double>(i) * step_dB));
  hazards_ = steady;
  if (symbol_s <= 0) return;
  std::fill(hazards_.begin(), hazards_.end(), 0.0);
  const auto powers = symbol_powers(std::clamp(static_cast<int>(half_wave_s / symbol_s), 1, mains_slots));
  for (const double power : powers) {
    const auto worse = static_cast<std::ptrdiff_t>(std::llround(dB_from_ratio(power) / step_dB));
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(rows); ++i) {
      const auto from = std::clamp<std::ptrdiff_t>(i - worse, 0, static_cast<std::ptrdiff_t>(rows) - 1);
      hazards_[static_cast<std::size_t>(i)] +=
          steady[static_cast<std::size_t>(from)] / static_cast<double>(powers.size());
    }
  }
}

double FrameSuccess::hazard(double es_n0_dB) const {
  const double place = (std::clamp(es_n0_dB, lowest_dB, highest_dB) - lowest_dB) / step_dB;
  const auto i = std::min(static_cast<std::size_t>(place), hazards_.size() - 2);
  return hazards_[i] + (hazards_[i + 1] - hazards_[i]) * (place - static_cast<double>(i));
}

double FrameSuccess::chance(double es_n0_dB, double bits) const {
  return math::exp(std::max(-700.0, -hazard(es_n0_dB) * bits));
}
}  // namespace model::carrier
