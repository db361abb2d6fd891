/// The concentrator (集中器) of one area: reads its meters, keeps what they say, and answers the head-end.
///
/// Upwards Q/GDW 1376.1 over GPRS: login, heartbeat, confirmations, archive (F10), clock (F31), class-1 and
/// class-2 data, frames handed through to meters, settings (F11, F33, F34 and our own: docs/collectors.md).
/// Downwards a LinePoller per RS-485 line; beside it contacts that it counts. What it does not know how to
/// answer it denies; garbage and stale frames (Tp) it drops. A restart loses connection and plans, never
/// archive, readings, pulses and settings (flash): a setting is confirmed when it is safe, and in force from
/// then on. Errors: none. Randomness: none of its own. Time: its own clock decides what is due; `advance` not
/// later than `next()`.
#pragma once
#include <deque>

#include "models/collector/device_settings.hpp"
#include "models/collector/freshness.hpp"
#include "models/collector/line_poller.hpp"
#include "models/line/gprs/uplink.hpp"
#include "protocols/gdw3761/frame.hpp"

namespace model {
class Concentrator final : public UplinkUser {
 public:
  Concentrator(const AreaSetup& setup, std::span<const std::unique_ptr<FieldLine>> lines, TruthSink& truth,
               UplinkPort& port);

  GprsUplink& uplink() { return uplink_; }
  std::deque<LinePoller>& pollers() { return pollers_; }
  const ReadingStore& store() const { return store_; }
  /// How old its knowledge of meters is; of use where present states are asked for (`refresh_every`).
  Freshness& freshness() { return freshness_; }
  /// The archive as if the head-end had set it; for factories and benches.
  void install(core::Instant at, const gdw3761::ArchiveRow& row);
  /// Rows for points 1..count are to come: makes room once.
  void expect_points(std::size_t count);

  void power_on(core::Instant at);
  void power_off(core::Instant at);
  bool is_on() const { return is_on_; }

  // What faults do to it
  /// Firmware that starts anew does not trust its clock: no broadcast before the head-end has set it.
  void distrust_clock() { has_head_end_time_ = false; }
  /// What was read since then is gone; it is fetched again. Answers how many readings.
  std::size_t lose_readings_since(core::Instant since);
  /// Only so many quarter hours fit into its store; 0 = all.
  void limit_store(std::int64_t quarters) { store_.limit_rows(quarters); }
  void step_clock(core::Instant at, core::Duration step);
  /// Puts the clock right, as a service man would.
  void correct_clock(core::Instant at);
  void set_drift(core::Instant at, std::int64_t drift_ppb);
  std::int64_t usual_drift_ppb() const { return setup_.concentrator.clock_drift_ppb; }
  /// The pause after the quarter hour before the first poll, from now on.
  void change_schedule(core::Instant at, core::Duration read_after);
  /// Sends so many event reports at once, if it is logged in. Answers how many.
  std::size_t report_events(core::Instant at, int count);
  std::uint64_t pass_count() const { return passes_; }

  // Its settings and its pulse inputs
  const DeviceSettings& settings() const { return settings_; }
  /// So many closings of the contact at `input` have been seen since the last call; nobody sees them while
  /// the power is off.
  void count_pulses(core::Instant at, std::uint8_t input, std::uint64_t pulses);

  core::Instant next() const {
    return std::min({pass_at_, broadcast_at_, link_at_, duty_at_, uplink_.next()});
  }
  /// Everything due at `next()`.
  void advance();

  // UplinkUser
  void connected(core::Instant at) override;
  void received(core::Instant at, core::Bytes bytes) override;
  void disconnected(core::Instant at) override;

 private:
  enum class Link : std::uint8_t { down, login_sent, logged_in };

  /// The newest energy that a round of present states brought.
  struct Present {
    std::uint32_t centikWh = 0;
    std::int64_t asked_civil_s = 0;  ///< 0 = none yet
  };

  /// A set that is being written into flash.
  struct SetUnderWay {
    core::Instant begins{}, done{};
    std::vector<std::uint8_t> frame;
  };
  /// What the units of a set make of the settings and the archive.
  struct TakenSet {
    DeviceSettings settings;
    std::vector<gdw3761::ArchiveRow> rows;
    std::vector<gdw3761::UnitVerdict> verdicts;
    std::size_t good = 0;
  };
  /// On a reading day at its reading time: the registers of `quarter` are the reading of `day`.
  struct ReadingDay {
    std::uint8_t port = 0;
    std::int64_t day = 0, quarter = 0;
  };
  struct PulseCount {
    std::uint64_t now = 0;
    std::uint64_t at_quarter = 0;  ///< when the present quarter hour began
  };

  void refreshed(core::Instant at, std::uint16_t point, core::Instant asked, std::uint32_t centikWh);
  void tell(core::Instant at, std::string kind, std::int64_t value = 0, std::string text = {});
  void put_clock(core::Instant at, std::int64_t civil_ns);
  void begin_pass(core::Instant at, bool is_planned);
  void plan_pass(core::Instant at) { plan_pass(at, clock_.civil_s(at)); }
  void plan_pass(core::Instant at, std::int64_t after_civil_s);
  void plan_broadcast(core::Instant at);
  core::Instant instant_of(core::Instant at, std::int64_t civil_s) const;
  std::optional<std::size_t> line_of(const gdw3761::ArchiveRow& row) const;
  void add_to_line(core::Instant at, const gdw3761::ArchiveRow& row);
  DeviceSettings factory_settings() const;
  TakenSet take_set(const gdw3761::FrameView& frame) const;
  bool set_units(core::Instant at, const gdw3761::FrameView& frame);
  void finish_set(core::Instant at);
  void lose_sets_under_way(core::Instant at);
  void put_in_force(core::Instant at, DeviceSettings next);
  void load_settings(core::Instant at);
  void judge_windows(core::Instant at);
  void plan_duty(core::Instant at);
  void do_duty(core::Instant at);
  void freeze_reading_days();
  void latch_pulses(core::Instant at);
  void store_pulses();
  std::optional<std::uint32_t> pulse_centikWh(std::size_t point, std::uint64_t PulseCount::*which) const;
  std::optional<std::int64_t> reading_day_quarter(std::size_t point, std::int64_t day) const;
  bool command_port(core::Instant at, const gdw3761::FrameView& frame);
  bool query_settings(const gdw3761::FrameView& frame);
  bool reading_days(const gdw3761::FrameView& frame);
  void keep_link(core::Instant at);
  void say_link(core::Instant at, gdw3761::LinkEvent event);
  void answer(core::Instant at, const gdw3761::FrameView& frame);
  bool is_stale(core::Instant at, const gdw3761::FrameView& frame) const;
  void take_confirm(core::Instant at, const gdw3761::FrameView& frame);
  bool set(core::Instant at, const gdw3761::FrameView& frame);
  bool set_archive(core::Instant at, const gdw3761::FrameView& frame);
  bool set_clock(core::Instant at, const gdw3761::FrameView& frame);
  bool query_archive(const gdw3761::FrameView& frame);
  bool current_data(core::Instant at, const gdw3761::FrameView& frame);
  bool history_data(const gdw3761::FrameView& frame);
  bool curves(const gdw3761::FrameView& frame);
  bool freezes(const gdw3761::FrameView& frame);
  bool forward(core::Instant at, const gdw3761::FrameView& frame);
  void forwarded(core::Instant at, const Forward& forward, core::Bytes answer);
  gdw3761::TerminalAddress own_address(std::uint8_t master) const;

  const AreaSetup& setup_;
  TruthSink& truth_;
  std::string entity_;
  MeterClock clock_;
  ReadingStore store_;
  Archive archive_;
  std::deque<LinePoller> pollers_;
  GprsUplink uplink_;
  gdw3761::Framer framer_;
  gdw3761::FrameWriter writer_;
  core::Bytes reply_;  ///< into writer_; empty = nothing to say
  core::Instant pass_at_ = core::never, broadcast_at_ = core::never, link_at_ = core::never;
  std::int64_t pass_due_s_ = 0, broadcast_due_s_ = 0;  ///< by its own clock
  core::Duration read_after_;
  Freshness freshness_;
  std::vector<Present> present_;  ///< by point - 1; empty where no states are asked for
  DeviceSettings settings_;
  SettingsFlash flash_;
  std::deque<SetUnderWay> sets_under_way_;
  std::vector<bool> is_paused_;          ///< ports, by command (AFN 05 F49)
  core::Instant duty_at_ = core::never;  ///< the first of the next four
  core::Instant window_at_ = core::never, freeze_at_ = core::never, login_anew_at_ = core::never;
  std::int64_t freeze_due_s_ = 0;
  std::deque<ReadingDay> reading_days_;
  std::map<std::uint8_t, PulseCount> pulses_;
  std::int64_t pulse_quarter_ = INT64_MIN;  ///< whose beginning was latched last
  std::uint64_t passes_ = 0;
  Link link_ = Link::down;
  unsigned link_counter_ = 0;  ///< PFC of logins and heartbeats
  int unconfirmed_ = 0;        ///< heartbeats in a row
  bool is_heartbeat_open_ = false;
  bool is_on_ = false;
  bool has_head_end_time_ = false;  ///< only then is its time good enough for meters
};
}  // namespace model
