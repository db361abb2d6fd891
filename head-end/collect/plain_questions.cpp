#include "head-end/collect/plain_questions.hpp"

#include <algorithm>
#include <array>

#include "protocols/gdw3761/freeze.hpp"

namespace headend {
namespace {
constexpr std::size_t freeze_registers_max = 5;  // total and four rates: what the books keep

/// Denials were taken out by the session; what is left of AFN 00 is good.
Taken taken_as_confirm(const gdw3761::FrameView& answer) {
  return gdw3761::parse_confirm(answer) ? Taken::complete : Taken::not_mine;
}
}  // namespace

core::Bytes ClockQuestion::write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                                 unsigned counter) const {
  return gdw3761::write_set_clock(writer, to, counter, desk_.configuration().zone.civil(desk_.now()));
}

Taken ClockQuestion::take(const gdw3761::FrameView& answer, Instant) { return taken_as_confirm(answer); }

core::Bytes ArchiveQuestion::write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                                   unsigned counter) const {
  return gdw3761::write_set_archive(writer, to, counter, rows_);
}

Taken ArchiveQuestion::take(const gdw3761::FrameView& answer, Instant) { return taken_as_confirm(answer); }

std::vector<gdw3761::ArchiveRow> archive_of(const ConcentratorArea& area) {
  std::vector<gdw3761::ArchiveRow> rows;
  for (const auto* meter : area.meters) {
    gdw3761::ArchiveRow row;
    row.index = static_cast<std::uint16_t>(rows.size() + 1);
    row.point = meter->point;
    row.baud = area.file->baud;
    row.port = meter->port;
    row.address = meter->address;
    rows.push_back(row);
  }
  return rows;
}

FreezeQuestion::FreezeQuestion(Desk& desk, const ConcentratorArea& area, gdw3761::UnitId points,
                               Instant midnight)
    : desk_(desk),
      area_(area),
      points_(points),
      midnight_(midnight),
      day_(core::civil_from_days(desk.configuration().zone.local_day(midnight) - 1)) {}

core::Bytes FreezeQuestion::write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                                  unsigned counter) const {
  return gdw3761::write_daily_request(writer, to, counter, points_, day_);
}

Taken FreezeQuestion::take(const gdw3761::FrameView& answer, Instant now) {
  bool is_mine = false;
  const auto walked = gdw3761::each_freeze(answer, [&](const gdw3761::FreezeAnswer& freeze) {
    const bool is_asked =
        freeze.point > 0 && (freeze.point - 1) / 8 + 1 == points_.da2 && freeze.frozen == day_;
    const MeterId meter = is_asked ? area_.meter_at(static_cast<std::size_t>(freeze.point)) : 0;
    if (meter == 0) return;
    is_mine = true;
    std::array<core::CentiKilowattHours, freeze_registers_max> energies;
    const std::size_t told = std::min(energies.size(), static_cast<std::size_t>(freeze.energies.rates) + 1);
    std::size_t count = 0;
    while (count < told && freeze.energies.energy[count]) {
      energies[count] = *freeze.energies.energy[count];
      ++count;
    }
    if (count > 0) desk_.books.accept_daily_freeze(meter, midnight_, std::span(energies).first(count), now);
  });
  if (!is_mine) return Taken::not_mine;
  return walked && !answer.sequence.is_final() ? Taken::partial : Taken::complete;
}
}  // namespace headend
