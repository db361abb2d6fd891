#include "stress/plan/pace.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace stress {
namespace {
constexpr std::uint64_t ns_per_s = 1'000'000'000;
}

Pace::Pace(std::vector<RateStep> rates, Instant from) : rates_(std::move(rates)), step_from_(from) {
  settle();
}

void Pace::advance(std::uint32_t readings) {
  done_in_step_ += readings;
  settle();
}

void Pace::settle() {
  for (; step_ < rates_.size(); ++step_) {
    const RateStep& step = rates_[step_];
    if (step.readings_per_s > 0) {
      // Whole seconds apart, so that no product leaves 64 bits.
      const std::uint64_t seconds = done_in_step_ / step.readings_per_s;
      const std::uint64_t rest = done_in_step_ % step.readings_per_s;
      const Duration offset(
          static_cast<std::int64_t>(seconds * ns_per_s + rest * ns_per_s / step.readings_per_s));
      if (offset < step.lasts) {
        next_ = step_from_ + offset;
        return;
      }
    }
    step_from_ += step.lasts;
    done_in_step_ = 0;
  }
  next_ = core::never;
}

Turns::Turns(const ReportWriter& writer, const std::vector<CollectorPlan>& collectors) {
  std::uint32_t parts_max = 0;
  for (const auto& collector : collectors) parts_max = std::max(parts_max, writer.parts_of(collector));
  for (std::uint32_t part = 0; part < parts_max; ++part)
    for (std::uint32_t position = 0; position < collectors.size(); ++position)
      if (part < writer.parts_of(collectors[position]))
        lap_.push_back({position, writer.part_of(collectors[position], part).points});
  METERTWIN_CHECK(!lap_.empty());
}
}  // namespace stress
