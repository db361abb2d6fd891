/// Virtual lines and doors: bytes, deadlines, ends that close, offers that queue.
#include "platform/virtual/virtual_link.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "platform/spawn.hpp"
#include "platform/virtual/virtual_world.hpp"

namespace {
using namespace std::chrono_literals;
using core::Fault;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);

class Recorder final : public seam::FarEnd {
 public:
  void head_end_wrote(core::Bytes bytes) override { heard.insert(heard.end(), bytes.begin(), bytes.end()); }
  void head_end_closed() override { ++closed_count; }
  std::vector<std::uint8_t> heard;
  int closed_count = 0;
};

/// One line of the log for each read: "3@1.000" or the fault's name.
seam::asio::awaitable<void> read_on(seam::Clock& clock, seam::Link& link, core::Duration patience, int reads,
                                    std::string& log) {
  std::array<std::uint8_t, 8> buffer;
  for (int i = 0; i < reads; ++i) {
    const auto count = co_await link.read_some(buffer, clock.now() + patience);
    log += count ? std::to_string(*count) : std::string(core::name_of(count.error()));
    log += "@" + std::to_string((clock.now() - start) / 1ms) + " ";
  }
}

struct Rig {
  seam::VirtualClock clock{start};
  Recorder far_end;
  seam::VirtualField field{clock, far_end, "concentrator north"};
  std::unique_ptr<seam::Link> link = field.connect();
  std::string log;
};
const std::vector<std::uint8_t> three{0x68, 0x01, 0x16};

TEST_CASE("bytes cross both ways, in order and whole") {
  Rig rig;
  CHECK(rig.link->peer() == "concentrator north");
  seam::spawn(rig.clock, [](Rig& its) -> seam::asio::awaitable<void> {
    // Not CHECK(co_await ...): the macro names its argument more than once, and g++ 12 awaits it each time.
    const auto whole = co_await its.link->write(three);
    const auto part = co_await its.link->write(core::Bytes(three).first(1));
    CHECK(whole);
    CHECK(part);
  }(rig));
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, 10s, 2, rig.log));
  rig.clock.advance_to(start + 1s);
  CHECK(rig.far_end.heard == std::vector<std::uint8_t>{0x68, 0x01, 0x16, 0x68});
  rig.field.deliver(three);
  rig.field.deliver(three);
  rig.field.deliver(three);
  CHECK(rig.log.empty());  // nothing runs inside deliver()
  CHECK(rig.field.unread() == 9);
  rig.clock.settle();
  CHECK(rig.log == "8@1000 1@1000 ");
  CHECK(rig.field.unread() == 0);
}

TEST_CASE("an answer exactly at the deadline is in time, a moment later is not") {
  Rig rig;
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, 1200ms, 2, rig.log));
  rig.clock.settle();
  rig.clock.arrive_at(start + 1200ms);
  rig.field.deliver(three);
  rig.clock.settle();
  CHECK(rig.log == "3@1200 ");
  rig.clock.advance_to(start + 2400ms);
  rig.field.deliver(three);
  CHECK(rig.log == "3@1200 timeout@2400 ");
}

TEST_CASE("after a timeout the line is as good as before and late bytes are not lost") {
  Rig rig;
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, 100ms, 2, rig.log));
  rig.clock.advance_to(start + 150ms);
  rig.field.deliver(core::Bytes(three).first(2));
  rig.clock.settle();
  CHECK(rig.log == "timeout@100 2@150 ");
}

TEST_CASE("a read whose deadline has passed takes what is there and otherwise times out at once") {
  Rig rig;
  rig.clock.advance_to(start + 1s);
  rig.field.deliver(three);
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, -500ms, 2, rig.log));
  rig.clock.settle();
  CHECK(rig.log == "3@1000 timeout@1000 ");
}

TEST_CASE("the field's end closes: bytes before it can still be read, then the stream has ended") {
  Rig rig;
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, 10s, 3, rig.log));
  rig.clock.advance_to(start + 1s);
  rig.field.deliver(three);
  rig.field.close();
  rig.field.deliver(three);
  rig.field.close();
  rig.clock.settle();
  CHECK(rig.log == "3@1000 link closed@1000 link closed@1000 ");
  CHECK(rig.far_end.closed_count == 0);
  seam::spawn(rig.clock, [](Rig& its) -> seam::asio::awaitable<void> {
    const auto written = co_await its.link->write(three);
    CHECK(written.error() == Fault::link_closed);
  }(rig));
  rig.clock.settle();
  CHECK(rig.far_end.heard.empty());
  rig.link.reset();
  CHECK(rig.far_end.closed_count == 0);  // who closed first need not be told
}

TEST_CASE("the head-end's end closes: its pending read ends, the field is told once") {
  Rig rig;
  seam::spawn(rig.clock, read_on(rig.clock, *rig.link, 10s, 1, rig.log));
  rig.clock.settle();
  SECTION("by close()") { rig.link->close(); }
  SECTION("by its end") { rig.link.reset(); }
  rig.field.deliver(three);
  rig.clock.advance_to(start + 1s);
  CHECK(rig.log == "link closed@0 ");
  rig.link.reset();
  CHECK(rig.far_end.closed_count == 1);
  CHECK_FALSE(rig.field.is_open());
}

TEST_CASE("links that are offered wait in line until accepted; a closed door refuses") {
  seam::VirtualClock clock(start);
  seam::VirtualListener listener(clock);
  Recorder far_end;
  std::vector<seam::VirtualField> fields;
  for (const char* name : {"north", "south", "east"}) fields.emplace_back(clock, far_end, name);
  std::string log;
  REQUIRE(listener.offer(fields[0].connect()));
  REQUIRE(listener.offer(fields[1].connect()));
  seam::spawn(clock, [](seam::Listener& door, std::string& out) -> seam::asio::awaitable<void> {
    for (;;) {
      auto link = co_await door.accept();
      if (!link) break;
      out += (*link)->peer() + " ";
    }
    out += "closed ";
  }(listener, log));
  clock.settle();
  CHECK(log == "north south ");
  CHECK(far_end.closed_count == 2);  // accepted and let go
  listener.close();
  listener.close();
  CHECK_FALSE(listener.offer(fields[2].connect()));
  CHECK(far_end.closed_count == 3);
  clock.settle();
  CHECK(log == "north south closed ");
}

seam::asio::awaitable<void> note_bytes(seam::Link& link, std::string& log) {
  std::array<std::uint8_t, 8> buffer;
  while (co_await link.read_some(buffer, core::never)) log += link.peer() + " ";
}

TEST_CASE("bytes of one instant reach the readers in the order of asking, whichever model delivered first") {
  seam::VirtualClock clock(start);
  Recorder far_end;
  std::vector<seam::VirtualField> fields;
  std::vector<std::unique_ptr<seam::Link>> links;
  std::string log;
  for (const char* name : {"west", "north", "east"}) {
    links.push_back(fields.emplace_back(clock, far_end, name).connect());
    seam::spawn(clock, note_bytes(*links.back(), log));
  }
  clock.settle();
  std::vector<std::size_t> order{0, 1, 2};
  do {
    log.clear();
    clock.arrive_at(clock.now() + 1s);
    for (const std::size_t i : order) fields[i].deliver(three);
    clock.settle();
    CHECK(log == "west north east ");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("links offered at one instant come in order of their names, those of later instants after them") {
  seam::VirtualClock clock(start);
  seam::VirtualListener listener(clock);
  Recorder far_end;
  std::vector<seam::VirtualField> fields;
  for (const char* name : {"south", "north", "east"}) {
    fields.emplace_back(clock, far_end, name);
    listener.offer(fields.back().connect());
  }
  clock.arrive_at(start + 1s);
  fields.emplace_back(clock, far_end, "a late one");
  listener.offer(fields.back().connect());
  std::string log;
  seam::spawn(clock, [](seam::Listener& door, std::string& out) -> seam::asio::awaitable<void> {
    for (int i = 0; i < 4; ++i) out += (*co_await door.accept())->peer() + ", ";
  }(listener, log));
  clock.settle();
  CHECK(log == "east, north, south, a late one, ");
}

TEST_CASE("any slicing of deliveries and reads gives the same bytes") {
  const auto seed = GENERATE(range(0, 30));
  INFO("seed " << seed);
  const core::RandomStream random(static_cast<std::uint64_t>(seed), 2, core::Purpose::test);
  Rig rig;
  std::vector<std::uint8_t> sent;
  std::vector<std::uint8_t> received;
  seam::spawn(
      rig.clock,
      [](Rig& its, core::RandomStream draw, std::vector<std::uint8_t>& out) -> seam::asio::awaitable<void> {
        std::array<std::uint8_t, 64> buffer;
        for (std::uint64_t i = 0;; ++i) {
          const auto room = static_cast<std::size_t>(draw.between(1, 64, 1'000'000 + i));
          const auto count = co_await its.link->read_some(std::span(buffer).first(room), core::never);
          if (!count) co_return;
          out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        }
      }(rig, random, received));
  std::vector<std::uint8_t> piece;
  for (std::uint64_t i = 0; i < 300; ++i) {
    piece.resize(random.below(100, i));
    for (std::size_t k = 0; k < piece.size(); ++k)
      piece[k] = static_cast<std::uint8_t>(random.word(1000 * i + k));
    sent.insert(sent.end(), piece.begin(), piece.end());
    rig.field.deliver(piece);
    if (random.below(3, 10'000 + i) == 0) rig.clock.advance_by(1ms);
  }
  rig.field.close();
  rig.clock.settle();
  CHECK(received == sent);
}
}  // namespace
