#include "audit/checks/campaigns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "audit/evidence/campaigns.hpp"
#include "scenarios/check_campaigns.hpp"

namespace audit {
namespace {
using namespace std::chrono_literals;
using Kind = Happening::Kind;
/// A meter's clock may be off by its drift between two settings, and a minute passes until it looks.
constexpr Duration clock_tolerance = 5min;
/// A relay command on its way: answered, or repeated once.
constexpr Duration command_tolerance = 10min;
/// Customers react by the minute, a network is computed by the minute.
constexpr Duration reaction_time = 5min;
constexpr Duration told_after_max = 30min;
constexpr double uncertainties_allowed = 3;  // see the header

class CampaignChecks {
 public:
  CampaignChecks(const Estate& estate, const Truth& truth, const Books& books, sqlite::Database& store,
                 const Blame& blame, const Options& options)
      : estate_(estate),
        truth_(truth),
        books_(books),
        blame_(blame),
        options_(options),
        records_(campaigns_of(store)),
        symptoms_(estate.size()),
        relays_(estate.size()) {
    for (const auto& symptom : truth.symptoms)
      if (const auto position = estate.find_meter(symptom.entity)) symptoms_[*position].push_back(&symptom);
    for (const auto& happening : truth.happenings)
      if (happening.kind == Kind::relay_opened || happening.kind == Kind::relay_closed)
        relays_[happening.position].push_back(&happening);
  }

  std::vector<Check> all() const {
    std::vector<Check> checks;
    if (records_.empty() && estate_.scenario.campaigns.empty()) return checks;
    checks.push_back(chosen());
    if (auto check = protected_ones(); check.samples > 0) checks.push_back(std::move(check));
    checks.push_back(told());
    checks.push_back(released());
    if (has("rotate")) checks.push_back(turns());
    checks.push_back(reduction());
    const auto& specs = estate_.scenario.campaigns;
    if (std::any_of(specs.begin(), specs.end(), [](const auto& spec) { return spec.must_keep_rating; }))
      checks.push_back(rating());
    return checks;
  }

 private:
  bool has(std::string_view means) const {
    return std::any_of(records_.begin(), records_.end(),
                       [&](const auto& record) { return record.means == means; });
  }
  std::string time_text(Instant at) const { return core::to_civil_text(at, estate_.scenario.zone_rules); }
  const CampaignRecord* find(const std::string& name) const {
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [&](const auto& record) { return record.name == name; });
    return found == records_.end() ? nullptr : &*found;
  }
  static std::size_t position_of(const CampaignRow& row) { return static_cast<std::size_t>(row.meter - 1); }
  const std::string& name_of(std::size_t position) const { return estate_.customers[position].name; }

  /// Has a campaign of the books chosen this meter for something that holds at `at`?
  bool is_in_one(std::size_t position, Instant at, std::string_view means) const {
    return std::any_of(records_.begin(), records_.end(), [&](const CampaignRecord& record) {
      if (record.means != means || at > record.till + told_after_max) return false;
      return std::any_of(record.customers.begin(), record.customers.end(),
                         [&](const CampaignRow& row) { return position_of(row) == position; });
    });
  }

  Check chosen() const {
    Checking check("I-CAMP.chosen", "only whom a campaign chose was limited, called or turned off",
                   "0 others", options_);
    for (const auto& spec : estate_.scenario.campaigns) {
      const auto wanted = scenario::chosen_by(spec, estate_.scenario);
      const CampaignRecord* const record = find(spec.name);
      std::vector<std::uint32_t> found;
      if (record != nullptr)
        for (const auto& row : record->customers) found.push_back(static_cast<std::uint32_t>(row.meter));
      std::vector<std::uint32_t> wrong;
      std::set_symmetric_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                                    std::back_inserter(wrong));
      for (const auto meter : wrong)
        check.violation(name_of(meter - 1), spec.from, [&] {
          const bool is_missing = std::binary_search(wanted.begin(), wanted.end(), meter);
          return fmt::format("campaign {}: {}", spec.name,
                             is_missing ? "fits it and was not chosen" : "was chosen and does not fit it");
        });
    }
    for (const auto& record : records_) check.looked(static_cast<std::int64_t>(record.customers.size()));
    for (std::size_t position = 0; position < symptoms_.size(); ++position)
      for (const auto* symptom : symptoms_[position]) {
        const bool is_limit = symptom->kind == "limit-set", is_call = symptom->kind == "call-heard";
        if ((is_limit && !is_in_one(position, symptom->at, "limit")) ||
            (is_call && !is_in_one(position, symptom->at, "call")))
          check.violation(name_of(position), symptom->at, [&] {
            return is_limit ? "limited without a campaign" : "called without a campaign";
          });
      }
    return check.finish(fmt::format("{} of {}", check.violations(), check.samples()));
  }

  Check protected_ones() const {
    Checking check("I-CAMP.protected", "campaigns leave protected customers alone", "0 touched", options_);
    std::set<std::size_t> in_a_campaign;
    for (const auto& record : records_)
      for (const auto& row : record.customers) in_a_campaign.insert(position_of(row));
    for (std::size_t position = 0; position < estate_.size(); ++position) {
      if (!estate_.groups[position]->is_protected) continue;
      check.looked();
      if (in_a_campaign.contains(position))
        check.violation(name_of(position), estate_.scenario.starts,
                        [] { return "chosen, though protected"; });
      for (const auto* symptom : symptoms_[position])
        if (symptom->kind == "limit-set" || symptom->kind == "call-heard")
          check.violation(name_of(position), symptom->at,
                          [&] { return symptom->kind + ", though protected"; });
      for (const auto* relay : relays_[position])
        if (relay->kind == Kind::relay_opened && relay->text == "power limit")
          check.violation(name_of(position), relay->at,
                          [] { return "lost supply by a limit, though protected"; });
    }
    return check.finish(fmt::format("{} of {}", check.violations(), check.samples()));
  }

  /// The first such event within [from, till]; null if none.
  const Symptom* first(std::size_t position, std::string_view kind, Instant from, Instant till) const {
    for (const auto* symptom : symptoms_[position])
      if (symptom->kind == kind && symptom->at >= from && symptom->at <= till) return symptom;
    return nullptr;
  }

  Check told() const {
    Checking check("I-CAMP.told", "what the books say of a customer happened at his meter", "0 wrong",
                   options_);
    for (const auto& record : records_)
      for (const auto& row : record.customers) {
        check.looked();
        const auto position = position_of(row);
        // A cancelled limit may never have come into force.
        const bool must_hold =
            record.means == "limit" && row.outcome == "confirmed" && record.till > record.from;
        if (must_hold && first(position, "limit-set", record.from - clock_tolerance,
                               record.till + clock_tolerance) == nullptr)
          check.violation(name_of(position), record.from, [&] {
            return fmt::format("{}: confirmed, but no limit came into force", record.name);
          });
        const auto* limit = first(position, "limit-set", record.from - clock_tolerance, record.till);
        if (record.means == "limit" && limit != nullptr && !row.was_asked)
          check.violation(name_of(position), limit->at, [&] {
            return fmt::format("{}: limited, and the books know nothing of it", record.name);
          });
        if (record.means != "call" || (row.outcome != "accepted" && row.outcome != "declined")) continue;
        const auto* answer = first(position, "call-answered", record.from - 24h, record.till);
        const std::int64_t expected = row.outcome == "accepted" ? 1 : 0;
        if (answer == nullptr || answer->value != expected)
          check.violation(name_of(position), record.from, [&] {
            return fmt::format("{}: {} in the books, not at the meter", record.name, row.outcome);
          });
      }
    return check.finish(fmt::format("{} of {}", check.violations(), check.samples()));
  }

  Check released() const {
    Checking check("I-CAMP.released", "who was limited or turned off is free again", "all, in time",
                   options_);
    for (const auto& record : records_)
      for (const auto& row : record.customers) {
        if (!row.was_asked) continue;
        const auto position = position_of(row);
        check.looked();
        if (record.means == "limit") judge_limits(check, record, position);
        judge_relays(check, record, position);
        const bool must_know =
            record.means == "rotate" || (record.means == "limit" && row.outcome != "refused");
        const auto deadline = blame_.deadline(position, record.till, command_tolerance);
        if (must_know && !row.is_released && deadline < estate_.closes())
          check.violation(name_of(position), record.till, [&] {
            return fmt::format("{}: the books never learnt that it was free", record.name);
          });
      }
    return check.finish(fmt::format("{} of {} not", check.violations(), check.samples()));
  }

  void judge_limits(Checking& check, const CampaignRecord& record, std::size_t position) const {
    const auto* limit =
        first(position, "limit-set", record.from - clock_tolerance, record.till + clock_tolerance);
    if (limit == nullptr) return;
    const auto* end = first(position, "limit-released", limit->at, estate_.closes());
    // A limit ends by the meter's own clock: no fault of a line excuses it.
    if (end == nullptr || end->at > record.till + clock_tolerance)
      check.violation(name_of(position), record.till, [&] {
        return fmt::format("{}: limited till {}", record.name,
                           end == nullptr ? "the end" : time_text(end->at));
      });
  }

  void judge_relays(Checking& check, const CampaignRecord& record, std::size_t position) const {
    const Happening* opened = nullptr;
    for (const auto* relay : relays_[position]) {
      if (relay->at < record.from || relay->at > record.till + told_after_max) continue;
      const bool is_ours =
          relay->text == "power limit" || (record.means == "rotate" && relay->text == "remote command");
      if (relay->kind == Kind::relay_opened && is_ours) opened = relay;
      if (relay->kind == Kind::relay_closed) opened = nullptr;
    }
    const auto deadline = blame_.deadline(position, record.till, command_tolerance);
    if (opened == nullptr || deadline >= estate_.closes()) return;
    const auto later = std::find_if(
        relays_[position].begin(), relays_[position].end(),
        [&](const Happening* relay) { return relay->at > opened->at && relay->kind == Kind::relay_closed; });
    if (later != relays_[position].end() && (*later)->at <= deadline) return;
    check.violation(name_of(position), opened->at,
                    [&] { return fmt::format("{}: turned off and not closed after the end", record.name); });
  }

  Check turns() const {
    Checking check("I-CAMP.turns", "turns are fair and no longer than said", "0 unfair, 0 too long",
                   options_);
    for (const auto& record : records_) {
      if (record.means != "rotate") continue;
      std::map<std::int64_t, int> times_off;
      for (const auto& command : books_.commands)
        if (command.is_operators && command.kind == "trip" && command.wanted_at >= record.from &&
            command.wanted_at < record.till)
          ++times_off[command.meter];
      int least = std::numeric_limits<int>::max(), most = 0;
      for (const auto& row : record.customers) {
        if (!row.was_asked && record.till - record.from < record.turn * record.groups) continue;
        least = std::min(least, times_off[row.meter]);
        most = std::max(most, times_off[row.meter]);
        judge_turns(check, record, position_of(row));
      }
      if (most > least + 1)
        check.violation(record.name, record.from, [&] {
          return fmt::format("somebody was off {} times while somebody else was off {} times", most, least);
        });
    }
    return check.finish(fmt::format("{} of {}", check.violations(), check.samples()));
  }

  void judge_turns(Checking& check, const CampaignRecord& record, std::size_t position) const {
    const Happening* opened = nullptr;
    for (const auto* relay : relays_[position]) {
      if (relay->kind == Kind::relay_opened && relay->text == "remote command" && relay->at >= record.from &&
          relay->at < record.till)
        opened = relay;
      if (relay->kind != Kind::relay_closed || opened == nullptr) continue;
      check.looked();
      if (relay->at > blame_.deadline(position, opened->at, record.turn + command_tolerance))
        check.violation(name_of(position), opened->at,
                        [&] { return fmt::format("off for {}", duration_text(relay->at - opened->at)); });
      opened = nullptr;
    }
  }

  std::int64_t true_reduction_mWh(const CampaignRecord& record) const {
    std::int64_t sum_mWh = 0;
    for (const auto& row : record.customers) {
      if (!row.is_counted) continue;
      for (const auto* symptom : symptoms_[position_of(row)])
        if ((symptom->kind == "load-shed" || symptom->kind == "load-withheld") && symptom->at > record.from &&
            symptom->at <= record.till + told_after_max)
          sum_mWh += symptom->value;
    }
    return sum_mWh;
  }

  Check reduction() const {
    Checking check("I-CAMP.reduction", "the reduction the head-end claims is the true one",
                   "within 3 x its uncertainty", options_);
    std::string measured = "not evaluated";
    for (const auto& record : records_) {
      if (!record.reduction_Wh || !record.uncertainty_Wh) continue;
      check.looked();
      const double claimed_kWh = static_cast<double>(*record.reduction_Wh) / 1e3;
      const double true_kWh = static_cast<double>(true_reduction_mWh(record)) / 1e6;
      const double uncertainty_kWh = static_cast<double>(*record.uncertainty_Wh) / 1e3;
      measured = fmt::format("{:.1f} +- {:.1f} kWh claimed, {:.1f} kWh true", claimed_kWh, uncertainty_kWh,
                             true_kWh);
      if (std::abs(claimed_kWh - true_kWh) > uncertainties_allowed * uncertainty_kWh)
        check.violation(record.name, record.from, [&] { return measured; });
    }
    if (check.samples() > 1) measured = fmt::format("{} of {} outside", check.violations(), check.samples());
    return check.finish(measured);
  }

  Check rating() const {
    Checking check("I-CAMP.rating", "the campaign keeps transformers within their rating", "no overload",
                   options_);
    std::string measured = "no overload";
    for (const auto& spec : estate_.scenario.campaigns) {
      if (!spec.must_keep_rating) continue;
      for (const auto& area : estate_.scenario.areas) {
        const bool is_meant = spec.areas.empty() ||
                              std::find(spec.areas.begin(), spec.areas.end(), area.name) != spec.areas.end();
        if (is_meant && area.grid) judge_rating(check, spec, "area " + area.name, measured);
      }
    }
    return check.finish(measured);
  }

  void judge_rating(Checking& check, const scenario::CampaignSpec& spec, const std::string& entity,
                    std::string& measured) const {
    check.looked();
    const Symptom* overload = nullptr;
    for (const auto& symptom : truth_.symptoms) {
      if (symptom.entity != entity || symptom.at >= spec.till) continue;
      if (symptom.kind == "transformer-overload") overload = &symptom;
      const bool is_over = symptom.kind == "transformer-normal";
      if (is_over && symptom.at <= spec.from + reaction_time) overload = nullptr;
    }
    if (overload == nullptr) return;
    measured = fmt::format("{:.1f} % of rated", static_cast<double>(overload->value) / 10);
    check.violation(entity, overload->at,
                    [&] { return fmt::format("{}: the transformer carries {}", spec.name, measured); });
  }

  const Estate& estate_;
  const Truth& truth_;
  const Books& books_;
  const Blame& blame_;
  const Options& options_;
  std::vector<CampaignRecord> records_;
  std::vector<std::vector<const Symptom*>> symptoms_;  ///< by position, by time
  std::vector<std::vector<const Happening*>> relays_;  ///< likewise
};
}  // namespace

std::vector<Check> check_campaigns(const Estate& estate, const Truth& truth, const Books& books,
                                   sqlite::Database& store, const Blame& blame, const Options& options) {
  return CampaignChecks(estate, truth, books, store, blame, options).all();
}
}  // namespace audit
