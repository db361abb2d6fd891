#include "head-end/api/http_metrics.hpp"

namespace headend {
void tell_metrics(const TalkStatistics& talk, MetricSink& sink) {
  const auto put = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    sink.counter(name, help).add(value);
  };
  put("metertwin_logins_total", "Collectors that logged in.", talk.logins);
  put("metertwin_strangers_total", "Logins and heartbeats of unknown collectors, denied.", talk.strangers);
  put("metertwin_exchanges_total", "Questions sent to collectors, every attempt.", talk.exchanges);
  put("metertwin_exchange_timeouts_total", "Attempts without an answer in time.", talk.timeouts);
  put("metertwin_exchange_refusals_total", "Questions that collectors denied.", talk.refusals);
  put("metertwin_stale_answers_total", "Answers to no open question, dropped.", talk.stale_answers);
  put("metertwin_late_answers_total", "Answers that came after their attempt's time-out, taken or not.",
      talk.late_answers);
  put("metertwin_event_reports_total", "Event reports that collectors sent unasked.", talk.event_reports);
  put("metertwin_event_rounds_total", "Rounds of collecting that event reports set off.", talk.event_rounds);
  put("metertwin_present_reads_total", "Registers read because a program asked for them.",
      talk.present_reads);
  put("metertwin_foreign_frames_total", "Frames from another address or in the wrong direction, dropped.",
      talk.foreign_frames);
  put("metertwin_silent_closes_total", "Half-open connections of collectors that were closed.",
      talk.silent_closes);
  put("metertwin_readings_polled_total", "Readings that came as answers and went into the books.",
      talk.readings);
  put("metertwin_readings_polled_rejected_total", "Of these, not accepted.", talk.readings_not_accepted);
  put("metertwin_values_missing_total", "Places in answers where a collector had no reading.",
      talk.values_missing);
  put("metertwin_commands_sent_total", "Commands sent to meters, every attempt.", talk.commands_sent);
  put("metertwin_counter_lines_bad_total", "Lines of the counter that were no requests.",
      talk.counter_lines_bad);
}

void tell_metrics(const HttpStatistics& http, MetricSink& sink) {
  auto requests = sink.counter("metertwin_http_requests_total", "Requests served, by route and status.");
  for (const auto& [name, route] : http.routes)
    for (const auto& [status, count] : route.by_status)
      requests.add({{"route", name}, {"status", std::to_string(status)}}, count);
  auto seconds = sink.seconds("metertwin_http_request_seconds", "From a whole request to its reply written.");
  for (const auto& [name, route] : http.routes) seconds.add({{"route", name}}, route.seconds_ns);
  auto refusals =
      sink.counter("metertwin_http_refusals_total", "Bytes that were no request, by status told.");
  for (const auto& [status, count] : http.refusals) refusals.add({{"status", std::to_string(status)}}, count);
  sink.counter("metertwin_http_connections_total", "Connections accepted.").add(http.connections);
  sink.counter("metertwin_http_connections_turned_away_total", "Connections beyond the limit.")
      .add(http.connections_turned_away);
  sink.gauge("metertwin_http_connections_open", "Connections now.").add(http.connections_open);
  sink.counter("metertwin_http_idle_closes_total", "Connections closed because nothing was asked.")
      .add(http.idle_closes);
  sink.counter("metertwin_http_stuck_closes_total", "Connections closed because replies were not taken.")
      .add(http.stuck_closes);
}
}  // namespace headend
