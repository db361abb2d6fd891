#include "models/line/carrier/modem.hpp"

#include <array>
#include <cmath>

#include "models/line/carrier/names.hpp"

namespace model::carrier {
namespace {
using Bits = std::span<const std::uint8_t>;
constexpr int robust_copies = 4;
constexpr std::size_t robust_data_carriers = 96;
constexpr int robust_samples = 512;
constexpr double cos_eighth = 0.9238795325112867, sin_eighth = 0.3826834323650898;  // of pi / 8
constexpr double cos_quarter = 0.7071067811865476;

struct Sample {
  double re = 0, im = 0;
};
Sample operator*(Sample a, Sample b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
Sample conjugate(Sample a) { return {a.re, -a.im}; }

constexpr std::array<Named<Modulation>, 10> names{
    {{Modulation::bpsk, "bpsk", "psk2 2psk bpskcoh"},
     {Modulation::qpsk, "qpsk", "psk4 4psk"},
     {Modulation::psk8, "psk8", "8psk"},
     {Modulation::dbpsk, "dbpsk", "dpsk2 dpsk"},
     {Modulation::dqpsk, "dqpsk", "dpsk4"},
     {Modulation::d8psk, "d8psk", "dpsk8"},
     {Modulation::ook, "ook", "ask2 ask"},
     {Modulation::fsk_coherent, "fsk-coherent",
      "bfskcoherent bfskcoh fskcoh fsk2coherent 2fskcoherent cfsk cbfsk coherentfsk coherentbfsk"},
     {Modulation::fsk_noncoherent, "fsk-noncoherent",
      "bfsknoncoherent bfsknoncoh fsknoncoh ncfsk ncbfsk fsk bfsk fsk2 2fsk fsk2noncoherent 2fsknoncoherent "
      "noncoherentfsk noncoherentbfsk"},
     {Modulation::ofdm_robust, "ofdm-robust", "ofdm robust"}}};

/// One noisy symbol, both dimensions under the same impulse.
Sample received(Sample sent, NoiseProcess& noise) {
  const double deviation = noise.next_deviation();
  const double re = sent.re + deviation * noise.normal();
  return {re, sent.im + deviation * noise.normal()};
}

/// The three soft bits of eight phases that stand at odd multiples of 22.5 degrees, gray labels.
void append_octant(Sample z, double scale, std::vector<float>& soft) {
  soft.push_back(static_cast<float>(z.im * scale));
  soft.push_back(static_cast<float>(z.re * scale));
  soft.push_back(static_cast<float>((std::abs(z.re) - std::abs(z.im)) * scale));
}
Sample octant_of(unsigned im_bit, unsigned re_bit, unsigned steep_bit) {
  const double re = steep_bit != 0 ? sin_eighth : cos_eighth, im = steep_bit != 0 ? cos_eighth : sin_eighth;
  return {re_bit != 0 ? -re : re, im_bit != 0 ? -im : im};
}

std::uint8_t bit_at(Bits bits, std::size_t i) { return i < bits.size() ? bits[i] : 0; }

void send_bpsk(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double scale = 1 / amplitude;
  for (const auto bit : bits) {
    const double sent = bit != 0 ? -1.0 : 1.0;
    soft.push_back(static_cast<float>(sent + noise.next_deviation() * noise.normal() * scale));
  }
}

void send_qpsk(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double side = amplitude * cos_quarter;
  for (std::size_t i = 0; i < bits.size(); i += 2) {
    const auto z =
        received({bit_at(bits, i) != 0 ? -side : side, bit_at(bits, i + 1) != 0 ? -side : side}, noise);
    soft.push_back(static_cast<float>(z.re / side));
    soft.push_back(static_cast<float>(z.im / side));
  }
}

void send_psk8(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double scale = 1 / (amplitude * sin_eighth);
  for (std::size_t i = 0; i < bits.size(); i += 3) {
    const auto point = octant_of(bit_at(bits, i), bit_at(bits, i + 1), bit_at(bits, i + 2));
    append_octant(received({point.re * amplitude, point.im * amplitude}, noise), scale, soft);
  }
}

void send_ook(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double half = amplitude * cos_quarter;  // half of sqrt(2) amplitudes
  for (const auto bit : bits) {
    const double heard = (bit != 0 ? 2 * half : 0) + noise.next_deviation() * noise.normal();
    soft.push_back(static_cast<float>((half - heard) / half));
  }
}

void send_fsk_coherent(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  for (const auto bit : bits) {
    const auto z = received({bit != 0 ? 0 : amplitude, bit != 0 ? amplitude : 0}, noise);
    soft.push_back(static_cast<float>((z.re - z.im) / amplitude));
  }
}

void send_fsk_noncoherent(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  for (const auto bit : bits) {
    const double deviation = noise.next_deviation();
    const auto tone = [&](bool is_sent) {
      const double re = (is_sent ? amplitude : 0) + deviation * noise.normal();
      const double im = deviation * noise.normal();
      return re * re + im * im;
    };
    const double low = tone(bit == 0), high = tone(bit != 0);
    soft.push_back(static_cast<float>((std::sqrt(low) - std::sqrt(high)) / amplitude));
  }
}

/// `turn` is what a step of no bits turns the phase by: the constellation's first point.
template <int bits_each, class Step, class Append>
void send_differential(double amplitude, Bits bits, NoiseProcess& noise, Step step, Append append) {
  Sample sent{amplitude, 0};
  auto before = received(sent, noise);
  for (std::size_t i = 0; i < bits.size(); i += bits_each) {
    sent = sent * step(i);
    const double length = std::sqrt(sent.re * sent.re + sent.im * sent.im);  // rounding must not grow
    sent = {sent.re * amplitude / length, sent.im * amplitude / length};
    const auto now = received(sent, noise);
    append(now * conjugate(before));
    before = now;
  }
}

void send_dbpsk(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double scale = 1 / (amplitude * amplitude);
  send_differential<1>(
      amplitude, bits, noise,
      [&](std::size_t i) {
        return Sample{bits[i] != 0 ? -1.0 : 1.0, 0};
      },
      [&](Sample z) { soft.push_back(static_cast<float>(z.re * scale)); });
}

/// Steps of 0, 90, 180, 270 degrees, decided after a turn by 45.
void send_dqpsk(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double scale = 1 / (amplitude * amplitude * cos_quarter);
  const Sample turn{cos_quarter, cos_quarter};
  send_differential<2>(
      amplitude, bits, noise,
      [&](std::size_t i) {
        const Sample corner{bit_at(bits, i) != 0 ? -cos_quarter : cos_quarter,
                            bit_at(bits, i + 1) != 0 ? -cos_quarter : cos_quarter};
        return corner * conjugate(turn);
      },
      [&](Sample z) {
        const auto turned = z * turn;
        soft.push_back(static_cast<float>(turned.re * scale));
        soft.push_back(static_cast<float>(turned.im * scale));
      });
}

void send_d8psk(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double scale = 1 / (amplitude * amplitude * sin_eighth);
  const Sample turn{cos_eighth, sin_eighth};
  send_differential<3>(
      amplitude, bits, noise,
      [&](std::size_t i) {
        return octant_of(bit_at(bits, i), bit_at(bits, i + 1), bit_at(bits, i + 2)) * conjugate(turn);
      },
      [&](Sample z) { append_octant(z * turn, scale, soft); });
}

/// Copy c of bit i goes to place c n + (i + c s) mod n: another quarter of the frame, other carriers.
void send_ofdm_robust(double amplitude, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const std::size_t count = bits.size(), shift = robust_data_carriers / robust_copies + 1;
  const double scale = 1 / (amplitude * amplitude * robust_copies);
  soft.assign(count, 0);
  Sample before;
  double sent = 0, deviation = 1;
  for (std::size_t place = 0; place < robust_copies * count; ++place) {
    if (place % robust_data_carriers == 0) {
      deviation = noise.next_mean_deviation(robust_samples);
      sent = amplitude;
      before = {sent + deviation * noise.normal(), deviation * noise.normal()};
    }
    const std::size_t copy = place / count;
    const std::size_t bit = (place % count + count - copy * shift % count) % count;
    if (bits[bit] != 0) sent = -sent;
    const Sample now{sent + deviation * noise.normal(), deviation * noise.normal()};
    soft[bit] += static_cast<float>((now.re * before.re + now.im * before.im) * scale);
    before = now;
  }
}
}  // namespace

std::string_view name_of(Modulation modulation) { return name_in(names, modulation); }
std::optional<Modulation> modulation_of(std::string_view name) { return value_in(names, name); }
std::string modulation_names() { return all_names(names); }

double bits_per_symbol(Modulation modulation) {
  switch (modulation) {
    case Modulation::qpsk:
    case Modulation::dqpsk:
      return 2;
    case Modulation::psk8:
    case Modulation::d8psk:
      return 3;
    case Modulation::ofdm_robust:
      return 1.0 / robust_copies;
    default:
      return 1;
  }
}

void transmit(Modulation modulation, double es_n0, Bits bits, NoiseProcess& noise, std::vector<float>& soft) {
  const double amplitude = std::sqrt(2 * es_n0);
  soft.clear();
  switch (modulation) {
    case Modulation::bpsk:
      send_bpsk(amplitude, bits, noise, soft);
      break;
    case Modulation::qpsk:
      send_qpsk(amplitude, bits, noise, soft);
      break;
    case Modulation::psk8:
      send_psk8(amplitude, bits, noise, soft);
      break;
    case Modulation::dbpsk:
      send_dbpsk(amplitude, bits, noise, soft);
      break;
    case Modulation::dqpsk:
      send_dqpsk(amplitude, bits, noise, soft);
      break;
    case Modulation::d8psk:
      send_d8psk(amplitude, bits, noise, soft);
      break;
    case Modulation::ook:
      send_ook(amplitude, bits, noise, soft);
      break;
    case Modulation::fsk_coherent:
      send_fsk_coherent(amplitude, bits, noise, soft);
      break;
    case Modulation::fsk_noncoherent:
      send_fsk_noncoherent(amplitude, bits, noise, soft);
      break;
    case Modulation::ofdm_robust:
      send_ofdm_robust(amplitude, bits, noise, soft);
      break;
  }
  soft.resize(bits.size());
}
}  // namespace model::carrier
