/// An area on the bench: meters with constant loads, a truth that remembers, and a head-end that speaks only
/// bytes.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/area.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/freeze.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace rig {
using namespace std::chrono_literals;
using core::Instant;

/// 2026-07-01T00:00 in China.
inline const core::Zone china{};
inline const Instant midnight = china.instant({2026, 7, 1, 0, 0, 0});

struct Truth final : model::TruthSink {
  struct Sample {
    std::vector<std::uint32_t> shown;
    std::vector<std::int64_t> passed;
  };
  std::map<Instant, Sample> samples;
  std::vector<model::TruthEvent> events;
  void sample(const model::TruthSample& s) override {
    samples[s.due] = {{s.shown_centikWh.begin(), s.shown_centikWh.end()},
                      {s.passed_uJ.begin(), s.passed_uJ.end()}};
  }
  void event(const model::TruthEvent& e) override { events.push_back(e); }
  std::vector<model::TruthEvent> of(const std::string& entity, const std::string& kind) const;
};

/// Twelve digits: 2026 and the meter's number.
core::MeterAddress address_of(model::MeterId meter);
/// `meters` meters with loads of 1.0, 1.1, 1.2 ... kW, spread over `lines` lines; no drift, no error, calm
/// and quick uplink.
model::AreaSetup area(std::size_t meters, std::size_t lines = 1);
model::MeterSetup meter(model::MeterId id, core::Milliwatts power = core::Milliwatts(1'000'000));
void run(model::Area& area, Instant till);

/// Confirms logins and heartbeats at once and keeps every other frame.
class HeadEnd final : public model::UplinkPort {
 public:
  bool connect(model::AreaId, Instant at) override;
  void deliver(model::AreaId, Instant at, core::Bytes bytes) override;
  void drop(model::AreaId, Instant at) override;
  void wire(model::Area& field) { area = &field; }

  void write(Instant at, core::Bytes frame) { area->head_end_wrote(at, frame); }
  void set_archive(Instant at, const model::AreaSetup& setup);
  /// Asks for `count` quarter hours from `start` of points 1..8 and runs until the answer is there: point ->
  /// values, -1 = EE.
  std::map<int, std::vector<std::int64_t>> curve(Instant at, Instant start, int count,
                                                 std::uint8_t mask = 0xFF, int group = 0);
  /// The frozen registers (total first) that ended with the day of `day`; empty where EE.
  std::map<int, std::vector<std::int64_t>> freeze(Instant at, const core::CivilTime& day,
                                                  std::uint8_t mask = 0xFF);
  /// Hands a 645 frame through and runs until the answer is back. Fails the test when none comes.
  std::vector<std::uint8_t> forward(Instant at, core::Bytes frame, std::uint8_t port = 2,
                                    int timeout_ms = 3000);
  /// Runs until a frame of this AFN has come, at most for `patience`; its units.
  std::vector<std::uint8_t> await(Instant from, gdw3761::Afn afn, core::Duration patience = 2min);

  struct Received {
    Instant at{};
    std::vector<std::uint8_t> raw;
    gdw3761::Afn afn{};
  };
  model::Area* area = nullptr;
  std::vector<Received> received;
  std::vector<Instant> logins, drops;
  bool is_listening = true;
  bool confirms = true;
  Instant last_at{};

 private:
  gdw3761::Framer framer_;
  gdw3761::FrameWriter writer_;
};
inline const gdw3761::TerminalAddress concentrator = gdw3761::terminal_address(3301, 1, 1);
}  // namespace rig
