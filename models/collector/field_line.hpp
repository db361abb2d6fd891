/// What a poller needs of the way to its meters, whatever it is made of: an RS-485 pair, a collector in
/// between, two ways at once.
///
/// One master speaks and hears; frames take time and may be lost. `next` is when something ends that somebody
/// may have to hear of. Unit: ns. Errors: none. Randomness and bounds: those of what is behind it. Time:
/// `advance` not later than `next()`.
#pragma once
#include <memory>
#include <vector>

#include "core/bytes.hpp"
#include "core/instant.hpp"
#include "models/line/rs485/line.hpp"

namespace model {
class FieldLine {
 public:
  virtual ~FieldLine() = default;
  /// How long so many bytes take until a meter has heard them.
  virtual core::Duration duration_of(std::size_t bytes) const = 0;
  /// The master begins to speak. Answers when a meter has heard all of it, at the latest.
  virtual core::Instant transmit(core::Instant at, core::Bytes bytes) = 0;
  /// The master falls silent; what is under way from it is lost.
  virtual void hush_master() = 0;
  virtual core::Instant next() const = 0;
  /// When whatever is coming in at `at` will be over; `at` itself if nothing is.
  virtual core::Instant busy_until(core::Instant at) const = 0;
  /// The one thing due at `next()`. What the master hears of it, perhaps nothing. Valid until the next call.
  virtual core::Bytes advance() = 0;
  /// How much longer than on a plain pair an answer may take.
  virtual core::Duration extra_patience() const { return core::Duration(0); }
};

/// An RS-485 pair by itself. The line is not owned.
class Rs485Field final : public FieldLine {
 public:
  explicit Rs485Field(Rs485Line& line) : line_(line) {}
  core::Duration duration_of(std::size_t bytes) const override { return line_.duration_of(bytes); }
  core::Instant transmit(core::Instant at, core::Bytes bytes) override { return line_.transmit(at, bytes); }
  void hush_master() override { line_.hush_master(); }
  core::Instant next() const override { return line_.next(); }
  core::Instant busy_until(core::Instant at) const override { return line_.busy_until(at); }
  core::Bytes advance() override { return line_.advance(); }

 private:
  Rs485Line& line_;
};

/// The link between a concentrator and a collector (采集器) that stands beside the meters.
struct HopSetup {
  int baud = 9600;                                            ///< 8E1
  core::Duration processing = std::chrono::milliseconds(50);  ///< in the collector, each way
  std::size_t frames_max = 8;                                 ///< that it holds each way; more are lost
};

/// A collector in between: it takes a frame in whole, and passes it on when it has it (store and forward).
///     arrives = begins + 11 bits x bytes / baud + processing
class CollectorHop final : public FieldLine {
 public:
  CollectorHop(std::unique_ptr<FieldLine> inner, HopSetup setup);
  core::Duration duration_of(std::size_t bytes) const override;
  core::Instant transmit(core::Instant at, core::Bytes bytes) override;
  void hush_master() override;
  core::Instant next() const override;
  core::Instant busy_until(core::Instant at) const override;
  core::Bytes advance() override;
  core::Duration extra_patience() const override;

  /// Frames that found the collector's memory full.
  std::uint64_t overflow_count() const { return overflows_; }

 private:
  struct Kept {
    core::Instant at{};  ///< when it has passed the hop
    dlt645::Wire bytes;
  };
  core::Duration hop_time(std::size_t bytes) const;
  void keep(std::vector<Kept>& queue, core::Instant at, core::Bytes bytes);

  std::unique_ptr<FieldLine> inner_;
  HopSetup setup_;
  std::vector<Kept> down_, up_;  ///< in order of time
  dlt645::Wire taken_;
  std::uint64_t overflows_ = 0;
};

/// Two ways to the same meters, used at once: what comes first counts, and answers may come twice.
class ParallelField final : public FieldLine {
 public:
  ParallelField(std::unique_ptr<FieldLine> first, std::unique_ptr<FieldLine> second);
  core::Duration duration_of(std::size_t bytes) const override;
  core::Instant transmit(core::Instant at, core::Bytes bytes) override;
  void hush_master() override;
  core::Instant next() const override;
  core::Instant busy_until(core::Instant at) const override;
  core::Bytes advance() override;
  core::Duration extra_patience() const override;

 private:
  std::unique_ptr<FieldLine> first_, second_;
};
}  // namespace model
