// What was sent and what was confirmed, against a plain model that keeps everything in sets.
#include <catch2/catch.hpp>
#include <deque>
#include <set>

#include "core/random.hpp"
#include "stress/fleet/delivery.hpp"

using namespace stress;

namespace {
InFlight report(std::uint32_t frame, std::uint16_t tag) {
  InFlight entry;
  entry.frame = frame;
  entry.tag = tag;
  entry.what = Sent::report;
  return entry;
}
const auto nobody = [](const InFlight&) { FAIL("nothing was passed over"); };
}  // namespace

TEST_CASE("fifteen frames may be in flight, not sixteen") {
  Delivery delivery;
  for (std::uint16_t i = 0; i < 15; ++i) delivery.sent(report(*delivery.next(), i));
  CHECK_FALSE(delivery.next());
  CHECK_FALSE(delivery.has_room());
  CHECK(delivery.answered(0, true, nobody).frame == 0);
  CHECK(*delivery.next() == 15);
  CHECK(delivery.frontier() == 1);
  CHECK(delivery.unconfirmed() == 14);
}

TEST_CASE("a refused frame is the next to be sent; the frontier waits for it") {
  Delivery delivery;
  for (std::uint16_t i = 0; i < 3; ++i) delivery.sent(report(*delivery.next(), i));
  delivery.answered(0, false, nobody);
  delivery.answered(1, true, nobody);
  delivery.answered(2, true, nobody);
  CHECK(delivery.frontier() == 0);
  CHECK(delivery.is_confirmed(1));
  CHECK(delivery.is_confirmed(2));
  CHECK(*delivery.next() == 0);
  delivery.sent(report(0, 3));
  delivery.answered(3, true, nobody);
  CHECK(delivery.frontier() == 3);
  CHECK(*delivery.next() == 3);
}

TEST_CASE("an answer to a later frame passes the earlier over; what cannot be answered is not missed") {
  Delivery delivery;
  InFlight bad;
  bad.tag = 0;
  bad.what = Sent::not_answerable;
  delivery.sent(bad);
  delivery.sent(report(0, 1));
  delivery.sent(report(1, 2));
  unsigned passed_over = 0;
  const auto entry = delivery.answered(2, true, [&](const InFlight& left_out) {
    CHECK(left_out.frame == 0);
    ++passed_over;
  });
  CHECK(entry.frame == 1);
  CHECK(passed_over == 1);
  CHECK(*delivery.next() == 0);
  CHECK(delivery.answered(1, true, nobody).what == Sent::nothing);  // too late: it is sent again anyway
}

TEST_CASE("a frame is not sent when the oldest unconfirmed is 64 back") {
  Delivery delivery;
  delivery.sent(report(0, 0));
  delivery.answered(0, false, nobody);
  delivery.sent(report(0, 1));  // frame 0 stays in flight, then is refused again and again
  for (std::uint32_t frame = 1; frame < 64; ++frame) {
    REQUIRE(*delivery.next() == frame);
    delivery.sent(report(frame, static_cast<std::uint16_t>(frame + 1)));
    delivery.answered(1, false, nobody);
    delivery.answered(static_cast<std::uint16_t>(frame + 1), true, nobody);
    delivery.sent(report(*delivery.next(), 1));
  }
  CHECK_FALSE(delivery.next());
  CHECK(delivery.unconfirmed() == 1);
  delivery.answered(1, true, nobody);
  CHECK(delivery.frontier() == 64);
}

TEST_CASE("random answers, refusals and broken connections agree with a model of sets") {
  constexpr std::uint64_t seed = 4711;
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  Delivery delivery;
  std::deque<std::uint32_t> flight;
  std::set<std::uint32_t> confirmed, on_wire;
  std::uint16_t tag = 0;
  for (std::uint64_t step = 0; step < 200'000; ++step) {
    INFO("seed " << seed << ", step " << step);
    const auto what = draws.below(100, step);
    if (what < 50) {
      const auto frame = delivery.next();
      if (!frame) continue;
      REQUIRE(confirmed.count(*frame) == 0);
      delivery.sent(report(*frame, tag++));
      flight.push_back(*frame);
      on_wire.insert(*frame);
    } else if (what < 99) {
      if (flight.empty()) continue;
      const bool is_good = what < 92;
      const auto oldest = static_cast<std::uint16_t>(tag - flight.size());
      const auto entry = delivery.answered(oldest, is_good, nobody);
      REQUIRE(entry.frame == flight.front());
      flight.pop_front();
      if (is_good) confirmed.insert(entry.frame);
    } else {
      std::size_t lost = 0;
      delivery.lost([&](const InFlight&) { ++lost; });
      REQUIRE(lost == flight.size());
      flight.clear();
    }
    REQUIRE(delivery.unconfirmed() == on_wire.size() - confirmed.size());
    REQUIRE(delivery.in_flight() == flight.size());
  }
  for (std::uint32_t frame = 0; frame < delivery.made(); ++frame)
    REQUIRE(delivery.is_confirmed(frame) == (confirmed.count(frame) == 1));
}
