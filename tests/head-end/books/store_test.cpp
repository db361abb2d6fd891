// The file: versions, strangers, and what a crash leaves.
#include <catch2/catch.hpp>
#include <fstream>

#include "core/random.hpp"
#include "head-end/store/schema.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant opens = at("2026-07-01T00:00");
constexpr auto light = Configuration::Durability::commit_on_process_death;

/// What was done to the books, so that it can be done again after a crash.
struct Step {
  enum class Kind { reading, sale, recharge_done, meter_balance, trip_done } kind = Kind::reading;
  MeterId meter = 0;
  std::int64_t value = 0;
  Instant when;
  std::string key;
};

std::vector<Step> random_day(std::uint64_t seed) {
  const core::RandomStream random(seed, 7, core::Purpose::test);
  std::vector<Step> steps;
  std::vector<std::int64_t> shown(meter_count + 1, 0);
  std::uint64_t draw = 0;
  std::vector<Step> late;
  for (Instant due = opens; due <= opens + 52h; due += 15min) {
    const Instant now = due + 4min;
    for (MeterId meter = 1; meter <= meter_count; ++meter) {
      const Step step{Step::Kind::reading, meter, shown[meter], due, ""};
      if (due > opens && random.below(12, ++draw) == 0) {
        late.push_back(step);
      } else {
        steps.push_back(step);
      }
      shown[meter] += random.between(0, 40, ++draw);
    }
    if (random.below(6, ++draw) == 0) {
      steps.insert(steps.end(), late.begin(), late.end());  // backfilled
      late.clear();
    }
    if (random.below(8, ++draw) == 0) {
      const auto account = static_cast<MeterId>(random.between(1, 4, ++draw));
      steps.push_back(
          {Step::Kind::sale, account, random.between(1, 3'000, ++draw), now, "slip-" + std::to_string(draw)});
    }
    if (random.below(8, ++draw) == 0) steps.push_back({Step::Kind::recharge_done, local_meter, 0, now, ""});
    if (random.below(8, ++draw) == 0) steps.push_back({Step::Kind::trip_done, prepaid_meter_id, 0, now, ""});
  }
  return steps;
}

void carry_out(Books& books, const Step& step) {
  const Instant now = step.when + 4min;
  switch (step.kind) {
    case Step::Kind::reading:
      books.accept_reading(step.meter, step.when, CentiKilowattHours(step.value), ReadingSource::curve,
                           opens + 60h);
      break;
    case Step::Kind::sale:
      books.sell(step.key, "A000" + std::to_string(step.meter), Fen(step.value), now);
      break;
    case Step::Kind::recharge_done:
    case Step::Kind::trip_done:
      for (const auto& command : books.commands_for(1)) {
        const bool is_recharge = command.kind == CommandKind::recharge;
        if (is_recharge != (step.kind == Step::Kind::recharge_done)) continue;
        books.command_sent(command.id, now);
        books.command_finished(command.id, CommandOutcome::done, "", now);
      }
      break;
    case Step::Kind::meter_balance:
      break;
  }
  books.advance(now);
}

/// Everything that is money, metering or switching, without running numbers and the instants of retries.
std::string essence(const std::filesystem::path& store) {
  std::string all;
  all += stored_readings(store);
  all += rows(store,
              "SELECT e.kind, e.account, e.reference, p.ledger, p.amount_fen FROM posting p JOIN entry e ON "
              "e.id = p.entry "
              "ORDER BY e.kind, e.account, e.reference, p.line",
              5);
  all += rows(store, "SELECT idempotency_key, account, amount_fen FROM sale ORDER BY idempotency_key", 3);
  all += rows(store, "SELECT meter, kind, state, amount_fen, purchase_count FROM command ORDER BY id", 5);
  all += rows(store, "SELECT account, level, amount_fen FROM notice ORDER BY id", 3);
  all += rows(store, "SELECT account, levels_told, supply, is_kept FROM account_state ORDER BY account", 4);
  all +=
      rows(store,
           "SELECT account, rated_till_s, register_centikWh, tier_energy_centikWh, posted_fen, hex(energies) "
           "FROM rating_state ORDER BY account",
           6);
  return all;
}

Configuration busy_estate() {
  auto estate = small_estate(zhejiang_time_of_use());
  estate.tariffs[0].bounds = {CentiKilowattHours(700), CentiKilowattHours(1'500)};
  estate.cut_off.grace = 20min;
  return estate;
}
}  // namespace

TEST_CASE("killed at any step and told again what was not acknowledged, the books end the same") {
  const std::uint64_t seed = GENERATE(range(1, 13));
  INFO("seed " << seed);
  const auto steps = random_day(seed);
  Office calm(busy_estate());
  for (const auto& step : steps) {
    carry_out(*calm.books, step);
    calm.books->commit();
  }
  const auto balance = [](const Office& office) { return office.books->balance_of("A0002").value(); };

  Office shaken(busy_estate());
  const core::RandomStream random(seed, 8, core::Purpose::test);
  std::uint64_t draw = 0;
  int crashes = 0;
  for (const auto& step : steps) {
    while (random.below(5, ++draw) == 0) {  // dies in the middle of it: nobody was told that it was done
      ++crashes;
      carry_out(*shaken.books, step);
      shaken.kill_and_reopen(step.when + 4min);
    }
    carry_out(*shaken.books, step);
    shaken.books->commit();
    while (random.below(9, ++draw) == 0) {  // dies right after: somebody asks again
      ++crashes;
      shaken.kill_and_reopen(step.when + 4min);
      if (step.kind == Step::Kind::reading || step.kind == Step::Kind::sale) carry_out(*shaken.books, step);
      shaken.books->commit();
    }
  }
  INFO("crashes " << crashes);
  REQUIRE(crashes > 50);
  CHECK(balance(shaken) == balance(calm));
  CHECK(essence(shaken.folder.file()) == essence(calm.folder.file()));
  CHECK(ask(calm.folder.file(), "SELECT count(*) FROM notice") > 0);
  CHECK(ask(calm.folder.file(),
            "SELECT count(*) FROM (SELECT entry FROM posting GROUP BY entry HAVING sum(amount_fen) <> 0)") ==
        0);
}

TEST_CASE("one long transaction that dies leaves the books as they were") {
  const auto steps = random_day(99);
  Office office(busy_estate());
  const auto before = essence(office.folder.file());
  for (const auto& step : steps) carry_out(*office.books, step);
  office.kill_and_reopen(opens);
  CHECK(essence(office.folder.file()) == before);
}

TEST_CASE("a store of version 1 is brought up to date and keeps its readings") {
  Folder folder;
  {
    StoreDatabase database(folder.file(), light);
    database.execute(schema_step(1));
    database.execute(("PRAGMA application_id=" + std::to_string(store_application_id)).c_str());
    database.execute("PRAGMA user_version=1");
    database.execute(("INSERT INTO reading VALUES(" +
                      std::to_string(core::unix_seconds(opens) / 900 << 24 | 1) + ", 7, 0)")
                         .c_str());
  }
  { Books books(small_estate(one_yuan()), folder.file(), opens); }
  CHECK(ask(folder.file(), "PRAGMA user_version") == store_version);
  CHECK(stored_readings(folder.file()) == std::to_string(core::unix_seconds(opens) / 900) + "|1|7|0\n");
  CHECK(ask(folder.file(), "SELECT count(*) FROM anomaly") == 0);
  Books books(small_estate(one_yuan()), folder.file(), opens + 20min);
  CHECK(books.has_reading(1, opens));
  CHECK(books.accept_reading(1, opens + 15min, CentiKilowattHours(9), ReadingSource::curve, opens + 20min) ==
        ReadingVerdict::accepted);
  CHECK(books.balance_of("A0001").value() == Fen(-2));
}

TEST_CASE("files that are not ours are refused in one line and left alone") {
  Folder folder;
  const auto refuses = [&folder](const std::string& name, const std::string& why) {
    try {
      Books books(small_estate(one_yuan()), folder.file(name), opens);
      FAIL("opened");
    } catch (const StoreFailure& failure) {
      const std::string line = failure.what();
      CHECK_THAT(line, Catch::Contains(name) && Catch::Contains(why));
      CHECK(line.find('\n') == std::string::npos);
    }
  };
  std::ofstream(folder.file("text.db"))
      << "this is a letter, and not a database at all, however long it may be made to look\n";
  refuses("text.db", "not a database");
  { StoreDatabase(folder.file("foreign.db"), light).execute("CREATE TABLE recipe(name TEXT)"); }
  refuses("foreign.db", "another program");
  CHECK(rows(folder.file("foreign.db"), "SELECT name FROM sqlite_schema ORDER BY name", 1) == "recipe\n");
  { Books books(small_estate(one_yuan()), folder.file("newer.db"), opens); }
  { StoreDatabase(folder.file("newer.db"), light).execute("PRAGMA user_version=99"); }
  refuses("newer.db", "newer");
  refuses("no/such/folder.db", "cannot open");
  { Books books(small_estate(zhejiang_flat()), folder.file("other.db"), opens); }
  refuses("other.db", "another estate");
}

TEST_CASE("a customer file that contradicts itself is refused before anything is written") {
  const auto refuses = [](auto&& spoil, const std::string& why) {
    Folder folder;
    auto estate = small_estate(one_yuan());
    spoil(estate);
    CHECK_THROWS_WITH(Books(estate, folder.file(), opens), Catch::Contains(why));
    CHECK(ask(folder.file(), "SELECT count(*) FROM meter") == 0);
  };
  refuses([](Configuration& estate) { estate.meters[1].id = 7; }, "hole");
  refuses([](Configuration& estate) { estate.meters[1].concentrator = 2; }, "unknown concentrator");
  refuses([](Configuration& estate) { estate.accounts[1].meter = 1; }, "point at each other");
  refuses([](Configuration& estate) { estate.accounts[1].tariff = 3; }, "unknown tariff");
  refuses([](Configuration& estate) { estate.tariffs[0].periods[0].prices.clear(); }, "one price per tier");
  refuses([](Configuration& estate) { estate.opens += 1s; }, "quarter hour");
}

TEST_CASE("the archive's state and the comings and goings of a concentrator survive") {
  Office office(small_estate(one_yuan()));
  CHECK_FALSE(office.books->archive_is_set(1));
  office.books->note_login(1, opens);
  office.books->note_archive_set(1, opens + 1s);
  office.books->note_logout(1, opens + 2s);
  office.books->commit();
  office.kill_and_reopen(opens + 1h);
  CHECK(office.books->archive_is_set(1));
  CHECK(rows(office.folder.file(), "SELECT kind FROM concentrator_event ORDER BY id", 1) ==
        "login\narchive_set\nlogout\n");
}
