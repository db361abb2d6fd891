// Blame by running again: worlds small enough to know by heart which sets of faults make a difference.
#include <catch2/catch.hpp>

#include <set>

#include "audit/blame/attribution.hpp"
#include "core/random.hpp"

namespace {
using Set = std::vector<std::size_t>;

/// A world in which one difference appears whenever all causes of any of these sets are present.
struct World {
  std::size_t causes = 0;
  std::vector<Set> sufficient;
  std::int64_t natural = 0;
  std::size_t runs = 0;

  audit::Difference difference(const audit::Present& present) const {
    audit::Difference d;
    d.step = audit::Step::collection;
    d.count = natural;
    for (const auto& set : sufficient) {
      bool is_whole = true;
      for (const auto cause : set) is_whole &= static_cast<bool>(present[cause]);
      if (is_whole) d.count += 10;
    }
    d.amount_fen = -d.count;
    return d;
  }
  audit::Shown shown(const audit::Present& present) const {
    const auto d = difference(present);
    if (d.count == 0) return {};
    return {{audit::key_of(d), d}};
  }
  audit::Attributed attribute(audit::Attribution::Limits limits = {}) {
    const audit::Present all(causes, true);
    audit::Attribution attribution(
        causes, shown(all),
        [this](const std::vector<audit::Present>& wanted) {
          std::vector<audit::Shown> outcomes;
          for (const auto& present : wanted) outcomes.push_back(shown(present));
          return outcomes;
        },
        limits);
    auto answer = attribution.attribute(difference(all), {});
    runs = attribution.runs();
    return answer;
  }
};

std::set<Set> groups_of(const audit::Attributed& answer) {
  std::set<Set> groups;
  for (const auto& group : answer.groups) groups.insert(group.causes);
  return groups;
}
}  // namespace

TEST_CASE("one fault that makes a difference is blamed alone") {
  World world{5, {{3}}};
  const auto answer = world.attribute();
  CHECK(answer.is_explained);
  CHECK_FALSE(answer.is_natural);
  CHECK(groups_of(answer) == std::set<Set>{{3}});
}

TEST_CASE("two faults that each make it are both blamed, with what each makes by itself") {
  World world{4, {{0}, {2}}};
  const auto answer = world.attribute();
  CHECK(answer.is_explained);
  CHECK(groups_of(answer) == std::set<Set>{{0}, {2}});
  for (const auto& group : answer.groups) CHECK(group.amount_fen == -10);
}

TEST_CASE("two faults that make it only together are blamed together") {
  World world{6, {{1, 4}}};
  const auto answer = world.attribute();
  CHECK(answer.is_explained);
  CHECK(groups_of(answer) == std::set<Set>{{1, 4}});
}

TEST_CASE("a difference that is there without any fault is natural") {
  World world{3, {}, 7};
  const auto answer = world.attribute();
  CHECK(answer.is_natural);
  CHECK(answer.is_explained);
  CHECK(answer.groups.empty());
  CHECK(world.runs == 1);
}

TEST_CASE("what faults add to a natural difference is still theirs") {
  World world{3, {{2}}, 7};
  const auto answer = world.attribute();
  CHECK_FALSE(answer.is_natural);
  CHECK(groups_of(answer) == std::set<Set>{{2}});
}

TEST_CASE("a search that may not run long enough says so instead of accusing anybody") {
  World world{40, {{38, 39}}};
  const auto answer = world.attribute({.runs_max = 5, .at_once = 1});
  CHECK_FALSE(answer.is_explained);
  CHECK(answer.groups.empty());
  CHECK(world.runs <= 5);
}

TEST_CASE("whatever the world, the answer's removal undoes the difference and each group is minimal") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 0, core::Purpose::test);
    World world{1 + random.below(7, 0), {}};
    const auto sets = 1 + random.below(3, 1);
    for (std::uint64_t i = 0; i < sets; ++i) {
      Set set;
      for (std::size_t cause = 0; cause < world.causes; ++cause)
        if (random.below(3, 100 + i * 10 + cause) == 0) set.push_back(cause);
      if (set.empty()) set.push_back(random.below(world.causes, 50 + i));
      world.sufficient.push_back(set);
    }
    const auto answer = world.attribute({.runs_max = 1000, .at_once = 2});
    REQUIRE(answer.is_explained);
    audit::Present rest(world.causes, true);
    for (const auto& group : answer.groups) {
      audit::Present alone(world.causes, false);
      for (const auto cause : group.causes) alone[cause] = true;
      REQUIRE(world.difference(alone).count > 0);
      for (const auto cause : group.causes) {
        auto fewer = alone;
        fewer[cause] = false;
        REQUIRE(world.difference(fewer).count == 0);
        rest[cause] = false;
      }
    }
    REQUIRE(world.difference(rest).count == 0);
  }
}
