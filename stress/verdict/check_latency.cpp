/// Checks that wait: confirmation, switch commands, the API, and the generator's own slip.
#include <fmt/format.h>

#include <numeric>

#include "stress/verdict/curves.hpp"
#include "stress/verdict/findings.hpp"
#include "stress/verdict/numbers.hpp"

namespace stress {
namespace {
std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& kind) {
  const auto found = counts.find(kind);
  return found == counts.end() ? 0 : found->second;
}

std::uint64_t total_of(const std::map<std::string, std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

Finding against(double measured_ms, double limit_ms, const std::string& where) {
  Finding finding{Verdict::pass, measured_ms,
                  fmt::format("p99 {} in {}", milliseconds_text(measured_ms), where), ""};
  if (measured_ms > limit_ms) {
    finding.verdict = Verdict::fail;
    finding.reason = std::isinf(measured_ms) ? "more than 1 % never came to an end"
                                             : fmt::format("beyond {:g} ms", limit_ms);
  }
  return finding;
}

Finding too_few(std::uint64_t count, const std::string& what, const std::string& where) {
  return {Verdict::unknown, 0, fmt::format("{} {} in {}", grouped(count), what, where), "too few for a p99"};
}

/// Stages in which people use the system beside the flood; beyond capacity nothing is promised.
bool has_users(const StageRecord& stage) { return has_objectives(stage) || stage.kind == StageKind::spike; }
}  // namespace

Check check_latency(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto* stage : stages_with_objectives(record)) {
    if (stage->frames.intended < limits.latency_count_least) {
      findings.push_back(too_few(stage->frames.intended, "frames", stage->name));
      continue;
    }
    const double p99 = quantile_ms_of_all(stage->acknowledge_ns, stage->frames.intended, 0.99);
    findings.push_back(doubted(against(p99, limits.acknowledge_p99_ms, stage->name), record, *stage, limits));
  }
  return check_of({"S-LATENCY", "intended time to durable confirmation, 99 of 100 frames of each stage",
                   fmt::format("p99 <= {:g} ms", limits.acknowledge_p99_ms)},
                  std::move(findings), true);
}

Check check_control(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  core::Histogram together;
  std::uint64_t commands = 0;
  std::string trouble;
  for (const auto& stage : record.stages) {
    const auto wanted = std::max(count_of(stage.api_requests, "switch"), stage.control_ns.count());
    if (!has_users(stage) || wanted == 0) continue;
    together.merge(stage.control_ns);
    commands += wanted;
    if (trouble.empty()) trouble = generator_trouble(record, stage, limits);
    if (wanted < limits.control_count_least) continue;
    findings.push_back(doubted(
        against(quantile_ms_of_all(stage.control_ns, wanted, 0.99), limits.control_p99_ms, stage.name),
        record, stage, limits));
  }
  if (commands >= limits.control_count_least) {
    auto all = against(quantile_ms_of_all(together, commands, 0.99), limits.control_p99_ms,
                       fmt::format("all {} commands", grouped(commands)));
    if (!trouble.empty()) {
      all.verdict = Verdict::unknown;
      all.reason = trouble;
    }
    findings.push_back(std::move(all));
  } else {
    findings.push_back(too_few(commands, "switch commands", "the run"));
  }
  auto check = check_of({"S-CONTROL", "a switch command's outcome is known in time, under flood",
                         fmt::format("p99 <= {:g} ms", limits.control_p99_ms)},
                        std::move(findings), true);
  check.samples = static_cast<std::int64_t>(commands);
  return check;
}

Check check_api(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto& stage : record.stages) {
    const auto requests = std::max(total_of(stage.api_requests), stage.api_ns.count());
    if (!has_users(stage) || requests == 0) continue;
    const auto errors = total_of(stage.api_errors);
    const double share = static_cast<double>(errors) / static_cast<double>(requests);
    if (share > limits.api_error_share) {
      findings.push_back(
          {Verdict::fail, 1e9 * share,
           fmt::format("{} of {} requests failed in {}", grouped(errors), grouped(requests), stage.name),
           fmt::format("more than {:g} % failed", limits.api_error_share * 100)});
    } else if (requests < limits.latency_count_least) {
      findings.push_back(too_few(requests, "requests", stage.name));
    } else {
      // A request that failed within the budget has no latency: it counts as never answered.
      const double p99 = quantile_ms_of_all(stage.api_ns, requests, 0.99);
      findings.push_back(doubted(against(p99, limits.api_p99_ms, stage.name), record, stage, limits));
    }
  }
  return check_of(
      {"S-API", "queries, balances, sales and commands are answered beside the flood",
       fmt::format("p99 <= {:g} ms, at most {:g} % failed", limits.api_p99_ms, limits.api_error_share * 100)},
      std::move(findings), true);
}

Check check_generator(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto* stage : stages_with_objectives(record)) {
    const double slip_ms = milliseconds_of(stage->slip_ns.quantile(0.99));
    findings.push_back(
        doubted({Verdict::pass, slip_ms,
                 fmt::format("slip p99 {} in {}", milliseconds_text(slip_ms), stage->name), ""},
                record, *stage, limits));
  }
  return check_of({"S-GENERATOR", "the load generator kept its own plan: where not, no stage passes",
                   fmt::format("slip p99 <= {:g} ms, at most {:g} % of its threads", limits.slip_p99_ms,
                               limits.generator_cpu_share * 100)},
                  std::move(findings));
}
}  // namespace stress
