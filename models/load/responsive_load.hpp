/// A customer who reacts: an appliance that can wait (a charger, a pump, an air conditioner, a boiler) behind
/// the same meter as what cannot, and somebody, or an energy manager, who turns it down when asked.
///
/// Two things make it react, both told by the meter. A **call** (需求响应): the appliance gives up the share
/// `sheds` of its power from its beginning to its end. A **limit** (负荷限额): the appliance gets only what
/// the rest leaves of 95 % of the limit; after a trip the rest is kept below that, too (something is
/// unplugged).
///     shown(t) = min(rest, cap if tripped) + min(appliance (1 - sheds if called), cap - rest if limited)
///     shed     = integral over the reaction of (rest + appliance - shown)
/// Afterwards comes the rebound: `recovers` x (what the appliance shed) is drawn on top, evenly over
/// `rebound` (a cold boiler, an empty car). What was unplugged is not made up for. So, over all time,
///     drawn = wanted - shed + recovered,   0 <= recovered <= shed,   exact but for less than 0.01 Wh a
///     reaction.
/// A reaction begins and ends at whole minutes, the next after it was told; it overlaps with a rebound as if
/// that were part of the appliance.
/// Unit: mW, uJ, ms since 1970. Range: as `Load`. Errors: METERTWIN_CHECK for a reaction that ends before it
/// begins. Randomness: Purpose::demand_response by (seed, home): whether a call or a limit is followed, and
/// how long the answer takes. Time: what was told; asking about the past again gives the same.
#pragma once
#include <vector>

#include "models/load/load.hpp"

namespace model {
struct ReactionSetup {
  core::Ratio follows{4, 5};   ///< chance to say yes to a call, and to keep a limit without being tripped
  core::Ratio sheds{1, 1};     ///< of the appliance's power, during a call
  core::Ratio recovers{1, 1};  ///< of what the appliance shed, drawn afterwards
  std::chrono::seconds rebound{2 * 3600};  ///< > 0: how long that takes
};

class ResponsiveLoad final : public PowerSource {
 public:
  /// `appliance` may be `Load()`: nothing that can wait, and only unplugging helps.
  ResponsiveLoad(Load rest, Load appliance, const ReactionSetup& setup, const HomeSeed& place);

  LoadSegment segment_at(std::int64_t at_ms) const override;

  /// A limit holds from now on. A second one replaces it.
  void limited(std::int64_t at_ms, core::Milliwatts power);
  /// The meter has opened its relay because of the limit.
  void tripped(std::int64_t at_ms);
  /// No limit any more: what was shed because of it.
  core::Microjoules limit_ended(std::int64_t at_ms);
  /// Whether this customer says yes to the call that begins at `from_ms`, and how long he thinks it over.
  bool follows(std::int64_t from_ms) const;
  std::chrono::seconds thinks_for(std::int64_t from_ms) const;
  /// He has said yes to a call. Range: from_ms < till_ms.
  void called(std::int64_t from_ms, std::int64_t till_ms);
  /// The call is over, or withdrawn: what was shed because of it.
  core::Microjoules call_ended(std::int64_t at_ms);

  /// The two that it is made of, for tests and curious readers.
  const Load& rest() const { return rest_; }
  const Load& appliance() const { return appliance_; }

 private:
  enum class Kind : std::uint8_t { limit, call };
  struct Reaction {
    Kind kind = Kind::limit;
    std::int64_t from_ms = 0, till_ms = 0;
    std::int64_t cap_mW = 0;
    std::int64_t unplugged_from_ms = 0;
    bool is_over = false;
    std::int64_t rebound_mW = 0;  ///< for `rebound` after `till_ms`
  };
  /// What holds at one instant, and until when.
  struct Now {
    std::int64_t rest_mW = 0, wanted_mW = 0;       ///< wanted: by the appliance, rebounds included
    std::int64_t rest_shown_mW = 0, shown_mW = 0;  ///< of the appliance
    std::int64_t from_ms = 0, till_ms = 0;
    std::int64_t rest_mvar = 0, appliance_mvar = 0, appliance_mW = 0;
  };
  Now now_at(std::int64_t at_ms) const;
  Reaction* running(Kind kind);
  /// What two reactions shed together counts as shed by the one that was told first.
  bool is_anothers(const Reaction& reaction, std::int64_t at_ms) const;
  core::Microjoules end(Kind kind, std::int64_t at_ms);

  Load rest_, appliance_;
  ReactionSetup setup_;
  HomeSeed place_;
  std::vector<Reaction> reactions_;  ///< in the order in which they were told
};
}  // namespace model
