#include "models/line/carrier/convolutional_code.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/check.hpp"

namespace model::carrier {
namespace {
constexpr std::size_t generators_max = 6;
// Metrics are 16 bits wide: any state is reached from any other in K - 1 steps of at most 127 a coded bit
// each way, 14 x 6 x 2 x 127 = 21,336 for K=15 at rate 1/6; eight steps more drift by 6,096.
constexpr std::int16_t lowest_metric = -16'000;
constexpr std::size_t steps_between_renormalisations = 8;

std::uint8_t parity(std::uint32_t bits) { return static_cast<std::uint8_t>(std::popcount(bits) & 1); }
}  // namespace

ConvolutionalCode::ConvolutionalCode(Plan plan) : plan_(std::move(plan)) {
  const int length = plan_.constraint_length;
  METERTWIN_CHECK(length >= 5 && length <= 15 && plan_.generators.size() <= generators_max, length);
  METERTWIN_CHECK(plan_.start_lead >= 0 && plan_.start_lead <= certain_start, plan_.start_lead);
  const std::size_t butterflies = std::size_t{1} << (length - 2);
  blocks_ = butterflies / lanes;
  decision_blocks_ = (blocks_ + lanes - 1) / lanes;
  for (const auto generator : plan_.generators) {
    METERTWIN_CHECK((generator & 1) != 0 && (generator >> (length - 1)) == 1, generator);
    for (std::size_t block = 0; block < blocks_; ++block) {
      Lanes label{};
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto state = static_cast<std::uint32_t>(block * lanes + lane);
        label[lane] = parity(state << 1 & generator) != 0 ? std::int16_t{0} : std::int16_t{-1};
      }
      labels_.push_back(label);
    }
  }
  metrics_.resize(2 * blocks_);
  next_metrics_.resize(2 * blocks_);
}

bool ConvolutionalCode::is_sent(std::size_t generator, std::size_t step) const {
  if (plan_.puncturing.empty()) return true;
  const auto& pattern = plan_.puncturing[generator];
  return pattern[step % pattern.size()] == '1';
}

double ConvolutionalCode::rate() const {
  if (plan_.puncturing.empty()) return 1.0 / static_cast<double>(plan_.generators.size());
  std::size_t sent = 0;
  for (const auto& pattern : plan_.puncturing)
    sent += static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '1'));
  return static_cast<double>(plan_.puncturing[0].size()) / static_cast<double>(sent);
}

std::size_t ConvolutionalCode::coded_size(std::size_t information_bits) const {
  const auto steps = information_bits + tail_bits();
  if (plan_.puncturing.empty()) return steps * plan_.generators.size();
  std::size_t size = 0;
  for (std::size_t step = 0; step < steps; ++step)
    for (std::size_t g = 0; g < plan_.generators.size(); ++g) size += is_sent(g, step) ? 1 : 0;
  return size;
}

void ConvolutionalCode::encode(std::span<const std::uint8_t> information,
                               std::vector<std::uint8_t>& coded) const {
  coded.clear();
  std::uint32_t sliding = 0;
  const auto steps = information.size() + tail_bits();
  for (std::size_t step = 0; step < steps; ++step) {
    sliding = sliding << 1 | (step < information.size() ? information[step] : 0u);
    for (std::size_t g = 0; g < plan_.generators.size(); ++g)
      if (is_sent(g, step)) coded.push_back(parity(sliding & plan_.generators[g]));
  }
}

void ConvolutionalCode::decode(std::span<const std::int8_t> soft, std::span<std::uint8_t> information) {
  const auto steps = information.size() + tail_bits();
  decisions_.resize(steps * decision_blocks_);
  std::fill(metrics_.begin(), metrics_.end(),
            Lanes{} + static_cast<std::int16_t>(lowest_metric + plan_.start_lead));
  metrics_[0][0] = lowest_metric;
  std::array<std::int16_t, generators_max> symbol{};
  const auto count = plan_.generators.size();
  std::size_t taken = 0;
  for (std::size_t step_number = 0; step_number < steps; ++step_number) {
    for (std::size_t g = 0; g < count; ++g)
      symbol[g] = is_sent(g, step_number) ? soft[taken++] : std::int16_t{0};
    step(std::span(symbol).first(count), decisions_.data() + step_number * decision_blocks_);
    if (step_number % steps_between_renormalisations == 0) renormalise();
  }
  METERTWIN_CHECK(taken == soft.size(), taken, soft.size());
  trace_back(steps, information);
}

void ConvolutionalCode::step(std::span<const std::int16_t> symbol, Lanes* decisions) {
  switch (symbol.size()) {
    case 2:
      return advance<2>(symbol, decisions);
    case 3:
      return advance<3>(symbol, decisions);
    case 6:
      return advance<6>(symbol, decisions);
    default:
      METERTWIN_CHECK(false, symbol.size());
  }
}

/// States i and i + N/2 lead to 2i (bit 0) and 2i + 1 (bit 1). A decision is a bit, set where the path came
/// from i + N/2: of block b of butterflies, bits 2 (b mod 8) and the one above it.
template <std::size_t generator_count>
void ConvolutionalCode::advance(std::span<const std::int16_t> symbol, Lanes* decisions) {
  Lanes decided{};
  for (std::size_t block = 0; block < blocks_; ++block) {
    Lanes cost{};
    for (std::size_t g = 0; g < generator_count; ++g) {
      const auto label = labels_[g * blocks_ + block];
      cost += ((Lanes{} + symbol[g]) ^ label) - label;  // a coded 0 costs -symbol, a 1 costs +symbol
    }
    const auto low = metrics_[block], high = metrics_[block + blocks_];
    const auto zero_from_low = low + cost, zero_from_high = high - cost;
    const auto one_from_low = low - cost, one_from_high = high + cost;
    const Lanes zero_is_high = zero_from_high < zero_from_low, one_is_high = one_from_high < one_from_low;
    const Lanes zero = zero_is_high ? zero_from_high : zero_from_low;
    const Lanes one = one_is_high ? one_from_high : one_from_low;
    next_metrics_[2 * block] = __builtin_shufflevector(zero, one, 0, 8, 1, 9, 2, 10, 3, 11);
    next_metrics_[2 * block + 1] = __builtin_shufflevector(zero, one, 4, 12, 5, 13, 6, 14, 7, 15);
    const auto place = static_cast<int>(2 * (block % lanes));
    const auto zero_bit = static_cast<std::int16_t>(1u << place),
               one_bit = static_cast<std::int16_t>(2u << place);
    decided |= (zero_is_high & zero_bit) | (one_is_high & one_bit);
    if (block % lanes == lanes - 1 || block + 1 == blocks_) {
      *decisions++ = decided;
      decided = Lanes{};
    }
  }
  std::swap(metrics_, next_metrics_);
}

void ConvolutionalCode::renormalise() {
  Lanes least = metrics_[0];
  for (const auto& block : metrics_) least = block < least ? block : least;
  std::int16_t lowest = least[0];
  for (std::size_t lane = 1; lane < lanes; ++lane) lowest = std::min<std::int16_t>(lowest, least[lane]);
  const auto shift = static_cast<std::int16_t>(lowest - lowest_metric);
  for (auto& block : metrics_) block -= Lanes{} + shift;
}

void ConvolutionalCode::trace_back(std::size_t steps, std::span<std::uint8_t> information) const {
  const std::size_t half = blocks_ * lanes;
  std::size_t state = 0;
  for (std::size_t step = steps; step-- > 0;) {
    if (step < information.size()) information[step] = static_cast<std::uint8_t>(state & 1);
    const std::size_t butterfly = state >> 1, block = butterfly / lanes;
    const auto word =
        static_cast<std::uint16_t>(decisions_[step * decision_blocks_ + block / lanes][butterfly % lanes]);
    const bool is_from_high = (word >> (2 * (block % lanes) + (state & 1)) & 1) != 0;
    state = butterfly + (is_from_high ? half : 0);
  }
}
}  // namespace model::carrier
