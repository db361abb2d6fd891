/// A real head-end as the world of a virtual stage: its virtual clock and its virtual doors.
///
///     seam::VirtualClock clock(start);
///     seam::VirtualListener uplinks(clock), managers(clock), http(clock);
///     ... a head-end on them, started ...
///     LinkWorld world(clock, {&uplinks, &managers, &http});
///     VirtualStage stage(flood, world, start);
/// The clock is moved only here while a stage runs. A door that is null refuses its lines. Errors: none.
/// Randomness: none. The world must not outlive the clock.
#pragma once
#include <memory>
#include <vector>

#include "platform/virtual/virtual_link.hpp"
#include "stress/plan/virtual_stage.hpp"

namespace stress {
struct VirtualDoors {
  seam::VirtualListener* uplinks = nullptr;
  seam::VirtualListener* managers = nullptr;
  seam::VirtualListener* http = nullptr;
};

class LinkWorld final : public StageWorld {
 public:
  LinkWorld(seam::VirtualClock& clock, const VirtualDoors& doors) : clock_(clock), doors_(doors) {}

  bool opened(LineId line, Door door, Instant now) override;
  void heard(LineId line, Instant now, core::Bytes bytes) override;
  void closed(LineId line, Instant now) override;
  void advance_to(Instant now) override { clock_.advance_to(now); }
  Instant next_due() const override { return clock_.next_deadline(); }

 private:
  /// The field's end of one line.
  class End final : public seam::FarEnd {
   public:
    End(LinkWorld& world, LineId line, std::string peer)
        : world_(world), line_(line), field_(world.clock_, *this, std::move(peer)) {}
    void head_end_wrote(core::Bytes bytes) override {
      if (world_.ear() != nullptr) world_.ear()->said(line_, bytes);
    }
    void head_end_closed() override {
      if (world_.ear() != nullptr) world_.ear()->hung_up(line_);
    }
    seam::VirtualField& field() { return field_; }

   private:
    LinkWorld& world_;
    LineId line_;
    seam::VirtualField field_;
  };

  seam::VirtualClock& clock_;
  VirtualDoors doors_;
  std::vector<std::unique_ptr<End>> ends_;  ///< by line
};
}  // namespace stress
