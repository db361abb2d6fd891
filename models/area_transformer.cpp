#include "models/area_transformer.hpp"

#include <algorithm>

namespace model {
namespace {
constexpr double hot_C = 120, cool_C = 118;
constexpr core::Duration step_most = std::chrono::minutes(1);

std::int64_t hundredths(double value) {
  return static_cast<std::int64_t>(value * 100 + (value < 0 ? -0.5 : 0.5));
}
}  // namespace

AreaTransformer::AreaTransformer(TransformerPlace place, core::Instant starts, TruthSink& truth)
    : place_(std::move(place)),
      truth_(truth),
      temperature_(ambient_C(starts)),
      day_(place_.zone.local_day(starts)) {}

double AreaTransformer::ambient_C(core::Instant at) const {
  return temperature_C(place_.climate, place_.zone.local_day(at),
                       static_cast<int>(place_.zone.second_of_day(at) / 3600));
}

void AreaTransformer::carry(core::Instant from, core::Instant till, std::int64_t apparent_mVA) {
  const double load_factor = static_cast<double>(apparent_mVA) / 1e6 / place_.rated_kVA;
  while (from < till) {
    const auto step = std::min<core::Duration>(till - from, step_most);
    if (place_.zone.local_day(from) != day_) close_day(from);
    temperature_.advance(static_cast<double>(step.count()) / 60e9, load_factor, ambient_C(from));
    hottest_C_ = std::max(hottest_C_, temperature_.hot_spot_C());
    from += step;
  }
  judge(till, load_factor);
}

void AreaTransformer::judge(core::Instant at, double load_factor) {
  if (is_overloaded_ != (load_factor > 1)) {
    is_overloaded_ = !is_overloaded_;
    tell(at, is_overloaded_ ? "transformer-overload" : "transformer-normal",
         static_cast<std::int64_t>(load_factor * 1000 + 0.5));
  }
  const double hot_spot_C = temperature_.hot_spot_C();
  if (is_hot_ ? hot_spot_C < cool_C : hot_spot_C > hot_C) {
    is_hot_ = !is_hot_;
    tell(at, is_hot_ ? "transformer-hot" : "transformer-cool", hundredths(hot_spot_C));
  }
}

void AreaTransformer::close_day(core::Instant at) {
  const double aged_min = temperature_.aged_min() - aged_before_min_;
  tell(at, "transformer-day", hundredths(hottest_C_),
       "aged " + std::to_string(static_cast<std::int64_t>(aged_min)) + " min");
  aged_before_min_ = temperature_.aged_min();
  hottest_C_ = -273;
  day_ = place_.zone.local_day(at);
}

void AreaTransformer::tell(core::Instant at, std::string_view kind, std::int64_t value, std::string text) {
  truth_.event({at, place_.entity, std::string(kind), value, std::move(text)});
}
}  // namespace model
