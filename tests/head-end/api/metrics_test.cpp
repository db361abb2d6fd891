// The Prometheus text format: what is written, and that it keeps the grammar.
#include <catch2/catch.hpp>

#include <limits>

#include "head-end/api/metrics.hpp"

using headend::MetricSink;

TEST_CASE("counters and gauges are written with their help, their kind and their labels") {
  MetricSink sink;
  sink.counter("metertwin_frames_total", "Frames.").add(18'446'744'073'709'551'615u);
  auto temperature = sink.gauge("metertwin_share", "A share\nof \\ something.");
  temperature.add_real({{"room", "a\"b\\c\nd"}, {"floor", "1"}}, 0.1);
  temperature.add_real({{"room", "e"}}, std::numeric_limits<double>::infinity());
  CHECK(sink.text() ==
        "# HELP metertwin_frames_total Frames.\n"
        "# TYPE metertwin_frames_total counter\n"
        "metertwin_frames_total 18446744073709551615\n"
        "# HELP metertwin_share A share\\nof \\\\ something.\n"
        "# TYPE metertwin_share gauge\n"
        "metertwin_share{room=\"a\\\"b\\\\c\\nd\",floor=\"1\"} 0.1\n"
        "metertwin_share{room=\"e\"} +Inf\n");
}

TEST_CASE("a histogram of nanoseconds is told in seconds, buckets rising to the count") {
  core::Histogram waits;
  waits.add(400'000);         // 0.4 ms
  waits.add(2'000'000, 3);    // 2 ms
  waits.add(20'000'000'000);  // 20 s: beyond the last bound
  MetricSink sink;
  sink.seconds("metertwin_wait_seconds", "Waits.").add({{"line", "x"}}, waits);
  const auto has = [&](const std::string& line) {
    INFO(line << " in\n" << sink.text());
    CHECK(sink.text().find(line + "\n") != std::string::npos);
  };
  has("# TYPE metertwin_wait_seconds histogram");
  has("metertwin_wait_seconds_bucket{line=\"x\",le=\"0.0005\"} 1");
  has("metertwin_wait_seconds_bucket{line=\"x\",le=\"0.001\"} 1");
  has("metertwin_wait_seconds_bucket{line=\"x\",le=\"0.0025\"} 4");
  has("metertwin_wait_seconds_bucket{line=\"x\",le=\"10\"} 4");
  has("metertwin_wait_seconds_bucket{line=\"x\",le=\"+Inf\"} 5");
  has("metertwin_wait_seconds_sum{line=\"x\"} 20.0064");
  has("metertwin_wait_seconds_count{line=\"x\"} 5");
}

TEST_CASE("an empty histogram is told as zeros") {
  MetricSink sink;
  sink.seconds("metertwin_wait_seconds", "Waits.").add(core::Histogram());
  CHECK(sink.text().find("metertwin_wait_seconds_bucket{le=\"+Inf\"} 0\n") != std::string::npos);
  CHECK(sink.text().find("metertwin_wait_seconds_sum 0\n") != std::string::npos);
}
