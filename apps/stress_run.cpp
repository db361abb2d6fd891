#include "apps/stress_run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "apps/head_end_process.hpp"
#include "apps/metrics_poll.hpp"
#include "apps/stress_loss.hpp"
#include "platform/posix/self_signed.hpp"
#include "stress/drive/calibration.hpp"
#include "stress/drive/driver.hpp"
#include "stress/measure/sampler.hpp"
#include "stress/plan/knee_search.hpp"
#include "stress/plan/stage_text.hpp"

namespace app {
namespace {
using stress::StageKind;
using stress::StagePlan;
using stress::StageRecord;
using namespace std::chrono_literals;

constexpr double knee_p99_ms = 500;  ///< a knee stage is held when its p99 is within this
constexpr double knee_held_back_share = 0.001;
constexpr auto kill_every = 2s;
constexpr std::uint64_t uncontrolled_seed_events = std::uint64_t{1} << 40;

void allow_many_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

constexpr std::uint32_t api_beside_knee = 20;

/// What gave way in a stage of the search; empty when it was held.
std::string what_gave_way(const StageRecord& stage, const stress::Limits& limits) {
  const auto ms = [](const core::Histogram& histogram) {
    return 1e-6 * static_cast<double>(histogram.quantile(0.99));
  };
  if (stage.head_end_deaths > 0) return "the head-end ended";
  if (!stage.errors.empty()) return fmt::format("errors: {}", stage.errors.begin()->first);
  if (stage.frames.refused > 0) return fmt::format("{} frames refused", stage.frames.refused);
  const auto held_back = static_cast<double>(stage.frames.held_back);
  if (held_back > knee_held_back_share * static_cast<double>(stage.frames.intended))
    return fmt::format("{} of {} frames held back", stage.frames.held_back, stage.frames.intended);
  if (ms(stage.acknowledge_ns) > knee_p99_ms)
    return fmt::format("p99 of confirmation {:.0f} ms", ms(stage.acknowledge_ns));
  if (ms(stage.slip_ns) > limits.slip_p99_ms)
    return fmt::format("the generator's own slip, p99 {:.0f} ms", ms(stage.slip_ns));
  return {};
}

class Run {
 public:
  Run(const StressOptions& options, const std::function<void(const std::string&)>& tell)
      : options_(options),
        tell_(tell),
        store_(options.out / "books.db"),
        process_(serve_arguments(), options.head_end_program) {}

  StressOutcome go();

 private:
  std::vector<std::string> serve_arguments();
  void start_head_end();
  void sample(core::Instant at);
  void kill_when_due(core::Instant at);
  StageRecord run_stage(const StagePlan& stage);
  void run_all();
  void search_knee();
  void set_down_options();
  void fill_calibrations();

  const StressOptions& options_;
  const std::function<void(const std::string&)>& tell_;
  std::filesystem::path store_;
  seam::TlsIdentity identity_;
  HeadEndProcess process_;
  std::unique_ptr<MetricsPoll> metrics_;
  std::unique_ptr<stress::Driver> driver_;
  std::unique_ptr<stress::Sampler> head_end_samples_, own_samples_;
  StressOutcome outcome_;
  std::uint64_t next_event_ = 0;
  int kills_left_ = 0;
  bool was_killed_ = false;  ///< since the last ready
  core::Instant next_kill_{};
};

std::vector<std::string> Run::serve_arguments() {
  std::filesystem::create_directories(options_.out);
  const auto& estate = options_.estate;
  std::vector<std::string> words{"--store",
                                 store_.string(),
                                 "--durability",
                                 options_.durability,
                                 "--confirm-within",
                                 std::to_string(options_.confirm_within_ms),
                                 "--meters",
                                 std::to_string(estate.meters),
                                 "--meters-per-concentrator",
                                 std::to_string(estate.meters_per_concentrator),
                                 "--managers",
                                 std::to_string(estate.manager_permille),
                                 "--estate-seed",
                                 std::to_string(estate.seed),
                                 "--opens",
                                 core::to_iso8601(estate.opens, core::Zone())};
  if (options_.is_tls) {
    identity_ = seam::make_self_signed(options_.out);
    words.insert(words.end(),
                 {"--tls-certificate", identity_.certificate_file, "--tls-key", identity_.key_file});
  }
  return words;
}

void Run::start_head_end() {
  for (const char* const suffix : {"", "-wal", "-shm"}) std::filesystem::remove(store_.string() + suffix);
  process_.start();
  if (!process_.wait_ready(60s)) throw std::runtime_error("the head-end did not come up");
  // Short stages need more than a row or two to be judged by.
  const auto sample_every = options_.plan.stage < 5s ? 200ms : 1000ms;
  metrics_ = std::make_unique<MetricsPoll>(process_.ports().http, sample_every);
  head_end_samples_ = std::make_unique<stress::Sampler>("head-end", process_.pid());
  own_samples_ = std::make_unique<stress::Sampler>("generator", getpid());
  stress::DriverOptions drive;
  drive.estate = options_.estate;
  drive.flood.fleet = options_.fleet;
  drive.uplink_port = process_.ports().uplink;
  drive.modbus_port = process_.ports().modbus;
  drive.http_port = process_.ports().http;
  drive.is_tls = options_.is_tls;
  drive.tls_certificates = identity_.certificate_file;
  drive.sample_every = sample_every;
  drive.sample = [this](core::Instant at) { sample(at); };
  driver_ = std::make_unique<stress::Driver>(std::move(drive));
  if (!driver_->connect(60s)) throw std::runtime_error("the fleet could not log in within a minute");
}

void Run::sample(core::Instant at) {
  head_end_samples_->take(at, metrics_->take());
  own_samples_->take_own(at);
  if (was_killed_ && process_.is_ready()) was_killed_ = false;
  if (was_killed_ && !process_.is_running())
    throw std::runtime_error("killed and started again, the head-end ended before its doors were open");
  kill_when_due(at);
}

void Run::kill_when_due(core::Instant at) {
  if (kills_left_ == 0 || was_killed_ || at < next_kill_) return;
  process_.kill();
  process_.start();
  head_end_samples_->follow(process_.pid());
  was_killed_ = true;
  --kills_left_;
  next_kill_ = at + kill_every;
}

StageRecord Run::run_stage(const StagePlan& plan) {
  StagePlan stage = plan;
  if (!options_.stage_file)
    stage.first_event = std::exchange(next_event_, next_event_ + uncontrolled_seed_events);
  auto record = driver_->run(stage);
  if (!was_killed_ && options_.kills == 0 && !process_.is_running()) ++record.head_end_deaths;
  if (tell_) {
    const auto ms = [](const core::Histogram& histogram, double share) {
      return 1e-6 * static_cast<double>(histogram.quantile(share));
    };
    tell_(fmt::format(
        "{:<44} {:>11} confirmed, p50 {:>6.1f} ms, p99 {:>6.1f} ms{}{}", record.name,
        record.readings.acknowledged, ms(record.acknowledge_ns, 0.5), ms(record.acknowledge_ns, 0.99),
        record.frames.refused > 0 ? fmt::format(", {} refused", record.frames.refused) : "",
        record.frames.held_back > 0 ? fmt::format(", {} held back", record.frames.held_back) : ""));
  }
  outcome_.stages.push_back(stage);
  outcome_.record.stages.push_back(record);
  return record;
}

void Run::search_knee() {
  auto& knee = outcome_.record.knee;
  knee.was_searched = true;
  stress::KneeRules rules;
  rules.from = options_.knee_from;
  stress::KneeSearch search(rules);
  const auto lasts = std::max<core::Duration>(options_.plan.stage / 2, 1s);
  while (const auto rate = search.next()) {
    const auto record = run_stage(
        stress::steady(fmt::format("knee search: {}/s", *rate), StageKind::knee_search, *rate, lasts));
    const auto reason = what_gave_way(record, options_.limits);
    if (!reason.empty() && *rate <= search.failed().value_or(*rate)) knee.limit = reason;
    search.tell(*rate, reason.empty());
    if (!driver_->drain(60s)) break;
  }
  knee.readings_per_s = static_cast<double>(search.held());
  knee.first_failed_per_s = static_cast<double>(search.failed().value_or(0));
  if (search.held() == 0) return;
  const auto calm = search.held() / 4;
  // As long as the headline's soak, so that what is judged of a level load can be judged here, too.
  run_stage(stress::steady("before over-capacity", StageKind::soak, calm, 6 * options_.plan.stage,
                           {.api_per_s = api_beside_knee}));
  run_stage(stress::over_capacity(search.held(), options_.over_capacity));
  run_stage(stress::recovery(calm));
}

void Run::run_all() {
  kills_left_ = options_.kills;
  if (options_.kills > 0) {
    const auto lasts = options_.kills * std::chrono::duration_cast<core::Duration>(kill_every + 2s);
    next_kill_ = driver_->now() + kill_every;
    while (kills_left_ > 0)
      run_stage(stress::steady(fmt::format("kill -9, {} to come", kills_left_), StageKind::warm_up,
                               options_.plan.rate_max, std::min<core::Duration>(lasts, 30s)));
  } else if (options_.stage_file) {
    std::ifstream file(*options_.stage_file);
    std::ostringstream text;
    text << file.rdbuf();
    run_stage(stress::stage_from_yaml(text.str(), options_.stage_file->string()).stage);
  } else {
    const auto plan = make_stress_plan(options_.plan);
    for (const auto& stage : plan->before) run_stage(stage);
    if (plan->searches_knee) search_knee();
  }
}

void Run::set_down_options() {
  auto& record = outcome_.record;
  record.version = METERTWIN_VERSION;
  record.build = METERTWIN_BUILD_TYPE;
  record.machine = fmt::format("{} processors", std::thread::hardware_concurrency());
  record.seed = options_.estate.seed;
  record.is_durable = options_.durability == "power-loss";
  record.durability = record.is_durable ? "committed and synced: survives power loss"
                                        : "committed, not synced: survives the death of the process only";
  record.meters = options_.estate.meters;
  record.connections = options_.estate.collectors();
  record.readings_per_frame = options_.fleet.readings_per_frame;
  outcome_.estate = options_.estate;
}

/// The bare figures were taken before the head-end came up. Ours is the knee beside those of the same kind:
/// one reading a frame and write against single frames, many a frame against frames that share a write.
void Run::fill_calibrations() {
  auto& record = outcome_.record;
  if (!record.knee.was_searched) return;
  const bool is_single = options_.fleet.readings_per_frame == 1;
  for (auto& calibration : record.calibrations) {
    const bool is_of_single = calibration.name.find(" 1 frame a write") != std::string::npos;
    if (is_of_single == is_single) calibration.ours = record.knee.readings_per_s;
  }
}

StressOutcome Run::go() {
  allow_many_connections();
  set_down_options();
  auto& record = outcome_.record;
  if (options_.calibrates) record.calibrations = stress::calibrate(1000, 1s);
  start_head_end();
  record.began = driver_->now();
  run_all();
  const bool is_drained = driver_->drain(120s);
  record.ended = driver_->now();
  if (tell_ && !is_drained) tell_("not everything could be confirmed within two minutes after the run");
  metrics_.reset();
  process_.end(30s);
  record.samples = {head_end_samples_->table(), own_samples_->table()};
  record.loss = compare_with_store(driver_->flood(), store_);
  fill_calibrations();
  if (!options_.keeps_store)
    for (const char* const suffix : {"", "-wal", "-shm"}) std::filesystem::remove(store_.string() + suffix);
  return std::move(outcome_);
}
}  // namespace

StressOutcome run_stress(const StressOptions& options, const std::function<void(const std::string&)>& tell) {
  return Run(options, tell).go();
}
}  // namespace app
