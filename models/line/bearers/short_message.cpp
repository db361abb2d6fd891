#include "models/line/bearers/short_message.hpp"

#include "core/portable_math.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
std::optional<core::Duration> ShortMessages::send() {
  const auto number = sent_++;
  if (is_hit(law_.loss, draws_.word(2 * number))) {
    ++lost_;
    return std::nullopt;
  }
  const double u = unit_interval(draws_.word(2 * number + 1));
  std::size_t k = 0;
  while (k + 2 < law_.points.size() && u > law_.points[k + 1].share) ++k;
  const auto &low = law_.points[k], &high = law_.points[k + 1];
  const double way = (u - low.share) / (high.share - low.share);
  const double log_s = core::portable_math::log(low.delay_s) +
                       way * (core::portable_math::log(high.delay_s) - core::portable_math::log(low.delay_s));
  return core::Duration(static_cast<std::int64_t>(core::portable_math::exp(log_s) * 1e9));
}
}  // namespace model
