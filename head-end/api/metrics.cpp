#include "head-end/api/metrics.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/check.hpp"

namespace headend {
namespace {
struct Bound {
  std::int64_t nanoseconds;
  std::string_view seconds;
};
// 0.1 s and 0.2 s are the objectives of a reading and of a command (docs/performance.md).
constexpr std::array<Bound, 15> bounds = {{{500'000, "0.0005"},
                                           {1'000'000, "0.001"},
                                           {2'500'000, "0.0025"},
                                           {5'000'000, "0.005"},
                                           {10'000'000, "0.01"},
                                           {25'000'000, "0.025"},
                                           {50'000'000, "0.05"},
                                           {100'000'000, "0.1"},
                                           {200'000'000, "0.2"},
                                           {300'000'000, "0.3"},
                                           {500'000'000, "0.5"},
                                           {1'000'000'000, "1"},
                                           {2'500'000'000, "2.5"},
                                           {5'000'000'000, "5"},
                                           {10'000'000'000, "10"}}};
constexpr double nanoseconds_per_second = 1e9;

std::string text_of(std::uint64_t value) { return std::to_string(value); }

std::string text_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

/// Backslashes and line ends escaped; quotes too inside a label.
void put_escaped(std::string& out, std::string_view text, bool is_label) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && is_label)
      out += "\\\"";
    else
      out += c;
  }
}

bool is_proper_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (name.empty() || !is_letter(name[0])) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}
}  // namespace

MetricSink::Family MetricSink::counter(std::string_view name, std::string_view help) {
  METERTWIN_CHECK(name.ends_with("_total"), name);
  begin(name, "counter", help);
  return Family(*this, std::string(name));
}

MetricSink::Family MetricSink::gauge(std::string_view name, std::string_view help) {
  METERTWIN_CHECK(!name.ends_with("_total"), name);
  begin(name, "gauge", help);
  return Family(*this, std::string(name));
}

MetricSink::HistogramFamily MetricSink::seconds(std::string_view name, std::string_view help) {
  METERTWIN_CHECK(name.ends_with("_seconds"), name);
  begin(name, "histogram", help);
  return HistogramFamily(*this, std::string(name));
}

void MetricSink::begin(std::string_view name, std::string_view kind, std::string_view help) {
  METERTWIN_CHECK(is_proper_name(name), name);
  METERTWIN_CHECK(names_.emplace(name).second, name, "is told twice");
  open_family_ = name;
  text_ += "# HELP ";
  text_ += name;
  text_ += ' ';
  put_escaped(text_, help, /*is_label=*/false);
  text_ += "\n# TYPE ";
  text_ += name;
  text_ += ' ';
  text_ += kind;
  text_ += '\n';
}

void MetricSink::put_sample(std::string_view family, std::string_view suffix, Labels labels,
                            std::string_view bound, std::string_view value) {
  METERTWIN_CHECK(family == open_family_, family, "is not the family that was begun last");
  text_ += family;
  text_ += suffix;
  if (labels.size() > 0 || !bound.empty()) {
    char before = '{';
    const auto put = [&](std::string_view label, std::string_view text) {
      METERTWIN_CHECK(is_proper_name(label), label);
      text_ += before;
      text_ += label;
      text_ += "=\"";
      put_escaped(text_, text, /*is_label=*/true);
      text_ += '"';
      before = ',';
    };
    for (const auto& [label, text] : labels) put(label, text);
    if (!bound.empty()) put("le", bound);
    text_ += '}';
  }
  text_ += ' ';
  text_ += value;
  text_ += '\n';
}

void MetricSink::Family::add(Labels labels, std::uint64_t value) {
  sink_->put_sample(name_, "", labels, "", text_of(value));
}

void MetricSink::Family::add_real(Labels labels, double value) {
  sink_->put_sample(name_, "", labels, "", text_of(value));
}

void MetricSink::HistogramFamily::add(Labels labels, const core::Histogram& nanoseconds) {
  for (const auto& bound : bounds)
    sink_->put_sample(name_, "_bucket", labels, bound.seconds,
                      text_of(nanoseconds.count_up_to(bound.nanoseconds)));
  sink_->put_sample(name_, "_bucket", labels, "+Inf", text_of(nanoseconds.count()));
  sink_->put_sample(name_, "_sum", labels, "", text_of(nanoseconds.sum() / nanoseconds_per_second));
  sink_->put_sample(name_, "_count", labels, "", text_of(nanoseconds.count()));
}
}  // namespace headend
