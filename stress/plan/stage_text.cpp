#include "stress/plan/stage_text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <map>

#include "core/civil.hpp"

namespace stress {
namespace {
using Unit = std::pair<std::string_view, std::int64_t>;
/// Longest first: the first that divides a duration is how it is written.
constexpr std::array<Unit, 5> units{Unit{"min", 60'000'000'000}, Unit{"s", 1'000'000'000},
                                    Unit{"ms", 1'000'000}, Unit{"us", 1'000}, Unit{"ns", 1}};

std::string duration_text(Duration duration) {
  for (const auto& [name, ns] : units)
    if (duration.count() % ns == 0 && duration.count() != 0)
      return std::to_string(duration.count() / ns) + std::string(name);
  return "0s";
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void fail(const YAML::Mark& at, const std::string& what) const {
    throw BadStage(file_ + ":" + std::to_string(at.line + 1) + ":" + std::to_string(at.column + 1) + ": " +
                   what);
  }
  std::string text(const YAML::Node& node) const {
    if (!node.IsScalar()) fail(node.Mark(), "a single value is wanted here");
    return node.Scalar();
  }
  /// Range: both bounds included.
  std::uint64_t number(const YAML::Node& node, std::uint64_t low, std::uint64_t high) const {
    const std::string digits = text(node);
    std::uint64_t value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc() || end != digits.data() + digits.size() || value < low || value > high)
      fail(node.Mark(), "\"" + digits + "\" is no whole number from " + std::to_string(low) + " to " +
                            std::to_string(high));
    return value;
  }
  Duration duration(const YAML::Node& node) const {
    constexpr std::int64_t ns_max = std::int64_t{400} * 86'400 * 1'000'000'000;  // a long year
    const std::string whole = text(node);
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(whole.data() + whole.size() - end));
    for (const auto& [name, ns] : units)
      if (fault == std::errc() && unit == name && value >= 0 && value <= ns_max / ns)
        return Duration(value * ns);
    fail(node.Mark(), "\"" + whole + "\" is no duration such as 10s, 250ms, 20us or 2min");
  }
  Instant instant(const YAML::Node& node) const {
    const core::Zone utc{std::chrono::seconds(0)};
    const auto at = core::parse_iso8601(text(node), utc);
    if (!at) fail(node.Mark(), "\"" + text(node) + "\" is no instant such as 2026-01-01T00:00:00Z");
    return *at;
  }

  using Field = std::function<void(const YAML::Node&)>;
  using Fields = std::map<std::string, Field, std::less<>>;
  /// Each key once, each known.
  void map(const YAML::Node& node, const Fields& fields) const {
    if (!node.IsMap()) fail(node.Mark(), "keys with values are wanted here");
    std::vector<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = text(entry.first);
      const auto field = fields.find(key);
      if (field == fields.end()) fail(entry.first.Mark(), "unknown key \"" + key + "\"");
      if (std::find(seen.begin(), seen.end(), key) != seen.end())
        fail(entry.first.Mark(), "\"" + key + "\" is here twice");
      seen.push_back(key);
      field->second(entry.second);
    }
  }
  template <class Weights, class Find>
  Weights weights(const YAML::Node& node, Find&& find) const {
    if (!node.IsMap()) fail(node.Mark(), "kinds with weights are wanted here");
    Weights result{};
    for (const auto& entry : node) {
      const auto kind = find(text(entry.first));
      if (!kind) fail(entry.first.Mark(), "unknown kind \"" + text(entry.first) + "\"");
      result[static_cast<std::size_t>(*kind)] = static_cast<std::uint16_t>(number(entry.second, 0, 10'000));
    }
    return result;
  }

 private:
  std::string file_;
};

/// Reads a number into a field of any width.
template <class Number>
Reader::Field into(const Reader& reader, Number& field, std::uint64_t low = 0,
                   std::uint64_t high = std::numeric_limits<Number>::max()) {
  return [&reader, &field, low, high](const YAML::Node& node) {
    field = static_cast<Number>(reader.number(node, low, high));
  };
}

void read_estate(const Reader& reader, const YAML::Node& node, EstatePlan& estate) {
  reader.map(node, {{"meters", into(reader, estate.meters, 1, 16'000'000)},
                    {"meters_per_concentrator", into(reader, estate.meters_per_concentrator, 1, 2040)},
                    {"manager_permille", into(reader, estate.manager_permille, 0, 1000)},
                    {"seed", into(reader, estate.seed)},
                    {"opens", [&](const YAML::Node& value) { estate.opens = reader.instant(value); }},
                    {"region", into(reader, estate.region, 0, 9999)}});
  if (estate.collectors() > 65'535)
    reader.fail(node.Mark(),
                std::to_string(estate.collectors()) + " collectors: at most 65535 have an address");
}

void read_fleet(const Reader& reader, const YAML::Node& node, FleetOptions& fleet) {
  reader.map(node, {{"readings_per_frame", into(reader, fleet.readings_per_frame, 1, 1000)},
                    {"passed_on_permille", into(reader, fleet.passed_on_permille, 0, 1000)},
                    {"first_quarter", into(reader, fleet.first_quarter, 0, 1'500'000)}});
}

void read_rates(const Reader& reader, const YAML::Node& node, std::vector<RateStep>& rates) {
  if (!node.IsSequence() || node.size() == 0) reader.fail(node.Mark(), "a list of rates is wanted here");
  for (const auto& item : node) {
    RateStep step;
    reader.map(item, {{"lasts", [&](const YAML::Node& value) { step.lasts = reader.duration(value); }},
                      {"readings_per_s", into(reader, step.readings_per_s, 0, 1'000'000'000)}});
    rates.push_back(step);
  }
}

void read_stage(const Reader& reader, const YAML::Node& node, StagePlan& stage) {
  reader.map(node, {{"name", [&](const YAML::Node& value) { stage.name = reader.text(value); }},
                    {"kind",
                     [&](const YAML::Node& value) {
                       const auto kind = stage_kind_of(reader.text(value));
                       if (!kind)
                         reader.fail(value.Mark(), "unknown kind of stage \"" + reader.text(value) + "\"");
                       stage.kind = *kind;
                     }},
                    {"rates", [&](const YAML::Node& value) { read_rates(reader, value, stage.rates); }},
                    {"abnormal_permille", into(reader, stage.abnormal_permille, 0, 1000)},
                    {"abnormal",
                     [&](const YAML::Node& value) {
                       stage.abnormal = reader.weights<AbnormalWeights>(
                           value, [](const std::string& name) { return abnormal_kind_of(name); });
                     }},
                    {"api_per_s", into(reader, stage.api_per_s, 0, 100'000)},
                    {"api",
                     [&](const YAML::Node& value) {
                       stage.api = reader.weights<ApiWeights>(
                           value, [](const std::string& name) { return api_kind_of(name); });
                     }},
                    {"grace", [&](const YAML::Node& value) { stage.grace = reader.duration(value); }},
                    {"first_event", into(reader, stage.first_event)}});
  if (stage.rates.empty()) reader.fail(node.Mark(), "a stage without rates");
}

template <class Kind, class Weights>
void write_weights(YAML::Emitter& out, const Weights& weights) {
  out << YAML::Flow << YAML::BeginMap;
  for (std::size_t kind = 0; kind < weights.size(); ++kind)
    out << YAML::Key << std::string(name_of(static_cast<Kind>(kind))) << YAML::Value << weights[kind];
  out << YAML::EndMap;
}

void write_stage(YAML::Emitter& out, const StagePlan& stage) {
  out << YAML::Key << "stage" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted << stage.name;
  out << YAML::Key << "kind" << YAML::Value << std::string(name_of(stage.kind));
  out << YAML::Key << "rates" << YAML::Value << YAML::BeginSeq;
  for (const auto& step : stage.rates)
    out << YAML::Flow << YAML::BeginMap << YAML::Key << "lasts" << YAML::Value << duration_text(step.lasts)
        << YAML::Key << "readings_per_s" << YAML::Value << step.readings_per_s << YAML::EndMap;
  out << YAML::EndSeq;
  out << YAML::Key << "abnormal_permille" << YAML::Value << stage.abnormal_permille;
  out << YAML::Key << "abnormal" << YAML::Value;
  write_weights<AbnormalKind>(out, stage.abnormal);
  out << YAML::Key << "api_per_s" << YAML::Value << stage.api_per_s;
  out << YAML::Key << "api" << YAML::Value;
  write_weights<ApiKind>(out, stage.api);
  out << YAML::Key << "grace" << YAML::Value << duration_text(stage.grace);
  out << YAML::Key << "first_event" << YAML::Value << stage.first_event;
  out << YAML::EndMap;
}
}  // namespace

std::string to_yaml(const StageScript& script) {
  const core::Zone utc{std::chrono::seconds(0)};
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "estate" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "meters" << YAML::Value << script.estate.meters;
  out << YAML::Key << "meters_per_concentrator" << YAML::Value << script.estate.meters_per_concentrator;
  out << YAML::Key << "manager_permille" << YAML::Value << script.estate.manager_permille;
  out << YAML::Key << "seed" << YAML::Value << script.estate.seed;
  out << YAML::Key << "opens" << YAML::Value << core::to_iso8601(script.estate.opens, utc);
  out << YAML::Key << "region" << YAML::Value << script.estate.region;
  out << YAML::EndMap;
  out << YAML::Key << "fleet" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "readings_per_frame" << YAML::Value << script.fleet.readings_per_frame;
  out << YAML::Key << "passed_on_permille" << YAML::Value << script.fleet.passed_on_permille;
  out << YAML::Key << "first_quarter" << YAML::Value << script.fleet.first_quarter;
  out << YAML::EndMap;
  write_stage(out, script.stage);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

StageScript stage_from_yaml(const std::string& text, const std::string& file) {
  const Reader reader(file);
  StageScript script;
  script.stage.rates.clear();
  try {
    const YAML::Node root = YAML::Load(text);
    bool has_stage = false;
    reader.map(root, {{"estate", [&](const YAML::Node& node) { read_estate(reader, node, script.estate); }},
                      {"fleet", [&](const YAML::Node& node) { read_fleet(reader, node, script.fleet); }},
                      {"stage", [&](const YAML::Node& node) {
                         read_stage(reader, node, script.stage);
                         has_stage = true;
                       }}});
    if (!has_stage) reader.fail(root.Mark(), "no stage in it");
  } catch (const YAML::Exception& broken) {
    reader.fail(broken.mark.is_null() ? YAML::Mark() : broken.mark, broken.msg);
  }
  return script;
}
}  // namespace stress
