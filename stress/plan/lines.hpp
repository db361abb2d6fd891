/// The lines of a flood between its machines and whoever carries their bytes.
///
/// A line is one connection: idle, wished open, open, or wished closed. Machines append bytes; the carrier
/// takes them, all of what a line holds at once if it can. `fresh` are the intended times of what was
/// appended since the carrier last took something: from these the generator's own slip is measured.
#pragma once
#include <vector>

#include "core/bytes.hpp"
#include "core/instant.hpp"

namespace stress {
using LineId = std::uint32_t;

enum class LineState : std::uint8_t { idle, wished_open, open, wished_closed };

class Lines {
 public:
  explicit Lines(std::size_t count) : lines_(count) {}
  std::size_t size() const { return lines_.size(); }
  LineState state(LineId id) const { return lines_[id].state; }
  bool is_open(LineId id) const { return lines_[id].state == LineState::open; }

  void wish_open(LineId id) { wish(id, LineState::wished_open); }
  void wish_closed(LineId id) { wish(id, LineState::wished_closed); }
  void opened(LineId id) { lines_[id].state = LineState::open; }
  void ended(LineId id) {
    auto& line = lines_[id];
    line.state = LineState::idle;
    line.out.clear();
    line.taken = 0;
    line.fresh.clear();
  }
  /// Where to append; the line is listed for the carrier. Range: open.
  std::vector<std::uint8_t>& out(LineId id) {
    list(id);
    return lines_[id].out;
  }
  void note_fresh(LineId id, core::Instant intended) { lines_[id].fresh.push_back(intended); }

  core::Bytes unsent(LineId id) const { return core::Bytes(lines_[id].out).subspan(lines_[id].taken); }
  std::size_t unsent_bytes(LineId id) const { return lines_[id].out.size() - lines_[id].taken; }
  /// `visit(Instant intended)` for what went out for the first time.
  template <class Visit>
  void took(LineId id, std::size_t count, Visit&& visit) {
    auto& line = lines_[id];
    for (const auto intended : line.fresh) visit(intended);
    line.fresh.clear();
    line.taken += count;
    if (line.taken < line.out.size()) return;
    line.out.clear();
    line.taken = 0;
  }
  const std::vector<LineId>& take_wishes() {
    handed_out_.clear();
    std::swap(handed_out_, listed_);
    for (const auto id : handed_out_) lines_[id].is_listed = false;
    return handed_out_;
  }

 private:
  struct Line {
    std::vector<std::uint8_t> out;
    std::size_t taken = 0;
    std::vector<core::Instant> fresh;
    LineState state = LineState::idle;
    bool is_listed = false;
  };
  void wish(LineId id, LineState state) {
    lines_[id].state = state;
    list(id);
  }
  void list(LineId id) {
    if (lines_[id].is_listed) return;
    lines_[id].is_listed = true;
    listed_.push_back(id);
  }

  std::vector<Line> lines_;
  std::vector<LineId> listed_, handed_out_;
};
}  // namespace stress
