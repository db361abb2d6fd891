// The registry is whole: every fault has one name, its words, and fields that fit together.
#include "models/fault/registry.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "models/theft/attack.hpp"

TEST_CASE(
    "every fault has a name of its own, words in two languages, and says what happens and how it heals") {
  std::set<std::string_view> names, edges;
  for (const auto& entry : model::fault_registry()) {
    INFO(entry.name);
    CHECK(names.insert(entry.name).second);
    CHECK(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK_FALSE(entry.words.empty());
    CHECK(static_cast<unsigned char>(entry.chinese.back()) >= 0x80);
    CHECK_FALSE(entry.meaning.empty());
    CHECK_FALSE(entry.observed.empty());
    CHECK_FALSE(entry.heals.empty());
    CHECK(entry.began != entry.ended);
    CHECK(edges.insert(entry.began).second);
    CHECK(edges.insert(entry.ended).second);
  }
  CHECK(names.size() >= 25);
}

TEST_CASE("what a fault needs it also takes, and each field has a key") {
  for (const auto& entry : model::fault_registry()) {
    INFO(entry.name);
    CHECK((entry.needs & ~entry.takes) == 0);
  }
  std::set<std::string_view> keys;
  for (const auto field : model::fault_fields()) CHECK(keys.insert(model::key_of(field)).second);
  CHECK(keys.size() == model::fault_fields().size());
}

TEST_CASE("a fault is found by its name and by nothing else") {
  for (const auto& entry : model::fault_registry()) {
    REQUIRE(model::find_fault(entry.name));
    CHECK(*model::find_fault(entry.name) == entry.kind);
    CHECK(model::fault_entry(entry.kind).name == entry.name);
  }
  for (const char* wrong : {"", "outage", "uplink_outage", "uplink-outage ", "Uplink-outage"})
    CHECK_FALSE(model::find_fault(wrong));
}

TEST_CASE("the six faults of old keep their names and their events") {
  CHECK(model::fault_entry(model::FaultKind::supply_outage).began == "supply-lost");
  CHECK(model::fault_entry(model::FaultKind::uplink_outage).ended == "uplink-restored");
  CHECK(model::fault_entry(model::FaultKind::concentrator_restart).began == "concentrator-down");
  CHECK(model::fault_entry(model::FaultKind::line_noise).ended == "noise-ended");
  CHECK(model::fault_entry(model::FaultKind::meter_silent).began == "silence-began");
  CHECK(model::fault_entry(model::FaultKind::head_end_crash).name == "head-end-crash");
}

TEST_CASE("the registry knows each attack function by its name") {
  const auto names = model::attack_names();
  REQUIRE(names.size() == model::theft::attack_count);
  for (std::size_t i = 0; i < names.size(); ++i)
    CHECK(names[i] == model::theft::name_of(model::theft::every_attack()[i]));
  CHECK(model::theft::attack_of(model::attack_of_two) == model::theft::Attack::m12);
}
