/// The transformer of an area under its load: overloaded or not, how hot, how fast it ages.
///
/// Follows the apparent power through the head, step by step, under the weather of the place
/// (grid/transformer_temperature.hpp, load/weather.hpp), and tells truth: "transformer-overload" and
/// "transformer-normal" (value: load in permille of rated), "transformer-hot" and "transformer-cool" (hot
/// spot, 0.01 C) at 120 C, the limit of normal cyclic loading (IEC 60076-7, table 2), and at each local
/// midnight "transformer-day" (the day's hottest, 0.01 C; how many minutes of its life the insulation lost).
/// Its own steps are a minute at most. Errors: none. Randomness: the weather's. Time: as told, rising.
#pragma once
#include <string>

#include "core/civil.hpp"
#include "models/grid/transformer_temperature.hpp"
#include "models/load/weather.hpp"
#include "models/truth.hpp"

namespace model {
struct TransformerPlace {
  std::string entity;  ///< "area north"
  double rated_kVA = 0;
  Climate climate;
  core::Zone zone;
};

class AreaTransformer {
 public:
  AreaTransformer(TransformerPlace place, core::Instant starts, TruthSink& truth);
  /// It has carried so much from `from` till `till`. Unit: mVA.
  void carry(core::Instant from, core::Instant till, std::int64_t apparent_mVA);

 private:
  void judge(core::Instant at, double load_factor);
  void close_day(core::Instant at);
  void tell(core::Instant at, std::string_view kind, std::int64_t value, std::string text = {});
  double ambient_C(core::Instant at) const;

  TransformerPlace place_;
  TruthSink& truth_;
  grid::TransformerTemperature temperature_;
  std::int64_t day_;
  double hottest_C_ = -273, aged_before_min_ = 0;
  bool is_overloaded_ = false, is_hot_ = false;
};
}  // namespace model
