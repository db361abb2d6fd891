#include "apps/stress_loss.hpp"

#include "audit/evidence/acknowledged.hpp"

namespace app {
namespace {
constexpr std::int64_t slot_s = 900;

audit::ExpectedReading expectation_of(const stress::SentReading& sent) {
  using State = stress::SentReading::State;
  switch (sent.state) {
    case State::confirmed:
      return {audit::Expectation::must_be_stored, sent.register_centikWh};
    case State::unconfirmed:
      return {audit::Expectation::may_be_stored, sent.register_centikWh};
    case State::never_sent:
      break;
  }
  return {audit::Expectation::must_not, sent.register_centikWh};
}
}  // namespace

stress::LossRecord compare_with_store(const stress::Flood& flood, const std::filesystem::path& store) {
  const auto& estate = flood.estate();
  audit::AcknowledgedPlan plan;
  plan.meters = estate.meters;
  plan.first_slot = core::unix_seconds(estate.opens) / slot_s;
  plan.last_slot = plan.first_slot + static_cast<std::int64_t>(flood.quarters_end()) - 1;
  plan.expected = [&](std::uint32_t meter, std::int64_t slot) {
    return expectation_of(flood.reading(meter, static_cast<std::uint32_t>(slot - plan.first_slot)));
  };
  const auto count = audit::count_acknowledged(store, plan);
  stress::LossRecord loss;
  loss.was_checked = true;
  loss.acknowledged = count.acknowledged;
  loss.stored_right = count.stored_right;
  loss.lost = count.lost;
  loss.wrong = count.wrong;
  loss.doubled = count.doubled;
  loss.stored_unasked = count.unasked;
  loss.first_cases = count.first_cases;
  return loss;
}
}  // namespace app
