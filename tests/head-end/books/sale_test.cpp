// Sales, recharges and their purchase counts, money that the meter holds.
#include <catch2/catch.hpp>

#include "head-end/account/purchase.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant opens = at("2026-07-01T00:00");

std::int64_t ledger_sum(const Office& office, const std::string& ledger, AccountId account) {
  return ask(office.folder.file(), "SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE ledger = '" +
                                       ledger + "' AND account = " + std::to_string(account));
}

/// Open recharges, without the keep-power that the protected customer waits for.
std::vector<Command> recharges(const Office& office) {
  auto commands = office.commands();
  std::erase_if(commands, [](const Command& command) { return command.kind != CommandKind::recharge; });
  return commands;
}
}  // namespace

TEST_CASE("the same slip handed in twice is booked once and answered alike") {
  Office office(small_estate(one_yuan()));
  const auto first = office.pay("slip-1", "A0002", 5'000, opens);
  CHECK(first.outcome == SaleOutcome::booked);
  CHECK(first.balance == Fen(5'000));
  office.kill_and_reopen(opens + 1h);
  const auto again = office.pay("slip-1", "A0002", 5'000, opens + 1h);
  CHECK(again.outcome == SaleOutcome::repeated);
  CHECK(again.sale == first.sale);
  CHECK(again.amount == first.amount);
  CHECK(again.balance == first.balance);
  CHECK(office.books->balance_of("A0002").value() == Fen(5'000));
  CHECK(ledger_sum(office, "cash", 0) == 5'000);
}

TEST_CASE("nonsense at the counter is refused and leaves no trace") {
  Office office(small_estate(one_yuan()));
  CHECK(office.pay("a", "A0009", 100, opens).outcome == SaleOutcome::unknown_account);
  CHECK(office.pay("b", "A0001", 0, opens).outcome == SaleOutcome::bad_amount);
  CHECK(office.pay("c", "A0001", -5, opens).outcome == SaleOutcome::bad_amount);
  CHECK(office.pay("d", "A0001", 100'000'000, opens).outcome == SaleOutcome::bad_amount);
  CHECK(office.books->balance_of("A0009").error() == core::Fault::no_data);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM entry") == 0);
}

TEST_CASE("the hoarding cap may be reached, not passed, also when split over several sales in transit") {
  CHECK(judge_sale(Fen(1), Fen(99), Fen(100)) == SaleOutcome::booked);
  CHECK(judge_sale(Fen(2), Fen(99), Fen(100)) == SaleOutcome::over_hoarding_cap);
  CHECK(judge_sale(Fen(200), Fen(-100), Fen(100)) == SaleOutcome::booked);
  CHECK(judge_sale(Fen(2), Fen(99), Fen(0)) == SaleOutcome::booked);  // 0: no cap
  Office office(small_estate(one_yuan()));
  CHECK(office.pay("a", "A0003", 60'000, opens).outcome == SaleOutcome::booked);
  CHECK(office.pay("b", "A0003", 40'001, opens).outcome == SaleOutcome::over_hoarding_cap);
  CHECK(office.pay("c", "A0003", 40'000, opens).outcome == SaleOutcome::booked);
  CHECK(office.pay("d", "A0001", 200'000, opens).outcome ==
        SaleOutcome::booked);  // a postpaid customer may pay ahead
}

TEST_CASE("recharges carry counts 1, 2, 3 and go out one at a time") {
  Office office(small_estate(one_yuan()));
  office.pay("a", "A0003", 100, opens);
  office.pay("b", "A0003", 200, opens);
  auto commands = recharges(office);
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].purchase_count == 1);
  CHECK(commands[0].amount == Fen(100));
  CHECK(ledger_sum(office, "in_transit", 3) == -300);
  office.books->command_sent(commands[0].id, opens + 1min);
  office.books->command_finished(commands[0].id, CommandOutcome::no_answer, "", opens + 2min);
  office.books->commit();
  office.kill_and_reopen(opens + 3min);
  commands = recharges(office);
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].attempts == 1);
  CHECK(commands[0].state == CommandState::sent);
  office.books->command_finished(commands[0].id, CommandOutcome::done, "", opens + 4min);
  office.books->command_finished(commands[0].id, CommandOutcome::done, "again", opens + 4min);  // counts once
  office.books->commit();
  CHECK(ledger_sum(office, "in_transit", 3) == -200);
  CHECK(ledger_sum(office, "meter_credit", 3) == -100);
  commands = recharges(office);
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].purchase_count == 2);
}

TEST_CASE("a refused recharge gives its number back and leaves its money in transit") {
  Office office(small_estate(one_yuan()));
  office.pay("a", "A0003", 100, opens);
  office.pay("b", "A0003", 200, opens);
  const auto first = recharges(office).at(0);
  REQUIRE(first.meter == local_meter);
  office.books->command_sent(first.id, opens);
  office.books->command_finished(first.id, CommandOutcome::refused, "over the meter's cap", opens);
  office.books->commit();
  const auto second = recharges(office).at(0);
  CHECK(second.purchase_count == 1);
  CHECK(second.amount == Fen(200));
  CHECK(ledger_sum(office, "in_transit", 3) == -300);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM anomaly WHERE kind = 'recharge_failed'") == 1);
}

TEST_CASE(
    "what the meter holds less than we knew is consumption; its count proves a credit whose answer was "
    "lost") {
  Office office(small_estate(one_yuan()));
  office.pay("a", "A0003", 5'000, opens);
  const auto recharge = recharges(office).at(0);
  office.books->command_sent(recharge.id, opens + 1min);
  office.books->command_finished(recharge.id, CommandOutcome::no_answer, "", opens + 2min);
  office.books->accept_meter_balance(local_meter, Fen(4'990), 1, opens + 24h, opens + 24h);
  office.books->commit();
  CHECK(ledger_sum(office, "meter_credit", 3) == -4'990);
  CHECK(ledger_sum(office, "in_transit", 3) == 0);
  CHECK(ledger_sum(office, "revenue", 0) == -10);
  CHECK(office.books->balance_of("A0003").value() == Fen(4'990));
  // Older than what is known: nothing follows from it.
  office.books->accept_meter_balance(local_meter, Fen(4'000), 1, opens + 23h, opens + 25h);
  office.books->accept_meter_balance(local_meter, Fen(4'000), 0, opens + 26h, opens + 26h);
  CHECK(office.books->balance_of("A0003").value() == Fen(4'990));
  // Below zero: the meter's overdraft.
  office.books->accept_meter_balance(local_meter, Fen(-10), 1, opens + 48h, opens + 48h);
  office.books->commit();
  CHECK(ledger_sum(office, "meter_credit", 3) == 10);
  office.kill_and_reopen(opens + 49h);
  CHECK(office.books->balance_of("A0003").value() == Fen(-10));
}

TEST_CASE("money that appears in a meter, or a count that was never sold, is written down and not posted") {
  Office office(small_estate(one_yuan()));
  office.books->accept_meter_balance(local_meter, Fen(100), 0, opens + 1h, opens + 1h);
  office.books->accept_meter_balance(local_meter, Fen(0), 1, opens + 2h, opens + 2h);
  office.books->commit();
  CHECK(rows(office.folder.file(), "SELECT kind FROM anomaly ORDER BY id", 1) ==
        "balance_rose\ncount_ahead\n");
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM entry") == 0);
}

TEST_CASE("a count told by the meter is not yet ours, ours, or ahead of us") {
  CHECK(judge_count(4, 4, 5) == CountMeaning::not_yet);
  CHECK(judge_count(3, 4, 5) == CountMeaning::not_yet);
  CHECK(judge_count(5, 4, 5) == CountMeaning::credited);
  CHECK(judge_count(6, 4, 5) == CountMeaning::ahead);
}

TEST_CASE("neither commands nor notices show before what caused them is durable") {
  Office office(small_estate(one_yuan()));
  office.books->sell("a", "A0003", Fen(100), opens);
  CHECK(office.commands().size() == 1);  // keep-power of the protected one, nothing else
  office.books->commit();
  CHECK(office.commands().size() == 2);
}
