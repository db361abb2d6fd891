// The catalogue: names, formats and units by family; and every identifier of the public table, where it is
// there.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "protocols/dlt645/catalogue.hpp"
#include "tests/protocols/frames.hpp"

using dlt645::DataIdentifier;
using protocol_test::bytes_of;

namespace {
dlt645::Value only_value(std::uint32_t code, std::string_view hex) {
  const auto item = dlt645::lookup(DataIdentifier(code));
  REQUIRE(item.has_value());
  const auto values = dlt645::decode_values(*item, bytes_of(hex));
  REQUIRE(values.has_value());
  REQUIRE(values->size() == 1);
  return values->front();
}
}  // namespace

TEST_CASE("values read as people write them") {
  CHECK(only_value(0x00010000, "93 30 02 00").text == "230.93");
  CHECK(only_value(0x00010000, "93 30 02 00").unit == "kWh");
  CHECK(only_value(0x0001010C, "93 30 02 00").text == "230.93");
  CHECK(only_value(0x00000000, "93 30 02 80").text == "-230.93");
  CHECK(only_value(0x02030000, "45 23 81").text == "-1.2345");
  CHECK(only_value(0x02800002, "01 50").text == "50.01");
  CHECK(only_value(0x02800002, "01 50").unit == "Hz");
  CHECK(only_value(0x02800007, "51 82").text == "-25.1");
  CHECK(only_value(0x04000101, "01 11 01 16").text == "2016-01-11 week 01");
  CHECK(only_value(0x04000102, "32 53 18").text == "18:53:32");
  CHECK(only_value(0x04000404, "56 30 2E 30 32 32").text == "220.0V");
  CHECK(only_value(0x04000407, "00 30 2E 32").text == "2.0");
  CHECK(only_value(0x04000409, "00 12 00").text == "1200");
  CHECK(only_value(0x04000401, "12 00 00 00 10 20").text == "201000000012");
  CHECK(only_value(0x04050101, "88 55 00 00").text == "0.5588");
  CHECK(only_value(0x04050101, "88 55 00 00").unit == "yuan/kWh");
  CHECK(only_value(0x04001401, "05 00").text == "5");
  CHECK(only_value(0x00900200, "56 98 01 00").text == "198.56");
  CHECK(only_value(0x02010200, "FF FF").is_absent);
}

TEST_CASE("blocks say which rate or phase each value is") {
  const auto item = dlt645::lookup(DataIdentifier(0x0001FF00));
  REQUIRE(item.has_value());
  const auto values = dlt645::decode_values(*item, bytes_of("29 01 00 00 62 00 00 00 60 00 00 00"));
  REQUIRE(values.has_value());
  REQUIRE(values->size() == 3);
  CHECK((*values)[0].label == "total");
  CHECK((*values)[2].label == "rate 2");
  CHECK((*values)[2].text == "0.60");
  CHECK(dlt645::decode_values(*item, bytes_of("29 01 00 00 62")).error() == core::Fault::bad_length);
  CHECK(dlt645::decode_values(*item, bytes_of("2A 01 00 00")).error() == core::Fault::bad_field);
}

TEST_CASE("an unknown identifier is unknown, not guessed") {
  CHECK_FALSE(dlt645::lookup(DataIdentifier(0x04CC0001)).has_value());
  CHECK_FALSE(dlt645::lookup(DataIdentifier(0x000B0000)).has_value());
  CHECK_FALSE(dlt645::lookup(DataIdentifier(0xFFFFFFFF)).has_value());
}

TEST_CASE("no identifier and no data make the catalogue fail in any way but by a fault") {
  std::size_t known = 0;
  const auto junk = bytes_of("12 34 56 78 9A BC DE F0 11 22 33 44 55 66 77 88");
  for (std::uint32_t di3 = 0; di3 < 0x20; ++di3) {
    for (std::uint32_t low = 0; low < 0x1000000;
         low += 251) {  // a prime step meets every byte value in every place
      const auto item = dlt645::lookup(DataIdentifier(di3 << 24 | low));
      if (!item) continue;
      ++known;
      for (const std::size_t size : {0u, 1u, 3u, 16u}) {
        if (const auto values = dlt645::decode_values(*item, core::Bytes(junk).first(size)))
          CHECK(values->size() <= 16);
      }
    }
  }
  CHECK(known > 100);
}

TEST_CASE("every identifier of the public table is known, with the length that the table gives") {
  const char* named = std::getenv("METERTWIN_SHARED");
  const std::filesystem::path shared = named != nullptr ? named : METERTWIN_PROJECT_FOLDER "/../shared";
  std::ifstream file(shared / "facts/vectors/dlt645_data_identifiers.csv");
  if (!file) {
    std::cout << "SKIPPED: " << (shared / "facts/vectors/dlt645_data_identifiers.csv").string()
              << " not found\n";
    return;
  }
  std::map<std::uint32_t, int> bytes_by_item;  // the fields of a record stand on several lines
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto unit = line.rfind(','), bytes = line.rfind(',', unit - 1);
    const int count = std::stoi(line.substr(bytes + 1, unit - bytes - 1));
    bytes_by_item[static_cast<std::uint32_t>(std::stoul(line.substr(0, 8), nullptr, 16))] += count;
  }
  REQUIRE(bytes_by_item.size() > 500);
  for (const auto& [code, bytes] : bytes_by_item) {
    INFO(dlt645::to_string(DataIdentifier(code)));
    const auto item = dlt645::lookup(DataIdentifier(code));
    REQUIRE(item.has_value());
    int own = 0;
    for (const auto& field : item->fields) own += field.bytes;
    // The table gives a demand alone; captured answers have the five bytes of its time behind it.
    if (DataIdentifier(code).di3() == 0x01) own -= 5;
    CHECK((item->repeats ? bytes % own == 0 : bytes == own));
  }
}
