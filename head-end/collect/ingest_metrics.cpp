#include "head-end/collect/ingest_metrics.hpp"

#include "head-end/validate/plausible.hpp"

namespace headend {
void tell_metrics(const IngestStatistics& statistics, MetricSink& sink) {
  sink.counter("metertwin_readings_accepted_total", "Pushed readings that went into the books.")
      .add(statistics.count(ReadingVerdict::accepted));
  auto judged = sink.counter("metertwin_readings_judged_total", "Pushed readings by what validation said.");
  for (std::size_t verdict = 0; verdict < statistics.readings.size(); ++verdict)
    judged.add({{"verdict", name_of(static_cast<ReadingVerdict>(verdict))}}, statistics.readings[verdict]);
  sink.counter("metertwin_readings_missing_total", "Values that collectors had not got.")
      .add(statistics.values_missing);
  sink.counter("metertwin_readings_of_nobody_total", "Values for points without a meter.")
      .add(statistics.values_of_nobody);
  sink.counter("metertwin_frames_taken_total", "Pushed frames that went into the books.")
      .add(statistics.frames_taken);
  sink.counter("metertwin_frames_confirmed_total", "Pushed frames confirmed as durable.")
      .add(statistics.frames_confirmed);
  sink.counter("metertwin_frames_refused_total", "Pushed frames refused under overload or while draining.")
      .add(statistics.frames_refused);
  sink.counter("metertwin_frames_malformed_total", "Pushed frames that were not what they should be.")
      .add(statistics.frames_malformed);
  sink.counter("metertwin_connections_turned_away_total", "Connections closed at the door.")
      .add(statistics.connections_turned_away);
  sink.counter("metertwin_noisy_closes_total", "Connections closed because they brought noise only.")
      .add(statistics.noisy_closes);
  sink.counter("metertwin_overloads_total", "Times that refusing began.").add(statistics.overloads);
  sink.gauge("metertwin_ingest_queue_bytes", "Bytes read and waiting to be looked at.")
      .add(statistics.queued_bytes);
  sink.gauge("metertwin_confirmations_owed", "Confirmations waiting for a commit.").add(statistics.owed);
  sink.seconds("metertwin_ingest_queue_wait_seconds", "From read to looked at, of what had to wait.")
      .add(statistics.queue_wait_ns);
  sink.counter("metertwin_commits_total", "Commits of the books.").add(statistics.commits);
  sink.seconds("metertwin_commit_seconds", "How long a commit took, its sync included.")
      .add(statistics.commit_ns);
}
}  // namespace headend
