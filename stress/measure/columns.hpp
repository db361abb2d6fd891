/// Names of the columns of a `stress::SampleTable`: what is measured of a process while it is flooded.
///
/// The sampler fills them, verdicts and the report ask for them by these names. The unit is the last part of
/// the name. Counters count since the process began; levels hold at the instant of the row.
#pragma once

namespace stress::column {
// From the operating system.
inline constexpr auto cpu_s = "cpu_s";                ///< counter: processor time, user and system
inline constexpr auto cpu_system_s = "cpu_system_s";  ///< counter: of it in the kernel, to 10 ms
inline constexpr auto rss_B =
    "rss_B";  ///< level: resident memory of its own; mapped files are the page cache's
inline constexpr auto threads = "threads";                        ///< level
inline constexpr auto run_queue_wait_s = "run_queue_wait_s";      ///< counter: ready, but no processor free
inline constexpr auto switches_voluntary = "switches_voluntary";  ///< counter
inline constexpr auto switches_involuntary = "switches_involuntary";  ///< counter
inline constexpr auto faults_minor = "faults_minor";      ///< counter: page faults without the disk
inline constexpr auto faults_major = "faults_major";      ///< counter: page faults that read the disk
inline constexpr auto disk_read_B = "disk_read_B";        ///< counter
inline constexpr auto disk_written_B = "disk_written_B";  ///< counter
inline constexpr auto open_files = "open_files";          ///< level
// From the process itself: the head-end says it in its metrics, the generator asks its own allocator.
inline constexpr auto heap_B = "heap_B";                              ///< level
inline constexpr auto readings_accepted = "readings_accepted";        ///< counter
inline constexpr auto frames_confirmed = "frames_confirmed";          ///< counter
inline constexpr auto frames_refused = "frames_refused";              ///< counter
inline constexpr auto queue_B = "queue_B";                            ///< level: accepted, not yet durable
inline constexpr auto commits = "commits";                            ///< counter
inline constexpr auto commit_seconds_sum = "commit_seconds_sum";      ///< counter
inline constexpr auto commit_seconds_count = "commit_seconds_count";  ///< counter
inline constexpr auto commit_seconds_p50 = "commit_seconds_p50";      ///< of the commits since the last row
inline constexpr auto commit_seconds_p99 = "commit_seconds_p99";      ///< of the commits since the last row
inline constexpr auto store_cache_B = "store_cache_B";  ///< level: of the heap, the store's cache of pages
inline constexpr auto connections = "connections";      ///< level
inline constexpr auto allocations = "allocations";      ///< counter
}  // namespace stress::column
