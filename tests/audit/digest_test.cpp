// The digest: every fact moves it, the order of writing does not, and the entity that differs is named.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <map>

#include "tests/audit/town.hpp"

namespace {
std::vector<std::string> differing(const audit::RunDigest& a, const audit::RunDigest& b) {
  std::map<std::string, std::string> known;
  for (const auto& entity : a.entities) known[entity.entity] = entity.digest;
  std::vector<std::string> names;
  for (const auto& entity : b.entities)
    if (known[entity.entity] != entity.digest) names.push_back(entity.entity);
  return names;
}
}  // namespace

TEST_CASE("the same town twice has one digest, and the audit finds the same") {
  const town::Town one, two;
  CHECK(one.digest().total == two.digest().total);
  CHECK(one.digest().entities == two.digest().entities);
  CHECK(one.audited().digest.total == one.digest().total);
  CHECK(one.digest().total.size() == 16);
}

TEST_CASE("one changed fact changes the digest of its entity and no other") {
  struct Change {
    bool is_truth;
    const char* sql;
    const char* entity;
  };
  const auto change = GENERATE(
      Change{false,
             "UPDATE reading SET register_centikWh = register_centikWh + 1 WHERE key & 16777215 = 2 AND key "
             "= (SELECT max(key) FROM reading WHERE key & 16777215 = 2)",
             "M0002"},
      Change{
          false,
          "UPDATE reading SET source = 1 WHERE key = (SELECT min(key) FROM reading WHERE key & 16777215 = 3)",
          "M0003"},
      Change{false, "INSERT INTO daily_freeze VALUES(1, 2, 3, NULL, NULL, NULL, 4)", "M0001"},
      Change{false, "UPDATE command SET finished_at_ns = finished_at_ns + 1 WHERE kind = 'trip'", "M0002"},
      Change{false, "UPDATE meter_balance SET balance_fen = balance_fen + 1 WHERE purchase_count = 1",
             "M0003"},
      Change{false, "INSERT INTO rejected_reading VALUES(1, 4, 0, 5, 'too_large', 0, 0)", "M0004"},
      Change{false, "INSERT INTO anomaly VALUES(1, 0, 4, 'balance_rose', '')", "M0004"},
      Change{false, "UPDATE bill SET amount_fen = amount_fen + 1 WHERE account = 3", "books of A0003"},
      Change{false, "UPDATE bill_line SET estimated_centikWh = 1 WHERE account = 1", "books of A0001"},
      Change{false, "UPDATE posting SET amount_fen = amount_fen + 1 WHERE entry = 1", "books of A0002"},
      Change{false, "UPDATE sale SET idempotency_key = 'other' WHERE id = 1", "books of A0002"},
      Change{false, "INSERT INTO notice VALUES(1, 4, 1, 5, 'low', 6, NULL)", "books of A0004"},
      Change{false, "INSERT INTO concentrator_event VALUES(1, 1, 'login', 0)", "books of concentrator north"},
      Change{true, "UPDATE events SET at_ns = at_ns + 1 WHERE entity = 'M0002' AND kind = 'relay-opened'",
             "events of M0002"},
      Change{true, "UPDATE meters SET error_ppm = 1 WHERE meter = 4", "M0004"});
  INFO(change.sql);
  const town::Town before;
  town::Town after;
  if (change.is_truth) {
    after.truth(change.sql);
  } else {
    after.books(change.sql);
  }
  CHECK(before.digest().total != after.digest().total);
  CHECK(differing(before.digest(), after.digest()) == std::vector<std::string>{change.entity});
}

TEST_CASE("running numbers that another customer's history moves along leave no trace") {
  const town::Town before;
  town::Town after;
  after.books(
      "UPDATE sale SET id = id + 1000, entry = entry + 1000; UPDATE entry SET id = id + 1000,"
      " reference = reference + iif(kind IN ('sale', 'credit'), 1000, 0); UPDATE posting SET entry = entry + "
      "1000;"
      "UPDATE command SET id = id + 1000");
  CHECK(before.digest().total == after.digest().total);
}

TEST_CASE("a row that was never told is not a row of zeros") {
  town::Town zero, nothing;
  zero.books("INSERT INTO daily_freeze VALUES(1, 2, 3, 0, 0, 0, 4)");
  nothing.books("INSERT INTO daily_freeze VALUES(1, 2, 3, NULL, NULL, NULL, 4)");
  CHECK(zero.digest().total != nothing.digest().total);
}
