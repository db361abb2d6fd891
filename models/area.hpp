/// One transformer area (台区): its meters, lines, concentrator and GPRS uplink, as plain C++ with its own
/// event queue.
///
/// Nothing here knows SystemC, Asio or the head-end. Whoever owns time calls `advance(now)` not later than
/// `next()`, and carries bytes between the uplink and whatever stands at its far end. Areas share nothing, so
/// the order in which areas advance leaves no trace. Bounded by the setup; Randomness: addressed by the
/// area's and meters' ids.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/bytes.hpp"
#include "models/area_setup.hpp"
#include "models/truth.hpp"

namespace model {
/// The far end of the area's GPRS uplink: where its TCP connection to the head-end comes out.
class UplinkPort {
 public:
  virtual ~UplinkPort() = default;
  /// The concentrator's connection reaches the head-end; false = refused (nobody listens), it will try again.
  virtual bool connect(AreaId area, core::Instant at) = 0;
  /// Bytes from the concentrator come out at the head-end's side.
  virtual void deliver(AreaId area, core::Instant at, core::Bytes bytes) = 0;
  /// The connection is gone (outage, restart).
  virtual void drop(AreaId area, core::Instant at) = 0;
};

/// A tap for traces: frames on RS-485 lines. Empty by default.
using LineTap = std::function<void(core::Instant from, core::Instant till, AreaId area, int line,
                                   bool is_request, core::Bytes bytes)>;

class Area {
 public:
  Area(AreaSetup setup, TruthSink& truth, UplinkPort& uplink, LineTap tap = {});
  ~Area();
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  /// When this area next has something to do by itself; `core::never` if nothing.
  core::Instant next() const;
  /// Does everything due up to and including `now`, in order of (instant, entity). Range: now never goes
  /// back.
  void advance(core::Instant now);

  /// The head-end wrote bytes into the connection at `now` (it travels the downlink, with delay and loss).
  void head_end_wrote(core::Instant now, core::Bytes bytes);
  /// The head-end's side closed or died: the concentrator notices after the network's delay and reconnects.
  void head_end_closed(core::Instant now);
  /// True of the customer's supply right now, for customers' habits: false while the relay is open or power
  /// is out.
  bool is_supplied(MeterId meter, core::Instant now);
  /// An inspector has come to a meter: what he finds there, separated by commas ("theft-bypass"), or
  /// "nothing". A device that he finds is taken off for good, a failure is mended, a thief who lies low is
  /// not found; truth is told "inspected".
  std::string inspect(MeterId meter, core::Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace model
