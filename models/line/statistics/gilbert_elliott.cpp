#include "models/line/statistics/gilbert_elliott.hpp"

#include <array>
#include <limits>

#include "core/check.hpp"

namespace model {
namespace {
/// x^n by squaring: multiplications only, the same bits on every machine.
double power(double x, std::uint64_t n) {
  double result = 1;
  for (; n > 0; n >>= 1) {
    if ((n & 1) != 0) result *= x;
    x *= x;
  }
  return result;
}

double reciprocal(core::Ratio chance) {
  return chance.is_zero() ? std::numeric_limits<double>::infinity() : 1 / as_number(chance);
}

/// The two 64-bit words of a block: one moves the chain, one decides about the slot.
struct TwoWords {
  std::uint64_t first, second;
};
TwoWords words(const core::RandomStream& draws, std::uint64_t index) {
  const auto block = draws.block(index);
  return {std::uint64_t{block[0]} << 32 | block[1], std::uint64_t{block[2]} << 32 | block[3]};
}
}  // namespace

double GilbertElliott::bad_share() const {
  const double p = as_number(to_bad), r = as_number(to_good);
  return p + r > 0 ? p / (p + r) : 0;
}

double GilbertElliott::mean_loss() const {
  return bad_share() * as_number(loss_bad) + (1 - bad_share()) * as_number(loss_good);
}

double GilbertElliott::mean_burst() const { return reciprocal(to_good); }
double GilbertElliott::mean_quiet() const { return reciprocal(to_bad); }

double GilbertElliott::correlation(int lag) const {
  return power(1 - as_number(to_bad) - as_number(to_good), static_cast<std::uint64_t>(lag));
}

BurstChannel::BurstChannel(const GilbertElliott& law, core::RandomStream draws) : law_(law), draws_(draws) {
  METERTWIN_CHECK(law.is_valid(), law.to_bad.numerator, law.to_good.numerator);
  is_bad_ = unit_interval(words(draws_, steps_++).first) < law_.bad_share();
}

bool BurstChannel::loses() {
  const auto drawn = words(draws_, steps_++);
  if (is_hit(is_bad_ ? law_.to_good : law_.to_bad, drawn.first)) is_bad_ = !is_bad_;
  return is_hit(is_bad_ ? law_.loss_bad : law_.loss_good, drawn.second);
}

void BurstChannel::pass(std::uint64_t slots) {
  if (slots == 0) return;
  const double share = law_.bad_share();
  const double memory = power(1 - as_number(law_.to_bad) - as_number(law_.to_good), slots);
  const double bad_then = share + memory * ((is_bad_ ? 1.0 : 0.0) - share);
  is_bad_ = unit_interval(words(draws_, steps_++).first) < bad_then;
}
}  // namespace model
