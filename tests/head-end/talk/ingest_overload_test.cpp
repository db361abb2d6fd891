// Overload: refused explicitly, one by one, never lost, and over when it is over. On a processor that is
// slow.
#include <catch2/catch.hpp>

#include "head-end/collect/ingest.hpp"
#include "platform/spawn.hpp"
#include "tests/head-end/talk/ingest_scene.hpp"

using namespace talk_test;

namespace {
/// A processor on which each look at the clock takes `cost`.
class SlowClock final : public seam::Clock {
 public:
  SlowClock(seam::Clock& base, Duration cost) : base_(base), cost_(cost) {}
  Instant now() const noexcept override { return base_.now() + (late_ += cost_); }
  seam::asio::awaitable<void> sleep_until(Instant deadline) override { return base_.sleep_until(deadline); }
  std::unique_ptr<seam::Alarm> make_alarm() override { return base_.make_alarm(); }
  seam::asio::any_io_executor executor() override { return base_.executor(); }

 private:
  seam::Clock& base_;
  Duration cost_;
  mutable Duration late_{};
};

/// One connection's worth of frames, and what became of each.
struct Sender final : headend::Creditor {
  void durable() override {
    ++commits_heard;
    confirmed.insert(taken.begin(), taken.end());
    taken.clear();
  }
  std::set<unsigned> open, taken, confirmed;
  std::size_t refused = 0;
  int commits_heard = 0;
  std::unique_ptr<seam::Alarm> bell;
};

constexpr std::size_t read_bytes = 16'384;  // as much as a session reads at once

/// As a session does it: waits for its turn, then has each frame looked at or refused.
seam::asio::awaitable<void> bring(headend::Desk& desk, const Configuration& configuration,
                                  std::size_t position, Sender& sender) {
  auto& ingest = *desk.ingest;
  const auto& file = configuration.concentrators[position];
  if (!ingest.may_go_now(read_bytes)) co_await ingest.turn(read_bytes, sender.bell);
  const auto* const area = desk.estate.find(file.region, file.address);
  for (const unsigned n : sender.open) {
    if (!ingest.admits_next()) {
      ++sender.refused;
      continue;
    }
    const auto frame =
        curve_report(configuration, position,
                     {.counter = n, .due = configuration.opens + n * 2h, .count = 8, .points = {1, 2, 3}});
    if (ingest.take(*area, *gdw3761::decode(frame))) sender.taken.insert(n);
  }
  ingest.came();
  ingest.owe(sender);
}

seam::asio::awaitable<void> bring_all(headend::Desk& desk, const Configuration& configuration,
                                      std::vector<Sender>& senders) {
  for (std::size_t i = 0; i < senders.size(); ++i)
    if (!senders[i].open.empty()) seam::spawn(desk.clock, bring(desk, configuration, i, senders[i]));
  co_return;
}
}  // namespace

TEST_CASE("under overload frames are refused one by one, none is lost, and admission recovers") {
  constexpr std::size_t collectors = 60;
  constexpr unsigned frames_each = 15;
  auto configuration = pushing_estate(collectors);
  configuration.ingest.overload_wait = 20ms;
  IngestScene scene(configuration);  // its folder and its eyes; the desk is our own
  seam::VirtualClock world(configuration.opens + 48h);
  SlowClock clock(world, 200us);
  headend::Desk desk(configuration, scene.folder() / "books.db", clock, {});
  std::vector<Sender> senders(collectors);
  for (auto& sender : senders)
    for (unsigned n = 0; n < frames_each; ++n) sender.open.insert(n);
  std::size_t frames_left = collectors * frames_each, refused_first = 0;
  for (int volley = 0; frames_left > 0; ++volley) {
    INFO("volley " << volley << ", " << frames_left << " frames left");
    REQUIRE(volley < 100);
    // A crowd at once: more than a round of the event loop looks at, and each round takes its time.
    seam::spawn(clock, bring_all(desk, configuration, senders));
    world.settle();
    CHECK(desk.ingest_statistics.queued_bytes == 0);
    std::size_t confirmed_before = 0;
    for (const auto& sender : senders) confirmed_before += sender.confirmed.size();
    CHECK(confirmed_before == collectors * frames_each - frames_left);  // nothing without a commit
    desk.commit();
    frames_left = 0;
    for (auto& sender : senders) {
      CHECK(sender.taken.empty());
      for (const unsigned n : sender.confirmed) sender.open.erase(n);
      frames_left += sender.open.size();
    }
    if (volley == 0) refused_first = frames_left;
  }
  std::size_t refused = 0;
  for (const auto& sender : senders) {
    CHECK(sender.confirmed.size() == frames_each);
    refused += sender.refused;
  }
  CHECK(refused_first > 0);
  CHECK(refused_first < collectors * frames_each);  // a share, not everything
  CHECK(refused >= refused_first);
  CHECK(desk.ingest_statistics.overloads > 0);
  CHECK_FALSE(desk.ingest->is_overloaded());  // idle for long enough in clock time
  CHECK(desk.ingest_statistics.count(headend::ReadingVerdict::accepted) == collectors * frames_each * 8 * 3);
  world.kill();
  CHECK(scene.stored().size() == collectors * frames_each * 8 * 3);
}

TEST_CASE("who waits is served in the order of coming, a bounded number of bytes a round") {
  IngestScene scene(pushing_estate());
  seam::VirtualClock world(scene.configuration.opens + 48h);
  SlowClock clock(world, 1us);
  headend::Desk desk(scene.configuration, scene.folder() / "books.db", clock, {});
  auto& ingest = *desk.ingest;
  std::vector<int> order;
  std::vector<std::unique_ptr<seam::Alarm>> bells(50);
  const auto wait = [](headend::Ingest& whose, std::unique_ptr<seam::Alarm>& bell, std::vector<int>& served,
                       int who) -> seam::asio::awaitable<void> {
    if (!whose.may_go_now(read_bytes)) co_await whose.turn(read_bytes, bell);
    served.push_back(who);
  };
  const auto crowd = [&]() -> seam::asio::awaitable<void> {
    for (int who = 0; who < 50; ++who)
      seam::spawn(clock, wait(ingest, bells[static_cast<std::size_t>(who)], order, who));
    co_return;
  };
  seam::spawn(clock, crowd());
  while (order.empty()) world.context().poll_one();
  CHECK(order.size() == 16);  // 256 KiB
  CHECK(desk.ingest_statistics.queued_bytes == 34 * read_bytes);
  world.settle();
  REQUIRE(order.size() == 50);
  for (int who = 0; who < 50; ++who) CHECK(order[static_cast<std::size_t>(who)] == who);
  CHECK(desk.ingest_statistics.queued_bytes == 0);
  CHECK(desk.ingest_statistics.frames_refused == 0);
  world.kill();
}
