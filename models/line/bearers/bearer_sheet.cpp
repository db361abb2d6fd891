#include "models/line/bearers/bearer_sheet.hpp"

#include <algorithm>

namespace model {
namespace {
using namespace std::chrono_literals;

BearerSheet gprs() {
  BearerSheet sheet;
  sheet.name = "gprs";
  sheet.source =
      "round trip 600..1000 ms and 31.5 kbit/s down on three slots (measurements of a German network); two "
      "slots up of "
      "class 10; attach and activation failures and times from a regulator's limits (2 %, 4 %, 98 % within 2 "
      "s); "
      "session, translator and price assumed";
  sheet.latency_min = 300ms;
  sheet.latency_max = 500ms;
  sheet.up_bps = 21'000;
  sheet.down_bps = 31'500;
  sheet.loss = {1, 100};
  sheet.retransmission = 3s;
  sheet.attach_min = 500ms;
  sheet.attach_max = 2s;
  sheet.attach_fails = {2, 100};
  sheet.activation_min = 500ms;
  sheet.activation_max = 2s;
  sheet.activation_fails = {4, 100};
  sheet.channel_set_up = 400ms;
  sheet.channel_kept = 1500ms;
  sheet.idle_forgotten = 10min;
  sheet.session_mean = 24h;
  sheet.new_address = {9, 10};
  sheet.price_uYuan_per_kB = 300;
  return sheet;
}

BearerSheet fourth_generation() {
  auto sheet = gprs();
  sheet.name = "4g";
  sheet.source =
      "LTE category 1 (3GPP 36.306: 10.3 Mbit/s down, 5.2 up); connection set-up of 100 ms and release after "
      "10 s are usual settings; failures as for GPRS, halved; the rest assumed";
  sheet.latency_min = 25ms;
  sheet.latency_max = 60ms;
  sheet.up_bps = 5'200'000;
  sheet.down_bps = 10'300'000;
  sheet.loss = {1, 1000};
  sheet.retransmission = 300ms;
  sheet.attach_fails = {1, 100};
  sheet.activation_fails = {2, 100};
  sheet.channel_set_up = 100ms;
  sheet.channel_kept = 10s;
  sheet.idle_forgotten = 5min;
  sheet.session_mean = 72h;
  sheet.price_uYuan_per_kB = 30;
  return sheet;
}

BearerSheet narrowband() {
  auto sheet = gprs();
  sheet.name = "nb-iot";
  sheet.source =
      "3GPP release 13 category NB1 (peak 62.5 kbit/s up, 26.15 down); delays of seconds at its coverage "
      "limit (3GPP 45.820: 10 s); the rest assumed";
  sheet.latency_min = 500ms;
  sheet.latency_max = 6s;
  sheet.up_bps = 62'500;
  sheet.down_bps = 26'150;
  sheet.loss = {1, 100};
  sheet.retransmission = 5s;
  sheet.attach_max = 10s;
  sheet.channel_set_up = 1500ms;
  sheet.channel_kept = 20s;
  sheet.idle_forgotten = 30min;
  sheet.session_mean = 240h;
  sheet.price_uYuan_per_kB = 100;
  return sheet;
}

BearerSheet lora() {
  BearerSheet sheet;
  sheet.name = "lora";
  sheet.source =
      "LoRa at spreading factor 9, 125 kHz, code 4/5: 1758 bit/s (Semtech SX1276 data sheet); duty 1 % (ETSI "
      "EN 300 220); payload of 115 bytes (LoRaWAN EU868 data rate 3); loss and retransmission assumed";
  sheet.latency_min = 50ms;
  sheet.latency_max = 200ms;
  sheet.up_bps = sheet.down_bps = 1'758;
  sheet.loss = {5, 100};
  sheet.retransmission = 5s;
  sheet.attach_min = 5s;
  sheet.attach_max = 12s;
  sheet.attach_fails = {5, 100};
  sheet.duty = {1, 100};
  sheet.segment_bytes = 115;
  sheet.header_bytes = 13;
  return sheet;
}

BearerSheet fibre() {
  BearerSheet sheet;
  sheet.name = "fibre";
  sheet.source = "5 us/km of glass; 100 Mbit/s ports; switches of a few ms assumed";
  sheet.latency_min = 1ms;
  sheet.latency_max = 5ms;
  sheet.up_bps = sheet.down_bps = 100'000'000;
  sheet.retransmission = 200ms;
  return sheet;
}

BearerSheet telephone() {
  BearerSheet sheet;
  sheet.name = "telephone";
  sheet.source =
      "ITU-T V.34 at 28.8 kbit/s; dialling and training 25..45 s; busy one call in ten, calls of ten minutes "
      "and price by the kilobyte assumed";
  sheet.latency_min = 60ms;
  sheet.latency_max = 120ms;
  sheet.up_bps = sheet.down_bps = 28'800;
  sheet.loss = {1, 1000};
  sheet.retransmission = 1s;
  sheet.attach_min = 25s;
  sheet.attach_max = 45s;
  sheet.attach_fails = {1, 10};
  sheet.activation_min = 1s;
  sheet.activation_max = 3s;
  sheet.session_mean = 10min;
  sheet.new_address = {1, 1};
  sheet.price_uYuan_per_kB = 50;
  return sheet;
}

BearerSheet ethernet() {
  auto sheet = fibre();
  sheet.name = "ethernet";
  sheet.source = "IEEE 802.3 at 100 Mbit/s within one site; delays of a switch or two";
  sheet.latency_min = 100us;
  sheet.latency_max = 1ms;
  return sheet;
}
}  // namespace

bool BearerSheet::is_valid() const {
  const auto is_range = [](core::Duration low, core::Duration high) {
    return low.count() >= 0 && low <= high;
  };
  return !name.empty() && is_range(latency_min, latency_max) && is_range(attach_min, attach_max) &&
         is_range(activation_min, activation_max) && up_bps > 0 && down_bps > 0 && segment_bytes > 0 &&
         header_bytes >= 0 && price_uYuan_per_kB >= 0 && billed_step_kB > 0 && loss.is_valid() &&
         attach_fails.is_valid() && activation_fails.is_valid() && new_address.is_valid() &&
         duty.is_valid() && !duty.is_zero() && retransmission.count() >= 0 && channel_set_up.count() >= 0 &&
         channel_kept.count() >= 0 && idle_forgotten.count() >= 0 && session_mean.count() >= 0;
}

int delay_class_of(const BearerSheet& sheet) {
  constexpr double octets = 128;
  struct Limit {
    double mean_s, most_s;
  };
  constexpr Limit limits[] = {{0.5, 1.5}, {5, 25}, {50, 250}};
  const double low_s = static_cast<double>(sheet.latency_min.count()) / 1e9;
  const double high_s = static_cast<double>(sheet.latency_max.count()) / 1e9;
  const double air_s = octets * 8 / std::min(sheet.up_bps, sheet.down_bps);
  // A lost segment comes one retransmission later; losses above one in twenty are seen by the 95 %.
  const double loss = static_cast<double>(sheet.loss.numerator) / sheet.loss.denominator;
  const double again_s = static_cast<double>(sheet.retransmission.count()) / 1e9;
  const double mean_s = (low_s + high_s) / 2 + air_s + loss * again_s;
  const double most_s = low_s + 0.95 * (high_s - low_s) + air_s + (loss > 0.05 ? again_s : 0);
  int number = 1;
  for (const auto& limit : limits) {
    if (mean_s < limit.mean_s && most_s < limit.most_s) return number;
    ++number;
  }
  return number;
}

const std::vector<BearerSheet>& bearer_sheets() {
  static const std::vector<BearerSheet> sheets{gprs(),  fourth_generation(), narrowband(), lora(),
                                               fibre(), telephone(),         ethernet()};
  return sheets;
}

const BearerSheet* find_bearer(std::string_view name) {
  const auto& sheets = bearer_sheets();
  const auto found =
      std::find_if(sheets.begin(), sheets.end(), [&](const auto& sheet) { return sheet.name == name; });
  return found == sheets.end() ? nullptr : &*found;
}
}  // namespace model
