/// The fake head-end as a world in virtual time: each answer comes a fixed delay after what it answers.
#pragma once
#include <deque>

#include "stress/plan/virtual_stage.hpp"
#include "tests/stress/fake_head_end.hpp"

namespace stress {
class FakeWorld final : public StageWorld {
 public:
  FakeWorld(const EstatePlan& estate, const FakeRules& rules, Duration delay)
      : head_end(estate, rules), delay_(delay) {}

  bool opened(LineId line, Door door, Instant) override {
    if (is_down) return false;
    head_end.opened(line, door);
    return true;
  }
  void heard(LineId line, Instant now, core::Bytes bytes) override {
    std::vector<FakeHeadEnd::Reply> replies;
    head_end.heard(line, bytes, replies);
    for (auto& reply : replies) waiting_.push_back({now + delay_, std::move(reply)});
  }
  void closed(LineId line, Instant) override { head_end.closed(line); }
  void advance_to(Instant now) override {
    while (!waiting_.empty() && waiting_.front().at <= now) {
      const auto reply = std::move(waiting_.front().reply);
      waiting_.pop_front();
      if (reply.hangs_up) {
        head_end.closed(reply.line);
        ear()->hung_up(reply.line);
      } else {
        ear()->said(reply.line, reply.bytes);
      }
    }
  }
  Instant next_due() const override { return waiting_.empty() ? core::never : waiting_.front().at; }

  FakeHeadEnd head_end;
  bool is_down = false;

 private:
  struct Waiting {
    Instant at;
    FakeHeadEnd::Reply reply;
  };
  Duration delay_;
  std::deque<Waiting> waiting_;
};
}  // namespace stress
