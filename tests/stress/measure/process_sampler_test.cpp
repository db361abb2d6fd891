/// What the sampler says of a process agrees with what the process did.
#include "stress/measure/process_sampler.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <cmath>

#include <algorithm>
#include <limits>
#include <thread>

#include "stress/measure/columns.hpp"
#include "stress/measure/sampler.hpp"

namespace {
using namespace stress;

/// The address sanitizer brings an allocator that the C library's statistics know nothing of.
#ifdef __SANITIZE_ADDRESS__
constexpr bool has_own_allocator = false;
#else
constexpr bool has_own_allocator = true;
#endif

double figure(const std::vector<std::string>& columns, const std::vector<double>& row,
              const std::string& name) {
  const auto at = std::find(columns.begin(), columns.end(), name);
  return at == columns.end() ? std::numeric_limits<double>::quiet_NaN()
                             : row.at(static_cast<std::size_t>(at - columns.begin()));
}
double figure(const std::vector<double>& row, const std::string& name) {
  return figure(ProcessSampler::columns(), row, name);
}

/// Work that the optimiser cannot take away.
std::uint64_t work(std::uint64_t rounds) {
  volatile std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < rounds; ++i) sum = sum + i * i;
  return sum;
}
}  // namespace

TEST_CASE("the sampler sees its own process: every figure is there") {
  ProcessSampler sampler(::getpid());
  const auto row = sampler.sample();
  REQUIRE(row.size() == ProcessSampler::columns().size());
  for (std::size_t k = 0; k < row.size(); ++k) {
    INFO(ProcessSampler::columns()[k]);
    CHECK(row[k] >= 0);
  }
  CHECK(figure(row, column::threads) == 1);
  CHECK(figure(row, column::rss_B) > 1e6);
  CHECK(figure(row, column::open_files) >= 3);
}

TEST_CASE("processor time grows by work, memory by touching it, open files by opening") {
  ProcessSampler sampler(::getpid());
  const auto before = sampler.sample();
  work(20'000'000);
  std::vector<char> touched(32 << 20, 1);
  const int file = ::open("/dev/null", O_RDONLY);
  const auto after = sampler.sample();
  ::close(file);
  CHECK(figure(after, column::cpu_s) > figure(before, column::cpu_s) + 1e-3);
  CHECK(figure(after, column::rss_B) >= figure(before, column::rss_B) + 30e6);
  CHECK(figure(after, column::open_files) == figure(before, column::open_files) + 1);
  CHECK(figure(after, column::faults_minor) > figure(before, column::faults_minor));
  if (has_own_allocator) CHECK(own_heap_B() >= 32e6);
}

TEST_CASE("counters of a thread that ended are kept") {
  ProcessSampler sampler(::getpid());
  double during = 0;
  std::thread([&] {
    for (int i = 0; i < 50; ++i) std::this_thread::yield();
    work(1'000'000);
    const auto row = sampler.sample();
    during = figure(row, column::switches_involuntary) + figure(row, column::switches_voluntary);
    CHECK(figure(row, column::threads) == 2);
  }).join();
  const auto row = sampler.sample();
  CHECK(figure(row, column::switches_involuntary) + figure(row, column::switches_voluntary) >= during);
  CHECK(figure(row, column::run_queue_wait_s) >= 0);
}

TEST_CASE("a process that is gone gives no figures and no error, also while it is not yet waited for") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);  // dead, but still in the table
  ProcessSampler sampler(child);
  for (const auto value : sampler.sample()) CHECK(std::isnan(value));
  ::waitpid(child, nullptr, 0);
  for (const auto value : sampler.sample()) CHECK(std::isnan(value));
  ProcessSampler nobody(0);
  for (const auto value : nobody.sample()) CHECK(std::isnan(value));
}

TEST_CASE("a row joins the system's figures with the head-end's own") {
  Sampler sampler("head-end", ::getpid());
  sampler.take(
      core::instant_from_seconds(1),
      "metertwin_heap_bytes 1000\nmetertwin_commits_total 4\nmetertwin_processor_seconds_total 77.5\n"
      "metertwin_readings_accepted_total{from=\"concentrator\"} 600\n"
      "metertwin_readings_accepted_total{from=\"manager\"} 59\n"
      "metertwin_commit_seconds_bucket{le=\"0.01\"} 4\nmetertwin_commit_seconds_bucket{le=\"+Inf\"} 4\n");
  sampler.take(
      core::instant_from_seconds(2),
      "metertwin_commit_seconds_bucket{le=\"0.01\"} 4\nmetertwin_commit_seconds_bucket{le=\"0.02\"} 14\n"
      "metertwin_commit_seconds_bucket{le=\"+Inf\"} 14\n");
  sampler.take(core::instant_from_seconds(3), "");
  const auto& table = sampler.table();
  REQUIRE(table.rows.size() == 3);
  const auto at = [&](std::size_t row, const char* name) {
    return figure(table.columns, table.rows[row].second, name);
  };
  CHECK(at(0, column::heap_B) == 1000);
  CHECK(at(0, column::cpu_s) == 77.5);  // of the same instant as its readings
  CHECK(at(1, column::cpu_s) < 77);
  CHECK(at(0, column::readings_accepted) == 659);
  CHECK(at(0, column::commits) == 4);
  CHECK(at(0, column::commit_seconds_p50) == Approx(0.005));
  CHECK(std::isnan(at(1, column::heap_B)));
  CHECK(std::isnan(at(2, column::commit_seconds_p99)));
  CHECK(at(2, column::rss_B) > 0);
  CHECK(table.rows[1].first == core::instant_from_seconds(2));
}

TEST_CASE("a row's quantiles of commits are of the commits since the row before") {
  Sampler sampler("head-end", 0);
  const auto page = [](int fast, int all) {
    return "metertwin_commit_seconds_bucket{le=\"0.01\"} " + std::to_string(fast) +
           "\nmetertwin_commit_seconds_bucket{le=\"0.02\"} " + std::to_string(all) +
           "\nmetertwin_commit_seconds_bucket{le=\"+Inf\"} " + std::to_string(all) + "\n";
  };
  sampler.take(core::instant_from_seconds(1), page(100, 100));
  sampler.take(core::instant_from_seconds(2), page(100, 110));
  const auto& table = sampler.table();
  CHECK(figure(table.columns, table.rows[0].second, column::commit_seconds_p50) == Approx(0.005));
  CHECK(figure(table.columns, table.rows[1].second, column::commit_seconds_p50) == Approx(0.015));
}

TEST_CASE("the generator's row holds its own heap") {
  Sampler sampler("generator", ::getpid());
  sampler.take_own(core::instant_from_seconds(1));
  const auto heap_B = figure(sampler.table().columns, sampler.table().rows[0].second, column::heap_B);
  CHECK(heap_B >= 0);
  if (has_own_allocator) CHECK(heap_B > 0);
}
