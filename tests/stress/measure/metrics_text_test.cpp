/// Samples of a metrics page are read as their format says; anything else is passed over.
#include "stress/measure/metrics_text.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.hpp"

namespace {
using namespace stress;

// After the example of the exposition format's own documentation.
constexpr auto page = R"(# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="0.1"} 33444
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
)";
}  // namespace

TEST_CASE("the documented example page is read in whole") {
  const auto metrics = parse_metrics(page);
  REQUIRE(metrics.size() == 10);
  CHECK(metrics[0].labels.at("code") == "200");
  CHECK(metric_total(metrics, "http_requests_total") == 1030);
  CHECK(metrics[2].labels.at("path") == "C:\\DIR\\FILE.TXT");
  CHECK(metrics[2].labels.at("error") == "Cannot find file:\n\"FILE.TXT\"");
  CHECK(metrics[2].value == 1.458255915e9);
  CHECK(metric_total(metrics, "metric_without_timestamp_and_labels") == 12.47);
  CHECK(std::isinf(metric_total(metrics, "something_weird").value()));
  CHECK_FALSE(metric_total(metrics, "http_requests").has_value());
  const auto buckets = metric_buckets(metrics, "http_request_duration_seconds");
  REQUIRE(buckets.size() == 3);
  CHECK(buckets[1] == std::pair(0.1, 33444.0));
  CHECK(std::isinf(buckets[2].first));
}

TEST_CASE("a quantile of buckets lies where a straight line through its bucket says") {
  const std::vector<std::pair<double, double>> buckets{
      {0.01, 10}, {0.02, 10}, {0.04, 90}, {std::numeric_limits<double>::infinity(), 100}};
  CHECK(bucket_quantile(buckets, 0.5) == Approx(0.03).epsilon(1e-12));  // 40 of the 80 in 0.02 .. 0.04
  CHECK(bucket_quantile(buckets, 0.05) == Approx(0.005).epsilon(1e-12));
  CHECK(bucket_quantile(buckets, 0.99) == 0.04);  // beyond the last bound nothing is known
  CHECK(std::isnan(bucket_quantile({}, 0.5)));
  CHECK(std::isnan(bucket_quantile({{0.1, 0}, {1, 0}}, 0.5)));
}

TEST_CASE("lines that are no samples are passed over and do not take others with them") {
  for (const auto* broken :
       {"{le=\"1\"} 3", "name{", "name{le=", "name{le=\"1}", "name{le=\"1\" 5", "name one", "9name 1", "name",
        "name{} ", "na me 1", "name{=\"x\"} 1", "\xff\xfe 1", "name 1e", "name 0x10"}) {
    INFO(broken);
    const auto metrics = parse_metrics(std::string("before 1\n") + broken + "\nafter 2");
    REQUIRE(metrics.size() == 2);
    CHECK(metrics[0].name == "before");
    CHECK(metrics[1].value == 2);
  }
  CHECK(parse_metrics("\n\n\r\n").empty());
}

TEST_CASE("garbage never crashes or hangs the reader of metrics") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 0, core::Purpose::test);
    std::string text = page;
    for (std::uint64_t k = 0; k < 1 + seed % 40; ++k)
      text[draws.below(text.size(), 2 * k)] = static_cast<char>(draws.below(256, 2 * k + 1));
    const auto metrics = parse_metrics(text);
    CHECK(metrics.size() <= 60);
    bucket_quantile(metric_buckets(metrics, "http_request_duration_seconds"), 0.99);
  }
}
