#include "models/line/carrier/error_curve.hpp"

#include <algorithm>
#include <cmath>

#include "models/line/carrier/closed_form.hpp"

namespace model::carrier {
namespace {
/// Where on the line each coded bit goes.
std::vector<std::uint32_t> interleaving(std::size_t count, std::size_t depth) {
  std::vector<std::uint32_t> order;
  order.reserve(count);
  for (std::size_t column = 0; column < depth; ++column)
    for (std::size_t i = column; i < count; i += depth) order.push_back(static_cast<std::uint32_t>(i));
  return order;
}

/// One carrier end to end, with room for a frame on each station of its way.
class Chain {
 public:
  Chain(const CurveSetup& setup, double ebn0_dB)
      : setup_(setup),
        code_(setup.code, setup.start),
        source_(setup.seed, static_cast<std::uint32_t>(std::llround(ebn0_dB * 1000))),
        noise_(setup.noise, source_),
        es_n0_(ratio_from_dB(ebn0_dB) * code_.rate() * bits_per_symbol(setup.modulation)),
        information_(8 * setup.frame_bytes),
        decoded_(information_.size()) {}

  /// Wrong bits among the first `counted` of one frame.
  std::size_t send_frame(std::size_t counted) {
    draw_information();
    code_.encode(information_, coded_);
    if (setup_.interleaver > 1) interleave();
    transmit(setup_.modulation, es_n0_, setup_.interleaver > 1 ? mixed_ : coded_, noise_, soft_);
    received_.resize(soft_.size());
    const auto full_scale = static_cast<float>(setup_.full_scale);
    for (std::size_t i = 0; i < soft_.size(); ++i) {
      const auto to = setup_.interleaver > 1 ? order_[i] : i;
      received_[to] = quantised(soft_[i], setup_.decision, full_scale);
    }
    code_.decode(received_, setup_.decision, decoded_);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < counted; ++i) wrong += information_[i] != decoded_[i] ? 1 : 0;
    return wrong;
  }

 private:
  void draw_information() {
    for (std::size_t i = 0; i < information_.size();) {
      auto word = source_.next_word();
      for (int bit = 0; bit < 64 && i < information_.size(); ++bit, word >>= 1) information_[i++] = word & 1;
    }
  }
  void interleave() {
    if (order_.size() != coded_.size()) order_ = interleaving(coded_.size(), setup_.interleaver);
    mixed_.resize(coded_.size());
    for (std::size_t i = 0; i < coded_.size(); ++i) mixed_[i] = coded_[order_[i]];
  }

  const CurveSetup& setup_;
  Code code_;
  GaussianSource source_;
  NoiseProcess noise_;
  double es_n0_;
  std::vector<std::uint8_t> information_, coded_, mixed_, decoded_;
  std::vector<std::uint32_t> order_;
  std::vector<float> soft_;
  std::vector<std::int8_t> received_;
};
}  // namespace

double CurvePoint::clustering() const {
  if (frames < 2 || framed_errors == 0) return 1;
  const auto count = static_cast<double>(frames);
  const double mean = static_cast<double>(framed_errors) / count;
  const double variance = (static_cast<double>(squared_errors) / count - mean * mean) * count / (count - 1);
  const auto size = static_cast<double>(frame_bits);
  const double ratio = mean / size;
  return ratio >= 1 ? 1 : std::max(1.0, variance / (size * ratio * (1 - ratio)));
}

CurvePoint error_curve_point(const CurveSetup& setup, double ebn0_dB, std::uint64_t bits) {
  Chain chain(setup, ebn0_dB);
  CurvePoint point;
  point.ebn0_dB = ebn0_dB;
  const std::uint64_t frame_bits = 8 * setup.frame_bytes;
  point.frame_bits = frame_bits;
  while (point.bits < bits) {
    const auto counted = std::min(frame_bits, bits - point.bits);
    const auto wrong = chain.send_frame(counted);
    point.bits += counted;
    point.errors += wrong;
    if (counted < frame_bits) break;
    ++point.frames;
    point.framed_errors += wrong;
    point.squared_errors += wrong * wrong;
    if (wrong > 0) ++point.frame_errors;
  }
  return point;
}
}  // namespace model::carrier
