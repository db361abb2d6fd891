#include "head-end/collect/curve_question.hpp"

#include <algorithm>
#include <bit>

#include "head-end/validate/plausible.hpp"

namespace headend {
namespace {
constexpr Duration quarter_hour = 15min;
}

void CurveQuestion::begin(ReadingSource source) {
  units_.clear();
  next_unit_ = 0;
  answer_bytes_ = 0;
  values_taken_ = 0;
  source_ = source;
}

void CurveQuestion::add(int group, std::uint8_t mask, Instant first, int count) {
  // A round asks every group for the same time: the calendar is asked once.
  const bool is_same_time = !units_.empty() && units_.back().first == first;
  gdw3761::CurveTime time;
  time.start = is_same_time ? units_.back().time.start : desk_.configuration().zone.civil(first);
  time.count = static_cast<std::uint8_t>(count);
  units_.push_back({gdw3761::UnitId::of_group(group, mask, gdw3761::curve_fn), time, first, count, mask});
  answer_bytes_ += gdw3761::CurveWriter::group_bytes(std::popcount(mask), count);
}

core::Bytes CurveQuestion::write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                                 unsigned counter) const {
  gdw3761::begin_curve_request(writer, to, counter);
  for (const auto& unit : units_) gdw3761::curve_request_unit(writer, unit.id, unit.time);
  return writer.finish();
}

CurveQuestion::Unit* CurveQuestion::unit_of(const gdw3761::Curve& curve) {
  const auto fits = [&](const Unit& unit) {
    const int first_point = (unit.id.da2 - 1) * 8 + 1;
    const int bit = curve.point - first_point;
    return bit >= 0 && bit < 8 && (unit.id.da1 >> bit & 1) != 0 && unit.time.start == curve.time.start;
  };
  for (std::size_t tried = 0; tried < units_.size(); ++tried) {
    if (next_unit_ >= units_.size()) next_unit_ = 0;
    if (fits(units_[next_unit_])) return &units_[next_unit_];
    ++next_unit_;
  }
  return nullptr;
}

Taken CurveQuestion::take(const gdw3761::FrameView& answer, Instant now) {
  bool is_mine = false;
  const auto walked = gdw3761::each_curve(answer, [&](const gdw3761::Curve& curve) {
    Unit* unit = unit_of(curve);
    const MeterId meter = curve.point > 0 ? area_.meter_at(static_cast<std::size_t>(curve.point)) : 0;
    if (unit == nullptr || meter == 0 || curve.time.density != gdw3761::density_15min) return;
    is_mine = true;
    unit->unanswered &= static_cast<std::uint8_t>(~(1u << ((curve.point - 1) % 8)));
    book(meter, *unit, curve, now);
  });
  if (!is_mine) return Taken::not_mine;
  // A frame that goes wrong half way has brought what came before; the rest counts as unanswered.
  return walked && !answer.sequence.is_final() ? Taken::partial : Taken::complete;
}

void CurveQuestion::book(MeterId meter, const Unit& unit, const gdw3761::Curve& curve, Instant now) {
  const int count = std::min<int>(unit.count, curve.time.count);
  auto& line = desk_.field.of(area_.file->id).line(desk_.estate.meter(meter).port);
  line.values_asked += static_cast<std::uint64_t>(unit.count);
  line.values_come += static_cast<std::uint64_t>(count);
  Instant last_missing = Instant::min();
  Instant due = unit.first;
  int missing_in_a_row = 0;
  const auto note_run = [&] {
    if (missing_in_a_row > 0)
      desk_.field.misses.note(meter, slot_before(due) - missing_in_a_row, slot_before(due) - 1,
                              MissWhy::no_value, now);
    missing_in_a_row = 0;
  };
  for (int i = 0; i < count; ++i, due += quarter_hour) {
    const auto shown = curve.value(static_cast<std::size_t>(i));
    if (!shown) {
      ++desk_.statistics.values_missing;
      ++line.values_missing;
      --line.values_come;
      ++missing_in_a_row;
      last_missing = due;
      continue;
    }
    note_run();
    const auto source = due == desk_.configuration().opens ? ReadingSource::opening : source_;
    const auto verdict = desk_.books.accept_reading(meter, due, *shown, source, now);
    ++values_taken_;
    if (verdict == ReadingVerdict::accepted || verdict == ReadingVerdict::repeated) continue;
    ++desk_.statistics.readings_not_accepted;
    ++line.values_rejected;
    if (leaves_a_gap(verdict))
      desk_.field.misses.note(meter, slot_before(due), slot_before(due), MissWhy::rejected, now);
  }
  note_run();
  desk_.statistics.readings += static_cast<std::uint64_t>(count);
  if (count < unit.count) {
    last_missing = unit.first + (unit.count - 1) * quarter_hour;
    note_missed(meter, due, unit.count - count, MissWhy::unanswered, now);
    line.values_unanswered += static_cast<std::uint64_t>(unit.count - count);
  }
  // After the values, because a value ends the meter's back-off and a missing one begins it. The last of the
  // missing: what lies before it was asked for as well, and the next question goes on behind it.
  if (last_missing != Instant::min()) desk_.books.note_missing(meter, last_missing, now);
}

void CurveQuestion::note_missed(MeterId meter, Instant first, int count, MissWhy why, Instant now) {
  desk_.field.misses.note(meter, slot_before(first), slot_before(first) + count - 1, why, now);
}

template <class Visit>
void CurveQuestion::each_unanswered(Visit&& visit) {
  for (auto& unit : units_) {
    for (int bit = 0; bit < 8; ++bit) {
      if ((unit.unanswered >> bit & 1) == 0) continue;
      const MeterId meter = area_.meter_at(static_cast<std::size_t>((unit.id.da2 - 1) * 8 + bit + 1));
      if (meter != 0) visit(meter, unit);
    }
    unit.unanswered = 0;
  }
}

void CurveQuestion::note_unanswered(Instant now) {
  each_unanswered([&](MeterId meter, const Unit& unit) {
    desk_.books.note_missing(meter, unit.first, now);
    count_unanswered(meter, unit, now);
  });
}

void CurveQuestion::note_failed(Instant now) {
  each_unanswered([&](MeterId meter, const Unit& unit) { count_unanswered(meter, unit, now); });
}

void CurveQuestion::count_unanswered(MeterId meter, const Unit& unit, Instant now) {
  auto& line = desk_.field.of(area_.file->id).line(desk_.estate.meter(meter).port);
  line.values_asked += static_cast<std::uint64_t>(unit.count);
  line.values_unanswered += static_cast<std::uint64_t>(unit.count);
  note_missed(meter, unit.first, unit.count, MissWhy::unanswered, now);
}
}  // namespace headend
