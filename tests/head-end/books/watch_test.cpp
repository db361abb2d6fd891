// Three-level warning, cut-off and restoring.
#include <catch2/catch.hpp>

#include "head-end/watch/cut_off.hpp"
#include "head-end/watch/level.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;
using Level = Notice::Level;

namespace {
const Instant opens = at("2026-07-01T00:00");
const core::Zone china(std::chrono::hours(8));

/// An office whose prepaid customer A0002 has `fen` and an opening register of 0; the keep-power command is
/// done.
struct Desk : Office {
  Desk(std::int64_t fen, Configuration estate = small_estate(one_yuan())) : Office(std::move(estate)) {
    pay("opening", "A0002", fen, opens);
    pay("opening-protected", "A0004", fen, opens);
    for (const auto& command : commands()) finish(command, CommandOutcome::done, opens);
    read(prepaid_meter_id, opens, 0);
    read(protected_meter, opens, 0);
  }
  void finish(const Command& command, CommandOutcome outcome, Instant now) {
    books->command_sent(command.id, now);
    books->command_finished(command.id, outcome, "", now);
    books->commit();
  }
  /// The register of A0002 at quarter hour `n`: at one yuan a kWh it is what was used, in fen.
  void used(int n, std::int64_t fen) { read(prepaid_meter_id, opens + n * 15min, fen); }
};
}  // namespace

TEST_CASE("each level is told once per crossing and re-armed only above it") {
  Desk desk(2'500);
  const auto notices = [&desk] { return desk.take_notices(opens); };
  desk.used(1, 499);
  CHECK(notices().empty());  // 20.01
  desk.used(2, 500);
  CHECK(notices() == std::vector<Level>{Level::alarm1});  // 20.00: at the limit
  desk.used(3, 700);
  CHECK(notices().empty());
  desk.used(4, 1'400);
  desk.used(5, 2'000);
  CHECK(notices() == std::vector<Level>{Level::alarm2});
  desk.pay("p1", "A0002", 1'000, opens + 80min);  // 15.00: alarm 2 is armed again, alarm 1 is not
  desk.used(6, 2'700);
  desk.used(7, 3'100);
  CHECK(notices() == std::vector<Level>{Level::alarm2});
  desk.pay("p2", "A0002", 1'601, opens + 110min);  // 20.01: both
  CHECK(notices().empty());
  desk.used(8, 3'101);
  CHECK(notices() == std::vector<Level>{Level::alarm1});
}

TEST_CASE("a crossing told before a crash is not told again after it") {
  Desk desk(2'500);
  desk.used(1, 600);
  desk.kill_and_reopen(opens + 20min);
  desk.used(2, 700);
  CHECK(desk.take_notices(opens) == std::vector<Level>{Level::alarm1});
}

TEST_CASE("a crossing whose looking-at was lost in a crash is made up for") {
  Desk desk(2'500);
  desk.books->accept_reading(prepaid_meter_id, opens + 15min, CentiKilowattHours(600), ReadingSource::curve,
                             opens + 19min);
  desk.books->commit();  // and killed before advance()
  desk.kill_and_reopen(opens + 20min);
  CHECK(desk.books->next_duty() <= opens);
  desk.books->advance(opens + 20min);
  desk.books->commit();
  CHECK(desk.take_notices(opens) == std::vector<Level>{Level::alarm1});
}

TEST_CASE("cut-off begins exactly at the overdraft, restoring exactly above zero") {
  const std::int64_t overdraft = GENERATE(0, 300);
  auto estate = small_estate(one_yuan());
  estate.accounts[1].overdraft = Fen(overdraft);
  Desk desk(100, estate);
  desk.used(1, 99 + overdraft);
  CHECK(desk.commands().empty());
  desk.used(2, 100 + overdraft);
  REQUIRE(desk.commands().size() == 1);
  CHECK(desk.commands()[0].kind == CommandKind::trip);
  CHECK(desk.commands()[0].meter == prepaid_meter_id);
  desk.finish(desk.commands()[0], CommandOutcome::done, opens + 35min);
  desk.take_notices(opens);
  desk.pay("p1", "A0002", overdraft + 100, opens + 40min);
  desk.pay("p2", "A0002", 1, opens + 41min);
  desk.used(3, 101 + overdraft + 100);  // the relay was slow: used it all again
  desk.kill_and_reopen(opens + 50min);
  CHECK(desk.books->balance_of("A0002").value() == Fen(0));
}

TEST_CASE("a cut customer is restored once he is above zero, and told") {
  auto estate = small_estate(one_yuan());
  estate.accounts[1].overdraft = Fen(300);
  Desk desk(100, estate);
  desk.used(1, 400);  // -3.00
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 20min);
  CHECK(desk.take_notices(opens) ==
        std::vector<Level>{Level::alarm1, Level::alarm2, Level::arrears, Level::cut_off});
  desk.pay("p1", "A0002", 300, opens + 30min);
  CHECK(desk.commands().empty());  // exactly 0: the overdraft is repaid, nothing more
  desk.pay("p2", "A0002", 1, opens + 31min);
  REQUIRE(desk.commands().size() == 1);
  CHECK(desk.commands()[0].kind == CommandKind::close);
  desk.kill_and_reopen(opens + 32min);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 33min);
  CHECK(desk.take_notices(opens) == std::vector<Level>{Level::restored});
  CHECK(desk.commands().empty());
}

TEST_CASE("grace puts the trip off; money within it calls it off") {
  auto estate = small_estate(one_yuan());
  estate.cut_off.grace = 1h;
  Desk desk(100, estate);
  desk.used(1, 100);  // known at 00:19
  const Instant due = opens + 19min + 1h;
  CHECK(desk.books->next_duty() == due);
  desk.books->advance(due - 1ns);
  desk.books->commit();
  CHECK(desk.commands().empty());
  SECTION("nobody pays: the trip, also when the head-end was down when it became due") {
    desk.kill_and_reopen(due + 5min);
    desk.books->advance(due + 5min);
    desk.books->commit();
    REQUIRE(desk.commands().size() == 1);
    CHECK(desk.commands()[0].kind == CommandKind::trip);
  }
  SECTION("he pays") {
    desk.pay("p", "A0002", 1, due - 1s);
    CHECK(desk.books->next_duty() == core::never);
    desk.books->advance(due);
    desk.books->commit();
    CHECK(desk.commands().empty());
  }
}

TEST_CASE("no trip in quiet hours; it follows when they end") {
  auto estate = small_estate(one_yuan());
  estate.cut_off.never_between = DaySlot{22 * 3'600, 8 * 3'600};
  Desk desk(100, estate);
  desk.used(1, 100);
  CHECK(desk.commands().empty());
  CHECK(desk.books->next_duty() == at("2026-07-01T08:00"));
  desk.books->advance(at("2026-07-01T08:00"));
  desk.books->commit();
  CHECK(desk.commands().size() == 1);
}

TEST_CASE("quiet hours hold their beginning, not their end, also over midnight") {
  const auto quiet = [](int from_h, int till_h, const std::string& when) {
    return quiet_until(DaySlot{from_h * 3'600, till_h * 3'600}, china, at(when));
  };
  CHECK(quiet(22, 6, "2026-07-01T21:59:59") == std::nullopt);
  CHECK(quiet(22, 6, "2026-07-01T22:00") == at("2026-07-02T06:00"));
  CHECK(quiet(22, 6, "2026-07-02T05:59") == at("2026-07-02T06:00"));
  CHECK(quiet(22, 6, "2026-07-02T06:00") == std::nullopt);
  CHECK(quiet(0, 8, "2026-07-02T00:00") == at("2026-07-02T08:00"));
  CHECK(quiet(18, 24, "2026-07-02T23:59") == at("2026-07-03T00:00"));
  CHECK(quiet_until(std::nullopt, china, opens) == std::nullopt);
}

TEST_CASE("a protected customer gets keep-power once, is warned, and is never cut") {
  Office office(small_estate(one_yuan()));
  REQUIRE(office.commands().size() == 1);
  CHECK(office.commands()[0].kind == CommandKind::keep_power);
  CHECK(office.commands()[0].meter == protected_meter);
  office.kill_and_reopen(opens);
  REQUIRE(office.commands().size() == 1);
  office.books->command_sent(office.commands()[0].id, opens);
  office.books->command_finished(office.commands()[0].id, CommandOutcome::done, "", opens);
  office.books->commit();
  office.kill_and_reopen(opens);
  office.read(protected_meter, opens, 0);
  office.read(protected_meter, opens + 15min, 700);
  CHECK(office.commands().empty());
  CHECK(office.take_notices(opens) == std::vector<Level>{Level::alarm1, Level::alarm2, Level::arrears});
  CHECK(office.books->order_switch("o1", "A0004", CommandKind::trip, opens).error() == core::Fault::refused);
}

TEST_CASE("a postpaid customer is never warned or cut") {
  Office office(small_estate(one_yuan()));
  office.read(postpaid_meter, opens, 0);
  office.read(postpaid_meter, opens + 15min, 800);
  CHECK(office.take_notices(opens).empty());
  CHECK(office.commands().size() == 1);  // the protected one's
}

TEST_CASE("a trip that is still open when he pays is superseded by the close") {
  Desk desk(100);
  desk.used(1, 200);
  const auto trip = desk.commands().at(0);
  desk.books->command_sent(trip.id, opens + 20min);  // perhaps it arrived: nobody knows
  desk.pay("p", "A0002", 500, opens + 21min);
  REQUIRE(desk.commands().size() == 1);
  CHECK(desk.commands()[0].kind == CommandKind::close);
  desk.books->command_finished(trip.id, CommandOutcome::done, "late", opens + 22min);
  desk.books->commit();
  CHECK(desk.commands().size() == 1);
  CHECK(rows(desk.folder.file(), "SELECT state FROM command WHERE id = " + std::to_string(trip.id), 1) ==
        "given_up\n");
}

TEST_CASE("operators' orders are idempotent, and end a cut only where money allows") {
  Desk desk(1'000);
  const auto order = [&desk](const std::string& key, CommandKind kind) {
    const auto id = desk.books->order_switch(key, "A0002", kind, opens + 1h);
    desk.books->commit();
    return id;
  };
  const auto first = order("o1", CommandKind::trip);
  CHECK(order("o1", CommandKind::trip).value() == first.value());
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  desk.pay("p", "A0002", 100, opens + 1h);
  CHECK(desk.commands().empty());  // money does not end what somebody ordered
  order("o2", CommandKind::close);
  CHECK(desk.commands().at(0).kind == CommandKind::close);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  desk.used(1, 800);
  desk.used(2, 1'500);
  CHECK(desk.commands().at(0).kind == CommandKind::trip);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  CHECK(order("o3", CommandKind::close).error() == core::Fault::refused);
  order("o4", CommandKind::keep_power);  // keep-power beats arrears
  CHECK(desk.commands().at(0).kind == CommandKind::keep_power);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  CHECK(desk.commands().at(0).kind == CommandKind::close);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  order("o5", CommandKind::release_keep_power);  // and its end re-arms the cut-off
  CHECK(desk.commands().at(0).kind == CommandKind::release_keep_power);
  desk.finish(desk.commands().at(0), CommandOutcome::done, opens + 1h);
  CHECK(desk.commands().at(0).kind == CommandKind::trip);
  CHECK(desk.books->order_switch("o6", "A0099", CommandKind::close, opens).error() == core::Fault::no_data);
}

TEST_CASE("an account in the meter is warned by what its meter reports") {
  Office office(small_estate(one_yuan()));
  office.pay("a", "A0003", 3'000, opens);
  const auto recharge = office.commands().at(1);  // behind the keep-power of the protected one
  office.books->command_finished(recharge.id, CommandOutcome::done, "", opens);
  office.books->accept_meter_balance(local_meter, Fen(400), 1, opens + 24h, opens + 24h);
  office.books->accept_meter_balance(local_meter, Fen(300), 1, opens + 48h, opens + 48h);
  office.books->commit();
  CHECK(office.take_notices(opens) == std::vector<Level>{Level::alarm1, Level::alarm2});
}
