/// What one transformer area (台区) is made of, as plain values: filled by the composition root from a
/// scenario.
///
/// Everything here is data; a test can write it by hand. Windows of faults are half open: [from, till).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/civil.hpp"
#include "core/instant.hpp"
#include "core/ratio.hpp"
#include "models/fault/registry.hpp"
#include "models/meter/meter.hpp"
#include "models/truth.hpp"

namespace model {
using namespace std::chrono_literals;

/// One RS-485 pair with the meters on it. 8E1: 11 bits a byte.
struct LineSetup {
  int baud = 2400;              ///< one of 600, 1200, 2400, 4800, 7200, 9600, 19200
  core::Ratio bit_error{0, 1};  ///< chance that one bit flips on its way, at all times
  core::Duration turnaround_min =
      20ms;  ///< DL/T 645-2007: 20..500 ms from the request's last bit to the answer's
  core::Duration turnaround_max = 100ms;  ///< first, drawn per answer, uniform
  int hop_baud = 0;  ///< of the link to a collector (采集器) between concentrator and pair; 0 = none
  std::vector<std::uint32_t> meters;  ///< positions in AreaSetup::meters, 0-based
};

/// The concentrator (集中器), Q/GDW 1376.1 towards the head-end, DL/T 645-2007 towards its lines.
struct ConcentratorSetup {
  std::uint16_t region = 3301;             ///< A1, four decimal digits as a number
  std::uint16_t address = 1;               ///< A2, 1..65535
  core::Duration read_every = 15min;       ///< divides a day; the meters' load records are quarter-hourly
  core::Duration read_after = 20s;         ///< pause after the due instant before its first poll
  core::Duration answer_timeout = 1200ms;  ///< from the request's last bit; what then arrives is heard out
  int attempts = 2;                        ///< per meter and pass, 1..10
  int store_days = 10;                     ///< quarter hours and daily freezes it keeps, 1..62
  std::int64_t clock_drift_ppb = 0;        ///< its clock gains so many ns per s; 11574 ppb = 1 s a day
  bool archive_is_factory_set =
      false;                       ///< true: knows its meters without being told (benches); else AFN04 F10
  core::Duration ups{};            ///< how long it runs on without mains; charged again at once
  core::Duration refresh_every{};  ///< asks each meter for its present state so often; 0 = never
};

/// GPRS: one ordered stream each way, slow, lossy, now and then gone.
struct UplinkSetup {
  core::Duration latency_min = 300ms;  ///< one way, drawn per write
  core::Duration latency_max = 900ms;
  int throughput_bps = 30'000;  ///< each way
  core::Ratio loss{1, 100};     ///< chance that a segment is lost and comes after `retransmission`
  core::Duration retransmission = 3s;
  core::Duration reconnect_min = 5s;  ///< after a drop or a refusal, drawn
  core::Duration reconnect_max = 60s;
  core::Duration heartbeat = 5min;
};

struct CarrierSetup;  // models/collector/carrier_field.hpp
struct GridSetup;     // models/area_grid.hpp

/// Which requests to meters a frame fault is about, by DL/T 645-2007 function.
enum class FrameType : std::uint8_t { any, read, write, control, security, time };

/// One injected fault of this area: what the registry (models/fault/registry.hpp) says of its kind. Truth
/// gets an event when it begins, when it ends, and when it had an effect.
struct FaultWindow {
  using Kind = FaultKind;
  Kind kind = Kind::supply_outage;
  core::Instant from{};
  core::Instant till{};
  MeterId meter = 0;            ///< 0 = whole area
  core::Ratio bit_error{0, 1};  ///< line_noise, station_noise
  int line = 0;                 ///< from 1; 0 = all lines of the area
  core::Ratio chance{1, 1};
  std::uint32_t nth = 0, every_nth = 0;  ///< 0 = not by number
  FrameType frame = FrameType::any;
  core::Duration delay{}, step{}, age{};
  int count = 0;
  int noise_dB = 0;
  MeterId other = 0;
  std::int32_t share_ppm = 1'000'000;
  core::Milliwatts power{0};
  core::CentiKilowattHours energy{0};
  std::string section{};         ///< of the area's network, by name
  std::uint8_t phases = 0b0111;  ///< of that section: bit 0 is A, bit 1 is B, bit 2 is C
  std::string attack{};          ///< theft_false_data: a name of models/theft/attack.hpp
  std::string name{};     ///< windows of one schedule share it; may be empty
  std::string when{};     ///< truth event that it waits for within [from, till); empty = begins at `from`
  core::Duration wait{};  ///< after that event
  core::Duration lasts{};
};

struct AreaSetup {
  AreaId id = 0;
  std::string name;                  ///< "north"; the concentrator's entity is "concentrator north"
  std::uint64_t seed = 0;            ///< the scenario's
  core::Zone zone;                   ///< civil time of concentrator and meters
  core::Instant starts{};            ///< a whole quarter hour; first truth sample
  core::Instant ends = core::never;  ///< last truth sample (inclusive); the area itself lives on
  MeterId first_meter = 1;           ///< id of meters[0]; the others follow without holes
  std::vector<MeterSetup> meters;
  std::vector<std::string> meter_names;  ///< as many as meters: entities in truth events, "M0017"
  std::vector<LineSetup> lines;          ///< 1..30; concentrator port 2 leads to lines[0], 3 to lines[1], ...
  std::shared_ptr<const CarrierSetup>
      carrier;                            ///< all lines are behind carrier modules, at port 2; or nothing
  std::shared_ptr<const GridSetup> grid;  ///< the network whose voltages and losses are computed; or nothing
  ConcentratorSetup concentrator;
  UplinkSetup uplink;
  std::string bearer;  ///< name of a data sheet (models/line/bearers); empty = `uplink` alone
  std::vector<FaultWindow> faults;
  core::Duration button_after_min =
      1min;  ///< a customer allowed to close presses the meter's button so much later
  core::Duration button_after_max = 10min;
};
}  // namespace model
