#include "head-end/api/field_metrics.hpp"

#include "head-end/collect/lost.hpp"

namespace headend {
namespace {
void tell_lost(const Desk& desk, MetricSink& sink) {
  const LostCounts lost = count_lost(desk);
  auto collectors = sink.gauge("metertwin_collectors_lost", "Collectors that nobody hears from.");
  for (const auto why : {CollectorLoss::never_came, CollectorLoss::gone, CollectorLoss::mute})
    collectors.add({{"why", name_of(why)}}, lost.collectors[static_cast<std::size_t>(why)]);
  sink.gauge("metertwin_meters_lost", "Meters that are silent behind collectors that are heard.")
      .add(lost.meters);
  sink.gauge("metertwin_meters_behind_lost_collectors", "Meters whose collector is lost.")
      .add(lost.meters_behind_lost_collectors);
}
}  // namespace

void tell_field_metrics(const Desk& desk, MetricSink& sink) {
  UplinkCounts uplinks;
  LineRecord lines;
  for (const auto& file : desk.configuration().concentrators) {
    const auto& record = desk.field.of(file.id);
    uplinks.answered += record.uplink.answered;
    uplinks.timed_out += record.uplink.timed_out;
    uplinks.denied += record.uplink.denied;
    uplinks.late += record.uplink.late;
    uplinks.stale += record.uplink.stale;
    uplinks.foreign += record.uplink.foreign;
    uplinks.bad_checksums += record.uplink.bad_checksums;
    for (const auto& [port, line] : record.lines) lines.add(line);
  }
  auto endings = sink.counter("metertwin_uplink_outcomes_total", "How talk with collectors ended, by kind.");
  endings.add({{"outcome", "answered"}}, uplinks.answered);
  endings.add({{"outcome", "timed-out"}}, uplinks.timed_out);
  endings.add({{"outcome", "denied"}}, uplinks.denied);
  endings.add({{"outcome", "late"}}, uplinks.late);
  endings.add({{"outcome", "stale"}}, uplinks.stale);
  endings.add({{"outcome", "foreign"}}, uplinks.foreign);
  endings.add({{"outcome", "bad-checksum"}}, uplinks.bad_checksums);
  auto frames =
      sink.counter("metertwin_line_frames_total", "Frames passed through to meters, by how it ended.");
  frames.add({{"outcome", "answered"}}, lines.answered);
  frames.add({{"outcome", "silent"}}, lines.silent);
  frames.add({{"outcome", "unreached"}}, lines.unreached);
  frames.add({{"outcome", "wrong-address"}}, lines.wrong_address);
  frames.add({{"outcome", "wrong-function"}}, lines.wrong_function);
  frames.add({{"outcome", "garbled"}}, lines.garbled);
  auto values =
      sink.counter("metertwin_line_values_total", "Quarter hours asked of collectors, by what came.");
  values.add({{"outcome", "come"}}, lines.values_come);
  values.add({{"outcome", "missing"}}, lines.values_missing);
  values.add({{"outcome", "unanswered"}}, lines.values_unanswered);
  values.add({{"outcome", "rejected"}}, lines.values_rejected);
  tell_lost(desk, sink);
}
}  // namespace headend
