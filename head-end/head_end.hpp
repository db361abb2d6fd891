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
#include <string>

#include "head-end/books.hpp"
#include "head-end/collect/ingest_statistics.hpp"
#include "head-end/collect/talk_statistics.hpp"
#include "platform/link.hpp"

namespace headend {
class MetricSink;

/// A tap for traces: every frame that crosses an uplink, as bytes. Empty by default; costs one test per
/// frame.
using FrameTap =
    std::function<void(Instant at, ConcentratorId concentrator, bool is_from_field, core::Bytes frame)>;

/// Where the head-end can be reached, and what its API tells besides. The listeners must outlive it.
struct Doors {
  Doors(seam::Listener& its_uplinks, seam::Listener& its_counter)
      : uplinks(its_uplinks), counter(its_counter) {}

  seam::Listener& uplinks;  ///< concentrators log in here (Q/GDW 1376.1)
  /// Cashiers, phones, operators: one JSON object a line (head-end/api/protocol.md).
  seam::Listener& counter;
  /// Communication managers upload here (Modbus-TCP, docs/wire/uploads.md); may be absent.
  seam::Listener* managers = nullptr;
  seam::Listener* http = nullptr;  ///< the HTTP API (docs/wire/http-api.md); may be absent
  std::string version = "0";
  /// Figures of the process for GET /metrics: the head-end itself asks no operating system.
  std::function<void(MetricSink&)> process_figures;
};

class HeadEnd {
 public:
  HeadEnd(Configuration configuration, const std::filesystem::path& store, seam::Clock& clock,
          const Doors& doors, FrameTap tap = {});
  ~HeadEnd();
  /// Spawns the coroutines. Call once.
  void start();
  /// Goes down in good order: no new connections, what is pushed is refused, everything taken is committed
  /// and confirmed; then all connections are closed. Returns when that is done, or at `deadline`, with the
  /// last commit made in either case.
  seam::asio::awaitable<void> drain(Instant deadline);
  Books& books();
  const TalkStatistics& statistics() const;
  const IngestStatistics& ingest_statistics() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
}  // namespace headend
