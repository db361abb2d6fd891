/// "What did these meters' registers show at these quarter hours?" AFN 0D F101, many points a frame.
///
/// The answer is decoded where it lies and each value goes straight into the books: nothing is allocated or
/// copied per reading. A value is booked under the point and the time that the answer itself names, and only
/// if both were asked for. A point that answers EE, or not at all, is noted missing once per question. The
/// object is reused from frame to frame.
#pragma once
#include <vector>

#include "head-end/collect/desk.hpp"
#include "head-end/collect/question.hpp"
#include "protocols/gdw3761/curve.hpp"

namespace headend {
class CurveQuestion final : public Question {
 public:
  CurveQuestion(Desk& desk, const ConcentratorArea& area) : desk_(desk), area_(area) {}

  /// Empties the question for the next frame.
  void begin(ReadingSource source);
  /// Asks the points of `mask` in `group` (eight points each, from 0) for `count` quarter hours from `first`
  /// on.
  void add(int group, std::uint8_t mask, Instant first, int count);
  bool is_empty() const { return units_.empty(); }
  /// What the answer will take on the wire.
  std::size_t answer_bytes() const { return answer_bytes_; }
  /// Values that the last answers brought.
  int values_taken() const { return values_taken_; }

  core::Bytes write(gdw3761::FrameWriter& writer, gdw3761::TerminalAddress to,
                    unsigned counter) const override;
  Taken take(const gdw3761::FrameView& answer, Instant now) override;
  /// After the exchange: notes as missing what an answered frame left out.
  void note_unanswered(Instant now);
  /// After an exchange in vain: remembers why all of it is missing. Nothing is known about the meters, so
  /// none of them is backed off from.
  void note_failed(Instant now);

 private:
  struct Unit {
    gdw3761::UnitId id;
    gdw3761::CurveTime time;
    Instant first;
    int count;
    std::uint8_t unanswered = 0;  ///< points that have not been in an answer
  };
  Unit* unit_of(const gdw3761::Curve& curve);
  template <class Visit>
  void each_unanswered(Visit&& visit);
  void count_unanswered(MeterId meter, const Unit& unit, Instant now);
  void note_missed(MeterId meter, Instant first, int count, MissWhy why, Instant now);
  void book(MeterId meter, const Unit& unit, const gdw3761::Curve& curve, Instant now);

  Desk& desk_;
  const ConcentratorArea& area_;
  std::vector<Unit> units_;
  std::size_t next_unit_ = 0;  ///< answers usually keep the order of the request
  std::size_t answer_bytes_ = 0;
  int values_taken_ = 0;
  ReadingSource source_ = ReadingSource::curve;
};
}  // namespace headend
