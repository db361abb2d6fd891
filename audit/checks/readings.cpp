#include "audit/checks/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace audit {
namespace {
// A load may be higher beside a quarter hour than over it: appliances of a few minutes that start with it.
constexpr double power_beside_quarter = 3;
}  // namespace

ReadingChecks::ReadingChecks(const Estate& estate, const Books& books, const Blame& blame,
                             const RegisterBounds& bounds, const Options& options)
    : estate_(estate),
      books_(books),
      blame_(blame),
      bounds_(bounds),
      coverage_("I-READ.coverage", "readings due are in the books",
                fmt::format(">= {:.4g} %", 100.0 * estate.scenario.expect.coverage_min.numerator /
                                               estate.scenario.expect.coverage_min.denominator),
                options),
      missing_("I-READ.missing", "a fault explains every reading that is missing", "0 unexplained", options),
      value_("I-READ.value", "each stored reading is what that meter showed then", "0 wrong", options),
      estimates_("I-READ.estimate", "no reading was given up before its time",
                 "after " + duration_text(estate.scenario.head_end.collect.gap_patience), options),
      highest_stored_(estate.size(), 0) {}

void ReadingChecks::visit(const Due& due) {
  for (const auto& stranger : due.strangers) {
    value_.looked();
    value_.violation(fmt::format("meter {}", stranger.meter), due.at, [&] {
      return fmt::format("a reading of {} is stored for a meter that does not exist",
                         kWh_text(stranger.register_centikWh));
    });
  }
  const bool is_due = due.at >= estate_.scenario.starts && due.at <= estate_.scenario.ends();
  for (std::size_t position = 0; position < estate_.size(); ++position) {
    const bool is_stored = due.stored[position] != no_register;
    if (is_stored) {
      judge_value(position, due);
      highest_stored_[position] = std::max(highest_stored_[position], due.stored[position]);
    }
    if (!is_due) continue;
    ++due_;
    if (is_stored) {
      ++stored_;
    } else {
      judge_missing(position, due);
    }
  }
}

/// Whatever was read of a register that fell is less than what the books hold already.
std::string ReadingChecks::cause_of_refusal(std::size_t position, const Due& due) const {
  if (!due.now.exists || due.now.shown[position] == no_register) return {};
  return bounds_.low(position) < highest_stored_[position] ? blame_.setting_back_before(position, due.at)
                                                           : std::string();
}

void ReadingChecks::judge_missing(std::size_t position, const Due& due) {
  missing_.looked();
  const auto& name = estate_.customers[position].name;
  const auto sentence = [&] {
    return fmt::format("no reading for {}", core::to_civil_text(due.at, estate_.scenario.zone_rules));
  };
  auto cause = blame_.cause_of_missing(position, due.at);
  if (cause.empty()) cause = cause_of_refusal(position, due);
  if (cause.empty()) {
    missing_.violation(name, due.at, [&] {
      const auto near = blame_.fault_between(position, due.at, due.at);
      return sentence() +
             (near.empty() ? ", and no fault was near" : ", not filled after the end of: " + near);
    });
  } else {
    missing_.explained(name, due.at, std::move(cause), sentence);
  }
}

void ReadingChecks::judge_value(std::size_t position, const Due& due) {
  const auto& name = estate_.customers[position].name;
  const auto stored = due.stored[position];
  if (due.at < estate_.scenario.starts || due.at > estate_.closes()) {
    value_.looked();
    value_.violation(name, due.at, [&] { return "stored, but not due: " + kWh_text(stored); });
    return;
  }
  if (!due.now.exists || due.now.shown[position] == no_register) {
    ++unjudged_;
    return;
  }
  value_.looked();
  const auto shown = due.now.shown[position];
  shifts_expected_ += bounds_.chance_of_shift(position);
  if (stored == shown) return;
  const auto low = bounds_.low(position);
  const auto high = bounds_.high(position);
  if (stored >= low && stored <= high) {
    ++shifted_;
    return;
  }
  value_.violation(name, due.at, [&] {
    auto text = fmt::format("books hold {}, the meter showed {}", kWh_text(stored), kWh_text(shown));
    if (low != high) text += fmt::format(" (its clock allows {} to {})", kWh_text(low), kWh_text(high));
    const auto other = std::find(due.now.shown.begin(), due.now.shown.end(), stored);
    if (other != due.now.shown.end())
      text += "; that is what " +
              estate_.customers[static_cast<std::size_t>(other - due.now.shown.begin())].name + " showed";
    return text;
  });
}

void ReadingChecks::judge_estimates() {
  const auto patience = estate_.scenario.head_end.collect.gap_patience;
  for (const auto& estimate : books_.estimates) {
    estimates_.looked(estimate.last - estimate.first + 1);
    const auto oldest = instant_of_slot(estimate.first);
    if (estimate.at - oldest >= patience) continue;
    estimates_.violation(estate_.customers[estimate.position].name, oldest, [&] {
      return fmt::format("{} readings were given up after only {}", estimate.last - estimate.first + 1,
                         duration_text(estimate.at - oldest));
    });
  }
}

std::vector<Check> ReadingChecks::finish(Summary& summary) {
  summary.readings_due = due_;
  summary.readings_stored = stored_;
  std::vector<Check> checks;

  coverage_.looked(due_);
  const auto least = estate_.scenario.expect.coverage_min;
  if (stored_ * static_cast<std::int64_t>(least.denominator) <
      due_ * static_cast<std::int64_t>(least.numerator))
    coverage_.violation("all meters", estate_.scenario.ends(),
                        [&] { return fmt::format("{} of {} readings are missing", due_ - stored_, due_); });
  const double percent =
      due_ == 0 ? 0 : std::floor(1e4 * static_cast<double>(stored_) / static_cast<double>(due_)) / 100;
  checks.push_back(coverage_.finish(fmt::format("{:.2f} % of {}", percent, due_)));

  // Nothing missing is an answer to this question, if anything was due at all.
  const auto absent = missing_.samples();
  missing_.looked(stored_);
  checks.push_back(missing_.finish(fmt::format("{} missing, {} unexplained", absent, missing_.violations())));

  const double mean = power_beside_quarter * shifts_expected_;
  const double shifts_max = mean + 6 * std::sqrt(mean) + 6;
  if (static_cast<double>(shifted_) > shifts_max)
    value_.violation("all meters", estate_.scenario.ends(), [&] {
      return fmt::format(
          "{} readings differ from the register at their instant; the meters' clocks explain {:.1f} at most",
          shifted_, shifts_max);
    });
  auto measured = fmt::format("{} of {} wrong", value_.violations(), value_.samples());
  if (shifted_ != 0) measured += fmt::format(", {} shifted by clocks", shifted_);
  if (unjudged_ != 0) measured += fmt::format(", {} after the last sample", unjudged_);
  checks.push_back(value_.finish(measured));

  judge_estimates();
  if (estimates_.samples() != 0)
    checks.push_back(estimates_.finish(
        fmt::format("{} given up, {} too early", estimates_.samples(), estimates_.violations())));
  return checks;
}
}  // namespace audit
