/// A flood in virtual time against any head-end: the deterministic export of a stage.
///
/// Whoever stands in for the head-end (a scripted peer in a test, the real one over virtual links) is a
/// `StageWorld`. Each frame goes out exactly at its intended time, each answer comes in at the instant it was
/// given, so the same seed, stage and world give the same bytes and the same digest. Errors: counted in the
/// record, as in wall-clock time. Randomness: the flood's. Time: moved here, never asked.
///
///     VirtualStage stage(flood, world, start);
///     stage.connect(10s);
///     const StageRecord record = stage.run(plan);
#pragma once
#include <vector>

#include "core/digest.hpp"
#include "stress/plan/flood.hpp"

namespace stress {
/// The field's ear: what the world does on a line. Valid only while the stage calls the world.
class FieldEar {
 public:
  virtual ~FieldEar() = default;
  virtual void said(LineId line, core::Bytes bytes) = 0;
  virtual void hung_up(LineId line) = 0;
};

/// The head-end's end of virtual lines.
class StageWorld {
 public:
  virtual ~StageWorld() = default;
  /// A connection comes in. False: refused.
  virtual bool opened(LineId line, Door door, Instant now) = 0;
  virtual void heard(LineId line, Instant now, core::Bytes bytes) = 0;
  /// The field has closed the line.
  virtual void closed(LineId line, Instant now) = 0;
  /// Runs everything due up to and including `now`.
  virtual void advance_to(Instant now) = 0;
  /// When it has something to do by itself.
  virtual Instant next_due() const = 0;
  void listen(FieldEar* ear) { ear_ = ear; }

 protected:
  /// Null when no stage listens any more.
  FieldEar* ear() { return ear_; }

 private:
  FieldEar* ear_ = nullptr;
};

class VirtualStage final : private FieldEar {
 public:
  /// Both must outlive it.
  VirtualStage(Flood& flood, StageWorld& world, Instant start);
  ~VirtualStage() override;
  VirtualStage(const VirtualStage&) = delete;
  VirtualStage& operator=(const VirtualStage&) = delete;

  Instant now() const { return now_; }
  bool connect(Duration patience);
  StageRecord run(const StagePlan& stage);
  bool drain(Duration patience);
  /// Over every byte that went either way: line, instant, bytes.
  std::uint64_t digest() const { return digest_.value(); }

 private:
  struct Said {
    LineId line = 0;
    bool is_end = false;
    std::vector<std::uint8_t> bytes;
  };
  void said(LineId line, core::Bytes bytes) override;
  void hung_up(LineId line) override;
  void note(LineId line, core::Bytes bytes);
  /// Everything that can happen at the present instant.
  void settle();
  void carry(LineId line);
  template <class Done>
  bool run_until(Instant deadline, Done&& done);

  Flood& flood_;
  StageWorld& world_;
  Instant now_, next_second_ = core::never;
  std::vector<Said> said_, delivering_;
  std::vector<bool> is_open_;  ///< by line
  core::Digest digest_;
};
}  // namespace stress
