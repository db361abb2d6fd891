/// What one stress run was and measured, as plain values: the driver fills it, verdicts judge it, the report
/// draws it.
///
/// A reading here is one register of one meter at one due instant. "Durable" means committed and synced
/// before the head-end confirmed it; `durability` says which setting that was. Instants are of the
/// generator's clock; latencies run from the intended time of a frame (open loop), never from when it could
/// be written.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/histogram.hpp"
#include "core/instant.hpp"

namespace stress {
using core::Duration;
using core::Instant;

enum class StageKind { warm_up, ladder, step, spike, soak, knee_search, over_capacity, recovery };

/// Counts of frames or readings, by what became of them. intended = sent + held_back.
struct Fate {
  std::uint64_t intended = 0;
  std::uint64_t sent = 0;
  std::uint64_t held_back = 0;     ///< the connection took no more (back-pressure): never on the wire
  std::uint64_t acknowledged = 0;  ///< confirmed as durable
  std::uint64_t refused = 0;       ///< explicitly denied by the head-end
  std::uint64_t unanswered = 0;    ///< neither by the end of the stage's grace: time-out or connection lost
};

/// One second of a stage as its traffic saw it: the curve behind the stage's sums. The driver closes one
/// about every second, also while nothing is answered. Latencies are of the well-formed frames whose
/// confirmation came in this second, whichever stage intended them: a backlog shows.
struct TrafficSecond {
  Instant till;                    ///< the end of this second (its start is the row before, or the stage's)
  std::uint64_t intended = 0;      ///< readings whose intended time fell into it
  std::uint64_t acknowledged = 0;  ///< readings confirmed in it
  std::uint64_t refused = 0;       ///< readings denied in it
  std::uint64_t in_flight_frames = 0;  ///< at its end: written, neither confirmed nor denied
  std::uint64_t confirmed_frames = 0;  ///< how many latencies stand behind the three figures below
  std::int64_t p50_ns = 0, p99_ns = 0, max_ns = 0;  ///< intended time to durable confirmation; 0 if none
  std::int64_t slip_max_ns = 0;                     ///< the generator's own worst slip in it
};

struct StageRecord {
  std::string name;  ///< "ladder 3/10: 30,000/s"
  StageKind kind = StageKind::ladder;
  Instant from, till;                                  ///< of intended times
  double offered_per_s = 0;                            ///< well-formed readings per second that were intended
  Fate frames, readings;                               ///< well-formed traffic only
  std::map<std::string, std::uint64_t> errors;         ///< failures of well-formed traffic, by kind
  std::map<std::string, std::uint64_t> abnormal_sent;  ///< abnormal traffic, by kind
  std::uint64_t abnormal_accepted = 0;  ///< abnormal frames that were confirmed though they must not be
  std::map<std::string, std::uint64_t> api_requests;  ///< by kind: "query", "sale", "switch", "balance"
  std::map<std::string, std::uint64_t> api_errors;
  core::Histogram acknowledge_ns;  ///< intended time to durable confirmation
  core::Histogram visible_ns;      ///< intended time to seen through the API (sampled)
  core::Histogram api_ns;          ///< intended time of a request to its answer
  core::Histogram control_ns;      ///< a switch command's intended time to its outcome known
  core::Histogram slip_ns;         ///< the generator itself: intended time to handed to the operating system
  std::vector<TrafficSecond> seconds;  ///< rising
  std::uint64_t head_end_deaths = 0;   ///< the head-end's process ended though nobody had ended it
};

/// Figures of one process over time, one row about every second (every 200 ms where stages are shorter than
/// five seconds). Columns by name (see stress/measure/columns.hpp). Rows outside of every stage (start,
/// drain) are welcome.
struct SampleTable {
  std::string process;               ///< "head-end", "generator"
  std::vector<std::string> columns;  ///< e.g. "cpu_s", "rss_B", "heap_B", "threads", "run_queue_wait_s"
  std::vector<std::pair<Instant, std::vector<double>>> rows;  ///< NaN where a figure could not be had
};

/// The store compared with what the generator knows was acknowledged.
struct LossRecord {
  bool was_checked = false;
  std::uint64_t acknowledged = 0;  ///< readings
  std::uint64_t stored_right = 0;  ///< of these, in the store with the right register
  std::uint64_t lost = 0, wrong = 0, doubled = 0;
  std::uint64_t stored_unasked = 0;      ///< in the store, but never sent
  std::vector<std::string> first_cases;  ///< a sentence each, at most a dozen
};

/// A bare program's figure from the same run, and ours beside it.
struct Calibration {
  std::string name;  ///< "loopback echo, 1,000 connections, 1 frame a write"
  std::string unit;  ///< "frames/s"
  double bare = 0;
  double ours = 0;
};

struct Knee {
  bool was_searched = false;
  double readings_per_s = 0;  ///< highest rate held with every objective of a knee stage
  double first_failed_per_s = 0;
  std::string limit;  ///< what gave way first
};

struct StressRecord {
  std::string version, build, machine, replay;  ///< replay: the one command that runs it again
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> options;
  std::string durability;  ///< "survives power loss", or what weaker setting was chosen
  bool is_durable = true;  ///< false: the verdict says so
  std::uint32_t meters = 0, connections = 0, readings_per_frame = 0;
  Instant began, ended;
  std::vector<StageRecord> stages;
  std::vector<SampleTable> samples;
  LossRecord loss;
  std::vector<Calibration> calibrations;
  Knee knee;
};
}  // namespace stress
