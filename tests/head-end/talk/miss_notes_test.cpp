// Why quarter hours are missing: runs of one reason, against a plain table of every quarter hour.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/collect/miss_notes.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace headend;

TEST_CASE("notes say of each quarter hour what was told of it last") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 51));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  MissNotes notes;
  std::map<Slot, MissWhy> told;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const auto first = static_cast<Slot>(draws.below(60, 3 * i));
    const auto last = first + static_cast<Slot>(draws.below(6, 3 * i + 1));
    const auto why = static_cast<MissWhy>(draws.below(3, 3 * i + 2));
    notes.note(7, first, last, why, core::instant_from_seconds(static_cast<std::int64_t>(i)));
    for (Slot slot = first; slot <= last; ++slot) told[slot] = why;
    for (Slot slot = -1; slot <= 70; ++slot) {
      const auto* note = notes.find(7, slot);
      const auto truth = told.find(slot);
      REQUIRE((note != nullptr) == (truth != told.end()));
      if (note != nullptr) REQUIRE(note->why == truth->second);
    }
    for (std::size_t n = 1; n < notes.of(7).size(); ++n)
      REQUIRE(notes.of(7)[n - 1].last < notes.of(7)[n].first);
  }
  CHECK(notes.find(8, 5) == nullptr);
}

TEST_CASE("a meter that stays silent costs one note, however long, and it counts the asking") {
  MissNotes notes;
  for (Slot slot = 0; slot < 10'000; ++slot)
    notes.note(1, slot, slot, MissWhy::no_value, core::instant_from_seconds(slot));
  REQUIRE(notes.of(1).size() == 1);
  CHECK(notes.of(1)[0].asked == 10'000);
  CHECK(notes.of(1)[0].asked_last == core::instant_from_seconds(9'999));
}

TEST_CASE("a meter that is missing now and then keeps the latest notes and no more") {
  MissNotes notes;
  for (Slot slot = 0; slot < 1'000; slot += 2) notes.note(1, slot, slot, MissWhy::no_value, Instant{});
  CHECK(notes.of(1).size() == MissNotes::runs_max);
  CHECK(notes.find(1, 998) != nullptr);
  CHECK(notes.find(1, 0) == nullptr);
}

TEST_CASE("why readings are missing is known after a restart as before it") {
  using talk_test::at;
  talk_test::Scene scene;
  scene.north().is_missing = [](MeterId id, Instant due, Instant) { return id == 2 && due > at(1); };
  scene.start();
  scene.run_until(at(4));
  scene.head_end().books().commit();
  CHECK(scene.committed("SELECT count(*) FROM miss_note WHERE meter = 2 AND why = 'no-value'") >= 1);
  CHECK(scene.committed("SELECT count(*) FROM miss_note WHERE meter <> 2") == 0);
  scene.crash();
  scene.redials = false;
  scene.restart_after(10s);
  headend::MissNotes notes;
  notes.take_up(scene.books());
  REQUIRE_FALSE(notes.of(2).empty());
  const auto* note = notes.find(2, headend::slot_before(at(2)));
  REQUIRE(note != nullptr);
  CHECK(note->why == MissWhy::no_value);
  CHECK(note->asked >= 1);
  CHECK(notes.find(2, headend::slot_before(at(1))) == nullptr);
}
