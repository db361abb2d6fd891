#include "apps/run_gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "apps/head_end_configuration.hpp"
#include "audit/evidence/packed_readings.hpp"
#include "head-end/collect/attendant.hpp"
#include "head-end/collect/presence.hpp"
#include "head-end/store/slot.hpp"

namespace app {
namespace {
using headend::MeterId;
using headend::Slot;

/// One run of missing quarter hours, before its causes are known.
struct Run {
  MeterId meter = 0;
  Slot first = 0;
  int count = 0;
  bool is_healed = false;
};

std::vector<Run> runs_of(const headend::Configuration& configuration, sqlite::Database& books, Slot last) {
  constexpr std::uint8_t backfill = 1;  // store/schema.md
  std::vector<Run> runs;
  std::vector<Slot> next(configuration.meters.size() + 1, headend::slot_before(configuration.opens));
  std::vector<std::size_t> healing(next.size(), SIZE_MAX);  // the run that a meter's backfill extends
  const auto add = [&](MeterId meter, Slot first, int count, bool is_healed) {
    runs.push_back({meter, first, count, is_healed});
    return runs.size() - 1;
  };
  audit::PackedReadings readings(books);
  for (const auto* reading = readings.next(); reading != nullptr && reading->slot <= last;
       reading = readings.next()) {
    const auto meter = static_cast<MeterId>(reading->meter);
    const auto slot = static_cast<Slot>(reading->slot);
    if (meter >= next.size()) continue;
    if (slot > next[meter]) {
      add(meter, next[meter], slot - next[meter], false);
      healing[meter] = SIZE_MAX;
    }
    next[meter] = slot + 1;
    if (reading->source != backfill)
      healing[meter] = SIZE_MAX;
    else if (healing[meter] == SIZE_MAX)
      healing[meter] = add(meter, slot, 1, true);
    else
      ++runs[healing[meter]].count;
  }
  for (MeterId meter = 1; meter < next.size(); ++meter)
    if (next[meter] <= last) add(meter, next[meter], last - next[meter] + 1, false);
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    return std::tie(a.meter, a.first) < std::tie(b.meter, b.first);
  });
  return runs;
}

/// What the store holds besides readings.
class Evidence {
 public:
  Evidence(const headend::Configuration& configuration, sqlite::Database& books,
           const std::vector<Outage>& down)
      : configuration_(configuration), down_(down) {
    for (const auto& file : configuration.concentrators)
      presences_.emplace(file.id, headend::Presence(configuration.opens));
    sqlite::Statement events(books,
                             "SELECT concentrator, kind = 'login', at_ns FROM concentrator_event "
                             "WHERE kind IN ('login', 'logout') ORDER BY id");
    while (events.next()) {
      const auto found = presences_.find(static_cast<headend::ConcentratorId>(events.integer(0)));
      if (found == presences_.end()) continue;
      const core::Instant at{core::Duration(events.integer(2))};
      events.integer(1) != 0 ? found->second.came(at) : found->second.went(at);
    }
    sqlite::Statement rejected(books,
                               "SELECT meter, due_s FROM rejected_reading "
                               "WHERE verdict IN ('runs_backwards', 'too_large') ORDER BY id");
    while (rejected.next())
      rejected_.emplace(static_cast<MeterId>(rejected.integer(0)),
                        static_cast<Slot>(rejected.integer(1) / headend::slot_s));
    sqlite::Statement estimates(
        books, "SELECT meter, first_due_s, last_due_s FROM estimate ORDER BY meter, first_due_s");
    while (estimates.next())
      estimates_[static_cast<MeterId>(estimates.integer(0))].emplace_back(
          static_cast<Slot>(estimates.integer(1) / headend::slot_s),
          static_cast<Slot>(estimates.integer(2) / headend::slot_s));
  }

  std::string cause_of(MeterId meter, Slot slot) const {
    if (rejected_.contains({meter, slot})) return "rejected";
    const auto id = configuration_.meters[meter - 1].concentrator;
    const core::Instant round = headend::instant_of(slot) + headend::round_offset(configuration_, id);
    const core::Instant next_round = round + configuration_.collect.every;
    for (const auto& [from, till] : down_)
      if (from <= next_round && till >= round) return "head-end-down";
    return presences_.at(id).was_away(round, next_round) ? "collector-gone" : "no-value";
  }
  bool is_estimated(MeterId meter, Slot slot) const {
    const auto found = estimates_.find(meter);
    return found != estimates_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [slot](const auto& run) { return run.first <= slot && slot <= run.second; });
  }

 private:
  const headend::Configuration& configuration_;
  const std::vector<Outage>& down_;
  std::map<headend::ConcentratorId, headend::Presence> presences_;
  std::set<std::pair<MeterId, Slot>> rejected_;
  std::map<MeterId, std::vector<std::pair<Slot, Slot>>> estimates_;
};

std::vector<Outage> outages_of(const SimulatedRun& stores, core::Instant ends) {
  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement events(truth,
                           "SELECT kind, at_ns FROM events WHERE entity = 'head-end' AND "
                           "kind IN ('crashed', 'restarted') ORDER BY seq");
  std::vector<Outage> outages;
  while (events.next()) {
    const core::Instant at{core::Duration(events.integer(1))};
    if (events.text(0) == "crashed")
      outages.emplace_back(at, ends);
    else if (!outages.empty())
      outages.back().second = at;
  }
  return outages;
}
}  // namespace

std::vector<GapLine> gaps_of_run(const headend::Configuration& configuration, sqlite::Database& books,
                                 core::Instant last_due, const std::vector<Outage>& down) {
  const Evidence evidence(configuration, books, down);
  std::vector<GapLine> lines;
  for (const auto& run : runs_of(configuration, books, headend::slot_before(last_due))) {
    const std::size_t lines_before = lines.size();
    for (Slot slot = run.first; slot < run.first + run.count; ++slot) {
      const std::string cause = evidence.cause_of(run.meter, slot);
      const bool is_estimated = !run.is_healed && evidence.is_estimated(run.meter, slot);
      const std::string state = run.is_healed ? "healed" : is_estimated ? "estimated" : "open";
      const bool continues =
          lines.size() > lines_before && lines.back().cause == cause && lines.back().state == state;
      if (!continues) lines.push_back({run.meter, headend::instant_of(slot), 0, cause, state});
      ++lines.back().count;
    }
  }
  return lines;
}

void fill_gaps(const scenario::Scenario& scenario, const SimulatedRun& stores, report::RunRecord& record) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  const auto lines = gaps_of_run(head_end_configuration(scenario), books, scenario.ends(),
                                 outages_of(stores, scenario.ends() + scenario.settles));
  struct Tally {
    std::int64_t quarters = 0;
    std::set<MeterId> meters;
  };
  std::map<std::string, Tally> tallies;
  for (const auto& line : lines) {
    auto& tally = tallies[line.cause + ", " + line.state];
    tally.quarters += line.count;
    tally.meters.insert(line.meter);
  }
  report::Figures table{"Readings that were late or missing, as the head-end knows it", {}};
  for (const auto& [name, tally] : tallies)
    table.rows.emplace_back(
        name, fmt::format("{} quarter hours of {} meters", tally.quarters, tally.meters.size()));
  if (!table.rows.empty()) record.figures.push_back(std::move(table));
}
}  // namespace app
