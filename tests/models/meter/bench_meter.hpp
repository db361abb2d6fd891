/// A meter on a laboratory's bench: one constant load, one wire, one pair of hands. For tests.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/civil.hpp"
#include "models/meter/meter.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/security.hpp"

namespace model {
using namespace std::chrono_literals;
using Kind = MeterHappening::Kind;

inline core::Instant china(const char* text) { return *core::parse_iso8601(text, core::Zone(8h)); }

/// 1 kW at 1200 imp/kWh without error: 0.01 kWh every 36 s, a pulse every 3 s.
inline MeterSetup bench_setup(core::Instant starts = china("2026-07-01T00:00:00")) {
  MeterSetup setup;
  setup.id = 7;
  setup.address = core::MeterAddress(201000000012);
  setup.plate = std::make_shared<TypePlate>();
  setup.tariff = std::make_shared<TariffTables>();
  setup.load = Load::constant(core::Milliwatts(1'000'000), {1, 1});
  setup.starts = starts;
  return setup;
}

/// Zhejiang residential time-of-use prices (annual steps 2760 and 4800 kWh), peak 8:00-22:00.
inline TariffTables zhejiang_tables() {
  TariffPlan plan;
  plan.slots = {{0, 8 * 3600, 3}, {8 * 3600, 22 * 3600, 1}, {22 * 3600, 86'400, 3}};
  plan.prices[1] = {core::Price(5680), core::Price(6180), core::Price(8680)};
  plan.prices[3] = {core::Price(2880), core::Price(3380), core::Price(5880)};
  plan.bounds = {core::CentiKilowattHours(276'000), core::CentiKilowattHours(480'000)};
  plan.reset = LadderReset::yearly;
  return *tables_from(plan);
}
inline TariffTables flat_tables(std::int64_t price, LadderReset reset = LadderReset::never,
                                std::vector<std::int64_t> bounds_kWh = {},
                                std::vector<std::int64_t> prices = {}) {
  TariffPlan plan;
  plan.slots = {{0, 86'400, 2}};
  plan.prices[2] = {core::Price(price)};
  for (const auto p : prices) plan.prices[2].push_back(core::Price(p));
  for (const auto b : bounds_kWh) plan.bounds.push_back(core::CentiKilowattHours(b * 100));
  plan.reset = reset;
  return *tables_from(plan);
}

struct BenchMeter {
  explicit BenchMeter(MeterSetup setup) : meter(setup), now(setup.starts) {}

  void run_for(core::Duration duration) { run_to(now + duration); }
  void run_to(core::Instant at) {
    now = at;
    meter.advance(now, happened);
  }
  /// What the meter says to these bytes; nothing if it keeps silent.
  std::optional<dlt645::Frame> say(core::Bytes bytes) {
    dlt645::Wire answer;
    if (!meter.answer(bytes, now, answer, happened)) return std::nullopt;
    dlt645::Frame frame;
    const auto taken = dlt645::decode(answer, frame);
    if (!taken || *taken != answer.size()) return std::nullopt;
    return frame;
  }
  template <class Request>
  std::optional<dlt645::Frame> ask(const Request& request) {
    dlt645::Wire wire;
    dlt645::encode(meter.address(), request, wire, dlt645::lead_in_bytes_usual);
    return say(wire);
  }
  /// The value of an item; empty when refused or silent.
  std::vector<std::uint8_t> value(std::uint32_t item) {
    const auto frame = ask(dlt645::ReadRequest{dlt645::DataIdentifier(item), {}, {}});
    if (!frame) return {};
    const auto bytes = dlt645::expect_data(*frame, meter.address(), dlt645::DataIdentifier(item));
    return bytes ? std::vector<std::uint8_t>(bytes->begin(), bytes->end()) : std::vector<std::uint8_t>{};
  }
  std::int64_t number(std::uint32_t item) {
    const auto bytes = value(item);
    return bytes.empty() ? -1 : static_cast<std::int64_t>(*core::bcd_little_endian(bytes));
  }
  std::uint16_t word3() {
    const auto bytes = value(0x04000503);
    return static_cast<std::uint16_t>(bytes.at(0) | bytes.at(1) << 8);
  }
  bool write(std::uint32_t item, std::vector<std::uint8_t> bytes, dlt645::Password password = {}) {
    const auto frame = ask(dlt645::WriteRequest{dlt645::DataIdentifier(item), password, 0x11223344, bytes});
    return frame && frame->control == dlt645::Control::answer(dlt645::Function::write);
  }
  std::optional<dlt645::Frame> command(dlt645::Control1C what, core::Duration valid_for = 15min) {
    dlt645::RemoteControlRequest request;
    request.command = what;
    request.operator_code = 0x99;
    request.valid_until = core::Zone(8h).civil(now + valid_for);
    return ask(request);
  }
  bool done(dlt645::Control1C what, core::Duration valid_for = 15min) {
    const auto frame = command(what, valid_for);
    return frame && frame->control == dlt645::Control::answer(dlt645::Function::remote_control);
  }
  /// The SERR bits of the refusal; 0 = applied; nothing = silence.
  std::optional<std::uint16_t> recharge(std::int64_t fen, std::uint32_t count, std::uint64_t customer = 17) {
    dlt645::PurchaseRequest request;
    request.amount = core::Fen(fen);
    request.purchase_count = count;
    request.customer = customer;
    const auto frame = ask(request);
    if (!frame) return std::nullopt;
    const auto refusal = dlt645::security_refusal_of(*frame);
    return refusal ? static_cast<std::uint16_t>(*refusal) : std::uint16_t{0};
  }
  /// How often `kind` happened so far.
  int count(Kind kind) const {
    int n = 0;
    for (const auto& h : happened) n += h.kind == kind;
    return n;
  }
  const MeterHappening* last(Kind kind) const {
    for (auto h = happened.rbegin(); h != happened.rend(); ++h)
      if (h->kind == kind) return &*h;
    return nullptr;
  }

  Meter meter;
  core::Instant now;
  MeterHappenings happened;
};
}  // namespace model
