// I-CAMP: a campaign in the town, as it should be, and then damaged in one place after the other.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/audit/town.hpp"

using audit::Verdict;
using namespace std::chrono_literals;

namespace {
constexpr const char* tables =
    "CREATE TABLE campaign(id INTEGER PRIMARY KEY, name, means, from_s, till_s, cancelled_at_ns, groups, "
    "turn_s, "
    "evaluated_at_ns, reduction_Wh, uncertainty_Wh);"
    "CREATE TABLE campaign_customer(campaign, meter, turn_group, outcome, asked_at_ns, released_at_ns, "
    "is_counted, "
    "PRIMARY KEY(campaign, meter));";

/// Everybody but the protected M0004 is limited for two hours of the second day; each gives up 0.5 kWh, and
/// the head-end claims 1.6 +- 0.2 kWh.
struct LimitedTown : town::Town {
  LimitedTown() : from(at(100)), till(at(108)) {
    scenario::CampaignSpec spec;
    spec.name = "evening";
    spec.from = from;
    spec.till = till;
    spec.power = core::Milliwatts(1'000'000);
    scenario.campaigns.push_back(spec);
    books(tables);
    books(
        fmt::format("INSERT INTO campaign VALUES(1, 'evening', 'limit', {}, {}, NULL, 4, 1800, 1, 1600, 200)",
                    core::unix_seconds(from), core::unix_seconds(till)));
    for (int meter = 1; meter <= 3; ++meter) {
      books(fmt::format("INSERT INTO campaign_customer VALUES(1, {}, 0, 'confirmed', 1, 2, 1)", meter));
      tell(meter, from, "limit-set", 1000);
      tell(meter, till, "limit-released", 0);
      tell(meter, till, "load-shed", 500'000);
    }
  }
  void tell(int meter, core::Instant when, const std::string& kind, std::int64_t value,
            const std::string& text = "") {
    truth(
        fmt::format("INSERT INTO events(entity, seq, at_ns, kind, value, text) SELECT 'M{:04}', "
                    "coalesce(max(seq), 0) + 1, {}, '{}', {}, '{}' FROM events WHERE entity = 'M{:04}'",
                    meter, core::unix_nanoseconds(when), kind, value, text, meter));
  }
  audit::Check check(const std::string& id) const { return town::check_of(audited(), id); }
  core::Instant from, till;
};
}  // namespace

TEST_CASE("a campaign that went as it should passes, and one that nobody planned is not asked about") {
  const LimitedTown limited;
  for (const char* id :
       {"I-CAMP.chosen", "I-CAMP.protected", "I-CAMP.told", "I-CAMP.released", "I-CAMP.reduction"}) {
    INFO(id);
    CHECK(limited.check(id).verdict == Verdict::pass);
  }
  const town::Town plain;
  CHECK(town::check_of(plain.audited(), "I-CAMP.chosen").verdict == Verdict::blocked);
}

TEST_CASE("whoever was limited without being chosen, or chosen without fitting, is found") {
  LimitedTown town;
  town.books("DELETE FROM campaign_customer WHERE meter = 2");
  const auto missing = town.check("I-CAMP.chosen");
  CHECK(town::names(missing, "M0002", "fits it and was not chosen"));
  CHECK(town::names(missing, "M0002", "limited without a campaign"));
  LimitedTown other;
  other.scenario.campaigns[0].meters = {"M0001", "M0002"};
  CHECK(town::names(other.check("I-CAMP.chosen"), "M0003", "was chosen and does not fit it"));
}

TEST_CASE("a protected customer who is limited, or cut off by a limit, is found") {
  LimitedTown town;
  town.tell(4, town.from, "limit-set", 1000);
  CHECK(town::names(town.check("I-CAMP.protected"), "M0004", "limit-set, though protected"));
  LimitedTown other;
  other.tell(4, other.from + 1min, "relay-opened", 0, "power limit");
  other.tell(4, other.from + 5min, "relay-closed", 0, "power limit");
  CHECK(town::names(other.check("I-CAMP.protected"), "M0004", "lost supply by a limit"));
}

TEST_CASE("a confirmation without a limit, and a limit that the books do not know, are found") {
  LimitedTown town;
  town.truth("DELETE FROM events WHERE entity = 'M0001' AND kind = 'limit-set'");
  CHECK(town::names(town.check("I-CAMP.told"), "M0001", "no limit came into force"));
  LimitedTown other;
  other.books("UPDATE campaign_customer SET asked_at_ns = NULL, outcome = 'failed' WHERE meter = 2");
  CHECK(town::names(other.check("I-CAMP.told"), "M0002", "the books know nothing of it"));
}

TEST_CASE("a limit that stays, a relay that stays open, and a release that nobody heard of are found") {
  LimitedTown town;
  town.truth("DELETE FROM events WHERE entity = 'M0003' AND kind = 'limit-released'");
  CHECK(town::names(town.check("I-CAMP.released"), "M0003", "limited till the end"));
  LimitedTown late;
  late.truth(
      "UPDATE events SET at_ns = at_ns + 600000000000 WHERE entity = 'M0003' AND kind = 'limit-released'");
  CHECK(town::names(late.check("I-CAMP.released"), "M0003", "limited till 20"));
  LimitedTown dark;
  dark.tell(1, dark.from + 1min, "relay-opened", 0, "power limit");
  CHECK(town::names(dark.check("I-CAMP.released"), "M0001", "not closed after the end"));
  LimitedTown unheard;
  unheard.books("UPDATE campaign_customer SET released_at_ns = NULL WHERE meter = 1");
  CHECK(town::names(unheard.check("I-CAMP.released"), "M0001", "never learnt"));
}

TEST_CASE("a claim beyond three times its own uncertainty is found, and none at all is unknown") {
  LimitedTown town;
  town.books("UPDATE campaign SET reduction_Wh = 2101");  // 1.5 kWh are true, and 0.2 claimed as uncertain
  CHECK(town.check("I-CAMP.reduction").verdict == Verdict::fail);
  LimitedTown near;
  near.books("UPDATE campaign SET reduction_Wh = 2099");
  CHECK(near.check("I-CAMP.reduction").verdict == Verdict::pass);
  LimitedTown none;
  none.books("UPDATE campaign SET reduction_Wh = NULL, uncertainty_Wh = NULL");
  CHECK(none.check("I-CAMP.reduction").verdict == Verdict::unknown);
}
