// GET /lines: how each collector's uplink and each of its lines behaves, by kind of failure.
#include <algorithm>
#include <boost/json/array.hpp>

#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"

namespace headend {
namespace {
constexpr PageRule lines_page{100, 1'000};  // collectors

std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

json::object told(const RoundTrips& trips, Duration configured) {
  json::object out;
  out["smoothed_ms"] =
      trips.is_measured() ? json::value(milliseconds(trips.smoothed())) : json::value(nullptr);
  out["variation_ms"] =
      trips.is_measured() ? json::value(milliseconds(trips.variation())) : json::value(nullptr);
  out["timeout_ms"] = milliseconds(trips.timeout(configured));
  return out;
}

json::object told(const UplinkCounts& counts) {
  json::object out;
  out["asked"] = counts.asked;
  out["answered"] = counts.answered;
  out["timed_out"] = counts.timed_out;
  out["denied"] = counts.denied;
  out["late"] = counts.late;
  out["stale"] = counts.stale;
  out["foreign"] = counts.foreign;
  out["bad_checksums"] = counts.bad_checksums;
  out["event_reports"] = counts.event_reports;
  out["flushes"] = counts.flushes;
  return out;
}

json::object told(const LineRecord& line, Duration configured) {
  json::object frames;
  frames["asked"] = line.asked;
  frames["answered"] = line.answered;
  frames["silent"] = line.silent;
  frames["unreached"] = line.unreached;
  frames["denied"] = line.denied;
  frames["wrong_address"] = line.wrong_address;
  frames["wrong_function"] = line.wrong_function;
  frames["garbled"] = line.garbled;
  json::object values;
  values["asked"] = line.values_asked;
  values["come"] = line.values_come;
  values["missing"] = line.values_missing;
  values["unanswered"] = line.values_unanswered;
  values["rejected"] = line.values_rejected;
  json::object out;
  out["port"] = line.port;
  out["frames"] = std::move(frames);
  out["values"] = std::move(values);
  out["round_trip"] = told(line.trips, configured);
  return out;
}
}  // namespace

HttpReply HttpApi::tell_lines(const HttpRequest& request) const {
  const auto page = page_of(request, lines_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const auto& configuration = desk_.configuration();
  const auto& files = configuration.concentrators;
  const auto [first, last] = std::get<Page>(page).within(files.size());
  json::array rows;
  for (std::size_t i = first; i < last; ++i) {
    const auto& file = files[i];
    const auto& record = desk_.field.of(file.id);
    json::object row;
    row["collector"] = file.name;
    row["is_online"] = record.presence.is_here();
    row["since"] = iso(record.presence.since());
    row["peer"] = record.peer.empty() ? json::value(nullptr) : json::value(record.peer);
    row["uplink"] = told(record.uplink);
    row["round_trip"] = told(record.trips, configuration.collect.answer_timeout);
    json::array lines;
    for (const auto& [port, line] : record.lines)
      lines.push_back(told(line, configuration.cut_off.command_timeout));
    row["lines"] = std::move(lines);
    rows.push_back(std::move(row));
  }
  json::object out;
  out["now"] = iso(desk_.now());
  out["total"] = files.size();
  out["offset"] = first;
  out["count"] = last - first;
  if (last < files.size()) out["next_offset"] = last;
  out["collectors"] = std::move(rows);
  return json_reply(200, out);
}
}  // namespace headend
