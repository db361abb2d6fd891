/// Business systems beside the flood: queries, balances, sales and switch orders, open loop, over HTTP lines
/// kept open.
///
/// Half of the lines serve switch orders, which are answered only when the relay has followed; one watches
/// readings become visible; the others serve the rest. A request that finds no free line waits (at most
/// `waiting_max`); its latency counts from its intended time all the same. A line that ends loses its request
/// (counted) and is dialled again. Pure. Randomness: Purpose::fleet_api, addressed by the request's event.
#pragma once
#include <deque>

#include "stress/fleet/api_messages.hpp"
#include "stress/fleet/meter_voice.hpp"
#include "stress/plan/lines.hpp"
#include "stress/plan/tally.hpp"

namespace stress {
class ApiTraffic {
 public:
  static constexpr std::size_t waiting_max = 4096;

  /// Lines `first` .. `first + count - 1`; at least 3 where there are any.
  ApiTraffic(const EstatePlan& estate, LineId first, std::uint32_t count);

  std::uint32_t lines() const { return static_cast<std::uint32_t>(ends_.size()); }
  bool owns(LineId line) const { return line >= first_ && line < first_ + ends_.size(); }

  /// One request. `quarter`: the newest of the meter's that was sent, for queries. Switch orders go to meters
  /// behind concentrators.
  void order(Lines& lines, Tally& tally, ApiKind kind, std::uint64_t event, std::uint32_t quarter_newest,
             const Relays& relays, Instant intended, Instant now);
  /// Watches one reading until the API shows it. Ignored while another is watched.
  void watch(Lines& lines, std::uint32_t meter, std::uint32_t quarter, std::uint32_t register_shown,
             Instant intended);
  bool is_watching() const { return watched_.meter != 0; }
  /// Asks again for the watched reading when its time has come.
  void act(Lines& lines, Tally& tally, Instant now);
  Instant next_due() const { return ask_again_; }

  void heard(Lines& lines, Tally& tally, LineId line, Instant now, core::Bytes bytes);
  void ended(Tally& tally, LineId line);
  bool is_answered() const { return open_ == 0 && waiting_.empty() && waiting_switches_.empty(); }
  /// What is waiting or unanswered at the end of a stage is an error.
  void end_stage(Tally& tally);

 private:
  struct Request {
    ApiOrder order;
    Instant intended;
  };
  struct End {
    ApiReplyReader replies;
    Request request;
    bool is_busy = false;
    bool is_late = false;  ///< its stage has ended: the answer counts in none
  };
  struct Watched {
    std::uint32_t meter = 0, quarter = 0, register_shown = 0;
    Instant intended, asked;
  };
  std::size_t first_switch_end() const { return 1 + (ends_.size() - 1) / 2; }
  void dispatch(Lines& lines, Instant now);
  bool send_from(Lines& lines, const Request& request);
  void ask_visible(Lines& lines);
  void take_reply(Tally& tally, End& end, Instant now, const ApiReply& reply);
  void take_visible(Tally& tally, Instant now, const ApiReply& reply);
  bool is_being_switched(std::uint32_t meter) const;

  const EstatePlan& estate_;
  core::RandomStream draws_;
  LineId first_;
  std::vector<End> ends_;  ///< [0] watches; then plain requests, then switch orders
  std::deque<Request> waiting_, waiting_switches_;
  std::size_t open_ = 0;
  Watched watched_;
  Instant ask_again_ = core::never;
};
}  // namespace stress
