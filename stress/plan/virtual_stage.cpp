#include "stress/plan/virtual_stage.hpp"

#include <algorithm>

namespace stress {
VirtualStage::VirtualStage(Flood& flood, StageWorld& world, Instant start)
    : flood_(flood), world_(world), now_(start), is_open_(flood.line_count()) {
  world_.listen(this);
}
VirtualStage::~VirtualStage() { world_.listen(nullptr); }

void VirtualStage::said(LineId line, core::Bytes bytes) {
  said_.push_back({line, false, {bytes.begin(), bytes.end()}});
}
void VirtualStage::hung_up(LineId line) { said_.push_back({line, true, {}}); }

void VirtualStage::note(LineId line, core::Bytes bytes) {
  digest_.add(std::uint64_t{line});
  digest_.add(core::unix_nanoseconds(now_));
  digest_.add(bytes);
}

void VirtualStage::carry(LineId line) {
  if (flood_.wishes_open(line)) {
    is_open_[line] = world_.opened(line, flood_.door_of(line), now_);
    if (is_open_[line])
      flood_.opened(line, now_);
    else
      flood_.ended(line, now_);
  } else if (flood_.wishes_close(line)) {
    if (is_open_[line]) world_.closed(line, now_);
    is_open_[line] = false;
    flood_.ended(line, now_);
  } else if (!flood_.unsent(line).empty()) {
    const core::Bytes bytes = flood_.unsent(line);
    note(line, bytes);
    world_.heard(line, now_, bytes);
    flood_.took(line, bytes.size(), now_);
  }
}

void VirtualStage::settle() {
  for (;;) {
    world_.advance_to(now_);
    delivering_.clear();
    std::swap(delivering_, said_);
    for (const Said& what : delivering_) {
      if (!is_open_[what.line]) continue;
      if (what.is_end) {
        is_open_[what.line] = false;
        flood_.ended(what.line, now_);
      } else {
        note(what.line, what.bytes);
        flood_.heard(what.line, now_, what.bytes);
      }
    }
    flood_.act(now_);
    const auto& wishes = flood_.take_wishes();
    for (const LineId line : wishes) carry(line);
    if (wishes.empty() && said_.empty() && world_.next_due() > now_) return;
  }
}

template <class Done>
bool VirtualStage::run_until(Instant deadline, Done&& done) {
  for (;;) {
    settle();
    if (done()) return true;
    const Instant next = std::min({flood_.next_due(), world_.next_due(), next_second_});
    if (next > deadline) {
      now_ = std::max(now_, deadline);
      return false;
    }
    now_ = std::max(now_, next);
    if (now_ < next_second_) continue;
    flood_.close_second(now_);
    next_second_ = now_ + Duration(1s);
  }
}

bool VirtualStage::connect(Duration patience) {
  flood_.dial(now_);
  return run_until(now_ + patience, [&] { return flood_.greeted() == flood_.collectors(); });
}

StageRecord VirtualStage::run(const StagePlan& stage) {
  const Instant till = now_ + stage.lasts();
  next_second_ = now_ + Duration(1s);
  flood_.begin_stage(stage, now_);
  run_until(till, [] { return false; });
  run_until(till + stage.grace, [&] { return flood_.is_offered() && flood_.is_answered(); });
  next_second_ = core::never;
  return flood_.end_stage(now_);
}

bool VirtualStage::drain(Duration patience) {
  flood_.begin_drain(now_);
  return run_until(now_ + patience, [&] { return flood_.unconfirmed_frames() == 0; });
}
}  // namespace stress
