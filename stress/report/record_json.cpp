#include "stress/report/record_json.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/escape.hpp"
#include "stress/report/stage_kinds.hpp"
#include "stress/verdict/judge.hpp"

namespace stress {
namespace {
using Json = nlohmann::ordered_json;
using report::clean_utf8;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
double number_of(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}
Json instant(Instant at) { return core::unix_nanoseconds(at); }
Instant instant_of(const Json& json) { return Instant(Duration(json.get<std::int64_t>())); }
std::string text_of(const Json& json) { return json.get<std::string>(); }

Json histogram_json(const core::Histogram& histogram) {
  Json buckets = Json::array();
  histogram.each_bucket([&](std::int64_t bound, std::uint64_t count) {
    buckets.push_back(Json::array({bound, count}));
  });
  return {{"buckets", buckets}, {"sum", histogram.sum()}, {"min", histogram.min()}, {"max", histogram.max()}};
}

core::Histogram histogram_of(const Json& json) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> buckets;
  for (const auto& bucket : json.at("buckets"))
    buckets.emplace_back(bucket.at(0).get<std::int64_t>(), bucket.at(1).get<std::uint64_t>());
  return core::Histogram::restored(buckets, json.at("sum").get<double>(), json.at("min").get<std::int64_t>(),
                                   json.at("max").get<std::int64_t>());
}

Json fate_json(const Fate& fate) {
  return {{"intended", fate.intended},         {"sent", fate.sent},       {"held_back", fate.held_back},
          {"acknowledged", fate.acknowledged}, {"refused", fate.refused}, {"unanswered", fate.unanswered}};
}

Fate fate_of(const Json& json) {
  const auto count = [&](const char* name) { return json.at(name).get<std::uint64_t>(); };
  return {count("intended"),     count("sent"),    count("held_back"),
          count("acknowledged"), count("refused"), count("unanswered")};
}

using Counts = std::map<std::string, std::uint64_t>;
Json counts_json(const Counts& counts) {
  Json json = Json::object();
  for (const auto& [kind, count] : counts) json[clean_utf8(kind)] = count;
  return json;
}
Counts counts_of(const Json& json) {
  Counts counts;
  for (const auto& [kind, count] : json.items()) counts[kind] = count.get<std::uint64_t>();
  return counts;
}

Json second_json(const TrafficSecond& second) {
  return Json::array({instant(second.till), second.intended, second.acknowledged, second.refused,
                      second.in_flight_frames, second.confirmed_frames, second.p50_ns, second.p99_ns,
                      second.max_ns, second.slip_max_ns});
}

TrafficSecond second_of(const Json& json) {
  const auto count = [&](std::size_t k) { return json.at(k).get<std::uint64_t>(); };
  const auto ns = [&](std::size_t k) { return json.at(k).get<std::int64_t>(); };
  return {
      instant_of(json.at(0)), count(1), count(2), count(3), count(4), count(5), ns(6), ns(7), ns(8), ns(9)};
}

constexpr auto second_columns = {
    "till",   "intended", "acknowledged", "refused",    "in_flight_frames", "confirmed_frames",
    "p50_ns", "p99_ns",   "max_ns",       "slip_max_ns"};

Json stage_json(const StageRecord& stage) {
  Json seconds = Json::array();
  for (const auto& second : stage.seconds) seconds.push_back(second_json(second));
  return {{"name", clean_utf8(stage.name)},
          {"kind", kind_text(stage.kind)},
          {"from", instant(stage.from)},
          {"till", instant(stage.till)},
          {"offered_per_s", number(stage.offered_per_s)},
          {"frames", fate_json(stage.frames)},
          {"readings", fate_json(stage.readings)},
          {"errors", counts_json(stage.errors)},
          {"abnormal_sent", counts_json(stage.abnormal_sent)},
          {"abnormal_accepted", stage.abnormal_accepted},
          {"api_requests", counts_json(stage.api_requests)},
          {"api_errors", counts_json(stage.api_errors)},
          {"acknowledge_ns", histogram_json(stage.acknowledge_ns)},
          {"visible_ns", histogram_json(stage.visible_ns)},
          {"api_ns", histogram_json(stage.api_ns)},
          {"control_ns", histogram_json(stage.control_ns)},
          {"slip_ns", histogram_json(stage.slip_ns)},
          {"seconds", {{"columns", second_columns}, {"rows", seconds}}},
          {"head_end_deaths", stage.head_end_deaths}};
}

StageRecord stage_of(const Json& json) {
  StageRecord stage;
  stage.name = text_of(json.at("name"));
  stage.kind = stage_kind_named(text_of(json.at("kind")));
  stage.from = instant_of(json.at("from"));
  stage.till = instant_of(json.at("till"));
  stage.offered_per_s = number_of(json.at("offered_per_s"));
  stage.frames = fate_of(json.at("frames"));
  stage.readings = fate_of(json.at("readings"));
  stage.errors = counts_of(json.at("errors"));
  stage.abnormal_sent = counts_of(json.at("abnormal_sent"));
  stage.abnormal_accepted = json.at("abnormal_accepted").get<std::uint64_t>();
  stage.api_requests = counts_of(json.at("api_requests"));
  stage.api_errors = counts_of(json.at("api_errors"));
  stage.acknowledge_ns = histogram_of(json.at("acknowledge_ns"));
  stage.visible_ns = histogram_of(json.at("visible_ns"));
  stage.api_ns = histogram_of(json.at("api_ns"));
  stage.control_ns = histogram_of(json.at("control_ns"));
  stage.slip_ns = histogram_of(json.at("slip_ns"));
  for (const auto& second : json.at("seconds").at("rows")) stage.seconds.push_back(second_of(second));
  stage.head_end_deaths = json.at("head_end_deaths").get<std::uint64_t>();
  return stage;
}

Json table_json(const SampleTable& table) {
  Json rows = Json::array();
  for (const auto& [at, values] : table.rows) {
    Json row = Json::array({instant(at)});
    for (const double value : values) row.push_back(number(value));
    rows.push_back(row);
  }
  return {{"process", clean_utf8(table.process)}, {"columns", table.columns}, {"rows", rows}};
}

SampleTable table_of(const Json& json) {
  SampleTable table;
  table.process = text_of(json.at("process"));
  table.columns = json.at("columns").get<std::vector<std::string>>();
  for (const auto& row : json.at("rows")) {
    std::vector<double> values;
    for (std::size_t k = 1; k < row.size(); ++k) values.push_back(number_of(row[k]));
    table.rows.emplace_back(instant_of(row.at(0)), std::move(values));
  }
  return table;
}

Json loss_json(const LossRecord& loss) {
  Json cases = Json::array();
  for (const auto& line : loss.first_cases) cases.push_back(clean_utf8(line));
  return {{"was_checked", loss.was_checked},
          {"acknowledged", loss.acknowledged},
          {"stored_right", loss.stored_right},
          {"lost", loss.lost},
          {"wrong", loss.wrong},
          {"doubled", loss.doubled},
          {"stored_unasked", loss.stored_unasked},
          {"first_cases", cases}};
}

LossRecord loss_of(const Json& json) {
  LossRecord loss;
  const auto count = [&](const char* name) { return json.at(name).get<std::uint64_t>(); };
  loss.was_checked = json.at("was_checked").get<bool>();
  loss.acknowledged = count("acknowledged");
  loss.stored_right = count("stored_right");
  loss.lost = count("lost");
  loss.wrong = count("wrong");
  loss.doubled = count("doubled");
  loss.stored_unasked = count("stored_unasked");
  loss.first_cases = json.at("first_cases").get<std::vector<std::string>>();
  return loss;
}

Json check_json(const report::Check& check) {
  Json explanation = Json::array();
  for (const auto& line : check.explanation) explanation.push_back(clean_utf8(line));
  return {{"id", clean_utf8(check.id)},
          {"title", clean_utf8(check.title)},
          {"verdict", report::name_of(check.verdict)},
          {"measured", clean_utf8(check.measured)},
          {"limit", clean_utf8(check.limit)},
          {"reason", clean_utf8(check.reason)},
          {"explanation", explanation},
          {"samples", check.samples}};
}

report::Check check_of_json(const Json& json) {
  report::Check check;
  check.id = text_of(json.at("id"));
  check.title = text_of(json.at("title"));
  const auto verdict = text_of(json.at("verdict"));
  for (const auto known : {report::Verdict::pass, report::Verdict::fail, report::Verdict::blocked})
    if (verdict == report::name_of(known)) check.verdict = known;
  check.measured = text_of(json.at("measured"));
  check.limit = text_of(json.at("limit"));
  check.reason = text_of(json.at("reason"));
  check.explanation = json.at("explanation").get<std::vector<std::string>>();
  check.samples = json.at("samples").get<std::int64_t>();
  return check;
}

ReadRecord read_record(const Json& json) {
  if (json.at("format").get<int>() != record_format) throw std::runtime_error("another format of the record");
  ReadRecord read;
  auto& record = read.record;
  record.version = text_of(json.at("metertwin"));
  record.build = text_of(json.at("build"));
  record.machine = text_of(json.at("machine"));
  record.replay = text_of(json.at("replay"));
  record.seed = json.at("seed").get<std::uint64_t>();
  for (const auto& option : json.at("options"))
    record.options.emplace_back(text_of(option.at("name")), text_of(option.at("value")));
  record.durability = text_of(json.at("durability"));
  record.is_durable = json.at("is_durable").get<bool>();
  record.meters = json.at("meters").get<std::uint32_t>();
  record.connections = json.at("connections").get<std::uint32_t>();
  record.readings_per_frame = json.at("readings_per_frame").get<std::uint32_t>();
  record.began = instant_of(json.at("began"));
  record.ended = instant_of(json.at("ended"));
  for (const auto& stage : json.at("stages")) record.stages.push_back(stage_of(stage));
  for (const auto& table : json.at("samples")) record.samples.push_back(table_of(table));
  record.loss = loss_of(json.at("loss"));
  for (const auto& calibration : json.at("calibrations"))
    record.calibrations.push_back({text_of(calibration.at("name")), text_of(calibration.at("unit")),
                                   number_of(calibration.at("bare")), number_of(calibration.at("ours"))});
  const auto& knee = json.at("knee");
  record.knee = {knee.at("was_searched").get<bool>(), number_of(knee.at("readings_per_s")),
                 number_of(knee.at("first_failed_per_s")), text_of(knee.at("limit"))};
  for (const auto& check : json.at("checks")) read.checks.push_back(check_of_json(check));
  return read;
}
}  // namespace

std::string record_json(const StressRecord& record, const std::vector<report::Check>& checks) {
  Json json{{"format", record_format},
            {"metertwin", clean_utf8(record.version)},
            {"verdict", report::name_of(overall(checks))},
            {"exit_code", report::exit_code(overall(checks))},
            {"replay", clean_utf8(record.replay)},
            {"seed", record.seed}};
  json["options"] = Json::array();
  for (const auto& [name, value] : record.options)
    json["options"].push_back({{"name", clean_utf8(name)}, {"value", clean_utf8(value)}});
  json["checks"] = Json::array();
  for (const auto& check : checks) json["checks"].push_back(check_json(check));
  json["build"] = clean_utf8(record.build);
  json["machine"] = clean_utf8(record.machine);
  json["durability"] = clean_utf8(record.durability);
  json["is_durable"] = record.is_durable;
  json["meters"] = record.meters;
  json["connections"] = record.connections;
  json["readings_per_frame"] = record.readings_per_frame;
  json["began"] = instant(record.began);
  json["ended"] = instant(record.ended);
  json["knee"] = {{"was_searched", record.knee.was_searched},
                  {"readings_per_s", number(record.knee.readings_per_s)},
                  {"first_failed_per_s", number(record.knee.first_failed_per_s)},
                  {"limit", clean_utf8(record.knee.limit)}};
  json["calibrations"] = Json::array();
  for (const auto& calibration : record.calibrations)
    json["calibrations"].push_back({{"name", clean_utf8(calibration.name)},
                                    {"unit", clean_utf8(calibration.unit)},
                                    {"bare", number(calibration.bare)},
                                    {"ours", number(calibration.ours)}});
  json["loss"] = loss_json(record.loss);
  json["stages"] = Json::array();
  for (const auto& stage : record.stages) json["stages"].push_back(stage_json(stage));
  json["samples"] = Json::array();
  for (const auto& table : record.samples) json["samples"].push_back(table_json(table));
  return json.dump(1) + "\n";
}

ReadRecord read_record_json(std::string_view text, const std::string& name) {
  try {
    return read_record(Json::parse(text));
  } catch (const std::exception& trouble) {
    throw std::runtime_error(name + ": not the JSON of a stress run: " + trouble.what());
  }
}
}  // namespace stress
