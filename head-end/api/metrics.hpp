/// Figures for a monitoring system, written in the Prometheus text format 0.0.4.
///
/// A writer, not a register: the figures live where they are counted, and whoever owns them writes them when
/// asked. A family (one name, one kind, one help text) is written in one piece; names are unique (checked)
/// and follow the conventions: base units, `_total` at the end of counters (checked). Independent of locale;
/// the shortest text that reads back as the same number.
///
///     sink.counter("metertwin_logins_total", "Concentrators that logged in.").add(statistics.logins);
///     auto requests = sink.counter("metertwin_http_requests_total", "Requests, by route and status.");
///     requests.add({{"route", "/health"}, {"status", "200"}}, 17);
#pragma once
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/histogram.hpp"

namespace headend {
class MetricSink {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// The samples of one name. Only until the next family begins (checked).
  class Family {
   public:
    void add(std::uint64_t value) { add({}, value); }
    void add(Labels labels, std::uint64_t value);
    void add_real(double value) { add_real({}, value); }
    void add_real(Labels labels, double value);

   private:
    friend class MetricSink;
    Family(MetricSink& sink, std::string name) : sink_(&sink), name_(std::move(name)) {}
    MetricSink* sink_;
    std::string name_;
  };

  /// Something that only grows while the process lives.
  Family counter(std::string_view name, std::string_view help);
  /// Something that comes and goes.
  Family gauge(std::string_view name, std::string_view help);

  /// Durations, counted in `nanoseconds`, told in seconds: buckets with fixed bounds from 0.5 ms to 10 s,
  /// good to 1.6 % of a bound (core/histogram.hpp).
  class HistogramFamily {
   public:
    void add(const core::Histogram& nanoseconds) { add({}, nanoseconds); }
    void add(Labels labels, const core::Histogram& nanoseconds);

   private:
    friend class MetricSink;
    HistogramFamily(MetricSink& sink, std::string name) : sink_(&sink), name_(std::move(name)) {}
    MetricSink* sink_;
    std::string name_;
  };
  HistogramFamily seconds(std::string_view name, std::string_view help);

  /// All that was written.
  const std::string& text() const { return text_; }

 private:
  void begin(std::string_view name, std::string_view kind, std::string_view help);
  void put_sample(std::string_view family, std::string_view suffix, Labels labels, std::string_view bound,
                  std::string_view value);

  std::string text_;
  std::string open_family_;
  std::set<std::string, std::less<>> names_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";
}  // namespace headend
