/// Checks that count: loss, durability, errors of well-formed traffic, abnormal traffic that got through.
#include <fmt/format.h>

#include <numeric>

#include "stress/verdict/findings.hpp"
#include "stress/verdict/numbers.hpp"

namespace stress {
namespace {
std::uint64_t total_of(const std::map<std::string, std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

std::string kinds_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [kind, count] : counts)
    if (count > 0) text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", grouped(count), kind);
  return text;
}

bool adds_up(const Fate& fate) {
  return fate.intended == fate.sent + fate.held_back &&
         fate.sent == fate.acknowledged + fate.refused + fate.unanswered;
}

Finding error_finding(const StressRecord& record, const StageRecord& stage, const Limits& limits) {
  const auto& fate = stage.readings;
  const auto failed = fate.held_back + fate.refused + fate.unanswered;
  const double share =
      fate.intended == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(fate.intended);
  Finding finding{Verdict::pass, share,
                  fmt::format("{} of {} readings in {}", grouped(failed), grouped(fate.intended), stage.name),
                  ""};
  if (stage.head_end_deaths > 0) {
    finding.verdict = Verdict::fail;
    finding.badness = 2;
    finding.reason = fmt::format("the head-end died {} time(s) in {}", stage.head_end_deaths, stage.name);
  } else if (share > limits.error_share) {
    finding.verdict = Verdict::fail;
    finding.reason = fmt::format("{} refused, {} unanswered, {} not taken by the connection{}{}",
                                 grouped(fate.refused), grouped(fate.unanswered), grouped(fate.held_back),
                                 total_of(stage.errors) > 0 ? ": " : "", kinds_of(stage.errors));
  } else if (fate.intended == 0) {
    finding.verdict = Verdict::unknown;
    finding.reason = "no well-formed reading was intended";
  } else if (!adds_up(stage.readings) || !adds_up(stage.frames)) {
    finding.verdict = Verdict::unknown;
    finding.reason = "the generator's counts do not add up";
  } else {
    // Where any share may fail (a run that kills), a late generator cannot have hidden one.
    return limits.error_share < 1 ? doubted(std::move(finding), record, stage, limits) : finding;
  }
  return finding;
}
}  // namespace

Check check_loss(const StressRecord& record) {
  const auto& loss = record.loss;
  auto check =
      open_check({"S-LOSS", "nothing acknowledged is lost: every reading is in the store, once and right",
                  "0 lost, doubled, wrong or never sent"});
  check.explanation = loss.first_cases;
  check.samples = static_cast<std::int64_t>(loss.acknowledged);
  check.measured = fmt::format("{} lost, {} doubled, {} wrong, {} never sent of {} acknowledged",
                               grouped(loss.lost), grouped(loss.doubled), grouped(loss.wrong),
                               grouped(loss.stored_unasked), grouped(loss.acknowledged));
  const auto bad = loss.lost + loss.doubled + loss.wrong + loss.stored_unasked;
  if (!loss.was_checked) {
    check.measured = "not compared";
    check.reason = "the store was not compared with what had been acknowledged";
  } else if (bad > 0) {
    check.verdict = Verdict::fail;
    check.reason = fmt::format("{} acknowledged or stored readings are not what was sent", grouped(bad));
  } else if (loss.acknowledged == 0) {
    check.reason = "nothing was acknowledged";
  } else if (loss.stored_right != loss.acknowledged) {
    check.reason =
        fmt::format("{} acknowledged, {} found right, {} lost or wrong: the comparison is incomplete",
                    grouped(loss.acknowledged), grouped(loss.stored_right), bad);
  } else {
    check.verdict = Verdict::pass;
  }
  return check;
}

Check check_durable(const StressRecord& record) {
  auto check =
      open_check({"S-DURABLE", "acknowledged means that it survives power loss", "committed and synced"});
  check.measured = record.durability.empty() ? "not said" : record.durability;
  check.samples = static_cast<std::int64_t>(record.loss.acknowledged);
  if (record.is_durable && !record.durability.empty())
    check.verdict = Verdict::pass;
  else
    check.reason =
        "the run chose a weaker setting: what it acknowledged need not survive (" + check.measured + ")";
  return check;
}

Check check_errors(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto& stage : record.stages)
    if (has_objectives(stage) || stage.kind == StageKind::warm_up || stage.head_end_deaths > 0)
      findings.push_back(error_finding(record, stage, limits));
  return check_of({"S-ERROR", "well-formed readings are confirmed, in every stage",
                   fmt::format("at most {:g} % not confirmed", limits.error_share * 100)},
                  std::move(findings));
}

Check check_abnormal(const StressRecord& record) {
  std::vector<Finding> findings;
  for (const auto& stage : record.stages) {
    const auto sent = total_of(stage.abnormal_sent);
    if (sent == 0 && stage.abnormal_accepted == 0) continue;
    const bool is_clean = stage.abnormal_accepted == 0;
    findings.push_back(
        {is_clean ? Verdict::pass : Verdict::fail, static_cast<double>(stage.abnormal_accepted),
         fmt::format("{} of {} confirmed in {}", grouped(stage.abnormal_accepted), grouped(sent), stage.name),
         is_clean ? "" : "sent were " + kinds_of(stage.abnormal_sent)});
  }
  return check_of({"S-ABNORMAL", "abnormal frames are not confirmed", "0 confirmed"}, std::move(findings));
}
}  // namespace stress
