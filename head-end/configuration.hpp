/// What the head-end is told of its estate: the customer file (档案), the tariffs and its own rules.
///
/// Written into the store at start, as an operator's import would; nothing here is physical truth.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/civil.hpp"
#include "core/money.hpp"
#include "head-end/campaign/plan.hpp"

namespace headend {
using core::CentiKilowattHours;
using core::Duration;
using core::Fen;
using core::Instant;
using core::Price;
using namespace std::chrono_literals;

using MeterId = std::uint32_t;         ///< from 1, consecutive within a concentrator; below 2^24
using AccountId = std::uint32_t;       ///< from 1
using ConcentratorId = std::uint32_t;  ///< from 1

/// Seconds of the local day, `till` up to 86400.
struct DaySlot {
  int from_s = 0;
  int till_s = 86'400;
};

struct TariffPeriod {
  std::string name;
  std::vector<DaySlot> slots;
  std::vector<Price> prices;  ///< one per tier
};

struct Tariff {
  enum class Reset { never, monthly, yearly };
  std::string name;
  std::vector<TariffPeriod> periods;  ///< their slots cover the day once
  std::vector<CentiKilowattHours> bounds;
  Reset reset = Reset::never;
};

enum class PaymentMode { postpaid, prepaid_head_end, prepaid_meter };

struct MeterFile {
  MeterId id = 0;
  std::string name;
  core::MeterAddress address;
  ConcentratorId concentrator = 0;
  std::uint16_t point = 0;  ///< measuring point pn at its concentrator, from 1
  std::uint8_t port = 2;    ///< concentrator port that leads to it: 2 = first RS-485 line, 3 = second, ...
  AccountId account = 0;
  CentiKilowattHours interval_energy_max{0};  ///< plausibility: U x Imax x a quarter hour, with margin
  // For the line-loss report
  bool is_supply = false;     ///< the meter at the transformer (台区总表), not a customer's
  char phase = 0;             ///< 'A', 'B', 'C'; 0: unknown, or all three
  int ratio = 1;              ///< of its current transformers; registers count secondary energy
  double accuracy_class = 2;  ///< 0.5 stands for 0.5S
  bool feeds_in = false;      ///< a roof behind it: energy goes both ways, and both are collected
};

struct AccountFile {
  AccountId id = 0;
  std::string number;  ///< "A0017"
  PaymentMode payment = PaymentMode::postpaid;
  std::size_t tariff = 0;  ///< position in `tariffs`
  MeterId meter = 0;
  bool is_protected = false;                   ///< 保电
  std::string customer_class = "residential";  ///< one of `customer_class_words`
  Fen alarm1{2000}, alarm2{500}, overdraft{0}, hoarding_cap{0};
};

struct ConcentratorFile {
  ConcentratorId id = 0;
  std::string name;
  std::uint16_t region = 0;   ///< A1, four BCD digits as a number 0..9999
  std::uint16_t address = 0;  ///< A2, binary, 1..65535
  int baud = 2400;
  bool reports = false;  ///< pushes its readings (docs/wire/uploads.md); its curves are not asked for
  /// By the file of the area's network: technical loss = this x sum over quarter hours of supplied^2. Unit:
  /// 1/kWh. 0: not known.
  double loss_per_square = 0;
};

struct CollectRules {
  Duration every = 15min, after = 4min, answer_timeout = 20s;
  int attempts = 3;
  Duration back_off_max = 2h, backfill_horizon = 8 * 24h, gap_patience = 36h;
};

/// For collectors that push (docs/wire/uploads.md).
struct IngestRules {
  /// Pushed readings are committed, and so confirmed, at most so long after they came: what comes meanwhile
  /// shares one sync of the disk.
  Duration confirm_within = 20ms;
  /// What has come waits its turn to be looked at. When that takes longer, readings are refused until it
  /// takes less than half of it: explicitly, so that their senders keep them.
  Duration overload_wait = 100ms;
  std::size_t connections_max = 20'000;  ///< of collectors; more are turned away at the door
  std::size_t strangers_max = 2'000;     ///< of these, who have not said who they are
};

struct CutOffRules {
  Duration grace = 0s, command_timeout = 30s, command_valid_for = 15min;
  std::optional<DaySlot> never_between;
};

/// The watch over losses and meters, once a night (head-end/loss/night_watch.hpp).
struct NightRules {
  bool is_on = true;
  double false_alarm_rate = 0.001;      ///< of suspecting an area, per area and night
  Duration after_midnight = 3h;         ///< by when a day's readings are in
  std::size_t orders_a_night = 2;       ///< work orders opened for one area in one night, at most
  Duration rest_after_close = 7 * 24h;  ///< no new order of the same kind for a meter that was looked at
};

/// Questions to each meter about itself (head-end/collect/check_up.hpp).
struct CheckUpRules {
  Duration every{0};  ///< whole days; 0: never
};

struct Configuration {
  core::Zone zone;
  Instant opens;  ///< readings are due from here on; the register at this instant is the opening reading
  std::vector<Tariff> tariffs;
  std::vector<ConcentratorFile> concentrators;
  std::vector<MeterFile> meters;      ///< by id, without holes
  std::vector<AccountFile> accounts;  ///< by id, without holes
  CollectRules collect;
  IngestRules ingest;
  CutOffRules cut_off;
  NightRules night;
  CheckUpRules check_up;
  std::vector<CampaignPlan> campaigns;  ///< planned from the start; more may come (Books::plan_campaign)
  std::uint64_t spread_seed = 0;        ///< spreads concentrators' rounds; from the scenario's seed
  enum class Durability {
    commit_on_power_loss,
    commit_on_process_death
  } durability = Durability::commit_on_power_loss;
};
}  // namespace headend
