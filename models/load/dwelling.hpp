/// What people in a home switch on, and when. Internal to models/load; the figures are told in demand.hpp.
#pragma once
#include <array>

#include "core/random.hpp"
#include "models/load/demand.hpp"

namespace model::demand {
/// Draws of one entity's day, by a number of their own (`slot`) and a word of four.
class Draws {
 public:
  Draws(const DemandSetup& setup, std::int64_t local_day)
      : stream_(setup.seed, setup.entity, core::Purpose::demand_day),
        first_(static_cast<std::uint64_t>(local_day) << 16) {}
  /// Uniform in [0, 1).
  double share(int slot, int word) const { return bits(slot, word) / 4294967296.0; }
  double normal(int slot, int word) const { return core::normal_q16(bits(slot, word)) / 65'536.0; }
  /// Mean 1.
  double log_normal(int slot, int word, double sigma) const {
    const double exponent = sigma * normal(slot, word) - sigma * sigma / 2;
    return static_cast<double>(core::exp_q16(static_cast<std::int64_t>(exponent * 65'536))) / 65'536;
  }

 private:
  std::uint32_t bits(int slot, int word) const {
    return stream_.block(first_ + static_cast<std::uint64_t>(slot))[static_cast<std::size_t>(word)];
  }
  core::RandomStream stream_;
  std::uint64_t first_;
};

/// Where in the day things are switched on, in thousandths by hour: workdays made to the mean of the
/// published profiles less what runs at night, days of rest to the standard profile H25.
extern const std::array<std::array<int, 24>, 2> activity_permille;

void add_dwelling(const DemandSetup& setup, const Climate& climate, bool is_resting, std::int64_t local_day,
                  DemandDay& day);
}  // namespace model::demand
