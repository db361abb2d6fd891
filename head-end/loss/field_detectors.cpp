// Detectors that need more than energies: voltages with a network model, phases, and what meters say of
// themselves.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "head-end/loss/detector.hpp"
#include "head-end/loss/voltage_residual.hpp"

namespace headend::loss {
namespace {
class VoltageResidual final : public Detector {
 public:
  std::string_view name() const override { return "voltage-residual"; }
  Family family() const override { return Family::network; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers(), 0.0);
    const auto taps = locate_taps(area.readings());
    for (std::size_t i = 0; i < taps.size(); ++i) result[i] = std::max(0.0, taps[i].explained);
    return result;
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const auto taps = locate_taps(area.readings());
    if (taps.empty()) return "no voltages, or no network model";
    return fmt::format(
        "voltages along the feeder are as if {:.2f} kW more were drawn at this connection "
        "({:.0f} % of what the model leaves open)",
        taps[customer].mean_power_kW, 100 * taps[customer].explained);
  }
};

/// Does the customer's own phase lose what he reports, and the other two not? Who hangs on another phase than
/// the customer file says shows as the reverse.
class PhaseCorrelation final : public Detector {
 public:
  std::string_view name() const override { return "phase-correlation"; }
  Family family() const override { return Family::balance; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers(), 0.0);
    if (area.readings().phase_supplied.size() != 3) return result;
    const auto losses = centred_phase_losses(area);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = score(area, i, losses);
    return result;
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    const char phase = area.readings().customers[customer].phase;
    return fmt::format(
        "the loss of phase {} moves with this meter's reports, that of the other phases does not",
        phase == 0 ? '?' : phase);
  }

 private:
  static std::array<std::vector<double>, 3> centred_phase_losses(const AreaView& area) {
    std::array<std::vector<double>, 3> losses;
    for (std::size_t p = 0; p < 3; ++p) {
      auto loss = area.readings().phase_supplied[p];
      loss.resize(area.intervals(), not_read);
      for (std::size_t i = 0; i < area.customers(); ++i)
        if (area.readings().customers[i].phase == static_cast<char>('A' + p))
          for (std::size_t t = 0; t < loss.size(); ++t) loss[t] -= area.reported(i)[t];
      for (auto& value : loss)
        if (!is_read(value)) value = 0;
      losses[p] = area.centred(loss);
    }
    return losses;
  }
  static double score(const AreaView& area, std::size_t customer,
                      const std::array<std::vector<double>, 3>& losses) {
    const char phase = area.readings().customers[customer].phase;
    if (phase < 'A' || phase > 'C') return 0;
    const auto reported = area.centred(area.reported(customer));
    const auto own = static_cast<std::size_t>(phase - 'A');
    double other = 0;
    for (std::size_t p = 0; p < 3; ++p)
      if (p != own) other = std::max(other, std::fabs(correlation(reported, losses[p])));
    return correlation(reported, losses[own]) - other;
  }
};

class MeterEvents final : public Detector {
 public:
  std::string_view name() const override { return "meter-events"; }
  Family family() const override { return Family::events; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = score(area.readings().customers[i]);
    return result;
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    std::array<int, meter_sign_count> count{};
    for (const auto& event : area.readings().customers[customer].events)
      ++count[static_cast<std::size_t>(event.sign)];
    std::string text;
    for (std::size_t s = 0; s < meter_sign_count; ++s)
      if (count[s] > 0)
        text += fmt::format("{}{} ({} times)", text.empty() ? "the meter noted: " : ", ",
                            name_of(static_cast<MeterSign>(s)), count[s]);
    return text.empty() ? "the meter noted nothing" : text;
  }

 private:
  /// How much a sign says about tampering; repeated signs add ever less. Our own ranking: opening and magnets
  /// rarely have an innocent cause, a set clock or a tired battery usually has.
  static double score(const CustomerReadings& customer) {
    static constexpr std::array<double, meter_sign_count> weight{3, 3, 4, 4, 1, 2, 2, 5, 1, 0.2};
    std::array<int, meter_sign_count> count{};
    for (const auto& event : customer.events) ++count[static_cast<std::size_t>(event.sign)];
    double sum = 0;
    for (std::size_t s = 0; s < meter_sign_count; ++s) sum += weight[s] * (1 - 1.0 / (1 + count[s]));
    return sum;
  }
};
}  // namespace

void add_field_detectors(Detectors& detectors) {
  detectors.push_back(std::make_unique<VoltageResidual>());
  detectors.push_back(std::make_unique<PhaseCorrelation>());
  detectors.push_back(std::make_unique<MeterEvents>());
}
}  // namespace headend::loss
