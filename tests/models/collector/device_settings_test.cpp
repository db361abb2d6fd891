// Settings as values, and the flash that keeps them through a cut in mid-write.
#include "models/collector/device_settings.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"

using namespace model;
using namespace std::chrono_literals;

namespace {
DeviceSettings two_ports() {
  DeviceSettings settings;
  settings.name = {3301, 1};
  for (std::uint8_t port = 2; port <= 3; ++port) {
    settings.plans.push_back({});
    settings.plans.back().port = port;
    settings.rates.push_back({port});
    settings.attempts.push_back({port});
  }
  return settings;
}
std::vector<std::uint8_t> image_of(std::size_t bytes, std::uint8_t fill) {
  return std::vector<std::uint8_t>(bytes, fill);
}
}  // namespace

TEST_CASE("a unit is taken as a whole or not at all") {
  auto settings = two_ports();
  const auto before = settings;
  CHECK_FALSE(settings.take(std::vector<gdw3761::PortAttempts>{{2, 7}, {4, 7}}));
  CHECK(settings == before);
  CHECK(settings.take(std::vector<gdw3761::PortAttempts>{{3, 7}}));
  CHECK(settings.attempts[1].attempts == 7);
  CHECK(settings.attempts[0].attempts == 2);
  CHECK(settings.take(std::vector<gdw3761::PulseInput>{{1, 5}, {2, 6}}));
  CHECK_FALSE(settings.take(std::vector<gdw3761::PulseInput>{{3, 6}}));    // another input has point 6
  CHECK(settings.take(std::vector<gdw3761::PulseInput>{{1, 6}, {2, 5}}));  // they change places
  CHECK_FALSE(settings.take(std::vector<gdw3761::CollectorRecord>{{core::MeterAddress(7), 9}}));
  CHECK(settings.collectors.empty());
}

TEST_CASE("blocks are answered in the order asked, those that are not there left out") {
  auto settings = two_ports();
  const auto plans = settings.blocks_of({gdw3761::setting::reading_plans, {3, 9, 2}});
  REQUIRE(plans);
  CHECK(*plans == gdw3761::Parameter(std::vector{settings.plans[1], settings.plans[0]}));
  CHECK_FALSE(settings.blocks_of({gdw3761::setting::archive, {1}}));
}

TEST_CASE("an image restores what made it, and one of another device changes nothing") {
  auto settings = two_ports();
  REQUIRE(settings.take(std::vector<gdw3761::CollectorRecord>{{core::MeterAddress(7), 3, 0x6B, false}}));
  REQUIRE(settings.take(std::vector<gdw3761::MeterNote>{{9, 123, 456}}));
  auto other = two_ports();
  REQUIRE(other.restore(settings.image()));
  CHECK(other == settings);
  DeviceSettings portless;
  CHECK_FALSE(portless.restore(settings.image()));
  CHECK(portless == DeviceSettings());
  auto cut = settings.image();
  cut.pop_back();
  auto third = two_ports();
  CHECK_FALSE(third.restore(cut));
  CHECK(third == two_ports());
}

TEST_CASE("a write cut at any instant leaves the old image or the new one") {
  const auto old_image = image_of(700, 0x11), new_image = image_of(900, 0x22);
  SettingsFlash kept;
  CHECK_FALSE(kept.newest());
  kept.write(image_of(10, 0x99));
  kept.write(old_image);
  const auto whole = SettingsFlash::write_time(new_image.size());
  CHECK(whole == 45ms + 4 * 700us);  // 912 bytes are four pages
  bool is_new_seen = false;
  for (auto cut = 0us; cut <= whole + 1ms; cut += 50us) {
    INFO("cut after " << cut.count() << " us");
    auto flash = kept;
    flash.write_part(new_image, cut);
    REQUIRE(flash.newest());
    const bool is_new = *flash.newest() == new_image;
    REQUIRE((is_new || *flash.newest() == old_image));
    REQUIRE((is_new || cut < whole));
    REQUIRE(is_new >= is_new_seen);  // once there, it stays
    is_new_seen = is_new;
    // Whatever was left behind, the next write works.
    flash.write(image_of(20, 0x33));
    REQUIRE(*flash.newest() == image_of(20, 0x33));
  }
  CHECK(is_new_seen);
}

TEST_CASE("a thousand writes, each third one cut: always the last whole one") {
  const core::RandomStream random(41, 2, core::Purpose::test);
  SettingsFlash flash;
  std::optional<std::vector<std::uint8_t>> last;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    INFO("seed 41, write " << i);
    const auto image = image_of(static_cast<std::size_t>(random.below(600, 3 * i)),
                                static_cast<std::uint8_t>(random.below(256, 3 * i + 1)));
    const auto whole = SettingsFlash::write_time(image.size());
    if (i % 3 == 2) {
      flash.write_part(image, core::Duration(static_cast<std::int64_t>(random.below(
                                  static_cast<std::uint64_t>((whole - 1ms).count()), 3 * i + 2))));
    } else {
      flash.write(image);
      last = image;
    }
    REQUIRE(flash.newest() == last);
  }
}
