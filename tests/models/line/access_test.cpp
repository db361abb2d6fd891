// Closed forms against the textbooks, and how terminals come back. That the models keep to these forms is
// tested law by law in tests/apps/line_curve/line_laws_test.cpp.
#include "models/line/bearers/random_access.hpp"

#include <catch2/catch.hpp>

#include "models/line/statistics/queues.hpp"

using namespace std::chrono_literals;

TEST_CASE("the closed forms of queues, calls and random access give the textbook's figures") {
  struct Queue {
    double rho, mm1, md1, mg1;
  };
  for (const auto& row :
       {Queue{0.1, 0.11111111, 0.055555556, 0.069444444}, Queue{0.5, 1, 0.5, 0.625}, Queue{0.8, 4, 2, 2.5},
        Queue{0.95, 19, 9.5, 11.875}, Queue{0.99, 99, 49.5, 61.875}}) {
    CHECK(model::mm1_wait(row.rho) == Approx(row.mm1).epsilon(1e-7));
    CHECK(model::md1_wait(row.rho) == Approx(row.md1).epsilon(1e-7));
    CHECK(model::mg1_wait(row.rho, 0.25) == Approx(row.mg1).epsilon(1e-7));
  }
  struct Calls {
    double offered;
    int lines;
    double blocked;
  };
  for (const auto& row :
       {Calls{1, 1, 0.5}, Calls{1, 4, 0.015384615}, Calls{2, 8, 0.00085947572}, Calls{5, 4, 0.39834289},
        Calls{5, 16, 4.9140175e-05}, Calls{10, 8, 0.33831843}, Calls{10, 16, 0.022301872}})
    CHECK(model::erlang_b(row.offered, row.lines) == Approx(row.blocked).epsilon(1e-7));
  struct Aloha {
    double offered, pure, slotted;
  };
  for (const auto& row : {Aloha{0.05, 0.045241871, 0.047561471}, Aloha{0.5, 0.18393972, 0.30326533},
                          Aloha{1, 0.13533528, 0.36787944}, Aloha{3, 0.0074362565, 0.14936121}}) {
    CHECK(model::pure_throughput(row.offered) == Approx(row.pure).epsilon(1e-7));
    CHECK(model::slotted_throughput(row.offered) == Approx(row.slotted).epsilon(1e-7));
  }
  CHECK(model::alone_in_window(32, 64) == Approx(0.61373069).epsilon(1e-7));
  CHECK(model::alone_in_window(256, 8) == Approx(1.6294968e-15).epsilon(1e-6));
  CHECK(model::alone_in_window(1, 1) == 1);
}

TEST_CASE(
    "after an outage everybody comes back, later the more there are, and never more than the cell can "
    "grant") {
  core::Duration before{};
  for (const std::uint32_t terminals : {1u, 20u, 200u, 2'000u}) {
    model::StormSetup setup;
    setup.terminals = terminals;
    const auto result = model::storm(setup, 1, 1);
    auto times = result.back_after;
    std::sort(times.begin(), times.end());
    CHECK(times.size() == terminals);
    CHECK(times.back() >= before);
    before = times.back();
    for (std::size_t i = setup.channels; i < times.size(); ++i)
      CHECK(times[i] / 1s > times[i - setup.channels] / 1s);  // so many a second
    CHECK(result.attempts == terminals + result.collisions + result.refusals);
    CHECK(model::storm(setup, 1, 1).back_after == result.back_after);
  }
}

TEST_CASE("pauses double up to their limit and are spread below it") {
  const model::BackOff back_off{5s, 60s, {1, 2}};
  for (int failures = 0; failures < 100; ++failures) {
    const auto longest = std::min<core::Duration>(5s * (1 << std::min(failures, 10)), 60s);
    for (const std::uint64_t word : {std::uint64_t{0}, UINT64_MAX, UINT64_MAX / 3}) {
      const auto pause = back_off.pause(failures, word);
      CHECK(pause <= longest);
      CHECK(pause >= longest / 2);
    }
  }
}
