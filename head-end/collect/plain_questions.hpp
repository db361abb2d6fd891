/// The questions of everyday: set the clock, set the archive, daily freezes.
///
/// A setting is answered by AFN 00 F1 (done) or F2 (denied); a freeze by its data. Time: the clock question
/// reads the time when it is sent, not when it is made.
#pragma once
#include <span>
#include <vector>

#include "head-end/collect/desk.hpp"
#include "head-end/collect/question.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace headend {
/// AFN 05 F31: the concentrator's clock, which rules its schedule and its lines.
class ClockQuestion final : public Question {
 public:
  explicit ClockQuestion(const Desk& desk) : desk_(desk) {}
  core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                    unsigned counter) const override;
  Taken take(const gdw3761::FrameView& answer, Instant now) override;

 private:
  const Desk& desk_;
};

/// AFN 04 F10: some rows of the archive (档案).
class ArchiveQuestion final : public Question {
 public:
  explicit ArchiveQuestion(std::span<const gdw3761::ArchiveRow> rows) : rows_(rows) {}
  core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                    unsigned counter) const override;
  Taken take(const gdw3761::FrameView& answer, Instant now) override;

 private:
  std::span<const gdw3761::ArchiveRow> rows_;
};
/// The archive that a concentrator must hold: one row a meter, by point.
std::vector<gdw3761::ArchiveRow> archive_of(const ConcentratorArea& area);

/// AFN 0D F161 for up to eight points of one group: the registers of a local midnight. The frozen day is the
/// day that ended with that midnight.
class FreezeQuestion final : public Question {
 public:
  FreezeQuestion(Desk& desk, const ConcentratorArea& area, gdw3761::UnitId points, Instant midnight);
  core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                    unsigned counter) const override;
  Taken take(const gdw3761::FrameView& answer, Instant now) override;

 private:
  Desk& desk_;
  const ConcentratorArea& area_;
  gdw3761::UnitId points_;
  Instant midnight_;
  core::CivilTime day_;
};
}  // namespace headend
