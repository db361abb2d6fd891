// The network: relay chains, repetitions and contention against their formulas; routes that heal; no loops.
#include "models/line/carrier/network.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/line/carrier/area_survey.hpp"
#include "models/line/carrier/fixed_channel.hpp"

using namespace model::carrier;
using namespace std::chrono_literals;

namespace {
core::RandomStream draws_of(std::uint64_t seed) { return {seed, 1, core::Purpose::test}; }

/// A row of modules that hear only those beside them, with chance q once all have joined.
struct Row {
  double q = 1;
  FixedChannel channel;
  Network network;
  Row(std::uint32_t nodes, NetworkSetup setup, std::uint64_t seed)
      : channel(
            nodes, [this](std::uint32_t a, std::uint32_t b) { return a + 1 == b || b + 1 == a ? q : 0.0; },
            draws_of(seed)),
        network(setup, channel, seed, 0) {}
};

bool read(Network& network, std::uint32_t node) {
  const auto down = network.send_down({}, node, 20);
  return down.has_arrived() && network.send_up(down.ends, node, 30).has_arrived();
}
}  // namespace

TEST_CASE("a read over h hops of quality q succeeds with q^2h, and after three tries with 1 - (1 - q^2h)^3") {
  // One-shot products of the textbook: h = 7, q = 0.98: 0.7536; three tries 0.985. Binomial, |z| < 4.5.
  struct Case {
    std::uint32_t hops;
    double q;
  };
  for (const auto& c : {Case{1, 0.9}, Case{3, 0.95}, Case{5, 0.9}, Case{7, 0.98}, Case{7, 0.99}}) {
    NetworkSetup setup;
    setup.hop_tries = 1;
    Row row(c.hops + 1, setup, 5);
    row.network.register_modules({});
    REQUIRE(row.network.level_of(c.hops) == static_cast<int>(c.hops));
    row.q = c.q;
    constexpr int reads = 6000;
    int once = 0, thrice = 0;
    for (int i = 0; i < reads; ++i) once += read(row.network, c.hops) ? 1 : 0;
    for (int i = 0; i < reads; ++i)
      thrice += read(row.network, c.hops) || read(row.network, c.hops) || read(row.network, c.hops) ? 1 : 0;
    const double p = std::pow(c.q, 2.0 * c.hops), p3 = 1 - std::pow(1 - p, 3);
    INFO(c.hops << " hops, q = " << c.q);
    CHECK(std::abs(once - reads * p) < 4.5 * std::sqrt(reads * p * (1 - p)));
    CHECK(std::abs(thrice - reads * p3) < 4.5 * std::sqrt(reads * p3 * (1 - p3)));
  }
}

TEST_CASE("k sendings per hop lose a frame with (1 - q)^k") {
  for (const int tries : {1, 2, 3, 5}) {
    NetworkSetup setup;
    setup.hop_tries = tries;
    Row row(2, setup, 6);
    row.network.register_modules({});
    row.q = 0.7;
    constexpr int frames = 20'000;
    int lost = 0;
    for (int i = 0; i < frames; ++i) lost += row.network.send_down({}, 1, 20).has_arrived() ? 0 : 1;
    const double p = std::pow(0.3, tries);
    CHECK(std::abs(lost - frames * p) < 4.5 * std::sqrt(frames * p * (1 - p)));
    CHECK(row.network.losses(LossCause::weak_signal) == static_cast<std::uint64_t>(lost));
  }
}

TEST_CASE("n newcomers in W contention slots join with n (1 - 1/W)^(n-1) in one round") {
  // Mean over independent areas; each area's count lies in 0..n, so its variance is below n^2/4, and in fact
  // below the binomial's, since collisions take two at once: the bound of variance 2 n P(1-P) is generous.
  struct Case {
    std::uint32_t stations;
    int slots;
  };
  for (const auto& c : {Case{2, 8}, Case{4, 16}, Case{8, 8}, Case{16, 64}}) {
    NetworkSetup setup;
    setup.contention_slots = c.slots;
    setup.join_rounds = 1;
    constexpr int areas = 150;
    double joined = 0;
    for (std::uint64_t seed = 0; seed < areas; ++seed) {
      FixedChannel channel(
          c.stations + 1, [](std::uint32_t a, std::uint32_t b) { return a == 0 || b == 0 ? 1.0 : 0.0; },
          draws_of(seed));
      Network network(setup, channel, seed, 0);
      network.register_modules({});
      joined += static_cast<double>(network.registered_count());
    }
    const double n = c.stations, alone = std::pow(1 - 1.0 / c.slots, n - 1);
    INFO(c.stations << " stations, " << c.slots << " slots");
    CHECK(std::abs(joined / areas - n * alone) < 5 * std::sqrt(n * 2 * n * alone * (1 - alone) / areas));
  }
}

TEST_CASE("relays end where the band's levels end") {
  NetworkSetup setup;
  setup.relay_levels = 7;
  Row row(12, setup, 2);
  row.network.register_modules({});
  CHECK(row.network.level_of(8) == 8);  // seven relays between
  CHECK_FALSE(row.network.is_registered(9));
  CHECK(row.network.send_down({}, 9, 20).cause == LossCause::out_of_levels);
  CHECK(row.network.send_down({}, 11, 20).cause == LossCause::not_registered);
  setup.relay_levels = 15;
  Row longer(12, setup, 2);
  longer.network.register_modules({});
  CHECK(longer.network.level_of(11) == 11);
}

TEST_CASE("a dead relay is gone around, and a module that comes back joins again") {
  // A diamond: 0 - 1 - 3 and, a little worse, 0 - 2 - 3.
  FixedChannel channel(
      4,
      [](std::uint32_t a, std::uint32_t b) {
        const auto low = std::min(a, b), high = std::max(a, b);
        if (low == 0 && high < 3) return 1.0;
        if (high == 3 && low == 1) return 1.0;
        return high == 3 && low == 2 ? 0.95 : 0.0;
      },
      draws_of(1));
  NetworkSetup setup;
  Network network(setup, channel, 1, 0);
  network.register_modules({});
  CHECK(network.parent_of(3) == 1);
  network.set_powered(1, false, {});
  CHECK(network.send_down({}, 1, 20).cause == LossCause::module_off);
  CHECK(network.send_down({}, 3, 20).cause == LossCause::relay_off);
  for (int i = 0; i < 4 && network.parent_of(3) == 1; ++i) network.send_down({}, 3, 20);
  CHECK(network.parent_of(3) == 2);
  CHECK(network.reroutes() == 1);
  CHECK(read(network, 3));
  network.set_powered(1, true, core::Instant{} + 1s);
  CHECK_FALSE(network.is_registered(1));
  network.send_down(core::Instant{} + 2s, 3, 20);  // whoever waits joins between exchanges
  CHECK(network.is_registered(1));
}

TEST_CASE("routes never loop, whatever fails when") {
  // Random links, random supply: from every registered module the parents lead to the concentrator in as many
  // steps as its level says at most.
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const core::RandomStream random(seed, 4, core::Purpose::test);
    FixedChannel channel(
        24,
        [&](std::uint32_t a, std::uint32_t b) {
          const auto link = std::min(a, b) * 24 + std::max(a, b);
          return random.below(100, link) < 25 ? 0.5 + static_cast<double>(random.below(50, 1000 + link)) / 100
                                              : 0.0;
        },
        draws_of(seed));
    NetworkSetup setup;
    setup.relay_levels = 4;
    setup.rejoin_after = 5s;
    Network network(setup, channel, seed, 0);
    auto at = network.register_modules({});
    for (std::uint64_t i = 0; i < 600; ++i) {
      const auto node = static_cast<std::uint32_t>(1 + random.below(23, 5000 + 2 * i));
      if (random.below(5, 9000 + i) == 0) network.set_powered(node, !network.is_powered(node), at);
      const auto delivery = network.send_down(at, node, 20);
      CHECK(delivery.ends >= at);
      at = delivery.ends + 1s;
      for (std::uint32_t n = 1; n < network.size(); ++n) {
        std::size_t steps = 0;
        for (auto up = n; up != 0 && steps <= network.size(); up = network.parent_of(up)) ++steps;
        INFO("seed " << seed << ", exchange " << i << ", node " << n);
        REQUIRE(steps <= network.size());
      }
    }
  }
}

TEST_CASE("foreign traffic is waited for, and collides where it is not heard") {
  NetworkSetup setup;
  setup.hop_tries = 1;
  setup.foreign_share = 0.3;
  setup.hidden_share = 0.5;
  Row row(2, setup, 3);
  row.network.register_modules({});
  constexpr int frames = 20'000;
  int collided = 0;
  for (int i = 0; i < frames; ++i)
    collided += row.network.send_down({}, 1, 20).cause == LossCause::collision ? 1 : 0;
  // Each look finds a gap (0.7), a hidden frame (0.15) or one that is waited for (0.15): 0.15 / 0.85 in the
  // end.
  const double p = 0.15 / 0.85;
  CHECK(std::abs(collided - frames * p) < 5 * std::sqrt(frames * p * (1 - p)));
}

TEST_CASE("a broadcast floods the levels") {
  Row row(6, {}, 4);
  row.network.register_modules({});
  std::vector<bool> has_heard;
  const auto ends = row.network.broadcast({}, 20, has_heard);
  CHECK(std::count(has_heard.begin(), has_heard.end(), true) == 6);
  CHECK(ends > core::Instant{});
  row.q = 0;
  row.network.broadcast({}, 20, has_heard);
  CHECK(std::count(has_heard.begin(), has_heard.end(), true) == 1);
}

TEST_CASE("the reference area: most modules answer at once and directly, nearly all in the end") {
  // Half a day here; the nightly test reads a month. Direct and once: 90 to 95 % by the field's experience.
  SurveyPlan plan;
  plan.cycles = 8;
  plan.channel.seed = 42;
  plan.channel.starts = core::instant_from_seconds(1'782'835'200);
  plan.channel.utc_offset = 8h;
  const auto feeder = model::load_feeder(METERTWIN_FEEDERS "/european-lv.yaml");
  const auto places = spread_places(feeder, 200);
  const double raw_share = survey(direct_and_once(plan), feeder, places).share();
  const auto usual = survey(plan, feeder, places);
  const double share = usual.share();
  INFO("direct " << raw_share << ", in the end " << share << ", at first " << usual.read_at_first);
  CHECK(raw_share > 0.85);
  CHECK(raw_share < 0.98);
  CHECK(share >= 0.995);
}
