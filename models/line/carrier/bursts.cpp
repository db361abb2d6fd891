#include "models/line/carrier/bursts.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::carrier {
namespace {
constexpr std::size_t bursts_kept = 64;
}

BurstProcess::BurstProcess(const Bursts& bursts, std::uint64_t seed, std::uint32_t entity,
                           core::Instant starts)
    : setup_(bursts), random_(seed, entity, core::Purpose::carrier_channel), known_till_(starts) {
  METERTWIN_CHECK(bursts.mean_every.count() > 0 && bursts.mean_lasts.count() > 0);
}

core::Duration BurstProcess::exponential(core::Duration mean) {
  const double uniform = (static_cast<double>(random_.word(draws_++) >> 11) + 0.5) * 0x1p-53;
  const double drawn = -core::portable_math::log(uniform) * static_cast<double>(mean.count());
  return core::Duration(static_cast<std::int64_t>(drawn) + 1);
}

void BurstProcess::draw_until(core::Instant till) {
  while (known_till_ < till) {
    const auto from = known_till_ + exponential(setup_.mean_every);
    known_till_ = from + exponential(setup_.mean_lasts);
    recent_.push_back({from, known_till_});
    if (recent_.size() > bursts_kept) recent_.pop_front();
  }
}

double BurstProcess::noisy_share(core::Instant from, core::Instant till) {
  draw_until(till);
  std::int64_t noisy_ns = 0;
  for (auto burst = recent_.rbegin(); burst != recent_.rend() && burst->till > from; ++burst) {
    const auto overlap = std::min(burst->till, till) - std::max(burst->from, from);
    if (overlap.count() > 0) noisy_ns += overlap.count();
  }
  return static_cast<double>(noisy_ns) / static_cast<double>((till - from).count());
}
}  // namespace model::carrier
