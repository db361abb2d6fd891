/// The reference head-end (采集主站) as one object: books below, coroutines above, a clock and byte streams
/// around it.
///
/// Compiled once; linked unchanged into the simulation, the paced twin and the RS-485 tools. It starts its
/// own coroutines on the clock's executor. To crash it, destroy the world's io_context without running it,
/// then this object: whatever was not committed is gone, as after a power cut; a new HeadEnd on the same
/// store goes on from there.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "head-end/books.hpp"
#include "head-end/collect/talk_statistics.hpp"
#include "platform/link.hpp"

namespace headend {
/// A tap for traces: every frame that crosses an uplink, as bytes. Empty by default; costs one test per
/// frame.
using FrameTap =
    std::function<void(Instant at, ConcentratorId concentrator, bool is_from_field, core::Bytes frame)>;

class HeadEnd {
 public:
  /// `uplinks`: where concentrators log in (Q/GDW 1376.1). `counter`: where cashiers, phones and operators
  /// connect (one JSON object a line, see head-end/api/protocol.md).
  HeadEnd(Configuration configuration, const std::filesystem::path& store, seam::Clock& clock,
          seam::Listener& uplinks, seam::Listener& counter, FrameTap tap = {});
  ~HeadEnd();
  /// Spawns the coroutines. Call once.
  void start();
  Books& books();
  const TalkStatistics& statistics() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
}  // namespace headend
