#include "head-end/collect/field_records.hpp"

#include <algorithm>

namespace headend {
void LineRecord::add(const LineRecord& other) {
  asked += other.asked;
  answered += other.answered;
  silent += other.silent;
  unreached += other.unreached;
  denied += other.denied;
  wrong_address += other.wrong_address;
  wrong_function += other.wrong_function;
  garbled += other.garbled;
  values_asked += other.values_asked;
  values_come += other.values_come;
  values_missing += other.values_missing;
  values_unanswered += other.values_unanswered;
  values_rejected += other.values_rejected;
}

Duration LineRecord::listening(Duration least, Duration most) const {
  constexpr int doublings_max = 8;
  const Duration wanted = answers.is_measured() ? answers.smoothed() + 4 * answers.variation()
                                                : least * (1 << std::min(silent_in_a_row, doublings_max));
  return std::clamp(wanted, least, std::max(least, most));
}

LineRecord& CollectorRecord::line(std::uint8_t port) {
  auto& record = lines[port];
  record.port = port;
  return record;
}

void FieldRecords::came(ConcentratorId id, const std::string& peer, Instant at) {
  auto& collector = of(id);
  collector.presence.came(at);
  collector.peer = peer;
  collector.heard_last = at;
  collector.unanswered_in_a_row = 0;
}
}  // namespace headend
