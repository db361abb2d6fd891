/// A scenario in which every field has a value other than its default.
#pragma once
#include <string>

namespace scenario_test {
inline const std::string full_scenario = R"(story: full
title: "Everything: moved from its default"
seed: 18446744073709551615
zone: Europe/Berlin
starts: "2026-03-28T12:15:00+01:00"
lasts: 3d
settles: 90min
data_folder: some/where
tariffs:
  - name: everything
    source: "made up"
    periods:
      - name: sharp
        slots: ["10:00-11:00", "19:00-21:00"]
        prices: [1.2345 元/kWh, 1.3345 yuan/kWh, 1.4345 CNY/kWh]
      - { name: valley, slots: "21:00-10:00", prices: [0.1 CNY/kWh, 0.2 CNY/kWh, 0.3 CNY/kWh] }
      - { name: flat, slots: "11:00-19:00", prices: [0.5 CNY/kWh, 0.6 CNY/kWh, 0.7 CNY/kWh] }
    resets: yearly
    bounds: [0.01 kWh, 230.50 kWh]
areas:
  - name: east
    copies: 3
    feeder: ieee-csv
    grid: true
    repair: 3h
    voltage_low_V: 198
    voltage_high_V: 242
    meters:
      - count: 17
        name: E
        payment: prepaid-meter
        tariff: everything
        load: ieee-profile
        constant_power: 1.5 W
        load_scale: 2/3
        accuracy_class: 1
        pulses_per_kWh: 1600
        clock_drift_per_day_max: 2s
        load_record_days: 31
        is_protected: true
        opening_balance: 12.34 CNY
        alarm1: 30 CNY
        alarm2: 7.01 CNY
        overdraft: 3 CNY
        hoarding_cap: 2000 CNY
        battery_left: 400d
        reacts: { follows: 70 %, sheds: 90 %, recovers: 50 %, rebound: 3h }
        pays: { when: in-arrears, after_min: 2h, after_max: 1d 1h, amount: 123.45 CNY }
    line:
      kind: half-carrier
      band: high-speed
      baud: 9600
      meters_per_line: 5
      bit_error: 1/3
      turnaround_min: 25ms
      turnaround_max: 400ms
      collector_baud: 19200
    concentrator:
      read_after: 21s
      answer_timeout: 2s
      attempts: 3
      store_days: 11
      clock_drift_per_day_max: 999ms
      ups: 17min
      refresh_every: 100s
    uplink:
      bearer: nb-iot
      latency_min: 100ms
      latency_max: 901ms
      throughput_bps: 9600
      loss: 2.5 %
      retransmission: 4s
      reconnect_min: 6s
      reconnect_max: 61s
      heartbeat: 4min
climate: { mean_C: 9, season_C: 11, swing_C: 5, deviation_C: 2, latitude_deg: 52, holidays: [2026-04-03] }
head_end:
  collect:
    after: 5min
    answer_timeout: 21s
    attempts: 4
    back_off_max: 3h
    backfill_horizon: 9d
    gap_patience: 37h
  cut_off:
    grace: 5min
    trip_delay: 2min
    never_between: "22:00-06:00"
    command_timeout: 31s
    command_valid_for: 16min
  night: { watches: false, check_up_every: 2d, orders_a_night: 3 }
faults:
  - kind: line-noise
    area: east-2
    from: "2026-03-29T01:30"
    till: "2026-03-29T03:30"
    bit_error: 1/1000
  - kind: meter-silent
    area: east-3
    meter: E0035
    from: "2026-03-29T03:00:00.250"
    till: "2026-03-29T04:00"
  - { name: weekday-loss, kind: frame-lost, area: east-2, line: 1, hours: ["22:00-23:00", "01:00-01:30"],
      weekdays: [sun, mon], chance: 1/7, frame: control }
  - { kind: theft-shunt, meter: E0017, share: 3/5 }
  - { kind: theft-hook, meter: E0018, power: 1.5 kW }
  - { kind: section-outage, area: east, section: line 5-6, phases: BC }
  - { kind: theft-false-data, meter: E0017, attack: h4 }
  - { kind: theft-rollback, meter: E0019, energy: 0.20 kWh }
  - { kind: clock-step, from: "2026-03-29T05:00", till: "2026-03-29T06:00", when: relay-opened, wait: 3s,
      lasts: 4min, step: -17s }
payments:
  - { at: "2026-03-30T11:11:11", meter: E0018, amount: 9.99 CNY, times: 2 }
inspectors:
  crews: 2
  hours: "07:30-16:45"
  weekdays: [tue, sat]
  asks_every: 31min
  way_min: 29min
  way_max: 6h
  stays: 21min
expect:
  coverage_min: 98.76 %
  bills_wrong_max: 1
  cut_off_latest: 46min
  restore_latest: 11min
  protected_cut_max: 2
  must_cut: true
  must_bill: true
  fresh_within: 4min
)";
}  // namespace scenario_test
